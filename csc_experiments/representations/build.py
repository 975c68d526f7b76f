"""From a representation's settings to the matrix of a fold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.errors import NoTextError
from csc_experiments.history.events import History
from csc_experiments.provenance import code_version, digest
from csc_experiments.questions.cohort import Cohort
from csc_experiments.questions.unseen import NOTHING, Unseen
from csc_experiments.representations.fitting import fit_text
from csc_experiments.representations.knowledge import known_before
from csc_experiments.representations.lexicons import lexicons_version
from csc_experiments.representations.matrix import Matrix, Rows, Values, side_by_side
from csc_experiments.representations.settings import (
    BlockConfig,
    LexiconsConfig,
    Pooling,
    StructuredConfig,
    TextConfig,
    VectorsConfig,
    VocabularyConfig,
)
from csc_experiments.representations.store import BlockStore
from csc_experiments.representations.structured.choosing import useful_features
from csc_experiments.representations.structured.features import describe_cohort
from csc_experiments.representations.terms import count_terms, row_counts
from csc_experiments.representations.vectors import vectors_version

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
            return useful_features(self.raw(config), self._families, config.min_rows, fit=fit, rows=rows)
        if isinstance(config, VocabularyConfig) and not self._history.linked:
            raise NoTextError(
                f"The records of {self._history.extract.authority} do not say who is family, so no vocabulary"
                " can be kept from telling of one.",
                todo="Import ssd_family, or use representation=structured or spacy_vectors.",
            )
        # A block that learns nothing from the training rows is the same for every fold.
        learned = [fit.tolist(), seed] if _learns(config) else []
        key = digest([self._data, asdict(config), _given(config), learned, rows.tolist()])

        return self._store.get(
            key,
            lambda: fit_text(config, self.raw(config), self._families, fit=fit, rows=rows, seed=seed),
        )

    def raw(self, config: BlockConfig) -> Matrix:
        """Return features or counts of all rows of the cohort, before anything is fitted."""
        everyone = np.arange(self._cohort.rows.height)
        if isinstance(config, StructuredConfig):
            key = digest([self._data, asdict(config), "features"])
            return self._store.get(key, lambda: Matrix(*self._features(config), everyone))
        key = digest([self._data, config.lookback_days, "counts"])
        return self._store.get(key, lambda: Matrix(*self._counts(config), everyone))

    def _features(self, config: StructuredConfig) -> Fitted:
        history = self._history
        return describe_cohort(self._cohort.rows, history.events, history.subjects, config, self._unseen)

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
        if not counts.names:
            raise NoTextError(f"The documents of {self._history.extract.authority} hold no words.")
        facts = documents.filter(pl.col("document_type").is_in(self._types)).drop("text")
        pairs = self._unseen.without_documents(known_before(self._cohort.rows, facts))
        if config.lookback_days is not None:
            oldest = pl.col("prediction_time") - pl.duration(days=config.lookback_days)
            pairs = pairs.filter(pl.col("time") >= oldest)
        values = row_counts(pairs, sparse.csr_array(counts.values), self._cohort.rows.height)
        return values, counts.names


def _terms(documents: pl.DataFrame) -> Matrix:
    return Matrix(*count_terms(documents["text"]), np.arange(documents.height))


def _learns(config: BlockConfig) -> bool:
    return not isinstance(config, VectorsConfig) or config.pooling is not Pooling.MEAN


def _given(config: BlockConfig) -> str:
    """Hash what a block is given beside the records: word lists, or somebody's word vectors."""
    match config:
        case LexiconsConfig():
            return lexicons_version(config)
        case VectorsConfig():
            return vectors_version(config.pipeline)
        case _:
            return ""
