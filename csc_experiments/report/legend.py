"""What the marks and lines of the chart stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

from matplotlib.lines import Line2D

from csc_experiments.report.cells import Cell

# The categorical palette of the UK government Analysis Function:
# https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/
_COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
# One more shape than colours, so that 42 classifiers pass before a pair of colour and shape returns.
_SHAPES = ("o", "s", "^", "D", "v", "P", "X")
_MOST_COLUMNS = 3

TEXT = "#0B0C0C"
DASHES = (0, (4, 3))

Marks = Mapping[str, tuple[str, str]]
"""A colour and a shape for each classifier, by its bare name."""


def marks_of(cells: Sequence[Cell]) -> Marks:
    """Give each classifier its colour and shape, in the order in which they first stand."""
    classifiers = dict.fromkeys(cell.names["classifier"] for cell in cells)
    return dict(zip(classifiers, zip(cycle(_COLOURS), cycle(_SHAPES), strict=False), strict=False))


def legend_entries(cells: Sequence[Cell], marks: Marks) -> list[Line2D]:
    """Explain each classifier's mark, filled and hollow marks, and the two lines."""
    said = {cell.names["classifier"]: cell.called("classifier") for cell in cells}
    entries = [_mark(said[name], colour, shape, colour) for name, (colour, shape) in marks.items()]
    return [
        *entries,
        _mark("filled: interval wholly above chance", TEXT, "o", TEXT),
        _mark("hollow: it is not, or is not known", TEXT, "o", "white"),
        Line2D([], [], color=TEXT, linewidth=2, label="chance (a random order)"),
        Line2D([], [], color=TEXT, linewidth=1, linestyle=DASHES, label="success threshold"),
    ]


def legend_columns(entries: Sequence[Line2D], width: float) -> int:
    """Say how many columns of the legend fit a figure, whose width is in inches."""
    longest = max(len(str(entry.get_label())) for entry in entries)
    return max(1, min(_MOST_COLUMNS, int(width / (0.5 + 0.067 * longest))))


def _mark(label: str, colour: str, shape: str, fill: str) -> Line2D:
    return Line2D(
        [],
        [],
        color=colour,
        marker=shape,
        markerfacecolor=fill,
        markeredgecolor=colour,
        markersize=7,
        linestyle="none",
        label=label,
    )
