"""The look at what was held out: when the choice is made, with the cell that was chosen."""

from __future__ import annotations

from dataclasses import replace

from csc_experiments.config import ExperimentConfig, StudyConfig
from csc_experiments.errors import ConfigError
from csc_experiments.experiment import cell_key
from csc_experiments.planning import Plan
from csc_experiments.study import Finished, run_alone, tell_runs
from csc_experiments.tracking.query import compare_cells
from csc_experiments.tracking.runs import RunStore
from csc_experiments.validation.settings import CasesTested


def look_at_holdout(study: StudyConfig, plan: Plan, run_id: str) -> str:
    """Score the cases that no fold has seen with the settings of one finished cell.

    The model is searched for and fitted anew on all cases that the folds may use. The run stands beside the
    study's others, as `validation.test_on=holdout`; asked for again, it is found finished and is no further
    look.

    Parameters
    ----------
    study : StudyConfig
    plan : Plan
        With its protocol locked, if the study has one.
    run_id : str
        Of the chosen cell, or how it begins.

    Returns
    -------
    str
        Its scores, and how often these cases have been looked at.

    Raises
    ------
    ConfigError
        If cells of the study are not finished, none of them has this run, or nothing was held out.
    CscError
        As `run_cell` does, if the cell refuses.
    """
    if plan.waiting:
        raise ConfigError(
            f"{len(plan.waiting)} cells of study {study.name} are not finished: nothing can be chosen yet.",
            todo=f"Run csc-experiments study {study.name}, with the same overrides, first.",
        )
    chosen = _cell_of(study, plan, run_id)
    held = replace(chosen, validation=replace(chosen.validation, test_on=CasesTested.HOLDOUT))
    held.validation.check()
    return _tell(run_alone(held, plan.terms(chosen)))


def _cell_of(study: StudyConfig, plan: Plan, run_id: str) -> ExperimentConfig:
    runs = RunStore(plan.finished[0].tracking, study.name).finished()
    found = [cell for cell in plan.finished if run_id and runs[cell_key(cell)].startswith(run_id)]
    if len(found) != 1:
        raise ConfigError(
            f"{len(found)} finished cells of study {study.name} have a run that begins so.",
            todo=f"csc-experiments compare {study.name} --format csv lists them; run_id is the last column.",
        )
    return found[0]


def _tell(finished: Finished) -> str:
    config = finished.config
    rows = compare_cells(config.tracking, config.study_name)
    looks = rows.loc[rows["run_id"] == finished.run_id, "looks"].item()
    said = "the first look" if looks == 1 else f"one of {looks} looks"
    return f"{tell_runs([finished])}\nThis is {said} at these held-out cases."
