"""What came of a comparison, in words."""

from __future__ import annotations

from collections.abc import Sequence

from csc_experiments.report.cells import CHANCE_IN_WORDS, Cell
from csc_experiments.report.display import counted
from csc_experiments.report.estimate import NOT_AVAILABLE, two_decimals
from csc_experiments.report.panels import Panel

SELECTION = (
    "The highest of several cells was picked after looking at all of them, which flatters it: "
    "expect less of it on new cases, and the less the more cells there were."
)
"""What choosing does to a score."""


def summary(cells: Sequence[Cell], success_threshold: float) -> str:
    """Say what was compared, how much of it passed which line, and what the line is.

    Parameters
    ----------
    cells : sequence of Cell
        At least one.
    success_threshold : float
        The average precision that was fixed in advance as success.

    Returns
    -------
    str
        Baselines are counted among the cells, but not among those that pass a line.
    """
    authorities = len({cell.names["authority"] for cell in cells})
    questions = len({cell.names["question"] for cell in cells})
    others = [cell for cell in cells if not cell.baseline]
    baselines = len(cells) - len(others)
    of_them = (
        f", {baselines:,} of them {'a baseline' if baselines == 1 else 'baselines'}," if baselines else ""
    )
    passed = f"{_successes(others, success_threshold)}, and {_above_chance(others)}"
    return (
        f"This page compares {counted(len(cells), 'cell')}{of_them} "
        f"from {counted(authorities, 'authority', 'authorities')} on {counted(questions, 'question')}. "
        f"{'Baselines aside, ' + passed if baselines else passed[:1].upper() + passed[1:]}. {CHANCE_IN_WORDS}"
    )


def selection(panels: Sequence[Panel]) -> str:
    """Say what choosing does to the highest of several, and among how many settings each cell chose before.

    Parameters
    ----------
    panels : sequence of Panel

    Returns
    -------
    str
        Empty where nothing was picked.
    """
    picked = any(len(panel.scored) > 1 for panel in panels)
    trials = sorted({cell.tuning_trials for panel in panels for cell in panel.cells if cell.tuning_trials})
    return " ".join(said for said in (SELECTION if picked else "", _budget(trials)) if said)


def finding(panel: Panel) -> str:
    """Say of one panel its highest average precision, its chance, and what the baselines got there.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    str
    """
    return f"{_highest(panel)} {_baselines(panel)}"


def _successes(cells: Sequence[Cell], success_threshold: float) -> str:
    number = sum(cell.reaches(success_threshold) for cell in cells)
    reach = "cell reaches" if number in {0, 1} else "cells reach"
    return f"{number or 'no'} {reach} the success threshold of {success_threshold:.2f}"


def _above_chance(cells: Sequence[Cell]) -> str:
    judged = [cell for cell in cells if cell.can_be_judged]
    number = sum(cell.is_above_chance for cell in judged)
    if not judged:
        return "no cell has an interval to hold against chance"
    verb = "lies" if number == 1 else "lie"
    return f"{number} of {counted(len(judged), 'interval')} {verb} wholly above chance"


def _budget(trials: Sequence[int]) -> str:
    if not trials:
        return ""
    few, many = trials[0], trials[-1]
    said = counted(few, "trial") if few == many else f"{few:,} to {counted(many, 'trial')}"
    return f"Each tuned cell chose among {said} per fold."


def _highest(panel: Panel) -> str:
    best = panel.best
    chance = f"chance is {two_decimals(panel.chance)}"
    if best is None:
        only = len(panel.baselines) == len(panel.cells)
        return (
            f"Only baselines were run; {chance}." if only else f"Average precision {NOT_AVAILABLE}; {chance}."
        )
    number = len(panel.scored)
    of = (
        f"the highest average precision of {counted(number, 'cell')}"
        if number > 1
        else "the average precision"
    )
    aside = f"Baselines aside, {of}" if panel.baselines else f"T{of[1:]}"
    return f"{aside} is {best.precision} with {panel.called(best)}; {chance}."


def _baselines(panel: Panel) -> str:
    if not panel.baselines:
        return "No baseline was run."
    said = (f"{_baseline(cell, panel)} {cell.precision}" for cell in panel.baselines)
    return f"{'Baseline' if len(panel.baselines) == 1 else 'Baselines'}: {'; '.join(said)}."


def _baseline(cell: Cell, panel: Panel) -> str:
    alike = [other for other in panel.baselines if other.names["classifier"] == cell.names["classifier"]]
    return panel.called(cell) if len(alike) > 1 else cell.called("classifier")
