"""What is fitted: each transformer learns from the training rows of one fold, and from nothing else."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

Floats = NDArray[np.float32]


class VaryingColumns(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Keep the columns that vary over the training rows; fill what is missing with their median.

    Attributes
    ----------
    columns_ : array of int
        Columns kept.
    fill_ : array of float32
        Medians of the kept columns.
    """

    def fit(self, X: Floats, y: object = None) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Learn which columns vary, and their medians."""
        missing = np.isnan(X)
        low = np.where(missing, np.inf, X).min(axis=0, initial=np.inf)
        high = np.where(missing, -np.inf, X).max(axis=0, initial=-np.inf)
        self.columns_ = np.flatnonzero(high > low)
        kept = X[:, self.columns_]
        self.fill_ = np.nanmedian(kept, axis=0).astype(np.float32) if kept.size else np.zeros(0, np.float32)
        return self

    def transform(self, X: Floats) -> Floats:  # noqa: N803 - scikit-learn's name
        """Select and fill."""
        check_is_fitted(self)
        kept = X[:, self.columns_]
        return np.where(np.isnan(kept), self.fill_, kept).astype(np.float32)
