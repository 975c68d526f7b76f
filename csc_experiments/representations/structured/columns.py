"""Which columns are of use: learned on the training rows of one fold, and on nothing else."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_selection import SelectorMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from csc_experiments.representations.matrix import Values

Floats = NDArray[np.float32]


class UsefulColumns(SelectorMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Keep the columns in which enough training rows differ from the median; fill what is missing with it.

    A column that is constant, or in which only a few rows stand out, is dropped, whether they stand out from
    0 or from 1. With `min_rows=1` every column that varies is kept. Train and test have the same columns in
    the same order by construction: both are selected by the positions that were learned.

    Parameters
    ----------
    min_rows : int
        Training rows that must hold something else than the column's median, and something at all.

    Attributes
    ----------
    columns_ : array of int
        Columns kept, ascending.
    fill_ : array of float32
        Medians of the kept columns.

    Examples
    --------
    >>> step = UsefulColumns(min_rows=2).fit([[1, 0, 5], [1, 0, 7], [1, 3, float("nan")], [0, 2, 6]])
    >>> step.columns_
    array([1, 2])
    >>> step.transform([[9, 8, float("nan")]])
    array([[8., 6.]], dtype=float32)
    """

    def __init__(self, min_rows: int = 10) -> None:
        self.min_rows = min_rows

    def fit(self, X: Values, y: object = None) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Learn which columns are of use, and their medians.

        Parameters
        ----------
        X : array or scipy.sparse.csr_array of float, shape (n, p)
            NaN where a value is missing; what a sparse array does not hold is 0, not missing.
        """
        columns = sparse.csc_array(self._checked(X, reset=True))
        height = columns.shape[0]
        held = np.diff(columns.indptr)
        missing = _counted(np.isnan(columns.data), columns.indptr)
        # Where less than half of the rows hold anything, the median is 0 and those that do differ from it.
        differing, medians = held - missing, np.zeros(held.size, dtype=np.float32)
        for column in np.flatnonzero(2 * held >= height):
            cells = columns[:, [column]].toarray().ravel()
            present = cells[~np.isnan(cells)]
            if present.size:
                medians[column] = np.median(present)
            differing[column] = np.count_nonzero(present != medians[column])
        self.columns_ = np.flatnonzero(differing >= self.min_rows)
        self.fill_ = medians[self.columns_]
        return self

    def transform(self, X: Values) -> Values:  # noqa: N803 - scikit-learn's name
        """Select and fill; what comes sparse stays sparse, for most cells of most columns are 0."""
        check_is_fitted(self)
        kept = self._checked(X, reset=False)[:, self.columns_]
        if not isinstance(kept, sparse.sparray):
            return np.where(np.isnan(kept), self.fill_, kept).astype(np.float32, copy=False)
        missing = np.flatnonzero(np.isnan(kept.data))
        kept.data[missing] = self.fill_[kept.indices[missing]]
        return sparse.csr_array(kept, dtype=np.float32)

    def _checked(self, X: Values, *, reset: bool) -> Values:  # noqa: N803 - scikit-learn's name
        checked: Values = validate_data(
            self, X, accept_sparse="csr", dtype=np.float32, ensure_all_finite="allow-nan", reset=reset
        )
        return checked

    def _get_support_mask(self) -> NDArray[np.bool_]:
        check_is_fitted(self)
        return np.isin(np.arange(self.n_features_in_), self.columns_)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def _counted(marked: NDArray[np.bool_], indptr: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the marked cells of each column."""
    total = np.append(0, np.cumsum(marked))
    counted: NDArray[np.int64] = total[indptr[1:]] - total[indptr[:-1]]
    return counted
