"""The comparison as one page that needs nothing beside it: no network, no script, no other file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from csc_experiments.errors import NoRunsError
from csc_experiments.report.cells import AVERAGE_PRECISION, CHANCE_IN_WORDS, metrics_in, read_cells
from csc_experiments.report.chart import chart_svg
from csc_experiments.report.display import counts_in_words, display, score_columns
from csc_experiments.report.findings import finding, selection, summary
from csc_experiments.report.labels import with_clear_labels
from csc_experiments.report.panels import Panel, panels
from csc_experiments.report.standing import standing
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
    shown = panels(cells)
    page = TEMPLATES.get_template("page.html.jinja").render(
        title=title,
        summary=summary(cells, success_threshold),
        chart=chart_svg(cells, success_threshold),
        findings=[(panel.title, finding(panel)) for panel in shown],
        selection=selection(shown),
        questions=_questions(shown, metrics),
        notes=(*standing(cells), *notes),
        success_threshold=success_threshold,
        chance=CHANCE_IN_WORDS,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")


def _questions(shown: Sequence[Panel], metrics: Sequence[str]) -> list[dict[str, object]]:
    """Give one heading per question and, under it, one table per panel."""
    questions: dict[str, list[Panel]] = {}
    for panel in shown:
        questions.setdefault(panel.cells[0].names["question"], []).append(panel)
    return [
        {
            "question": group[0].cells[0].called("question"),
            "tables": [_table(panel, metrics) for panel in group],
        }
        for group in questions.values()
    ]


def _table(panel: Panel, metrics: Sequence[str]) -> dict[str, object]:
    table = display(panel.cells, score_columns(metrics), ("representation", "classifier"))
    return {
        "title": panel.title,
        "table": replace(table, caption=f"{table.caption} {counts_in_words(panel.cells[0])}"),
    }
