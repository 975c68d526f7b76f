"""Vocabularies that no single family can shape."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from csc_experiments.errors import MatrixError


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

    def fit(self, X: sparse.csr_array, y: object = None, *, families: NDArray[np.int64]) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Learn which terms may be used.

        Raises
        ------
        MatrixError
            If none may.
        """
        allowed = np.flatnonzero(count_families(X, families) >= self.min_families)
        if not allowed.size:
            raise MatrixError(
                f"No term stands in the documents of {self.min_families} training families.",
                todo="Use more records, or structured data.",
            )
        totals = np.asarray(X[:, allowed].sum(axis=0)).ravel()
        commonest = np.argsort(-totals, kind="stable")[: self.max_terms]
        self.columns_ = np.sort(allowed[commonest])
        return self

    def transform(self, X: sparse.csr_array) -> sparse.csr_array:  # noqa: N803 - scikit-learn's name
        """Select the terms."""
        check_is_fitted(self)
        return sparse.csr_array(X[:, self.columns_])
