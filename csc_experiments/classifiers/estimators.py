"""Estimators, made from their settings."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, validate_data

from csc_experiments.classifiers.settings import ClassifierConfig
from csc_experiments.errors import ConfigError
from csc_experiments.representations.matrix import Values


class RankByValue(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """A baseline that learns nothing: the score is the value of the first column.

    Attributes
    ----------
    classes_ : array
    """

    def fit(self, X: Values, y: NDArray[np.bool_]) -> Self:  # noqa: N803 - scikit-learn's name
        """Take note of the classes."""
        X, y = validate_data(self, X, y, accept_sparse="csr")  # noqa: N806 - scikit-learn's name
        check_classification_targets(y)
        if type_of_target(y, raise_unknown=True) == "multiclass":
            raise ValueError("Only binary classification is supported. The type of the target is multiclass.")
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X: Values) -> NDArray[np.float32]:  # noqa: N803 - scikit-learn's name
        """Return the first column."""
        check_is_fitted(self)
        first = validate_data(self, X, accept_sparse="csr", reset=False)[:, [0]]
        values: NDArray[np.float32] = first.toarray() if sparse.issparse(first) else first
        return values.ravel()

    def predict(self, X: Values) -> NDArray[Any]:  # noqa: N803 - scikit-learn's name
        """Predict the outcome wherever the value is positive."""
        check_is_fitted(self)
        decided: NDArray[Any] = self.classes_[
            (self.decision_function(X) > 0).astype(int) * (len(self.classes_) - 1)
        ]
        return decided

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_class = False
        # It does not look at the outcomes, so it may be no better than chance.
        tags.classifier_tags.poor_score = True
        return tags


class BlockScaler(StandardScaler):  # type: ignore[misc] # scikit-learn ships no types
    """Divide columns by their deviation and by the root of their number, so that a block weighs one in all.

    A row of TF-IDF weighs one, too. Without this, one penalty for every coefficient would bear on a thousand
    structured columns a thousand times less than on text, and whether text adds anything would be answered by
    units of measurement.
    """

    def __init__(self) -> None:
        super().__init__(with_mean=False)

    def fit(self, X: Values, y: object = None) -> Self:  # noqa: N803, ARG002 - scikit-learn's names
        """Learn the deviations."""
        super().fit(X)
        self.scale_ *= np.sqrt(self.n_features_in_)
        return self


def make_estimator(
    config: ClassifierConfig, searched: Mapping[str, Any], dense: Sequence[list[int]], width: int, seed: int
) -> Pipeline:
    """Make an unfitted pipeline: scaling where it is wanted, then the estimator.

    Parameters
    ----------
    searched : mapping
        Values of the parameters that tuning sets.
    dense : sequence of list of int
        The columns of each dense block, the ones that scaling applies to.
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
    try:
        known = set(kind().get_params())
    except TypeError:
        raise ConfigError(
            f"classifier.estimator: {config.estimator} cannot be made from parameters."
        ) from None
    if "random_state" in known:
        parameters["random_state"] = seed
    if "missing" in known:
        # A sparse matrix does not hold its zeros, and XGBoost takes for missing what is not held. Zeros of a
        # dense one must mean the same, or a block would be learned from otherwise once text stands beside it.
        parameters.setdefault("missing", 0.0)
    unknown = sorted(set(parameters) - known)
    if unknown:
        raise ConfigError(f"classifier: {config.estimator} has no parameter {', '.join(unknown)}.")
    estimator = kind(**parameters)
    if not config.scale or not dense:
        return make_pipeline(estimator)
    if len(dense) == 1 and len(dense[0]) == width:
        return make_pipeline(BlockScaler(), estimator)
    # A sparse block keeps its own weights; dividing rare terms by their deviation would make them loud.
    blocks = [(f"block_{number}", BlockScaler(), columns) for number, columns in enumerate(dense)]
    mixed = ColumnTransformer(blocks, remainder="passthrough", sparse_threshold=1.0)
    return make_pipeline(mixed, estimator)


def scores_of(estimator: Pipeline, values: object) -> NDArray[np.float64]:
    """Score cases, higher for likelier: a probability where the estimator gives one."""
    if hasattr(estimator, "predict_proba"):
        return np.asarray(estimator.predict_proba(values)[:, 1], dtype=np.float64)
    return np.asarray(estimator.decision_function(values), dtype=np.float64)


def _find(path: str) -> Any:  # noqa: ANN401 - whatever class the configuration names
    module, _, name = path.rpartition(".")
    try:
        kind = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        raise ConfigError(f"classifier.estimator: {path} cannot be imported.") from None
    if not (isinstance(kind, type) and issubclass(kind, BaseEstimator) and hasattr(kind, "fit")):
        raise ConfigError(f"classifier.estimator: {path} is not a scikit-learn estimator.")
    return kind
