"""Topics of the training rows' documents, and the share that each has in a row."""

from __future__ import annotations

from typing import Self

import numpy as np
from gensim.matutils import Sparse2Corpus
from gensim.models import LdaModel
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from csc_experiments.representations.matrix import Values

Floats = NDArray[np.float32]
_ROWS_AT_ONCE = 2000


class LdaTopics(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """Topic shares of each row, by latent Dirichlet allocation (gensim).

    Blei, Ng and Jordan 2003, https://jmlr.org/papers/v3/blei03a.html; fitted online as in Hoffman, Blei and
    Bach 2010. One process: with several the order of their answers, and with it the topics, would change from
    run to run.

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

    def fit(self, X: Values, y: object = None) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Learn the topics from the rows that hold a term."""
        counts = self._validated(X, reset=True)
        written = counts[np.flatnonzero(np.diff(counts.indptr))]
        self.model_ = LdaModel(
            Sparse2Corpus(written, documents_columns=False),
            # gensim needs words only for display, and none is displayed.
            id2word={column: str(column) for column in range(counts.shape[1])},
            num_topics=self.topics,
            passes=self.passes,
            random_state=self.seed,
            eval_every=None,
            dtype=np.float32,
        )
        return self

    def transform(self, X: Values) -> Floats:  # noqa: N803 - scikit-learn's name
        """Infer topic shares; a row without terms has the same share of each."""
        check_is_fitted(self)
        counts = self._validated(X, reset=False)
        shares = np.full((counts.shape[0], self.topics), 1 / self.topics, dtype=np.float32)
        written = np.flatnonzero(np.diff(counts.indptr))
        start = self.model_.random_state
        # Inference starts from a random draw. Each row gets the same one, or its shares would depend on which
        # rows stand before it.
        self.model_.random_state = _OneDraw(self.seed)
        try:
            for first in range(0, written.size, _ROWS_AT_ONCE):
                some = written[first : first + _ROWS_AT_ONCE]
                chunk = Sparse2Corpus(counts[some], documents_columns=False)
                gamma, _ = self.model_.inference([list(row) for row in chunk])
                shares[some] = gamma / gamma.sum(axis=1, keepdims=True)
        finally:
            self.model_.random_state = start
        return shares

    def _validated(self, X: Values, *, reset: bool) -> sparse.csr_array:  # noqa: N803 - scikit-learn's name
        found = validate_data(
            self, X, accept_sparse="csr", dtype=np.float32, ensure_non_negative=True, reset=reset
        )
        return sparse.csr_array(found)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


class _OneDraw:
    """Gives every row the same start."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def gamma(self, shape: float, scale: float, size: tuple[int, int]) -> NDArray[np.float64]:
        rows, topics = size
        drawn = np.random.RandomState(self._seed).gamma(shape, scale, topics)
        return np.tile(drawn, (rows, 1))
