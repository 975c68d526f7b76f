"""What is fitted: each transformer learns from the training rows of one fold, and from nothing else."""

from __future__ import annotations

from typing import Self

import numpy as np
from gensim.matutils import Sparse2Corpus
from gensim.models import LdaModel
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from csc_experiments.representations.matrix import Values

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


class LdaTopics(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Topic shares of each row, by latent Dirichlet allocation (gensim).

    Parameters
    ----------
    topics, passes, seed : int

    Attributes
    ----------
    model_ : gensim.models.LdaModel
    """

    def __init__(self, topics: int = 20, passes: int = 3, seed: int = 0) -> None:
        self.topics = topics
        self.passes = passes
        self.seed = seed

    def fit(self, X: sparse.csr_array, y: object = None) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Learn the topics from the rows that hold a term."""
        written = X[np.flatnonzero(np.diff(X.indptr))]
        self.model_ = LdaModel(
            Sparse2Corpus(written, documents_columns=False),
            # gensim needs words only for display, and none is displayed.
            id2word={column: str(column) for column in range(X.shape[1])},
            num_topics=self.topics,
            passes=self.passes,
            random_state=self.seed,
            eval_every=None,
            dtype=np.float32,
        )
        return self

    def transform(self, X: sparse.csr_array) -> Floats:  # noqa: N803 - scikit-learn's name
        """Infer topic shares; a row without terms has the same share of each."""
        check_is_fitted(self)
        shares = np.full((X.shape[0], self.topics), 1 / self.topics, dtype=np.float32)
        start = np.random.RandomState(self.seed).get_state()
        for row, document in enumerate(Sparse2Corpus(X, documents_columns=False)):
            terms = list(document)
            if terms:
                # Inference starts from a random draw. Each row gets the same one, or its shares would depend
                # on which rows stand before it.
                self.model_.random_state.set_state(start)
                gamma, _ = self.model_.inference([terms])
                shares[row] = gamma[0] / gamma[0].sum()
        return shares


class MeanVectors(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Mean word vector of each row: its counts times a table of vectors.

    Parameters
    ----------
    table : array of float32, shape (v, d)
        One vector per term, zero where there is none (as in spaCy's `Doc.vector`).
    """

    def __init__(self, table: Floats) -> None:
        self.table = table

    def fit(self, X: Values, y: object = None) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Learn nothing: the table does not depend on the records."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, X: sparse.csr_array) -> Floats:  # noqa: N803 - scikit-learn's name
        """Average; a row without terms is zero."""
        lengths = np.asarray(X.sum(axis=1)).reshape(-1, 1)
        mean: Floats = ((X @ self.table) / np.maximum(lengths, 1)).astype(np.float32)
        return mean
