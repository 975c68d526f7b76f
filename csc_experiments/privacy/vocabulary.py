"""Vocabularies that no single family can shape."""

from __future__ import annotations

from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from csc_experiments.errors import MatrixError

Counts: TypeAlias = "sparse.csr_array | NDArray[np.float32]"


def count_families(X: sparse.csr_array, families: NDArray[np.int64]) -> NDArray[np.int64]:  # noqa: N803 - scikit-learn's name
    """Count, for each column, the families of whose rows one holds anything in it.

    Examples
    --------
    >>> held = sparse.csr_array([[1, 0], [2, 0], [0, 0], [1, 1]])
    >>> count_families(held, np.array([7, 7, 7, 9])).tolist()
    [2, 1]
    """
    _, family = np.unique(families, return_inverse=True)
    member = sparse.csr_array(
        (np.ones(len(family), np.float32), (family, np.arange(len(family)))),
        shape=(family.max(initial=-1) + 1, len(family)),
    )
    holding: NDArray[np.int64] = np.diff(sparse.csc_array(member @ X).indptr).astype(np.int64)
    return holding


class FamilyVocabulary(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Keep the terms that stand in the documents of enough training families.

    A threshold on documents would keep the names of a family that is written about often; one on families
    cannot. It is k-anonymity of terms, not differential privacy.

    Parameters
    ----------
    min_families : int
        Distinct families whose training rows hold the term.
    max_terms : int
        Of those, the commonest stay.

    Attributes
    ----------
    columns_ : array of int
        Terms kept, ascending.
    """

    def __init__(self, min_families: int = 10, max_terms: int = 5000) -> None:
        self.min_families = min_families
        self.max_terms = max_terms

    def fit(self, X: Counts, y: object = None, *, families: NDArray[np.int64] | None = None) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Learn which terms may be used.

        Parameters
        ----------
        X : array or sparse matrix of shape (n, v)
            How often each term stands in each training row.
        families : array of int, shape (n,), optional
            Of the rows. Without it every row is taken for a family of its own, which protects nobody who has
            several rows. In a `Pipeline` it is passed on after `set_fit_request(families=True)`.

        Raises
        ------
        MatrixError
            If no term may be used.
        """
        counts = self._validated(X, reset=True)
        own = np.arange(counts.shape[0]) if families is None else families
        allowed = np.flatnonzero(count_families(counts, own) >= self.min_families)
        if not allowed.size:
            raise MatrixError(
                f"No term stands in the documents of {self.min_families} training families.",
                todo="Use more records, or structured data.",
            )
        totals = np.asarray(counts[:, allowed].sum(axis=0)).ravel()
        commonest = np.argsort(-totals, kind="stable")[: self.max_terms]
        self.columns_ = np.sort(allowed[commonest])
        return self

    def transform(self, X: Counts) -> sparse.csr_array:  # noqa: N803 - scikit-learn's name
        """Select the terms."""
        check_is_fitted(self)
        return sparse.csr_array(self._validated(X, reset=False)[:, self.columns_])

    def _validated(self, X: Counts, *, reset: bool) -> sparse.csr_array:  # noqa: N803 - scikit-learn's name
        kinds = [np.float32, np.float64]
        found = validate_data(
            self, X, accept_sparse="csr", dtype=kinds, ensure_non_negative=True, reset=reset
        )
        return sparse.csr_array(found)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        tags.transformer_tags.preserves_dtype = ["float32", "float64"]
        return tags
