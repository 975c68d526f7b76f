"""The comparison as one page that needs nothing beside it: no network, no script, no other file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from csc_experiments.errors import NoRunsError
from csc_experiments.report.cells import (
    AVERAGE_PRECISION,
    CHANCE_IN_WORDS,
    Cell,
    grouped,
    metrics_in,
    read_cells,
    two_decimals,
    varying,
)
from csc_experiments.report.chart import chart_svg
from csc_experiments.report.display import counted, display, figure_columns
from csc_experiments.report.labels import with_clear_labels
from csc_experiments.report.templates import TEMPLATES

SUCCESS_THRESHOLD = 0.65
"""The average precision that the 2020 pilot fixed in advance as success.

What Works for Children's Social Care (2020), *Machine learning in children's services: does it work?*
"""


def write_page(
    comparison: pd.DataFrame,
    path: Path,
    *,
    title: str,
    notes: Sequence[str],
    success_threshold: float = SUCCESS_THRESHOLD,
) -> None:
    """Write a comparison as one self-contained HTML page.

    Parameters
    ----------
    comparison : pandas.DataFrame
        One row per cell, as `csc_experiments.report.cells.read_cells` describes it. Every metric that it
        holds with an interval is shown; average precision must be one of them.
    path : pathlib.Path
        The file to write; folders on the way to it are made.
    title : str
        The page's heading.
    notes : sequence of str
        What else the reader must know; one paragraph each.
    success_threshold : float, default=0.65
        The average precision that was fixed in advance as success, between 0 and 1.

    Raises
    ------
    NoRunsError
        If the comparison has no cell.
    UnknownChoiceError
        If it does not have average precision with its interval.
    """
    metrics = tuple(dict.fromkeys([AVERAGE_PRECISION, *metrics_in(comparison)]))
    cells = with_clear_labels(read_cells(comparison, metrics))
    if not cells:
        raise NoRunsError("The comparison has no cell to report.", todo="Run a study first.")
    page = TEMPLATES.get_template("page.html.jinja").render(
        title=title,
        summary=summary(cells, success_threshold),
        chart=chart_svg(cells, success_threshold),
        questions=_tables(cells, metrics),
        notes=notes,
        success_threshold=success_threshold,
        chance=CHANCE_IN_WORDS,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")


def summary(cells: Sequence[Cell], success_threshold: float) -> str:
    """Say in four sentences what was compared, what came of it, and against what to hold it.

    Parameters
    ----------
    cells : sequence of Cell
        At least one.
    success_threshold : float
        The average precision that was fixed in advance as success.

    Returns
    -------
    str
    """
    authorities = len({cell.names["authority"] for cell in cells})
    questions = len({cell.names["question"] for cell in cells})
    return (
        f"This page compares {counted(len(cells), 'cell')} "
        f"from {counted(authorities, 'authority', 'authorities')} "
        f"on {counted(questions, 'question')}. {_best(cells)} {_successes(cells, success_threshold)}, and "
        f"{_above_chance(cells)}. {CHANCE_IN_WORDS}"
    )


def _best(cells: Sequence[Cell]) -> str:
    scored = [cell for cell in cells if cell.precision.value is not None]
    if not scored:
        return "No cell has an average precision."
    best = max(scored, key=lambda cell: cell.precision.value or 0.0)
    said = {"authority", "representation", "classifier", *varying(cells, ("question", "validation"))}
    order = ("authority", "question", "validation", "representation", "classifier")
    where = "; ".join(best.called(name) for name in order if name in said)
    return (
        f"The highest average precision is {best.precision}, where chance is {two_decimals(best.chance)} and "
        f"the prevalence {two_decimals(best.prevalence)} ({where}){_flattery(len(scored))}."
    )


def _flattery(choices: int) -> str:
    if choices == 1:
        return ""
    return f"; it was picked as the best of {choices:,} cells after looking, so it flatters itself"


def _successes(cells: Sequence[Cell], success_threshold: float) -> str:
    number = sum(cell.reaches(success_threshold) for cell in cells)
    return (
        f"{number or 'No'} {'cell reaches' if number in {0, 1} else 'cells reach'} the success threshold of "
        f"{success_threshold:.2f}"
    )


def _above_chance(cells: Sequence[Cell]) -> str:
    judged = [cell for cell in cells if cell.can_be_judged]
    number = sum(cell.is_above_chance for cell in judged)
    if not judged:
        return "no cell has an interval to hold against chance"
    verb = "lies" if number == 1 else "lie"
    return f"{number} of {counted(len(judged), 'interval')} {verb} wholly above chance"


def _tables(cells: Sequence[Cell], metrics: Sequence[str]) -> list[dict[str, object]]:
    """Give one heading per question and, under it, one table per validation design."""
    return [
        {
            "question": of_question[0].called("question"),
            "tables": [
                display(group, figure_columns(metrics))
                for group in grouped(of_question, ("validation", "study")).values()
            ],
        }
        for of_question in grouped(cells, ("question",)).values()
    ]
