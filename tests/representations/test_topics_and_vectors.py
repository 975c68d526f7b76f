from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse
from spacy.tokens import Doc
from spacy.vocab import Vocab

from csc_experiments.representations.pooling import PooledVectors
from csc_experiments.representations.topics import LdaTopics
from csc_experiments.representations.vectors import spacy_vectors, vector_table

Floats = NDArray[np.float32]
TERMS = ["abuse", "child", "father", "qqzzqq", "school", "zzqqzz"]


def planted(rows: int, seed: int) -> sparse.csr_array:
    """Documents that take their words from terms 0-9 or, every other one, from terms 10-19."""
    draw = np.random.default_rng(seed)
    counts = np.zeros((rows, 20), np.float32)
    for row in range(rows):
        first = 10 * (row % 2)
        counts[row, first : first + 10] = draw.poisson(2, 10) + (np.arange(10) == 0)
    return sparse.csr_array(counts)


def test_two_planted_topics_are_told_apart() -> None:
    shares = LdaTopics(topics=2, passes=10, seed=1).fit(planted(200, 1)).transform(planted(60, 2))
    topic = shares.argmax(axis=1)
    assert len(set(topic[::2])) == len(set(topic[1::2])) == 1
    assert topic[0] != topic[1]
    assert shares.max(axis=1).min() > 0.8


def test_shares_are_shares() -> None:
    shares = LdaTopics(topics=4, passes=2, seed=3).fit(planted(50, 1)).transform(planted(30, 2))
    assert shares.shape == (30, 4)
    assert shares.dtype == np.float32
    assert (shares > 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-5)


def test_topics_repeat_with_their_seed_and_move_with_another() -> None:
    train, other = planted(50, 1), planted(10, 2)
    shares = [LdaTopics(3, 2, seed).fit(train).transform(other) for seed in (5, 5, 6)]
    assert shares[0].tobytes() == shares[1].tobytes()
    assert shares[0].tobytes() != shares[2].tobytes()


def test_asking_again_changes_nothing() -> None:
    step = LdaTopics(3, 2, 5).fit(planted(50, 1))
    assert step.transform(planted(10, 2)).tobytes() == step.transform(planted(10, 2)).tobytes()


def test_the_shares_of_a_row_do_not_depend_on_its_company() -> None:
    step, rows = LdaTopics(5, 2, 5).fit(planted(50, 1)), planted(12, 2)
    together = step.transform(rows)
    alone = np.vstack([step.transform(rows[[row]]) for row in range(12)])
    backwards = step.transform(rows[np.arange(12)[::-1]])[::-1]
    assert together.tobytes() == alone.tobytes() == backwards.tobytes()


def test_a_row_without_terms_has_the_same_share_of_each_topic_and_teaches_nothing() -> None:
    train, empty = planted(50, 1), sparse.csr_array((7, 20), dtype=np.float32)
    step = LdaTopics(4, 2, 5).fit(train)
    assert (step.transform(empty) == np.float32(0.25)).all()
    padded = LdaTopics(4, 2, 5).fit(sparse.csr_array(sparse.vstack([empty, train, empty])))
    assert padded.transform(train).tobytes() == step.transform(train).tobytes()


@settings(max_examples=25, deadline=None)
@given(words=st.lists(st.lists(st.sampled_from(range(len(TERMS))), max_size=20), min_size=1, max_size=5))
def test_mean_vectors_are_those_of_spacy_documents(words: list[list[int]]) -> None:
    counts = np.zeros((len(words), len(TERMS)), np.float32)
    for row, said in enumerate(words):
        np.add.at(counts[row], said, 1)
    vocabulary = Vocab()
    vocabulary.vectors = spacy_vectors(TERMS)
    expected = [Doc(vocabulary, [TERMS[term] for term in said]).vector for said in words]
    found = PooledVectors(vector_table(TERMS)).fit(counts).transform(sparse.csr_array(counts))
    np.testing.assert_allclose(found, np.array(expected).reshape(len(words), -1), atol=1e-6)
    assert found.dtype == np.float32


def test_glove_knows_words_and_not_others() -> None:
    vectors = vector_table(TERMS)
    assert vectors.shape == (len(TERMS), 50)
    assert (np.abs(vectors).sum(axis=1) > 0).tolist() == [not term.startswith(("qq", "zz")) for term in TERMS]
    assert vector_table(TERMS[::-1]).tolist() == vectors[::-1].tolist()


@pytest.mark.parametrize("terms", [[], ["qqzzqq"], ["qqzzqq", "zzqqzz"]])
def test_terms_that_glove_does_not_know_are_zero(terms: list[str]) -> None:
    vectors = vector_table(terms)
    assert vectors.shape == (len(terms), 50)
    assert not vectors.any()


def test_near_words_have_near_vectors() -> None:
    mother, father, budget = vector_table(["mother", "father", "budget"])
    assert cosine(mother, father) > cosine(mother, budget) + 0.3


def cosine(one: Floats, other: Floats) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
