from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.evaluation.scores import evaluate, resampled_scores

METRICS = ("average_precision", "roc_auc")


def families_at_risk(families: int, folds: int, draw: np.random.Generator) -> pl.DataFrame:
    """Predictions of children whose family decides much of their risk and of their score."""
    family = np.repeat(np.arange(families), 1 + draw.poisson(1.5, families))
    risk = draw.normal(size=families)
    seen = risk + draw.normal(size=families)
    return pl.DataFrame(
        {
            "subject_id": np.arange(family.size),
            "family_id": family,
            "prediction_time": np.zeros(family.size),
            "outcome": draw.random(family.size) < 1 / (1 + np.exp(1.5 - 2 * risk[family])),
            "score": seen[family] + 0.3 * draw.normal(size=family.size),
            "fold": family % folds,
        }
    )


def widths(scores: dict[str, float]) -> list[float]:
    return [scores[f"{metric}.high"] - scores[f"{metric}.low"] for metric in METRICS]


def test_intervals_hold_the_truth_as_often_as_they_say_and_rows_alone_would_not() -> None:
    draw, simulations = np.random.default_rng(2020), 120
    everybody = families_at_risk(200_000, 1, draw)
    outcome, score = everybody["outcome"].to_numpy(), everybody["score"].to_numpy()
    truth = [
        float(value[0])
        for value in resampled_scores(outcome, score, np.ones((1, everybody.height), np.int64))
    ]
    held, held_by_rows, width, width_by_rows = (np.zeros(2) for _ in range(4))
    for simulation in range(simulations):
        sample = families_at_risk(150, 1, draw)
        rows = sample.with_columns(family_id=pl.col("subject_id"))
        by_family, by_row = (evaluate(said, replicates=200, seed=simulation) for said in (sample, rows))
        held += holds(by_family, truth)
        held_by_rows += holds(by_row, truth)
        width += widths(by_family)
        width_by_rows += widths(by_row)
    # Three standard errors of a share of 120 below 95%.
    fewest = simulations * (0.95 - 3 * np.sqrt(0.95 * 0.05 / simulations))
    assert (held >= fewest).all()
    assert (held_by_rows < held).all()
    assert (width_by_rows < 0.9 * width).all()


def holds(scores: dict[str, float], truth: list[float]) -> list[bool]:
    return [
        scores[f"{metric}.low"] <= value <= scores[f"{metric}.high"]
        for metric, value in zip(METRICS, truth, strict=True)
    ]


def slowly(predictions: pl.DataFrame, replicates: int, seed: int) -> dict[str, np.ndarray]:  # type: ignore[type-arg] # floats
    """Repeat the rows of the families that are drawn, outcome and score together, and score them anew."""
    draw = np.random.default_rng(seed)
    families = sorted(set(predictions["family_id"]))
    shares = np.full(len(families), 1 / len(families))
    found: dict[str, list[float]] = {metric: [] for metric in METRICS}
    for times in draw.multinomial(len(families), shares, size=replicates):
        drawn = pl.concat(
            predictions.filter(pl.col("family_id") == family)
            for family, often in zip(families, times, strict=True)
            for _ in range(often)
        )
        values: dict[str, list[float]] = {metric: [] for metric in METRICS}
        for part in drawn.partition_by("fold"):
            happened, score = part["outcome"].to_numpy(), part["score"].to_numpy()
            # One row for each time that it was drawn, in place of a count.
            once = np.ones((1, part.height), np.int64)
            for metric, value in zip(METRICS, resampled_scores(happened, score, once), strict=True):
                values[metric].append(float(value[0]))
        for metric in METRICS:
            # A fold in which nobody, or everybody, has the outcome is left out of its replicate.
            defined = [value for value in values[metric] if not np.isnan(value)]
            found[metric] += [float(np.mean(defined))] if defined else []
    return {metric: np.array(values) for metric, values in found.items()}


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_intervals_are_those_of_the_obvious_loop(seed: int) -> None:
    sample = families_at_risk(16, 2, np.random.default_rng(seed)).sort("fold", maintain_order=True)
    if sample.group_by("fold").agg(pl.col("outcome").n_unique())["outcome"].min() == 1:
        return
    found = evaluate(sample, replicates=15, seed=seed)
    for metric, values in slowly(sample, 15, seed).items():
        expected = np.quantile(values, [0.025, 0.975])
        np.testing.assert_allclose([found[f"{metric}.low"], found[f"{metric}.high"]], expected, atol=1e-12)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), folds=st.integers(1, 3), times=st.integers(2, 4))
def test_testing_everybody_again_tells_nothing_more(seed: int, folds: int, times: int) -> None:
    sample = families_at_risk(90, folds, np.random.default_rng(7))
    repeats = pl.concat(sample.with_columns(fold=pl.col("fold") + folds * time) for time in range(times))
    once, again = (evaluate(said, replicates=20, seed=seed) for said in (sample, repeats))
    for name in once:
        more = times if name in {"rows", "positives"} else 1
        assert again[name] == pytest.approx(more * once[name], abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), folds=st.integers(1, 4))
def test_the_order_of_the_rows_changes_nothing(seed: int, folds: int) -> None:
    sample = families_at_risk(80, folds, np.random.default_rng(7))
    shuffled = sample.sample(fraction=1, shuffle=True, seed=seed)
    assert evaluate(shuffled, replicates=20, seed=1) == evaluate(sample, replicates=20, seed=1)


def test_the_seed_moves_the_interval_and_nothing_else() -> None:
    sample = families_at_risk(80, 2, np.random.default_rng(7))
    first, again, other = (evaluate(sample, replicates=50, seed=seed) for seed in (1, 1, 2))
    assert first == again
    moved = {name for name in first if first[name] != other[name]}
    assert moved == {f"{metric}.{end}" for metric in METRICS for end in ("low", "high")}


def test_draws_that_are_made_in_several_rounds_are_the_same_draws() -> None:
    # A million weights are drawn at a time: 1,000 replicates of 2,400 cases take three rounds.
    draw = np.random.default_rng(3)
    outcome = draw.random(2400) < 0.3
    sample = pl.DataFrame(
        {
            "subject_id": np.arange(2400),
            "family_id": np.arange(2400) // 240,
            "prediction_time": np.zeros(2400),
            "outcome": outcome,
            "score": outcome + draw.normal(size=2400),
            "fold": np.zeros(2400, np.int32),
        }
    )
    found = evaluate(sample, replicates=1000, seed=5)
    families = np.random.default_rng(5).multinomial(10, np.full(10, 0.1), size=1000)
    drawn = families[:, sample["family_id"].to_numpy()]
    _, auc = resampled_scores(outcome, sample["score"].to_numpy(), drawn)
    assert [found["roc_auc.low"], found["roc_auc.high"]] == pytest.approx(np.quantile(auc, [0.025, 0.975]))


def test_more_families_give_narrower_intervals() -> None:
    draw = np.random.default_rng(9)
    few, many = (evaluate(families_at_risk(size, 1, draw), replicates=100, seed=1) for size in (100, 1600))
    assert (np.array(widths(many)) < 0.5 * np.array(widths(few))).all()


def test_an_interval_has_a_lower_and_an_upper_end_around_its_middle() -> None:
    sample = families_at_risk(300, 1, np.random.default_rng(4))
    found = evaluate(sample, replicates=200, seed=1)
    for metric in METRICS:
        assert found[f"{metric}.low"] < found[metric] < found[f"{metric}.high"]
