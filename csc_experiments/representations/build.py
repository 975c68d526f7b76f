"""From a representation's settings to the matrix of a fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from csc_experiments.errors import NoTextError
from csc_experiments.history.events import History
from csc_experiments.privacy.vocabulary import FamilyVocabulary
from csc_experiments.provenance import code_version, digest
from csc_experiments.questions.cohort import Cohort
from csc_experiments.questions.unseen import NOTHING, Unseen
from csc_experiments.representations.glove import vector_table
from csc_experiments.representations.knowledge import known_before
from csc_experiments.representations.matrix import Matrix, Rows, Values, side_by_side
from csc_experiments.representations.settings import (
    BlockConfig,
    LdaConfig,
    StructuredConfig,
    TextConfig,
    TfidfConfig,
    VectorsConfig,
    VocabularyConfig,
)
from csc_experiments.representations.store import BlockStore
from csc_experiments.representations.structured import history_codes, structured_features, without_rare_codes
from csc_experiments.representations.terms import count_terms, row_counts
from csc_experiments.representations.transformers import LdaTopics, MeanVectors, VaryingColumns

CODE = ("history", "privacy", "questions", "records", "representations")
Fitted = tuple[Values, tuple[str, ...]]


class Representations:
    """Every matrix that one question's cohort in one authority may need.

    What is not fitted (features, counts of terms) is computed once for the cohort; what is fitted, once for
    each set of training rows.

    Parameters
    ----------
    history : History
    cohort : Cohort
    document_types : list of str
        Those that a text block may read.
    store : BlockStore
    unseen : Unseen
        What else the question keeps from every block.
    """

    def __init__(
        self,
        history: History,
        cohort: Cohort,
        document_types: list[str],
        store: BlockStore,
        unseen: Unseen = NOTHING,
    ) -> None:
        self._history = history
        self._cohort = cohort
        self._types = document_types
        self._store = store
        self._unseen = unseen
        self._families: NDArray[np.int64] = cohort.rows["family_id"].to_numpy()

    def over(self, history: History, cohort: Cohort, store: BlockStore) -> Representations:
        """Describe another cohort, from another history, by the same rules."""
        return Representations(history, cohort, self._types, store, self._unseen)

    def matrix(self, blocks: Mapping[str, BlockConfig], fit: Rows, rows: Rows, seed: int) -> Matrix:
        """Fit blocks on some rows of the cohort, and describe these and others by them.

        Parameters
        ----------
        blocks : Mapping[str, BlockConfig]
        fit : array of int
            Training rows, ascending.
        rows : array of int
            Rows to describe, ascending.
        seed : int
            Of the blocks that draw.

        Returns
        -------
        Matrix
            Blocks side by side, in the order given.
        """
        return side_by_side({name: self._block(config, fit, rows, seed) for name, config in blocks.items()})

    @cached_property
    def _data(self) -> str:
        """What every block depends on: the records, the cohort's rows and the code."""
        rows = self._cohort.rows.select("subject_id", "family_id", "prediction_time").hash_rows(seed=0)
        said = [self._types, asdict(self._unseen)]
        return digest([self._history.extract.fingerprint, said, rows.to_list(), code_version(*CODE)])

    def _block(self, config: BlockConfig, fit: Rows, rows: Rows, seed: int) -> Matrix:
        if isinstance(config, StructuredConfig):
            # Choosing columns costs less than keeping a copy of them for every fold.
            return _structured(without_rare_codes(self.raw(config), fit, self._families), fit, rows)
        if isinstance(config, VocabularyConfig) and not self._history.linked:
            raise NoTextError(
                f"The records of {self._history.extract.authority} do not say who is family, so no vocabulary"
                " can be kept from telling of one.",
                todo="Import ssd_family, or use representation=structured or spacy_vectors.",
            )
        # A block that learns nothing from the training rows is the same for every fold.
        learned = [] if isinstance(config, VectorsConfig) else [fit.tolist(), seed]
        key = digest([self._data, asdict(config), learned, rows.tolist()])

        def make() -> Matrix:
            values, names = self._fitted(config, fit, rows, seed)
            return Matrix(values, names, rows)

        return self._store.get(key, make)

    def _fitted(self, config: BlockConfig, fit: Rows, rows: Rows, seed: int) -> Fitted:
        raw = self.raw(config)
        if isinstance(config, TfidfConfig):
            return _tfidf(config.sublinear, _vocabulary(config, raw, self._families, fit, rows))
        if isinstance(config, LdaConfig):
            step = LdaTopics(config.topics, config.passes, seed)
            return _lda(step, _vocabulary(config, raw, self._families, fit, rows))
        pooled = MeanVectors(vector_table(raw.names)).fit(raw.values).transform(raw.take(rows))
        return pooled, tuple(f"glove_{axis}" for axis in range(pooled.shape[1]))

    def raw(self, config: BlockConfig) -> Matrix:
        """Return features or counts of all rows of the cohort, before anything is fitted."""
        everyone = np.arange(self._cohort.rows.height)
        if isinstance(config, StructuredConfig):
            key = digest([self._data, asdict(config), "features"])
            return self._store.get(key, lambda: Matrix(*self._features(config), everyone))
        key = digest([self._data, config.lookback_days, "counts"])
        return self._store.get(key, lambda: Matrix(*self._counts(config), everyone))

    def _features(self, config: StructuredConfig) -> Fitted:
        pairs = self._unseen.without_codes(known_before(self._cohort.rows, self._history.events))
        return structured_features(self._cohort.rows, pairs, history_codes(self._history.events), config)

    def _counts(self, config: TextConfig) -> Fitted:
        documents = self._history.documents.with_row_index("document")
        if documents.is_empty():
            raise NoTextError(
                f"The records of {self._history.extract.authority} hold no documents.",
                todo="Import documents, or use structured data.",
            )
        # Not a matter of the question: every question of an authority shares one count of its documents.
        code = code_version("history", "records", "representations")
        key = digest([self._history.extract.fingerprint, code, "terms"])
        counts = self._store.get(key, lambda: _terms(self._history.documents))
        facts = documents.filter(pl.col("document_type").is_in(self._types)).drop("text")
        pairs = self._unseen.without_documents(known_before(self._cohort.rows, facts))
        if config.lookback_days is not None:
            oldest = pl.col("prediction_time") - pl.duration(days=config.lookback_days)
            pairs = pairs.filter(pl.col("time") >= oldest)
        values = row_counts(pairs, sparse.csr_array(counts.values), self._cohort.rows.height)
        return values, counts.names


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The counts of a vocabulary that was learned from training rows."""

    train: sparse.csr_array
    rows: sparse.csr_array
    terms: tuple[str, ...]


def _terms(documents: pl.DataFrame) -> Matrix:
    return Matrix(*count_terms(documents["text"]), np.arange(documents.height))


def _structured(raw: Matrix, fit: Rows, rows: Rows) -> Matrix:
    step = VaryingColumns().fit(raw.take(fit))
    names = tuple(raw.names[column] for column in step.columns_)
    return Matrix(step.transform(raw.take(rows)), names, rows)


def _vocabulary(
    config: TfidfConfig | LdaConfig, raw: Matrix, families: NDArray[np.int64], fit: Rows, rows: Rows
) -> _Vocabulary:
    step = FamilyVocabulary(config.min_families, config.max_terms)
    train = step.fit(raw.take(fit), families=families[fit]).transform(raw.take(fit))
    terms = tuple(raw.names[column] for column in step.columns_)
    return _Vocabulary(train, step.transform(raw.take(rows)), terms)


def _tfidf(sublinear: bool, vocabulary: _Vocabulary) -> Fitted:  # noqa: FBT001 - a setting, passed on
    weights = TfidfTransformer(sublinear_tf=sublinear).fit(vocabulary.train)
    return sparse.csr_array(weights.transform(vocabulary.rows), dtype=np.float32), vocabulary.terms


def _lda(step: LdaTopics, vocabulary: _Vocabulary) -> Fitted:
    shares = step.fit(vocabulary.train).transform(vocabulary.rows)
    return shares, tuple(f"topic_{topic}" for topic in range(shares.shape[1]))
