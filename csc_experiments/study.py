"""Many cells: planned, those that are finished skipped, the others run, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from hydra.core.global_hydra import GlobalHydra
from joblib import Parallel, delayed
from omegaconf import DictConfig

from csc_experiments.config import (
    ExperimentConfig,
    StudyConfig,
    check_experiment,
    compose_experiment,
    composing,
    composition_errors,
)
from csc_experiments.errors import CellsRefusedError, CscError, UnexpectedError
from csc_experiments.experiment import run_cell
from csc_experiments.planning import Plan, lock_plan, plan_study, tell_protocol
from csc_experiments.protocol.lock import EXPLORING, Terms
from csc_experiments.report import FORMATS, to_text, write_page
from csc_experiments.tracking.query import METRICS, compare_cells

__all__ = [
    "Finished",
    "Outcome",
    "Plan",
    "conclude",
    "lock_plan",
    "multirun",
    "plan_study",
    "raise_refusals",
    "run_alone",
    "run_plan",
    "tell_protocol",
    "tell_runs",
    "write_report",
]
NOTES = (
    """Hold average precision against chance, what a random order of the same cases would score on average,
    and never compare it where the prevalence differs.""",
    """Intervals are 95% percentile intervals over bootstrap draws of whole families. They
    say how sure the score of these models on such families is, not what other training cases would give;
    with 200 families or fewer they are a little too short.""",
    """Two intervals that overlap do not say that two cells are equal, nor the order of two scores that one is
    better: paired differences come with step 7 of the roadmap.""",
    """Learning only from earlier cases, a family that comes back among the tested cases is not learned from:
    the training cases are somewhat calmer than the tested ones.""",
)


@dataclass(frozen=True, slots=True)
class Finished:
    """A cell that finished, now or earlier, and its run."""

    config: ExperimentConfig
    run_id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cell.

    Attributes
    ----------
    cell : str
        What it is called among the others.
    refusal : str
        Why it refused to run; empty if it finished.
    finished : Finished, optional
        None if it refused to run.
    """

    cell: str
    refusal: str = ""
    finished: Finished | None = None


def run_plan(plan: Plan, jobs: int) -> Iterator[Outcome]:
    """Run the waiting cells and tell of each as it ends; one that refuses does not stop the others.

    Parameters
    ----------
    plan : Plan
    jobs : int
        Processes.
    """
    if jobs == 1:
        yield from (_run(cell, plan.terms(cell)) for cell in plan.waiting)
    else:
        run = delayed(_run)
        yield from Parallel(n_jobs=jobs, return_as="generator_unordered", pre_dispatch=jobs, batch_size=1)(
            run(cell, plan.terms(cell)) for cell in plan.waiting
        )


def conclude(study: StudyConfig, plan: Plan, outcomes: Sequence[Outcome]) -> str:
    """Say what came out: the comparison, where the report lies, and which cells refused.

    Raises
    ------
    CellsRefusedError
        If a cell refused to run; the rest of the study is in the store.
    """
    cells = (*plan.finished, *plan.waiting)
    said = []
    if plan.finished or any(outcome.finished for outcome in outcomes):
        page = write_report(study)[0]
        comparison = compare_cells(cells[0].tracking, study.name)
        said = [
            to_text(comparison, METRICS),
            f"Page and tables: {page.parent}/",
            f"Runs: {cells[0].tracking.uri}",
        ]
        said += ["MLflow's own pages: `csc-experiments ui`, then open http://127.0.0.1:5000"]
    raise_refusals(outcomes, len(cells), said)
    return "\n".join(said)


def raise_refusals(outcomes: Sequence[Outcome], cells: int, said: Sequence[str] = ()) -> None:
    """List the cells that refused to run, if there are any.

    Parameters
    ----------
    outcomes : sequence of Outcome
    cells : int
        How many there are in all.
    said : sequence of str
        What the others came to, to be said before.

    Raises
    ------
    CellsRefusedError
        If a cell refused to run.
    """
    refused = [outcome for outcome in outcomes if outcome.refusal]
    if refused:
        listed = "".join(f"\n- {outcome.cell}: {outcome.refusal}" for outcome in refused)
        raise CellsRefusedError(
            "\n".join([*said, f"{len(refused)} of {cells} cells refused to run:{listed}"])
        )


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


def run_alone(config: ExperimentConfig, terms: Terms = EXPLORING) -> Finished:
    """Run one cell; without a study's protocol it explores.

    Raises
    ------
    CscError
        As `run_cell` does, if the cell refuses.
    """
    return Finished(config, run_cell(config, terms).run_id)


def multirun(overrides: Sequence[str]) -> list[Outcome]:
    """Run a Hydra grid: `a,b` stands for each of them; launchers are Hydra's.

    Every cell is run, whatever becomes of the others.

    Returns
    -------
    list of Outcome
        In the order of the grid, each called by the overrides that it does not share with all others.

    Raises
    ------
    UnknownChoiceError, ConfigError
        If a cell cannot be composed; none is run.
    """
    with composition_errors(overrides), composing():
        # `hydra.main` calls the same, and drops what the jobs return. Every launcher hands back a `JobReturn`
        # for each job, wherever it ran: nothing has to be left in a file, or looked up in the store, which
        # does not know a cell without records. Taking the grid apart here would do without the launchers.
        batches = GlobalHydra.instance().hydra.multirun("experiment", _job, [*overrides])
    jobs = [job for batch in batches for job in batch]
    shared = set.intersection(*(set(job.overrides) for job in jobs))
    distinct = [[said for said in job.overrides if said not in shared] or job.overrides for job in jobs]
    return [
        replace(job.return_value, cell=" ".join(said) or "as configured")
        for job, said in zip(jobs, distinct, strict=True)
    ]


def tell_runs(finished: Sequence[Finished]) -> str:
    """Compare some finished cells, whatever else their studies hold, and name their runs."""
    stores = {(cell.config.tracking.uri, cell.config.study_name): cell.config for cell in finished}
    rows = pd.concat([compare_cells(config.tracking, config.study_name) for config in stores.values()])
    runs = {cell.run_id for cell in finished}
    shown = rows[rows["run_id"].isin(runs)]
    said = [to_text(shown, METRICS)] if len(shown) else []
    if len(shown) < len(runs):
        said += [f"Not shown: {len(runs) - len(shown)}, which a newer run on other records or code replaced."]
    studies = ", ".join(sorted({config.study_name for config in stores.values()}))
    names = f"Run {finished[0].run_id}" if len(runs) == 1 else f"{len(runs)} runs"
    return "\n".join([*said, f"{names} of study {studies}. See `csc-experiments ui`."])


def _run(cell: ExperimentConfig, terms: Terms) -> Outcome:
    axes = (cell.dataset, cell.question, cell.validation, cell.representation, cell.classifier)
    return _outcome(" ".join(choice.name for choice in axes), lambda: cell, terms)


def _job(said: DictConfig) -> Outcome:
    return _outcome("", lambda: check_experiment(said))


def _outcome(cell: str, composed: Callable[[], ExperimentConfig], terms: Terms = EXPLORING) -> Outcome:
    try:
        return Outcome(cell, finished=run_alone(composed(), terms))
    except CscError as error:
        return Outcome(cell, str(error))
    except Exception as error:  # noqa: BLE001 - the other cells go on, and a traceback would quote data
        return Outcome(cell, str(UnexpectedError.of(error)))
