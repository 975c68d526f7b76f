"""A matrix that carries the identity of its rows and the names of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.errors import MatrixError

Rows = NDArray[np.intp]
Values: TypeAlias = "sparse.csr_array | NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Values for some rows of a cohort.

    Attributes
    ----------
    values : scipy.sparse.csr_array or numpy.ndarray, float32, shape (n, p)
    names : tuple of str, length p
        Each says how its column was made. Terms stand among them, so they stay on site.
    rows : numpy.ndarray, shape (n,)
        The cohort rows that the values belong to, ascending.
    notes : mapping of str to polars.DataFrame
        What was found out while it was made, such as the top words of topics; on site only.
    """

    values: Values
    names: tuple[str, ...]
    rows: Rows
    notes: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def take(self, rows: Rows) -> Values:
        """Return the values of some rows, found by identity.

        Raises
        ------
        MatrixError
            If a row is not in the matrix.
        """
        if np.array_equal(rows, self.rows):
            return self.values
        position = np.searchsorted(self.rows, rows)
        if (position >= self.rows.size).any() or (self.rows[position] != rows).any():
            raise MatrixError("A matrix was asked for rows that it does not hold.")
        return self.values[position]


def check_informative(values: Values) -> None:
    """Refuse a matrix from which nothing can be learned.

    Raises
    ------
    MatrixError
        If it has no row, no column, or not one column that varies.
    """
    if 0 in values.shape:
        raise MatrixError(
            f"The matrix of the training cases is empty ({values.shape[0]} rows, {values.shape[1]} columns).",
            todo="Check the records (`csc-experiments check`) and the representation's settings.",
        )
    low, high = values.min(axis=0), values.max(axis=0)
    if sparse.issparse(low):
        low, high = low.toarray(), high.toarray()
    if not (np.asarray(high) > np.asarray(low)).any():
        raise MatrixError(
            f"Each of the {values.shape[1]} columns is constant over the training cases.",
            todo="Check the records (`csc-experiments check`) and the representation's settings.",
        )


def side_by_side(matrices: dict[str, Matrix]) -> Matrix:
    """Join blocks over the same rows; names of columns and notes are prefixed by their block's."""
    parts = list(matrices.values())
    names = tuple(f"{block}:{name}" for block, matrix in matrices.items() for name in matrix.names)
    notes = {
        f"{block}_{name}": said for block, matrix in matrices.items() for name, said in matrix.notes.items()
    }
    if len(parts) == 1:
        return Matrix(parts[0].values, names, parts[0].rows, notes)
    if any(not np.array_equal(part.rows, parts[0].rows) for part in parts):
        raise MatrixError("Blocks that stand side by side hold different rows.")
    if any(sparse.issparse(part.values) for part in parts):
        joined: Values = sparse.csr_array(sparse.hstack([sparse.csr_array(part.values) for part in parts]))
    else:
        joined = np.hstack([part.values for part in parts])
    return Matrix(joined, names, parts[0].rows, notes)
