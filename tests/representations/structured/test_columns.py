from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import NotFittedError

from csc_experiments.representations.structured.columns import UsefulColumns

Floats = NDArray[np.float32]
CELLS = st.sampled_from([float("nan"), -1.0, 0.0, 0.0, 0.0, 0.5, 2.0, 1e6])
TRAINING = arrays.arrays(np.float32, st.tuples(st.integers(1, 9), st.integers(1, 5)), elements=CELLS)


@given(values=TRAINING, min_rows=st.integers(1, 4))
def test_columns_stay_in_which_enough_rows_differ_from_the_median(values: Floats, min_rows: int) -> None:
    step = UsefulColumns(min_rows).fit(values)
    for column, cells in enumerate(values.T):
        present = [float(cell) for cell in cells if not np.isnan(cell)]
        median = float(np.float32(np.median(present))) if present else 0.0
        enough = len([cell for cell in present if cell != median]) >= min_rows
        assert (column in step.columns_) == enough
        if enough:
            assert step.fill_[list(step.columns_).index(column)] == np.float32(median)


@given(values=TRAINING, data=st.data(), min_rows=st.integers(1, 4))
def test_a_sparse_matrix_is_chosen_from_and_filled_as_a_dense_one(
    values: Floats, data: st.DataObject, min_rows: int
) -> None:
    other = data.draw(arrays.arrays(np.float32, (3, values.shape[1]), elements=CELLS))
    dense = UsefulColumns(min_rows).fit(values)
    held = UsefulColumns(min_rows).fit(sparse.csr_array(values))
    assert held.columns_.tolist() == dense.columns_.tolist()
    before = sparse.csr_array(other)
    found = held.transform(before)
    assert found.dtype == np.float32
    assert found.toarray().tobytes() == dense.transform(other).tobytes()
    assert before.toarray().tobytes() == other.tobytes()
    alone = sparse.vstack([held.transform(sparse.csr_array(row[None])) for row in other])
    assert alone.toarray().tobytes() == found.toarray().tobytes()


def test_a_column_is_as_empty_with_few_zeros_as_with_few_ones() -> None:
    ones = np.zeros((30, 4), np.float32)
    ones[:9, 0] = ones[:10, 1] = 1
    ones[:, 2:] = 1 - ones[:, :2]
    assert UsefulColumns().fit(ones).columns_.tolist() == [1, 3]


def test_names_follow_the_columns() -> None:
    step = UsefulColumns(1).fit(np.array([[1, 2, 3], [1, 5, 4]], np.float32))
    assert step.get_feature_names_out(["a", "b", "c"]).tolist() == ["b", "c"]


def test_an_unfitted_step_says_so() -> None:
    with pytest.raises(NotFittedError):
        UsefulColumns().transform(np.zeros((1, 1), np.float32))
