"""Vocabularies that no single family can shape."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from csc_experiments.errors import MatrixError


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
        _, family = np.unique(families, return_inverse=True)
        member = sparse.csr_array(
            (np.ones(len(family), np.float32), (family, np.arange(len(family)))),
            shape=(family.max() + 1, len(family)),
        )
        holding = np.diff(sparse.csc_array(member @ X).indptr)
        allowed = np.flatnonzero(holding >= self.min_families)
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
