"""From the counts of all rows to the matrix of a text block, fitted on training rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.representations.choosing_topics import choose_topics, stability, topic_table
from csc_experiments.representations.lexicons import lexicon_scores
from csc_experiments.representations.matrix import Matrix, Rows, Values
from csc_experiments.representations.pooling import PooledVectors
from csc_experiments.representations.settings import (
    LdaConfig,
    LexiconsConfig,
    LsaConfig,
    TextBlockConfig,
    TfidfConfig,
    VectorsConfig,
)
from csc_experiments.representations.structured.columns import UsefulColumns
from csc_experiments.representations.topics import LdaTopics
from csc_experiments.representations.vectors import vector_table
from csc_experiments.representations.weighting import Vocabulary, latent_semantics, learn_vocabulary, tfidf


def fit_text(
    config: TextBlockConfig,
    raw: Matrix,
    families: NDArray[np.int64],
    *,
    fit: Rows,
    rows: Rows,
    seed: int,
) -> Matrix:
    """Fit a text block on some rows, and describe these and others by it.

    Parameters
    ----------
    raw : Matrix
        Counts of all rows of the cohort.
    families : array of int
        Of all rows of the cohort.
    fit, rows : array of int
        Training rows, and rows to describe.
    seed : int

    Returns
    -------
    Matrix
        With notes: of topics `topics` and, if asked for, `choice` and `stability`; of word vectors
        `coverage`.
    """
    match config:
        case TfidfConfig():
            known = learn_vocabulary(config, raw, families, fit, rows)
            return Matrix(tfidf(config, known), known.terms, rows)
        case LsaConfig():
            known = learn_vocabulary(config, raw, families, fit, rows)
            return _numbered("lsa", latent_semantics(config, known, seed), rows)
        case LdaConfig():
            known = learn_vocabulary(config, raw, families, fit, rows)
            return _topics(config, known, families[fit], rows, seed)
        case VectorsConfig():
            return _vectors(config, raw, fit, rows)
        case LexiconsConfig():
            return _lexicons(config, raw, fit, rows)


def _topics(
    config: LdaConfig, known: Vocabulary, families: NDArray[np.int64], rows: Rows, seed: int
) -> Matrix:
    notes = {}
    topics = config.topics
    if config.choose_from:
        topics, notes["choice"] = choose_topics(config, known.train, families, seed)
    models = [
        LdaTopics(topics, config.passes, seed + again).fit(known.train) for again in range(config.seeds)
    ]
    notes["topics"] = topic_table(models[0], models[0].transform(known.train), known.terms)
    if config.seeds > 1:
        notes["stability"] = stability(models)
    described = _numbered("topic", models[0].transform(known.rows), rows)
    return replace(described, notes=notes)


def _vectors(config: VectorsConfig, raw: Matrix, fit: Rows, rows: Rows) -> Matrix:
    table = vector_table(raw.names, config.pipeline)
    counts = sparse.csr_array(raw.values)
    pool = PooledVectors(table, config.pooling.value).fit(counts[fit])
    said = np.asarray(counts.sum(axis=0)).ravel()
    known = table.any(axis=1)
    coverage = pl.DataFrame(
        {
            "words": [int(said.sum())],
            "share_known": [float(said[known].sum() / max(said.sum(), 1))],
            "terms": [known.size],
            "terms_known": [int(known.sum())],
        }
    )
    return replace(_numbered("vector", pool.transform(raw.take(rows)), rows), notes={"coverage": coverage})


def _lexicons(config: LexiconsConfig, raw: Matrix, fit: Rows, rows: Rows) -> Matrix:
    values, names = lexicon_scores(config, sparse.csr_array(raw.values), raw.names)
    scores = Matrix(values, names, raw.rows)
    step = UsefulColumns(min_rows=1).fit(scores.take(fit))
    kept = tuple(names[column] for column in step.columns_)
    return Matrix(step.transform(scores.take(rows)), kept, rows)


def _numbered(name: str, values: Values, rows: Rows) -> Matrix:
    return Matrix(values, tuple(f"{name}_{axis}" for axis in range(values.shape[1])), rows)
