"""A splitter of scikit-learn's, by its name."""

from __future__ import annotations

import importlib
import inspect
import warnings
from collections.abc import Iterator

import numpy as np
from sklearn.model_selection import BaseCrossValidator

from csc_experiments.errors import ConfigError, TooFewPositivesError
from csc_experiments.questions.cohort import Cohort
from csc_experiments.validation.fold import Fold, Rows
from csc_experiments.validation.settings import ValidationConfig

HOME = "sklearn.model_selection"


def named_folds(
    cohort: Cohort, among: Rows, design: ValidationConfig, seed: int, splits: int | None
) -> Iterator[Fold]:
    """Divide some rows of a cohort as the named splitter does, with families as groups and the outcome as y.

    Parameters
    ----------
    seed : int
        The splitter's `random_state`, if it draws.
    splits : int, optional
        Its `n_splits`, if it has one; by default what `design.arguments` say.

    Raises
    ------
    ConfigError
        If there is no such splitter, or it does not know an argument.
    TooFewPositivesError
        If it cannot divide the rows.
    """
    rows = cohort.rows[among]
    families, outcome = rows["family_id"].to_numpy(), rows["outcome"].to_numpy()
    splitter = _made(design, seed, splits)
    try:
        # That a class ignores groups is warned of; whether it parted a family is looked at afterwards.
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            pairs = list(splitter.split(np.zeros((among.size, 1)), outcome, families))
    except (ValueError, TypeError):
        # Its own message may quote groups.
        raise TooFewPositivesError(
            f"validation.splitter: {design.splitter} cannot divide {among.size} cases of"
            f" {np.unique(families).size} families.",
            todo="Ask for fewer splits, or choose another design.",
        ) from None
    for train, test in pairs:
        yield _fold(np.sort(train), np.sort(test), among.size).among(among)


def _fold(train: Rows, test: Rows, size: int) -> Fold:
    left = np.setdiff1d(np.arange(size), np.union1d(train, test))
    return Fold(train, test, {"not drawn": left} if left.size else {})


def _made(design: ValidationConfig, seed: int, splits: int | None) -> BaseCrossValidator:
    kind = _found(design.splitter or "")
    known = inspect.signature(kind).parameters
    arguments = dict(design.arguments)
    if unknown := sorted(set(arguments) - set(known)):
        raise ConfigError(f"validation.arguments: {design.splitter} has no parameter {', '.join(unknown)}.")
    if splits is not None and "n_splits" in known:
        arguments["n_splits"] = splits
    if "random_state" in known and arguments.get("shuffle", "shuffle" not in known):
        arguments.setdefault("random_state", seed)
    try:
        return kind(**arguments)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"validation.arguments: {design.splitter} says: {error}") from None


def _found(path: str) -> type:
    module, _, name = path.rpartition(".")
    kind = getattr(importlib.import_module(HOME), name, None) if module == HOME else None
    if not (isinstance(kind, type) and hasattr(kind, "split") and not inspect.isabstract(kind)):
        raise ConfigError(
            f"validation.splitter: {path} is not a splitter.",
            todo=f"Name a class that keeps groups together, such as {HOME}.GroupShuffleSplit.",
        )
    return kind
