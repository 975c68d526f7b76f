"""Estimators, made from their settings."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import validate_data

from csc_experiments.classifiers.settings import ClassifierConfig
from csc_experiments.errors import ConfigError


class RankByValue(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """A baseline that learns nothing: the score is the value of the only column.

    Attributes
    ----------
    classes_ : array
    """

    def fit(self, X: NDArray[np.float32], y: NDArray[np.bool_]) -> Self:  # noqa: N803 - scikit-learn's name
        """Take note of the classes."""
        X, y = validate_data(self, X, y)  # noqa: N806 - scikit-learn's name
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X: NDArray[np.float32]) -> NDArray[np.float32]:  # noqa: N803 - scikit-learn's name
        """Return the first column."""
        values: NDArray[np.float32] = validate_data(self, X, reset=False)[:, 0]
        return values

    def predict(self, X: NDArray[np.float32]) -> NDArray[Any]:  # noqa: N803 - scikit-learn's name
        """Predict the outcome wherever the value is positive."""
        decided: NDArray[Any] = self.classes_[
            (self.decision_function(X) > 0).astype(int) * (len(self.classes_) - 1)
        ]
        return decided


def make_estimator(
    config: ClassifierConfig, searched: Mapping[str, Any], dense: list[int], width: int, seed: int
) -> Pipeline:
    """Make an unfitted pipeline: scaling where it is wanted, then the estimator.

    Parameters
    ----------
    searched : mapping
        Values of the parameters that tuning sets.
    dense : list of int
        Columns of dense blocks, the ones that scaling applies to.
    width : int
        Columns in all.
    seed : int
        The estimator's `random_state`, if it has one.

    Raises
    ------
    ConfigError
        If the estimator cannot be imported or does not know a parameter.
    """
    kind = _find(config.estimator)
    parameters = {**config.parameters, **searched}
    if "random_state" in kind().get_params():
        parameters["random_state"] = seed
    unknown = sorted(set(parameters) - set(kind().get_params()))
    if unknown:
        raise ConfigError(f"classifier: {config.estimator} has no parameter {', '.join(unknown)}.")
    estimator = kind(**parameters)
    if not config.scale or not dense:
        return make_pipeline(estimator)
    scaler = StandardScaler(with_mean=False)
    if len(dense) == width:
        return make_pipeline(scaler, estimator)
    # A sparse block keeps its own weights; dividing rare terms by their deviation would make them loud.
    mixed = ColumnTransformer([("dense", scaler, dense)], remainder="passthrough", sparse_threshold=1.0)
    return make_pipeline(mixed, estimator)


def scores_of(estimator: Pipeline, values: object) -> NDArray[np.float64]:
    """Score cases, higher for likelier: a probability where the estimator gives one."""
    if hasattr(estimator, "predict_proba"):
        return np.asarray(estimator.predict_proba(values)[:, 1], dtype=np.float64)
    return np.asarray(estimator.decision_function(values), dtype=np.float64)


def _find(path: str) -> Any:  # noqa: ANN401 - whatever class the configuration names
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"classifier.estimator: {path} cannot be imported.") from error
