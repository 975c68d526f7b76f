"""Word vectors become document vectors: counts times a table."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.extmath import randomized_svd
from sklearn.utils.validation import check_is_fitted, validate_data

from csc_experiments.representations.matrix import Values
from csc_experiments.representations.settings import Pooling

Floats = NDArray[np.float32]


class PooledVectors(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """One vector for each row: the weighted mean of its terms' vectors.

    Parameters
    ----------
    table : array of float32, shape (v, d), optional
        One vector per term, zero where there is none (as in spaCy's `Doc.vector`). Without a table each term
        is an axis of its own.
    pooling : str
        Of `Pooling`.
    smoothing : float
        The a of `sif`.

    Attributes
    ----------
    weights_ : array of float32, shape (v,)
        Of the terms.
    common_ : array of float32, shape (1, d)
        The direction that is taken away, of length one; zero where none is.

    Examples
    --------
    >>> pooled = PooledVectors(np.eye(2, dtype=np.float32)).fit_transform(np.array([[3.0, 1.0], [0.0, 0.0]]))
    >>> pooled.tolist()
    [[0.75, 0.25], [0.0, 0.0]]
    """

    def __init__(self, table: Floats | None = None, pooling: str = "mean", smoothing: float = 1e-3) -> None:
        self.table = table
        self.pooling = pooling
        self.smoothing = smoothing

    def fit(self, X: Values, y: object = None) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Learn the weights of the terms, and what all rows have in common."""
        counts = self._validated(X, reset=True)
        if self.table is not None and self.table.shape[0] != counts.shape[1]:
            raise ValueError(f"The table has {self.table.shape[0]} vectors for {counts.shape[1]} terms.")
        self.weights_ = _weights(counts, Pooling(self.pooling), self.smoothing)
        width = counts.shape[1] if self.table is None else self.table.shape[1]
        self.common_ = np.zeros((1, width), np.float32)
        if self.pooling == Pooling.SIF:
            _, _, directions = randomized_svd(self._mean(counts), 1, random_state=0)
            self.common_ = directions.astype(np.float32)
        return self

    def transform(self, X: Values) -> Floats:  # noqa: N803 - scikit-learn's name
        """Average; a row without terms is zero."""
        check_is_fitted(self)
        mean = self._mean(self._validated(X, reset=False))
        return mean - mean @ self.common_.T @ self.common_ if self.common_.any() else mean

    def _validated(self, X: Values, *, reset: bool) -> sparse.csr_array:  # noqa: N803 - scikit-learn's name
        found = validate_data(
            self, X, accept_sparse="csr", dtype=np.float32, ensure_non_negative=True, reset=reset
        )
        return sparse.csr_array(found)

    def _mean(self, counts: sparse.csr_array) -> Floats:
        weighted = counts * self.weights_ if self.pooling != Pooling.MEAN else counts
        lengths = np.asarray(weighted.sum(axis=1)).reshape(-1, 1)
        summed = weighted.toarray() if self.table is None else weighted @ self.table
        mean: Floats = (summed / np.where(lengths == 0, 1, lengths)).astype(np.float32)
        return mean

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def _weights(counts: sparse.csr_array, pooling: Pooling, smoothing: float) -> Floats:
    match pooling:
        case Pooling.MEAN:
            found = np.ones(counts.shape[1])
        case Pooling.TFIDF:
            holding = np.bincount(counts.indices[counts.data != 0], minlength=counts.shape[1])
            found = np.log((1 + counts.shape[0]) / (1 + holding)) + 1  # as scikit-learn's TfidfTransformer
        case Pooling.SIF:
            said = np.asarray(counts.sum(axis=0)).ravel()
            found = smoothing / (smoothing + said / max(said.sum(), 1))
    return found.astype(np.float32)
