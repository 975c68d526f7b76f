"""What a reader sees of a comparison: one table of words, laid out by each format in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csc_experiments.report.cells import (
    AVERAGE_PRECISION,
    COUNTS,
    METRIC_LABELS,
    NAMES,
    NOT_AVAILABLE,
    Cell,
    two_decimals,
    varying,
)

_ALWAYS_SHOWN = ("authority", "representation", "classifier")


@dataclass(frozen=True, slots=True)
class Display:
    """A table as it is read.

    Attributes
    ----------
    caption : str
        How many cells there are, and what they have in common.
    names : tuple of str
        Headings of the columns that say which cell a row is.
    figures : tuple of str
        Headings of the columns that hold its figures.
    rows : tuple of tuple of str
        Names and then figures, one row per cell.
    """

    caption: str
    names: tuple[str, ...]
    figures: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings, names first."""
        return self.names + self.figures


def display(cells: Sequence[Cell], metrics: Sequence[str], names: Sequence[str] = ()) -> Display:
    """Lay cells out as a table.

    What all cells have in common and no column says is said once, in the caption.

    Parameters
    ----------
    cells : sequence of Cell
    metrics : sequence of str
        In the order of their columns; prevalence stands directly before average precision.
    names : sequence of str, optional
        Keys of `NAMES` that get a column. By default authority, representation, classifier and whatever else
        the cells differ in.

    Returns
    -------
    Display
    """
    differing = varying(cells, tuple(NAMES))
    names = names or tuple(name for name in NAMES if name in {*_ALWAYS_SHOWN, *differing})
    figures = figure_columns(metrics)
    return Display(
        caption=_caption(cells, tuple(name for name in NAMES if name not in {*names, *differing})),
        names=tuple(NAMES[name] for name in names),
        figures=tuple(label(figure) for figure in figures),
        rows=tuple(_row(cell, names, figures) for cell in cells),
    )


def figure_columns(metrics: Sequence[str]) -> tuple[str, ...]:
    """Order the columns of figures, with prevalence directly before average precision.

    Examples
    --------
    >>> figure_columns(["roc_auc", "average_precision"])
    ('families', 'rows', 'positives', 'roc_auc', 'prevalence', 'average_precision')
    >>> figure_columns(["roc_auc"])
    ('families', 'rows', 'positives', 'prevalence', 'roc_auc')
    """
    columns = list(metrics)
    columns.insert(columns.index(AVERAGE_PRECISION) if AVERAGE_PRECISION in columns else 0, "prevalence")
    return (*COUNTS, *columns)


def label(column: str) -> str:
    """Say a column's name in words.

    Examples
    --------
    >>> [label(column) for column in ("roc_auc", "rows", "net_benefit")]
    ['AUC', 'Cases', 'Net benefit']
    """
    known = {**NAMES, **COUNTS, **METRIC_LABELS}
    return known.get(column, column.replace("_", " ").capitalize())


def counted(number: int, singular: str, plural: str = "") -> str:
    """Say a number with its noun.

    Examples
    --------
    >>> counted(1, "authority", "authorities"), counted(2, "cell")
    ('1 authority', '2 cells')
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def one_line(text: str) -> str:
    """Put a text on one line, so that it cannot break out of its table cell."""
    return " ".join(text.split())


def in_words(cell: Cell, names: Sequence[str]) -> str:
    """Say some of a cell's names with their labels.

    Examples
    --------
    >>> cell = Cell({"authority": "la1", "validation": "temporal"}, {}, None, {}, "")
    >>> in_words(cell, ("authority", "validation"))
    'Authority: la1. Validation: temporal.'
    """
    return " ".join(f"{NAMES[name]}: {one_line(cell.names[name])}." for name in names)


def _caption(cells: Sequence[Cell], common: Sequence[str]) -> str:
    said = in_words(cells[0], common) if cells else ""
    return f"{counted(len(cells), 'cell')}. {said}".strip()


def _row(cell: Cell, names: Sequence[str], figures: Sequence[str]) -> tuple[str, ...]:
    said = (one_line(cell.names[name]) for name in names)
    return (*said, *(_figure(cell, figure) for figure in figures))


def _figure(cell: Cell, column: str) -> str:
    if column in COUNTS:
        count = cell.counts[column]
        return NOT_AVAILABLE if count is None else f"{count:,}"
    if column == "prevalence":
        return two_decimals(cell.prevalence)
    return str(cell.estimates[column])
