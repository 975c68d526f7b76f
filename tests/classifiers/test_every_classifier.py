"""What every classifier must do; a new file in conf/classifier is tested without a word here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline

from csc_experiments.classifiers.estimators import make_estimator, scores_of
from csc_experiments.classifiers.settings import ClassifierConfig
from csc_experiments.config import choices, compose_experiment

Floats = NDArray[np.float32]
Outcomes = NDArray[np.bool_]
UNINFORMED = {"prevalence"}
NAMES = choices("classifier")
every_classifier = pytest.mark.parametrize("name", NAMES)


def config_of(name: str) -> ClassifierConfig:
    return compose_experiment([f"classifier={name}"]).classifier


def problem(seed: int, rows: int = 300) -> tuple[Floats, Outcomes]:
    """An easy problem: the first column, a count, drives the outcome; the others say nothing."""
    draw = np.random.default_rng(seed)
    values = np.column_stack(
        [draw.poisson(2, rows), draw.normal(10, 4, rows), draw.poisson(0.3, (rows, 4))]
    ).astype(np.float32)
    outcome = values[:, 0] + draw.normal(0, 0.7, rows) > 2.5
    return values, outcome


def middle_of(config: ClassifierConfig) -> dict[str, Any]:
    """One setting from the search space, near its middle."""
    found: dict[str, Any] = {}
    for key, where in config.search.items():
        if where.choices is not None:
            found[key] = where.choices[0]
            continue
        low, high = float(where.low or 0), float(where.high or 0)
        middle = np.sqrt(low * high) if where.log else (low + high) / 2
        found[key] = round(middle) if where.integer else float(middle)
    return found


def fitted(name: str, values: object, outcome: Outcomes, seed: int = 1, dense: int | None = None) -> Pipeline:
    config = config_of(name)
    width = values.shape[1]  # type: ignore[attr-defined] # an array of either kind
    columns = list(range(width if dense is None else dense))
    return make_estimator(config, middle_of(config), [columns], width, seed).fit(values, outcome)


@every_classifier
def test_settings_are_sound(name: str) -> None:
    config = config_of(name)
    config.check()
    assert config.name == name
    assert config.label


@every_classifier
def test_scores_are_one_finite_number_per_case(name: str) -> None:
    values, outcome = problem(1)
    scores = scores_of(fitted(name, values, outcome), problem(2, rows=57)[0])
    assert scores.shape == (57,)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()


@every_classifier
def test_scores_are_higher_for_likelier(name: str) -> None:
    values, outcome = problem(1)
    new, happened = problem(2)
    auc = roc_auc_score(happened, scores_of(fitted(name, values, outcome), new))
    assert auc == 0.5 if name in UNINFORMED else auc > 0.85


@pytest.mark.parametrize("name", [name for name in NAMES if config_of(name).column is None])
def test_scores_turn_round_with_the_outcome(name: str) -> None:
    values, outcome = problem(1)
    new, happened = problem(2)
    auc = roc_auc_score(happened, scores_of(fitted(name, values, ~outcome), new))
    assert auc == 0.5 if name in UNINFORMED else auc < 0.15


@every_classifier
def test_the_same_seed_gives_the_same_scores(name: str) -> None:
    values, outcome = problem(1)
    first, again = (scores_of(fitted(name, values, outcome, seed=7), values) for _ in range(2))
    assert first.tobytes() == again.tobytes()


@every_classifier
def test_a_score_does_not_depend_on_the_other_cases_that_are_scored(name: str) -> None:
    values, outcome = problem(1)
    model, new = fitted(name, values, outcome), problem(2, rows=20)[0]
    alone = np.concatenate([scores_of(model, new[[row]]) for row in range(20)])
    np.testing.assert_allclose(alone, scores_of(model, new), rtol=1e-6)


@every_classifier
def test_the_seed_is_the_random_state(name: str) -> None:
    config = config_of(name)
    estimator = make_estimator(config, {}, [[0, 1]], 2, seed=123).steps[-1][1]
    assert estimator.get_params().get("random_state", 123) == 123


@every_classifier
@pytest.mark.parametrize("dense", [0, 2, 6])
def test_zeros_mean_the_same_whether_they_are_stored_or_not(name: str, dense: int) -> None:
    values, outcome = problem(1)
    # The first columns of a sparse matrix may belong to dense blocks, which are scaled.
    stored = scores_of(fitted(name, values, outcome, dense=dense), values)
    absent = scores_of(fitted(name, sparse.csr_array(values), outcome, dense=dense), sparse.csr_array(values))
    np.testing.assert_allclose(absent, stored, rtol=1e-3, atol=1e-4)


@every_classifier
def test_a_matrix_that_is_read_only_is_as_good(name: str) -> None:
    values, outcome = problem(1)
    for made in (values.copy(), sparse.csr_array(values)):
        for part in [made] if isinstance(made, np.ndarray) else [made.data, made.indices, made.indptr]:
            part.flags.writeable = False
        scores = scores_of(fitted(name, made, outcome), made)
        assert np.isfinite(scores).all()


@every_classifier
def test_parameters_that_are_set_reach_the_estimator(name: str) -> None:
    config = config_of(name)
    said = config.parameters | middle_of(config)
    known = make_estimator(config, middle_of(config), [[0]], 1, seed=1).steps[-1][1].get_params()
    assert {key: known[key] for key in said} == said
