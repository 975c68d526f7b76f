"""How many topics there are is learned from the training rows, and found where it is plain."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from csc_experiments.representations.choosing_topics import (
    choose_topics,
    coherence,
    held_out_likelihood,
    stability,
    topic_table,
)
from csc_experiments.representations.settings import ChooseBy, LdaConfig
from csc_experiments.representations.topics import LdaTopics

TERMS = [f"word{number:02}" for number in range(30)]


def three_topics(rows: int, seed: int) -> sparse.csr_array:
    """Documents that take all their words from one of three thirds of the vocabulary."""
    draw = np.random.default_rng(seed)
    counts = np.zeros((rows, 30), np.float32)
    for row in range(rows):
        first = 10 * (row % 3)
        counts[row, first : first + 10] = draw.poisson(2, 10) + (np.arange(10) == 0)
    return sparse.csr_array(counts)


@pytest.mark.parametrize("by", ChooseBy)
def test_three_planted_topics_are_chosen_rather_than_two(by: ChooseBy) -> None:
    config = LdaConfig(passes=8, choose_from=[2, 3], choose_by=by)
    best, tried = choose_topics(config, three_topics(240, 1), np.arange(240) // 2, seed=1)
    assert best == 3
    assert tried["topics"].to_list() == [2, 3]
    assert tried["chosen"].to_list() == [False, True]


def test_likelihood_is_no_better_than_that_of_the_words_that_were_said() -> None:
    train, held = three_topics(240, 1), three_topics(60, 2)
    likely = held_out_likelihood(LdaTopics(3, 8, 1).fit(train), held, seed=1)
    # Ten words, evenly; one topic alone could not tell the thirds apart.
    assert np.log(1 / 30) < likely < np.log(1 / 8)
    assert np.isnan(held_out_likelihood(LdaTopics(3, 1, 1).fit(train), sparse.csr_array((4, 30)), seed=1))


def test_words_that_are_never_together_do_not_cohere() -> None:
    model = LdaTopics(3, 8, 1).fit(three_topics(240, 1))
    assert coherence(model, three_topics(240, 1)) > 0.3
    apart = sparse.csr_array(np.eye(30, dtype=np.float32))
    assert coherence(model, apart) == -1
    assert coherence(model, sparse.csr_array(np.ones((5, 30), np.float32))) == 1


def test_a_topic_is_told_by_its_words_and_its_size() -> None:
    train = three_topics(240, 1)
    model = LdaTopics(3, 8, 1).fit(train)
    table = topic_table(model, model.transform(train), TERMS)
    assert table["size"].sum() == pytest.approx(1)
    thirds = [{int(word[4:]) // 10 for word in words.split()} for words in table["words"]]
    assert sorted(min(third) for third in thirds) == [0, 1, 2]
    assert all(len(third) == 1 for third in thirds)


def test_planted_topics_are_found_with_every_seed_and_others_are_not() -> None:
    train = three_topics(240, 1)
    found = stability([LdaTopics(3, 8, seed).fit(train) for seed in (1, 2, 3)])
    assert found["likeness"].min() > 0.9
    noise = sparse.csr_array(np.random.default_rng(4).poisson(1, (240, 30)).astype(np.float32))
    assert stability([LdaTopics(3, 2, seed).fit(noise) for seed in (1, 2)])["likeness"].mean() < 0.95
