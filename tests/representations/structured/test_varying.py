from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from csc_experiments.representations.structured.columns import UsefulColumns

Floats = NDArray[np.float32]
CELLS = st.sampled_from([float("nan"), -1.0, 0.0, 0.5, 2.0, 1e6])
TRAINING = arrays.arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=CELLS)


@given(values=TRAINING)
def test_columns_that_vary_stay_and_what_is_missing_becomes_their_median(values: Floats) -> None:
    step = UsefulColumns(1).fit(values)
    found = step.transform(values)
    for column, cells in enumerate(values.T):
        present = cells[~np.isnan(cells)]
        assert (column in step.columns_) == (len(set(present.tolist())) > 1)
    for column, cells in zip(step.columns_, found.T, strict=True):
        original = values[:, column]
        assert np.isfinite(cells).all()
        assert np.array_equal(cells[~np.isnan(original)], original[~np.isnan(original)])
        assert (cells[np.isnan(original)] == np.nanmedian(original)).all()
    assert found.dtype == np.float32


@given(values=TRAINING, data=st.data())
def test_other_rows_are_filled_from_the_training_rows(values: Floats, data: st.DataObject) -> None:
    other = data.draw(arrays.arrays(np.float32, (3, values.shape[1]), elements=CELLS))
    step = UsefulColumns(1).fit(values)
    found = step.transform(other)
    kept = other[:, step.columns_]
    assert np.array_equal(found, np.where(np.isnan(kept), step.fill_, kept))
    alone = np.vstack([step.transform(row[None]) for row in other])
    assert alone.tobytes() == found.tobytes()
