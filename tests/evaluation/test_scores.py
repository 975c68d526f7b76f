from __future__ import annotations

from itertools import pairwise, permutations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from csc_experiments.errors import CscError, InvalidPredictionsError
from csc_experiments.evaluation.scores import COLUMNS, evaluate, resampled_scores

METRICS = ("average_precision", "roc_auc")
SCORES = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]) | st.floats(allow_nan=False, allow_infinity=False)
CASES = st.lists(
    st.tuples(st.booleans(), SCORES, st.lists(st.integers(0, 3), min_size=3, max_size=3)),
    min_size=1,
    max_size=20,
)


def frame(*, outcome: list[bool], score: list[float], **columns: list[Any]) -> pl.DataFrame:
    numbered = list(range(len(outcome)))
    said = {
        "subject_id": numbered,
        "family_id": numbered,
        "prediction_time": [None] * len(outcome),
        "outcome": outcome,
        "score": score,
        "fold": [0] * len(outcome),
    }
    return pl.DataFrame(said | columns, strict=False)


def random_frame(rows: int, seed: int, folds: int = 3) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    outcome = draw.random(rows) < 0.3
    return frame(
        outcome=outcome.tolist(),
        score=np.round(outcome + draw.normal(size=rows), 1).tolist(),
        family_id=draw.integers(0, rows // 2, rows).tolist(),
        fold=(np.arange(rows) % folds).tolist(),
    )


def in_every_order(outcome: list[bool], score: list[float]) -> float:
    """Average precision, averaged over every order of the cases in which no score precedes a higher one."""
    found = []
    for order in permutations(range(len(score))):
        if all(score[one] >= score[next_one] for one, next_one in pairwise(order)):
            ranks = [rank for rank, case in enumerate(order, 1) if outcome[case]]
            found.append(sum(above / rank for above, rank in enumerate(ranks, 1)) / len(ranks))
    return sum(found) / len(found)


@given(cases=st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.5, 0.9])), min_size=2, max_size=6))
def test_tied_cases_stand_in_random_order(cases: list[tuple[bool, float]]) -> None:
    outcome, score = [happened for happened, _ in cases], [value for _, value in cases]
    once = np.ones((1, len(cases)), np.int64)
    average_precision, _ = resampled_scores(np.array(outcome), np.array(score), once)
    if len(set(outcome)) == 1:
        assert np.isnan(average_precision[0])
    else:
        assert average_precision[0] == pytest.approx(in_every_order(outcome, score), abs=1e-12)


@given(cases=CASES)
def test_without_ties_scores_are_those_of_scikit_learn(cases: list[tuple[bool, float, list[int]]]) -> None:
    outcome = np.array([happened for happened, _, _ in cases])
    score = np.array([value for _, value, _ in cases])
    left = np.unique(score, return_index=True)[1]
    outcome, score = outcome[left], score[left]
    found = np.stack(resampled_scores(outcome, score, np.ones((1, left.size), np.int64)))[:, 0]
    if outcome.all() or not outcome.any():
        assert np.isnan(found).all()
    else:
        expected = [average_precision_score(outcome, score), roc_auc_score(outcome, score)]
        np.testing.assert_allclose(found, expected, atol=1e-12)


@given(cases=CASES)
def test_a_case_drawn_twice_is_a_case_that_stands_twice(cases: list[tuple[bool, float, list[int]]]) -> None:
    outcome = np.array([happened for happened, _, _ in cases])
    score = np.array([value for _, value, _ in cases])
    drawn = np.array([times for _, _, times in cases]).T
    found = np.stack(resampled_scores(outcome, score, drawn))
    for resample, times in enumerate(drawn):
        if times.sum():
            once = np.ones((1, int(times.sum())), np.int64)
            repeated = resampled_scores(np.repeat(outcome, times), np.repeat(score, times), once)
            np.testing.assert_allclose(found[:, resample], np.stack(repeated)[:, 0], atol=1e-12)
        else:
            assert np.isnan(found[:, resample]).all()


def test_metrics_are_averaged_over_folds_and_never_rank_across_them() -> None:
    # In each fold the ranking is perfect, but the folds' scores lie on different scales.
    found = evaluate(
        frame(outcome=[True, False, True, False], score=[0.9, 0.8, 0.2, 0.1], fold=[0, 0, 1, 1]),
        replicates=5,
        seed=1,
    )
    assert found["average_precision"] == found["roc_auc"] == 1


@given(seed=st.integers(0, 99), folds=st.integers(1, 3))
@settings(max_examples=20)
def test_values_are_the_means_of_scikit_learns_over_folds(seed: int, folds: int) -> None:
    predictions = random_frame(60, seed, folds).with_columns(pl.col("score") + pl.int_range(60) * 1e-6)
    found = evaluate(predictions, replicates=3, seed=1)
    parts = predictions.partition_by("fold")
    for metric, function in zip(METRICS, (average_precision_score, roc_auc_score), strict=True):
        expected = np.mean([function(part["outcome"].to_numpy(), part["score"].to_numpy()) for part in parts])
        assert found[metric] == pytest.approx(expected, abs=1e-12)
    assert found["prevalence"] == pytest.approx(np.mean([part["outcome"].mean() for part in parts]))
    assert found["rows"] == 60
    assert found["positives"] == predictions["outcome"].sum()
    assert found["families"] == predictions["family_id"].n_unique()


def test_a_constant_score_gives_chance_and_an_auc_of_a_half() -> None:
    uneven = random_frame(50, 4).with_columns(score=pl.lit(0.3), fold=pl.Series([0] * 35 + [1] * 15))
    found = evaluate(uneven, replicates=50, seed=1)
    assert found["average_precision"] == pytest.approx(found["average_precision.chance"], abs=1e-12)
    assert found["average_precision"] > found["prevalence"]
    assert found["roc_auc"] == found["roc_auc.low"] == found["roc_auc.high"] == 0.5
    assert found["prevalence"] != pytest.approx(uneven["outcome"].mean())


def test_a_perfect_score_is_perfect_in_every_replicate() -> None:
    perfect = random_frame(50, 4).with_columns(score=pl.col("outcome").cast(pl.Float64))
    found = evaluate(perfect, replicates=50, seed=1)
    assert {found[f"{metric}{end}"] for metric in METRICS for end in ("", ".low", ".high")} == {1.0}


def test_any_increasing_change_of_the_scores_changes_nothing() -> None:
    predictions = random_frame(60, 5)
    stretched = predictions.with_columns(score=(pl.col("score") * 3).exp() + 7)
    assert evaluate(stretched, replicates=20, seed=1) == evaluate(predictions, replicates=20, seed=1)


def shown(error: pytest.ExceptionInfo[CscError]) -> str:
    return f"{error.value}{error.value.__cause__}"


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_refused_by_its_name(column: str) -> None:
    with pytest.raises(InvalidPredictionsError, match=column):
        evaluate(random_frame(20, 1).drop(column), replicates=5, seed=1)


@pytest.mark.parametrize("schema", [random_frame(6, 1).schema, dict.fromkeys(COLUMNS), {}])
def test_no_rows_are_refused(schema: Any) -> None:  # noqa: ANN401 - any schema
    with pytest.raises(InvalidPredictionsError):
        evaluate(pl.DataFrame(schema=schema), replicates=5, seed=1)


CANARY = "4739205.25"
DAMAGE = {
    "NaN": {"score": [float("nan"), float(CANARY), 0.0, 1.0]},
    "infinite": {"score": [float("inf"), float(CANARY), 0.0, 1.0]},
    "score is null": {"score": [None, float(CANARY), 0.0, 1.0]},
    "score is text": {"score": [CANARY, "b", "c", "d"]},
    "score is boolean": {"score": [True, False, True, False]},
    "outcome is null": {"outcome": [None, True, False, True], "score": [float(CANARY)] * 4},
    "outcome is a number": {"outcome": [1, 0, 1, 0], "score": [float(CANARY)] * 4},
    "outcome is text": {"outcome": [CANARY, "no", "yes", "no"]},
    "family is null": {"family_id": [None, 1, 2, 3], "score": [float(CANARY)] * 4},
    "family is a fraction": {"family_id": [float(CANARY), 1.0, 2.0, 3.0]},
    "family is a list": {"family_id": [[CANARY], [CANARY], ["x"], ["y"]]},
    "child is null": {"subject_id": [None, 1, 2, 3], "score": [float(CANARY)] * 4},
    "fold is null": {"fold": [None, 0, 0, 0], "score": [float(CANARY)] * 4},
    "fold is a fraction": {"fold": [float(CANARY)] * 4},
    "only outcomes": {"outcome": [True] * 4, "score": [float(CANARY)] * 4},
    "no outcome": {"outcome": [False] * 4, "score": [float(CANARY)] * 4},
    "one fold without an outcome": {"fold": [0, 0, 1, 1], "outcome": [True, False, False, False]},
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_what_cannot_be_scored_is_refused_without_showing_a_value(damage: dict[str, list[Any]]) -> None:
    whole: dict[str, Any] = {"outcome": [True, False, True, False], "score": [0.1, 0.2, 0.3, 0.4]}
    predictions = frame(**(whole | damage))
    assert predictions.height == 4
    with pytest.raises(InvalidPredictionsError) as refused:
        evaluate(predictions, replicates=5, seed=1)
    assert not any(part in shown(refused) for part in (CANARY, CANARY[:5]))


def test_families_and_folds_may_be_named_by_text() -> None:
    predictions = random_frame(60, 5)
    named = predictions.with_columns(
        family_id=pl.format("F{}", "family_id"), fold=pl.format("second half of {}", "fold")
    )
    found, expected = (evaluate(said, replicates=5, seed=1) for said in (named, predictions))
    assert {metric: found[metric] for metric in METRICS} == {metric: expected[metric] for metric in METRICS}


@pytest.mark.parametrize("dtype", [pl.Int64, pl.UInt8, pl.Float32, pl.Decimal(10, 2)])
def test_scores_may_be_any_numbers(dtype: Any) -> None:  # noqa: ANN401 - Polars' types
    predictions = random_frame(60, 5).with_columns(pl.col("score").abs().cast(pl.Int64))
    other = predictions.with_columns(pl.col("score").cast(dtype))
    assert evaluate(other, replicates=5, seed=1) == evaluate(predictions, replicates=5, seed=1)
