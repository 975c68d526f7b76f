"""Many cells: planned, those that are finished skipped, the others run, side by side."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import hydra
from hydra.errors import HydraException
from joblib import Parallel, delayed
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from csc_experiments.config import (
    ExperimentConfig,
    StudyConfig,
    check_experiment,
    compose_cells,
    compose_experiment,
    conf_folder,
)
from csc_experiments.errors import CellsRefusedError, ConfigError, CscError, UnexpectedError
from csc_experiments.experiment import cell_key, run_cell
from csc_experiments.report import FORMATS, to_text, write_page
from csc_experiments.tracking.query import METRICS, compare_cells
from csc_experiments.tracking.runs import RunStore

NOTES = (
    """Hold average precision against chance, what a random order of the same cases would score on average,
    and never compare it where the prevalence differs.""",
    """Intervals are 95% percentile intervals over bootstrap draws of whole families within each fold. They
    say how sure the score of these models on such families is, not what other training cases would give;
    below about 150 families they are a little too short.""",
    """Two intervals that overlap do not say that two cells are equal, nor the order of two scores that one is
    better: paired differences come with step 7 of the roadmap.""",
    """Learning only from earlier cases, a family that comes back among the tested cases is not learned from:
    the training cases are somewhat calmer than the tested ones.""",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The cells of a study.

    Attributes
    ----------
    finished : tuple of ExperimentConfig
        In the store already, with the same configuration, records and code.
    waiting : tuple of ExperimentConfig
        To be run, in this order.
    """

    finished: tuple[ExperimentConfig, ...]
    waiting: tuple[ExperimentConfig, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cell: `refusal` is empty if it finished."""

    cell: str
    refusal: str = ""


def plan_study(study: StudyConfig) -> Plan:
    """Compose and check every cell, and look up which are finished.

    Every configuration is checked before anything runs.

    Raises
    ------
    ConfigError
        If a cell cannot be composed, or the study has none.
    """
    cells = compose_cells(study)
    if not cells:
        raise ConfigError(f"Study {study.name} has no cells.", todo="Give it at least one grid.")
    finished = RunStore(cells[0].tracking, study.name).finished()
    done = [cell_key(cell) in finished for cell in cells]
    return Plan(
        tuple(cell for cell, over in zip(cells, done, strict=True) if over),
        tuple(cell for cell, over in zip(cells, done, strict=True) if not over),
    )


def run_plan(plan: Plan, jobs: int) -> Iterator[Outcome]:
    """Run the waiting cells and tell of each as it ends; one that refuses does not stop the others.

    Parameters
    ----------
    plan : Plan
    jobs : int
        Processes.
    """
    if jobs == 1:
        yield from map(_run, plan.waiting)
    else:
        run = delayed(_run)
        yield from Parallel(n_jobs=jobs, return_as="generator_unordered", pre_dispatch=jobs, batch_size=1)(
            run(cell) for cell in plan.waiting
        )


def conclude(study: StudyConfig, plan: Plan, outcomes: Sequence[Outcome]) -> str:
    """Say what came out: the comparison, where the report lies, and which cells refused.

    Raises
    ------
    CellsRefusedError
        If a cell refused to run; the rest of the study is in the store.
    """
    cells = (*plan.finished, *plan.waiting)
    refused = [outcome for outcome in outcomes if outcome.refusal]
    said = []
    if len(refused) < len(cells):
        page = write_report(study)[0]
        comparison = compare_cells(cells[0].tracking, study.name)
        said = [
            to_text(comparison, METRICS),
            f"Page and tables: {page.parent}/",
            f"Runs: {cells[0].tracking.uri}",
        ]
        said += ["MLflow's own pages: `csc-experiments ui`, then open http://127.0.0.1:5000"]
    if refused:
        listed = "".join(f"\n- {outcome.cell}: {outcome.refusal}" for outcome in refused)
        raise CellsRefusedError(
            "\n".join([*said, f"{len(refused)} of {len(cells)} cells refused to run:{listed}"])
        )
    return "\n".join(said)


def write_report(study: StudyConfig, out: Path | None = None) -> list[Path]:
    """Write a study's comparison as one page and as a table in every format.

    Parameters
    ----------
    study : StudyConfig
    out : pathlib.Path, optional
        By default a folder named as the study, under the configured reports.

    Returns
    -------
    list of pathlib.Path
        The page first.
    """
    config = compose_experiment([f"study_name={study.name}", *study.overrides])
    comparison = compare_cells(config.tracking, study.name)
    folder = out or Path(config.paths.reports) / study.name
    page = folder / "comparison.html"
    write_page(
        comparison,
        page,
        title=f"{study.label}: comparison of cells",
        notes=NOTES,
        success_threshold=study.success.at_least,
    )
    paths = [page]
    for name, ending in (("csv", "csv"), ("json", "json"), ("markdown", "md"), ("latex", "tex")):
        path = folder / f"comparison.{ending}"
        path.write_text(FORMATS[name](comparison, METRICS), encoding="utf-8", newline="")
        paths.append(path)
    return paths


def multirun(overrides: Sequence[str]) -> None:
    """Run a Hydra grid: `a,b` stands for each of them; launchers are Hydra's.

    Every cell of the grid is run; the first refusal is raised after the last.

    Raises
    ------
    ConfigError
        If a cell cannot be composed.
    """
    # Hydra would otherwise print an error of its own and exit with a code of its own.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    command = [sys.argv[0], "--multirun", *overrides]
    job = hydra.main(version_base="1.3", config_path=str(conf_folder()), config_name="experiment")(_job)
    before, sys.argv = sys.argv, command
    try:
        job()
    except (HydraException, OmegaConfBaseException) as error:
        raise ConfigError(" ".join(f"{error}".split())) from None
    finally:
        sys.argv = before


def _job(said: DictConfig) -> None:
    run_cell(check_experiment(said))


def _run(cell: ExperimentConfig) -> Outcome:
    name = " ".join(
        choice.name
        for choice in (cell.dataset, cell.question, cell.validation, cell.representation, cell.classifier)
    )
    try:
        run_cell(cell)
    except CscError as error:
        return Outcome(name, str(error))
    except Exception as error:  # noqa: BLE001 - the other cells go on, and a traceback would quote data
        return Outcome(name, str(UnexpectedError.of(error)))
    return Outcome(name)
