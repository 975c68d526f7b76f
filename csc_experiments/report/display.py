"""What a reader sees of a comparison: one table of words, laid out by each format in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csc_experiments.report.cells import (
    AVERAGE_PRECISION,
    CHANCE,
    COUNTS,
    METRIC_LABELS,
    NAMES,
    PART,
    Cell,
    common_variant,
    varying,
)
from csc_experiments.report.estimate import NOT_AVAILABLE, two_decimals

VARIANT = "Variant"
"""Heading of the column that says what the names leave open."""

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


def display(cells: Sequence[Cell], figures: Sequence[str], names: Sequence[str] = ()) -> Display:
    """Lay cells out as a table.

    What all cells have in common and no column says is said once, in the caption.

    Parameters
    ----------
    cells : sequence of Cell
    figures : sequence of str
        The columns of figures, such as those of `figure_columns` or `score_columns`.
    names : sequence of str, optional
        Keys of `NAMES` that get a column. By default authority, representation, classifier and whatever else
        the cells differ in. What they leave open stands in one more column, if they leave anything open.

    Returns
    -------
    Display
    """
    differing = varying(cells, tuple(NAMES))
    names = names or tuple(name for name in NAMES if name in {*_ALWAYS_SHOWN, *differing})
    common = common_variant(cells)
    variants = [cell.differs_by(beyond=common) for cell in cells]
    told = any(variants)
    return Display(
        caption=_caption(cells, tuple(name for name in NAMES if name not in names)),
        names=(*(NAMES[name] for name in names), *([VARIANT] if told else [])),
        figures=tuple(label(figure) for figure in figures),
        rows=tuple(
            (
                *(cell.called(name) for name in names),
                *([variant] if told else []),
                *(_figure(cell, figure) for figure in figures),
            )
            for cell, variant in zip(cells, variants, strict=True)
        ),
    )


def figure_columns(metrics: Sequence[str]) -> tuple[str, ...]:
    """Order the columns of figures: the counts and then the scores.

    Examples
    --------
    >>> figure_columns(["roc_auc"])
    ('families', 'rows', 'positives', 'prevalence', 'roc_auc')
    """
    return (*COUNTS, *score_columns(metrics))


def score_columns(metrics: Sequence[str]) -> tuple[str, ...]:
    """Order the columns of scores, with prevalence and chance directly before average precision.

    Chance is that of average precision: without that metric it has no place.

    Examples
    --------
    >>> score_columns(["roc_auc", "average_precision"])
    ('roc_auc', 'prevalence', 'average_precision_chance', 'average_precision')
    """
    if AVERAGE_PRECISION not in metrics:
        return ("prevalence", *metrics)
    place = list(metrics).index(AVERAGE_PRECISION)
    return (*metrics[:place], "prevalence", CHANCE, *metrics[place:])


def label(column: str) -> str:
    """Say a column's name in words.

    Examples
    --------
    >>> [label(column) for column in ("roc_auc", "rows", "net_benefit")]
    ['AUC', 'Cases', 'Net benefit']
    """
    known = {**NAMES, **COUNTS, **METRIC_LABELS, CHANCE: "Chance"}
    return known.get(column, column.replace("_", " ").capitalize())


def counted(number: int, singular: str, plural: str = "") -> str:
    """Say a number with its noun.

    Examples
    --------
    >>> counted(1, "authority", "authorities"), counted(2, "cell")
    ('1 authority', '2 cells')
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def in_words(cell: Cell, names: Sequence[str]) -> str:
    """Say some of a cell's names with their headings.

    Examples
    --------
    >>> cell = Cell({"authority": "la1", "validation": "temporal"}, {}, None, None, {}, "")
    >>> in_words(cell, ("authority", "validation"))
    'Authority: la1. Validation: temporal.'
    """
    return " ".join(_sentence(f"{NAMES[name]}: {cell.called(name)}") for name in names)


def variant_in_words(parts: Sequence[str]) -> str:
    """Say parts of a variant with their heading; nothing if there are none.

    Examples
    --------
    >>> variant_in_words(["seed=2", "tuning.trials=5"])
    'Variant: seed=2; tuning.trials=5.'
    """
    return _sentence(f"{VARIANT}: {' '.join(PART.join(parts).split())}") if parts else ""


def counts_in_words(cell: Cell) -> str:
    """Say how many held-out cases there are.

    Examples
    --------
    >>> counts_in_words(Cell({}, {"families": 903, "rows": 1204, "positives": 101}, None, None, {}, ""))
    'Families: 903. Cases: 1,204. Outcomes: 101.'
    """
    return " ".join(f"{heading}: {_figure(cell, count)}." for count, heading in COUNTS.items())


def _sentence(text: str) -> str:
    return text if text.endswith(("?", "!", ".")) else f"{text}."


def _caption(cells: Sequence[Cell], names: Sequence[str]) -> str:
    common = [name for name in names if len({cell.names[name] for cell in cells}) == 1]
    if all(cell.names["dataset"] == cell.names["authority"] for cell in cells):
        common = [name for name in common if name != "dataset"]
    said = in_words(cells[0], common) if cells else ""
    return " ".join(
        part
        for part in (f"{counted(len(cells), 'cell')}.", said, variant_in_words(common_variant(cells)))
        if part
    )


def _figure(cell: Cell, column: str) -> str:
    if column in COUNTS:
        count = cell.counts[column]
        return NOT_AVAILABLE if count is None else f"{count:,}"
    if column == "prevalence":
        return two_decimals(cell.prevalence)
    if column == CHANCE:
        return two_decimals(cell.chance)
    return str(cell.estimates[column])
