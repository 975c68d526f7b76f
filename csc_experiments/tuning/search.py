"""The search inside one outer fold: an Optuna study that survives being killed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from filelock import FileLock
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, TrialState

from csc_experiments.classifiers.settings import SearchRange
from csc_experiments.seeds import seed_for
from csc_experiments.tuning.settings import TuningConfig

Objective = Callable[[Mapping[str, Any]], Sequence[float]]
"""Parameters to the average precision of each inner fold."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting that was tried.

    Attributes
    ----------
    number : int
    parameters : dict
    average_precision : tuple of float
        Of each inner fold.
    seconds : float
    """

    number: int
    parameters: dict[str, Any]
    average_precision: tuple[float, ...]
    seconds: float

    @property
    def mean(self) -> float:
        """Mean average precision over the inner folds."""
        return float(np.mean(self.average_precision))


def search(
    space: Mapping[str, SearchRange], tuning: TuningConfig, objective: Objective, journal: Path, seed: int
) -> list[Trial]:
    """Try parameter settings, going on where an earlier process stopped.

    Each trial has its own seed, so a search that was interrupted ends with the same trials as one that was
    not.

    Parameters
    ----------
    space : mapping of str to SearchRange
        Not empty.
    journal : pathlib.Path
        The study's file. Its name must say all that the trials depend on.

    Returns
    -------
    list of Trial
        `tuning.trials` of them, in the order in which they were tried.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    # Of two processes that run the same cell, the second waits, and finds the trials done. (Optuna locks each
    # write by a file of its own, `.lock`.)
    with FileLock(journal.with_suffix(".held")):
        study = _open(journal)
        while (done := len(_complete(study))) < tuning.trials:
            study.sampler = _sampler(tuning, seed_for(seed, "trial", str(done)))
            _try_next(study, space, objective)
    return [_trial(number, found) for number, found in enumerate(_complete(study)[: tuning.trials])]


def best_of(trials: Sequence[Trial]) -> Trial:
    """Return the trial with the highest mean average precision, the first of equals."""
    return max(trials, key=lambda trial: (trial.mean, -trial.number))


def _open(journal: Path) -> optuna.Study:
    """Open the study as the last process left it, without what that process did not finish."""
    _drop_torn_line(journal)
    # A process that was killed leaves Optuna's lock behind, and the next would wait. Ours went with it.
    Path(f"{journal}.lock").unlink(missing_ok=True)
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(journal))),
        study_name="cell",
        direction="maximize",
        load_if_exists=True,
    )
    _close_interrupted(study)
    return study


def _try_next(study: optuna.Study, space: Mapping[str, SearchRange], objective: Objective) -> None:
    trial = study.ask()
    scores = objective({name: _suggest(trial, name, where) for name, where in space.items()})
    trial.set_user_attr("average_precision", [float(score) for score in scores])
    # Said outright, the state makes Optuna refuse what is no number; else the search would not end.
    study.tell(trial, float(np.mean(scores)), state=TrialState.COMPLETE)


def _drop_torn_line(journal: Path) -> None:
    """Cut a last line that was never written whole, or nothing could be appended to the journal."""
    if not journal.is_file():
        return
    with journal.open("r+b") as file:
        file.truncate(file.read().rfind(b"\n") + 1)


def _complete(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))


def _close_interrupted(study: optuna.Study) -> None:
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)


def _sampler(tuning: TuningConfig, seed: int) -> optuna.samplers.TPESampler:
    with warnings.catch_warnings():
        # The multivariate sampler is announced as experimental at every start.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.TPESampler(seed=seed, n_startup_trials=tuning.startup, multivariate=True)


def _suggest(trial: optuna.Trial, name: str, where: SearchRange) -> Any:  # noqa: ANN401 - a parameter's value
    if where.choices is not None:
        return trial.suggest_categorical(name, where.choices)
    if where.low is None or where.high is None:
        raise AssertionError  # `SearchRange.check` has refused it
    if where.integer:
        return trial.suggest_int(name, int(where.low), int(where.high), log=where.log)
    return trial.suggest_float(name, where.low, where.high, log=where.log)


def _trial(number: int, found: FrozenTrial) -> Trial:
    seconds = found.duration.total_seconds() if found.duration else float("nan")
    return Trial(number, dict(found.params), tuple(found.user_attrs["average_precision"]), seconds)
