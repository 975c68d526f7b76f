"""Pooled word vectors are what the formulas say, one row and one word at a time."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.errors import ConfigError
from csc_experiments.representations.pooling import PooledVectors
from csc_experiments.representations.vectors import spacy_vectors, vector_table, vectors_version

Floats = NDArray[np.float32]
COUNTS = arrays.arrays(np.float32, (7, 5), elements=st.sampled_from([0.0, 0.0, 1.0, 2.0, 9.0]))
TABLE = np.random.default_rng(2).normal(size=(5, 3)).astype(np.float32)
TERMS = ["abuse", "father", "school"]


def pooled(row: Floats, weights: list[float]) -> Floats:
    """Add up the vectors of a row's words, each as often and as heavy as it is, and divide by the weight."""
    total, weight = np.zeros(TABLE.shape[1]), 0.0
    for term, count in enumerate(row):
        total += count * weights[term] * TABLE[term]
        weight += count * weights[term]
    return (total / weight if weight else total).astype(np.float32)


@settings(deadline=None)
@given(counts=COUNTS)
def test_rare_words_weigh_more(counts: Floats) -> None:
    holding = [sum(1 for row in counts if row[term]) for term in range(5)]
    weights = [math.log((1 + len(counts)) / (1 + held)) + 1 for held in holding]
    found = PooledVectors(TABLE, "tfidf").fit_transform(sparse.csr_array(counts))
    np.testing.assert_allclose(found, [pooled(row, weights) for row in counts], atol=1e-5)


@settings(deadline=None)
@given(counts=COUNTS.filter(lambda counts: bool(counts.any())))
def test_smooth_inverse_frequency_takes_away_what_all_have_in_common(counts: Floats) -> None:
    said = counts.sum(axis=0) / counts.sum()
    weights = [1e-3 / (1e-3 + share) for share in said]
    mean = np.array([pooled(row, weights) for row in counts])
    _, _, directions = np.linalg.svd(mean.astype(np.float64))
    expected = mean - mean @ np.outer(directions[0], directions[0])
    found = PooledVectors(TABLE, "sif").fit_transform(sparse.csr_array(counts))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_a_table_of_other_terms_is_refused() -> None:
    with pytest.raises(ValueError, match="5 vectors for 4 terms"):
        PooledVectors(TABLE).fit(np.ones((2, 4)))


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A pipeline on disk that knows two of the terms, as an installed one would."""
    folder: Path = tmp_path_factory.mktemp("pipelines") / "en_core_tiny"
    language = spacy.blank("en")
    language.vocab.vectors = spacy_vectors(TERMS[:2])
    language.to_disk(folder)
    return str(folder)


def test_vectors_of_a_pipeline_are_those_that_spacy_gives(pipeline: str) -> None:
    table = vector_table(TERMS, pipeline)
    vocabulary = spacy.load(pipeline).vocab
    np.testing.assert_array_equal(table, [vocabulary.get_vector(term) for term in TERMS])
    np.testing.assert_array_equal(table[:2], vector_table(TERMS)[:2])
    assert not table[2].any()
    assert vectors_version(pipeline) != vectors_version(None)


def test_a_pipeline_without_vectors_or_none_at_all_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "plain")
    with pytest.raises(ConfigError, match="has no word vectors"):
        vector_table(TERMS, str(tmp_path / "plain"))
    with pytest.raises(ConfigError, match="there is no spaCy pipeline en_core_web_nowhere"):
        vector_table(TERMS, "en_core_web_nowhere")
