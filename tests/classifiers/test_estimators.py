from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from csc_experiments.classifiers.estimators import RankByValue, make_estimator, scores_of
from csc_experiments.classifiers.settings import ClassifierConfig
from csc_experiments.errors import ConfigError

LOGISTIC = ClassifierConfig(estimator="sklearn.linear_model.LogisticRegression", scale=True)
CHECKS = [
    (name, check)
    for _, check in estimator_checks_generator(RankByValue())
    # Only runs where SciPy was told to work on other array libraries, which this project does not use.
    if (name := getattr(check, "func", check).__name__) != "check_array_api_input"
]


@pytest.mark.parametrize("check", [check for _, check in CHECKS], ids=[name for name, _ in CHECKS])
def test_rank_by_value_is_a_scikit_learn_classifier(check: Any) -> None:  # noqa: ANN401 - scikit-learn's partial
    check(RankByValue())


@given(values=st.lists(st.floats(-1e6, 1e6, width=32), min_size=2, max_size=10))
def test_rank_by_value_scores_by_the_first_column_and_by_nothing_else(values: list[float]) -> None:
    column = np.array(values, np.float32)
    outcome = np.arange(len(values)) % 2 == 0
    model = RankByValue().fit(column[:, None], outcome)
    assert model.decision_function(column[:, None]).tolist() == column.tolist()
    assert RankByValue().fit(-column[:, None], ~outcome).decision_function(column[:, None]).tolist() == values


def example(rows: int = 40) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg] # floats, booleans
    draw = np.random.default_rng(5)
    values = draw.poisson(1, (rows, 5)).astype(np.float32) * np.array([1, 10, 100, 1, 1], np.float32)
    return values, values[:, 0] + draw.normal(size=rows) > 1


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
@pytest.mark.parametrize("dense", [[0, 1, 2], [1], [4, 0]])
def test_dense_columns_are_scaled_by_the_training_rows_and_sparse_ones_are_not(
    kind: Any,  # noqa: ANN401 - either makes an array
    dense: list[int],
) -> None:
    values, outcome = example()
    train, test = values[:30], values[30:]
    scaler = StandardScaler(with_mean=False).fit(train[:, dense])
    weight = np.sqrt(len(dense))
    scaled = [np.array(part) for part in (train, test)]
    for part in scaled:
        part[:, dense] = scaler.transform(part[:, dense]) / weight
    expected = LogisticRegression(C=0.5).fit(scaled[0], outcome[:30]).predict_proba(scaled[1])[:, 1]
    model = make_estimator(LOGISTIC, {"C": 0.5}, [dense], 5, seed=1).fit(kind(train), outcome[:30])
    # The pilot's scores of cases with text skipped the scaler.
    np.testing.assert_allclose(scores_of(model, kind(test)), expected, atol=1e-3)


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
def test_a_matrix_of_dense_columns_alone_is_scaled_whole(kind: Any) -> None:  # noqa: ANN401 - as above
    values, outcome = example()
    scaled = values / values.std(axis=0) / np.sqrt(5)
    expected = LogisticRegression().fit(scaled, outcome)
    model = make_estimator(LOGISTIC, {}, [[0, 1, 2, 3, 4]], 5, seed=1).fit(kind(values), outcome)
    found = scores_of(model, kind(values))
    np.testing.assert_allclose(found, expected.predict_proba(scaled)[:, 1], atol=1e-3)


def test_every_block_weighs_the_same_however_many_columns_it_has() -> None:
    draw = np.random.default_rng(1)
    values = np.hstack([draw.normal(size=(50, 3)) * 100, draw.normal(size=(50, 400))])
    scaler = make_estimator(LOGISTIC, {}, [[0, 1, 2], list(range(3, 403))], 403, seed=1).steps[0][1]
    scaled = scaler.fit_transform(values)
    np.testing.assert_allclose([scaled[:, :3].var(axis=0).sum(), scaled[:, 3:].var(axis=0).sum()], 1)


def test_nothing_is_scaled_where_it_is_not_wanted() -> None:
    config = ClassifierConfig(estimator="sklearn.linear_model.LogisticRegression", scale=False)
    assert len(make_estimator(config, {}, [[0, 1]], 2, seed=1).steps) == 1
    assert len(make_estimator(LOGISTIC, {}, [], 2, seed=1).steps) == 1


def test_what_is_searched_wins_and_the_seed_is_set() -> None:
    config = ClassifierConfig(
        estimator="sklearn.ensemble.RandomForestClassifier",
        parameters={"n_estimators": 7, "random_state": 5},
    )
    found = make_estimator(config, {"max_depth": 3}, [], 2, seed=11).steps[-1][1].get_params()
    assert (found["n_estimators"], found["max_depth"], found["random_state"]) == (7, 3, 11)


def test_a_value_for_missing_that_was_set_stays() -> None:
    config = ClassifierConfig(estimator="xgboost.XGBClassifier", parameters={"missing": -1.0})
    assert make_estimator(config, {}, [], 2, seed=1).steps[-1][1].get_params()["missing"] == -1.0


def test_scores_are_probabilities_of_the_outcome_where_there_are_any() -> None:
    values, outcome = example()
    model = make_estimator(LOGISTIC, {}, [[0]], 5, seed=1).fit(values, outcome)
    assert scores_of(model, values).tolist() == model.predict_proba(values)[:, 1].tolist()
    margin = ClassifierConfig(estimator="sklearn.svm.LinearSVC")
    machine = make_estimator(margin, {}, [[0]], 5, seed=1).fit(values, outcome)
    assert scores_of(machine, values).tolist() == machine.decision_function(values).tolist()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "LogisticRegression",
        "sklearn.linear_model.LogisticRegresion",
        "no_such_package.Model",
        "sklearn.linear_model",
        "json.JSONDecoder",
        "sklearn.metrics.roc_auc_score",
        "sklearn.linear_model..LogisticRegression",
    ],
)
def test_what_is_no_estimator_is_refused(path: str) -> None:
    with pytest.raises(ConfigError, match=r"classifier\.estimator"):
        make_estimator(ClassifierConfig(estimator=path), {}, [], 1, seed=1)


def test_parameters_that_an_estimator_does_not_know_are_refused_by_name() -> None:
    config = ClassifierConfig(estimator="sklearn.linear_model.LogisticRegression", parameters={"CC": 1})
    with pytest.raises(ConfigError, match=re.escape("has no parameter CC, depth.")):
        make_estimator(config, {"depth": 2}, [], 1, seed=1)
