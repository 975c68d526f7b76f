"""A few columns of the matrix, with their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.representations.structured.naming import FAMILY


@dataclass(frozen=True, slots=True)
class Part:
    """Columns of one kind.

    Attributes
    ----------
    values : scipy.sparse.csr_array of float32, shape (n, p)
        Indices sorted; what is not held is 0.
    names : tuple of str, length p
    """

    values: sparse.csr_array
    names: tuple[str, ...]

    def of_family(self) -> Part:
        """The same columns, named as those of brothers and sisters."""
        return Part(self.values, tuple(f"{name}{FAMILY}" for name in self.names))


def grouped(
    row: NDArray[np.int64],
    group: NDArray[np.int64],
    values: NDArray[np.float32],
    shape: tuple[int, int],
) -> sparse.csr_array:
    """Make a matrix in which the columns of a group stand together, without sorting anything.

    Parameters
    ----------
    row, group : array of int, shape (k,)
        Which row, and which group of columns, each line of `values` belongs to; ascending, none twice.
    values : array of float32, shape (k, f)
        The f columns of a group.
    shape : tuple of int
        Rows and groups.
    """
    height, groups = shape
    each = np.int32(values.shape[1])
    columns = group.astype(np.int32)[:, None] * each + np.arange(each, dtype=np.int32)
    ends = np.cumsum(np.bincount(row, minlength=height), dtype=np.int32) * each
    held = (values.ravel(), columns.ravel(), np.append(np.int32(0), ends))
    made = sparse.csr_array(held, shape=(height, groups * int(each)))
    made.eliminate_zeros()
    return made


def beside(parts: Sequence[Part]) -> Part:
    """Put columns side by side."""
    values = sparse.csr_array(sparse.hstack([part.values for part in parts], format="csr"), dtype=np.float32)
    return Part(values, tuple(name for part in parts for name in part.names))
