from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from csc_experiments.errors import MatrixError
from csc_experiments.representations.matrix import Matrix, Values, check_informative, side_by_side

HELD = st.lists(st.integers(0, 40), min_size=1, max_size=10, unique=True).map(sorted)


def matrix(rows: list[int], kind: object = np.asarray, columns: int = 2) -> Matrix:
    """Values that tell which row and column they stand in."""
    assert callable(kind)
    values = np.array([[100 * column + row + 1 for column in range(columns)] for row in rows], np.float32)
    return Matrix(kind(values), tuple(f"c{column}" for column in range(columns)), np.array(rows, np.intp))


def dense(values: Values) -> np.ndarray:  # type: ignore[type-arg] # whatever NumPy gives
    return values.toarray() if sparse.issparse(values) else np.asarray(values)


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
@given(held=HELD, data=st.data())
def test_rows_are_found_by_identity(kind: object, held: list[int], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from(held), max_size=12))
    found = dense(matrix(held, kind).take(np.array(wanted, np.intp)))
    assert found[:, 0].tolist() == [row + 1 for row in wanted]
    assert found[:, 1].tolist() == [row + 101 for row in wanted]


@given(held=HELD, wanted=st.lists(st.integers(-3, 45), min_size=1, max_size=5))
def test_rows_that_are_not_there_are_refused(held: list[int], wanted: list[int]) -> None:
    if set(wanted) <= set(held):
        wanted = [*wanted, 99]
    with pytest.raises(MatrixError):
        matrix(held).take(np.array(wanted, np.intp))


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_an_empty_matrix_is_refused(kind: object, shape: tuple[int, int]) -> None:
    assert callable(kind)
    with pytest.raises(MatrixError, match="empty"):
        check_informative(kind(np.zeros(shape, np.float32)))


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
@given(
    constants=st.lists(st.sampled_from([0.0, 1.0, -2.5]), min_size=1, max_size=4),
    height=st.integers(2, 5),
    at=st.integers(0, 3),
)
def test_a_matrix_is_refused_unless_a_column_varies(
    kind: object, constants: list[float], height: int, at: int
) -> None:
    assert callable(kind)
    values = np.tile(np.array(constants, np.float32), (height, 1))
    with pytest.raises(MatrixError, match="constant"):
        check_informative(kind(values))
    values[height - 1, at % len(constants)] += 1
    check_informative(kind(values))


def test_one_row_is_constant() -> None:
    with pytest.raises(MatrixError, match="constant"):
        check_informative(np.array([[1.0, 2.0]], np.float32))


@pytest.mark.parametrize(
    ("kinds", "is_sparse"),
    [
        ([np.asarray, np.asarray], False),
        ([np.asarray, sparse.csr_array], True),
        ([sparse.csr_array, np.asarray, sparse.csr_array], True),
    ],
)
def test_blocks_stand_side_by_side_in_the_order_given(kinds: list[object], is_sparse: bool) -> None:  # noqa: FBT001 - an expectation
    blocks = {f"block{number}": matrix([1, 4, 9], kind) for number, kind in enumerate(kinds)}
    joined = side_by_side(blocks)
    assert joined.names == tuple(f"{block}:{name}" for block in blocks for name in ("c0", "c1"))
    assert sparse.issparse(joined.values) == is_sparse
    assert joined.values.dtype == np.float32
    expected = np.hstack([dense(block.values) for block in blocks.values()])
    assert dense(joined.values).tolist() == expected.tolist()
    assert joined.rows.tolist() == [1, 4, 9]


def test_one_block_is_itself_under_its_name() -> None:
    block = matrix([1, 2])
    joined = side_by_side({"only": block})
    assert joined.values is block.values
    assert joined.names == ("only:c0", "only:c1")


@pytest.mark.parametrize("other", [[1, 2, 3], [2, 1], [3, 4]])
def test_blocks_over_other_rows_are_refused(other: list[int]) -> None:
    with pytest.raises(MatrixError, match="different rows"):
        side_by_side({"a": matrix([1, 2]), "b": matrix(other)})
