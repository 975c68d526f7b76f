from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from csc_experiments.errors import CscError, InvalidPredictionsError
from csc_experiments.evaluation.scores import COLUMNS, evaluate, weighted_scores

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


@given(cases=CASES)
def test_weighted_scores_are_those_of_scikit_learn(cases: list[tuple[bool, float, list[int]]]) -> None:
    outcome = np.array([happened for happened, _, _ in cases])
    score = np.array([value for _, value, _ in cases])
    weights = np.array([drawn for _, _, drawn in cases], np.float64).T
    found = np.stack(weighted_scores(outcome, score, weights))
    for replicate, weight in enumerate(weights):
        if not weight[outcome].sum() or not weight[~outcome].sum():
            assert np.isnan(found[:, replicate]).all()
            continue
        # scikit-learn refuses to score where nothing is left, so cases without weight are left out.
        left = weight > 0
        said = (outcome[left], score[left])
        expected = [
            average_precision_score(*said, sample_weight=weight[left]),
            roc_auc_score(*said, sample_weight=weight[left]),
        ]
        np.testing.assert_allclose(found[:, replicate], expected, atol=1e-12)


@given(cases=CASES)
def test_a_weight_of_two_is_a_case_that_stands_twice(cases: list[tuple[bool, float, list[int]]]) -> None:
    outcome = np.array([happened for happened, _, _ in cases])
    score = np.array([value for _, value, _ in cases])
    weight = np.array([drawn[0] for _, _, drawn in cases])
    weighted = weighted_scores(outcome, score, weight[None].astype(np.float64))
    if weight.sum():
        ones = np.ones((1, int(weight.sum())))
        repeated = weighted_scores(np.repeat(outcome, weight), np.repeat(score, weight), ones)
        np.testing.assert_allclose(np.stack(weighted), np.stack(repeated), atol=1e-12)


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
    predictions = random_frame(60, seed, folds)
    found = evaluate(predictions, replicates=3, seed=1)
    parts = predictions.partition_by("fold")
    for metric, function in zip(METRICS, (average_precision_score, roc_auc_score), strict=True):
        expected = np.mean([function(part["outcome"].to_numpy(), part["score"].to_numpy()) for part in parts])
        assert found[metric] == pytest.approx(expected, abs=1e-12)
    assert found["prevalence"] == pytest.approx(np.mean([part["outcome"].mean() for part in parts]))
    assert found["rows"] == 60
    assert found["positives"] == predictions["outcome"].sum()
    assert found["families"] == predictions["family_id"].n_unique()


def test_prevalence_is_what_a_constant_score_gives_and_auc_is_a_half() -> None:
    uneven = random_frame(50, 4).with_columns(score=pl.lit(0.3), fold=pl.Series([0] * 35 + [1] * 15))
    found = evaluate(uneven, replicates=50, seed=1)
    assert found["average_precision"] == pytest.approx(found["prevalence"], abs=1e-12)
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
