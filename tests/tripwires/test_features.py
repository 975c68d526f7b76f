"""The machinery's own tripwires: each is silent on what is right, and goes off on what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import sparse

from csc_experiments.config import ExperimentConfig
from csc_experiments.errors import EmptyCohortError, LeakError, MatrixError, TooFewPositivesError
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix
from csc_experiments.synthetic.choices import Leak
from csc_experiments.tripwires import Scene, Verdict, inspect, refusal
from csc_experiments.tripwires.association import tells
from csc_experiments.tripwires.chance import permuted_labels
from csc_experiments.tripwires.features import future_deleted, single_feature

Describe = Callable[..., tuple[Representations, Matrix, ExperimentConfig]]
Scenes = Callable[[Leak, int], Scene]


@pytest.fixture
def clean(scene: Scenes) -> Scene:
    return scene(Leak.NONE, 1)


@pytest.fixture
def few(clean: Scene) -> Scene:
    """The same with so few documents that their words are soon counted."""
    one = clean.history.documents.filter(pl.col("document_type") == "single_assessment")
    return replace(clean, history=replace(clean.history, documents=one))


def one_column(scene: Scene, values: np.ndarray) -> Matrix:
    return Matrix(values.astype(np.float32).reshape(-1, 1), ("x",), np.arange(scene.cohort.rows.height))


@pytest.mark.parametrize("representation", ["structured", "tfidf"])
def test_deleting_the_future_changes_nothing(few: Scene, described: Describe, representation: str) -> None:
    describe, _, config = described(few, representation)
    found = future_deleted(few, config.blocks, describe)
    assert found.verdict is Verdict.PASSED
    assert found.count == 0
    assert "of 0 rows" not in found.sentence


@pytest.mark.parametrize("facts", ["events", "documents"])
def test_features_that_know_the_future_are_caught(few: Scene, described: Describe, facts: str) -> None:
    # What the features are made from claims that everything was known when it happened, and happened a year
    # earlier than the history says.
    def early(frame: pl.DataFrame) -> pl.DataFrame:
        year = pl.duration(days=365)
        return frame.with_columns(pl.col("time") - year, pl.col("known_time") - year)

    wrong = replace(few.history, **{facts: early(getattr(few.history, facts))})
    describe, _, config = described(few, "structured" if facts == "events" else "tfidf", wrong)
    found = future_deleted(few, config.blocks, describe)
    assert found.verdict is Verdict.ALARM
    assert found.count > 0


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
def test_a_column_that_is_the_outcome_is_caught(clean: Scene, sign: int, kind: Callable[..., object]) -> None:
    outcome = clean.cohort.rows["outcome"].to_numpy()
    noise = np.random.default_rng(0).standard_normal(outcome.size)
    dense = np.column_stack([noise, sign * outcome, outcome + noise])
    matrix = Matrix(kind(dense.astype(np.float32)), ("a", "b", "c"), np.arange(outcome.size))
    found = single_feature(clean, matrix)
    assert (found.verdict, found.count) == (Verdict.ALARM, 1)


def test_only_training_rows_are_looked_at(clean: Scene) -> None:
    outcome = clean.cohort.rows["outcome"].to_numpy().copy()
    outcome[clean.fold.train] = False
    assert single_feature(clean, one_column(clean, outcome)).verdict is Verdict.PASSED


def test_permuted_labels_give_chance_even_from_the_outcome_itself(clean: Scene, described: Describe) -> None:
    outcome = clean.cohort.rows["outcome"].to_numpy()
    for matrix in (described(clean)[1], one_column(clean, outcome)):
        found = permuted_labels(clean, matrix)
        assert found.verdict is Verdict.PASSED
        assert found.count > 100


def test_a_matrix_that_says_nothing_is_refused(clean: Scene, described: Describe) -> None:
    describe, _, config = described(clean)
    with pytest.raises(MatrixError) as raised:
        inspect(clean, one_column(clean, np.ones(clean.cohort.rows.height)), config.blocks, describe)
    found = refusal(raised.value)
    assert found is not None
    assert (found.name, found.verdict) == ("nothing_to_learn", Verdict.REFUSED)


def test_refusals_are_named() -> None:
    names = [refusal(kind("x")) for kind in (TooFewPositivesError, LeakError, EmptyCohortError)]
    assert [found and found.name for found in names] == ["nothing_to_learn", "split_or_future", None]


@pytest.mark.parametrize("seed", range(5))
def test_a_mark_that_is_drawn_blindly_or_is_an_honest_predictor_tells_nothing(seed: int) -> None:
    draw = np.random.default_rng(seed)
    outcome = draw.random(3000) < 0.1
    for rate in (0.02, 0.1, 0.5):
        assert not tells(draw.random(3000) < rate, outcome, 1)
        assert not tells(draw.random(3000) < rate * (1 + 2 * outcome), outcome, 1)
    assert tells(outcome & (draw.random(3000) < 0.5), outcome, 1)
