"""The figure of a comparison: average precision with its interval, against the prevalence, cell by cell."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import cycle
from math import ceil

import matplotlib as mpl
from lxml import etree
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.typing import RcKeyType

from csc_experiments.report.cells import NOT_AVAILABLE, SETTING, Cell, grouped, two_decimals, varying
from csc_experiments.report.display import counted, one_line

# The categorical palette of the UK government Analysis Function:
# https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/
_COLOURS = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
# One more shape than colours, so that 42 classifiers pass before a pair of colour and shape returns.
_SHAPES = ("o", "s", "^", "D", "v", "P", "X")
_TEXT = "#0B0C0C"
_FAINT = "#B1B4B6"

_STYLE: dict[RcKeyType, object] = {
    "font.family": "DejaVu Sans",  # ships with matplotlib, so every machine measures the same widths
    "font.size": 10.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "csc-experiments",
    "text.color": _TEXT,
    "axes.labelcolor": _TEXT,
    "xtick.color": _TEXT,
    "ytick.color": _TEXT,
    "text.parse_math": False,
}

_ROW, _PANEL, _TOP, _BOTTOM, _PLOT = 0.27, 0.75, 0.15, 0.3, 5.6  # inches

Marks = Mapping[str, tuple[str, str]]


def chart_svg(cells: Sequence[Cell], success_threshold: float) -> str:
    """Draw a comparison as an SVG element to stand inside a page.

    Figures are rounded to two decimals before they are drawn: the drawing holds no more than the tables show.

    Parameters
    ----------
    cells : sequence of Cell
        At least one. Cells tested on the same cases share a panel.
    success_threshold : float
        The average precision that was fixed in advance as success, between 0 and 1.

    Returns
    -------
    str
        An `svg` element with `role="img"`, a title and a description. The same cells give the same bytes.
    """
    # matplotlib reads its style from a global table: it is set for these lines only.
    with mpl.rc_context(_STYLE):
        figure = _draw(cells, success_threshold)
        file = io.BytesIO()
        figure.savefig(file, format="svg", metadata={"Date": None})
    return _accessible(file.getvalue(), "Average precision of every cell", describe(cells))


def describe(cells: Sequence[Cell]) -> str:
    """Say in words what the chart shows: for each panel its prevalence and its highest average precision.

    Parameters
    ----------
    cells : sequence of Cell

    Returns
    -------
    str
        One sentence per panel.
    """
    return " ".join(_describe_panel(_panel_title(group[0], cells), group) for group in _panels(cells))


def _describe_panel(title: str, group: Sequence[Cell]) -> str:
    scored = [cell for cell in group if cell.precision.value is not None]
    if not scored:
        return f"{title}: average precision {NOT_AVAILABLE}."
    best = max(scored, key=lambda cell: cell.precision.value or 0.0)
    return (
        f"{title}: {counted(len(group), 'cell')}, prevalence {two_decimals(best.prevalence)}, "
        f"highest average precision {best.precision} with {_row_label(best)}."
    )


def _panels(cells: Sequence[Cell]) -> list[list[Cell]]:
    return list(grouped(cells, SETTING).values())


def _panel_title(cell: Cell, cells: Sequence[Cell]) -> str:
    said = {"authority", "validation", *varying(cells, SETTING)}
    order = ("authority", "validation", "question", "dataset", "study")
    return ", ".join(one_line(cell.names[name]) for name in order if name in said)


def _row_label(cell: Cell) -> str:
    return f"{one_line(cell.names['representation'])}, {one_line(cell.names['classifier'])}"


def _draw(cells: Sequence[Cell], success_threshold: float) -> Figure:
    panels = _panels(cells)
    marks = _marks(cells)
    legend = _legend_entries(marks)
    top = _TOP + 0.24 * ceil(len(legend) / 3)
    left = 0.25 + 0.074 * max(len(_row_label(cell)) for cell in cells)
    width = left + _PLOT + 0.2
    height = top + _BOTTOM + sum(_PANEL + _ROW * len(panel) for panel in panels)
    figure = Figure(figsize=(width, height))
    FigureCanvasSVG(figure)
    edge = height - top
    for panel in panels:
        edge -= _PANEL + _ROW * len(panel)
        place = (left / width, (edge + 0.35) / height, _PLOT / width, _ROW * len(panel) / height)
        axes = figure.add_axes(place)
        _draw_panel(axes, panel, marks, success_threshold)
        axes.set_title(_panel_title(panel[0], cells), loc="left", fontsize=11, fontweight="bold")
        axes.set_xlim(0, _right_end(cells, success_threshold))
    axes.set_xlabel("Average precision")
    figure.legend(
        handles=legend, loc="upper left", ncols=3, frameon=False, fontsize=9, bbox_to_anchor=(0.0, 1.0)
    )
    return figure


def _draw_panel(axes: Axes, panel: Sequence[Cell], marks: Marks, success_threshold: float) -> None:
    axes.grid(axis="x", color=_FAINT, linewidth=0.6, alpha=0.6)
    axes.axvline(success_threshold, color=_TEXT, linewidth=1, linestyle=(0, (4, 3)))
    for place, cell in enumerate(panel):
        _draw_cell(axes, place, cell, marks[cell.names["classifier"]])
    axes.set_yticks(range(len(panel)), [_row_label(cell) for cell in panel])
    axes.set_ylim(len(panel) - 0.5, -0.5)
    axes.tick_params(length=0)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_cell(axes: Axes, place: int, cell: Cell, mark: tuple[str, str]) -> None:
    colour, shape = mark
    estimate = cell.precision
    if cell.prevalence is not None:
        # Row by row: cells of a panel are tested on the same cases, but the drawing does not rely on it.
        axes.plot([round(cell.prevalence, 2)] * 2, [place - 0.5, place + 0.5], color=_TEXT, linewidth=2)
    if estimate.value is None:
        axes.text(round(cell.prevalence or 0.0, 2) + 0.01, place, NOT_AVAILABLE, va="center", fontsize=9)
        return
    if estimate.low is not None and estimate.high is not None:
        ends = [round(estimate.low, 2), round(estimate.high, 2)]
        axes.plot(ends, [place, place], color=colour, linewidth=2)
    fill = colour if cell.is_above_prevalence else "white"
    axes.plot(
        round(estimate.value, 2),
        place,
        shape,
        markersize=8,
        markerfacecolor=fill,
        markeredgecolor=colour,
        markeredgewidth=1.8,
    )


def _right_end(cells: Sequence[Cell], success_threshold: float) -> float:
    figures = [figure for cell in cells for figure in (cell.precision.value, cell.precision.high)]
    furthest = max([success_threshold, *(round(figure, 2) for figure in figures if figure is not None)])
    return min(1.02, ceil(10 * furthest + 0.3) / 10)


def _marks(cells: Sequence[Cell]) -> dict[str, tuple[str, str]]:
    classifiers = dict.fromkeys(cell.names["classifier"] for cell in cells)
    return dict(zip(classifiers, zip(cycle(_COLOURS), cycle(_SHAPES), strict=False), strict=False))


def _legend_entries(marks: Marks) -> list[Line2D]:
    entries = [_legend_mark(one_line(name), colour, shape, colour) for name, (colour, shape) in marks.items()]
    return [
        *entries,
        _legend_mark("filled: interval wholly above prevalence", _TEXT, "o", _TEXT),
        _legend_mark("hollow: it is not, or is not known", _TEXT, "o", "white"),
        Line2D([], [], color=_TEXT, linewidth=2, label="prevalence (no skill)"),
        Line2D([], [], color=_TEXT, linewidth=1, linestyle=(0, (4, 3)), label="success threshold"),
    ]


def _legend_mark(label: str, colour: str, shape: str, fill: str) -> Line2D:
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


def _accessible(drawing: bytes, title: str, description: str) -> str:
    """Reduce a drawing to an element for a page: no prolog, no metadata, no fixed size, but words."""
    parser = etree.XMLParser(remove_comments=True, no_network=True, load_dtd=False, resolve_entities=False)
    svg = etree.fromstring(drawing, parser)
    namespace = "{http://www.w3.org/2000/svg}"
    for element in svg.findall(f"{namespace}metadata"):
        svg.remove(element)
    for element in svg.iter(f"{namespace}use"):
        element.set("href", element.attrib.pop("{http://www.w3.org/1999/xlink}href"))
    for name in ("width", "height", "version"):
        del svg.attrib[name]
    svg.set("role", "img")
    svg.set("aria-labelledby", "chart-title chart-description")
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(
            f"{namespace}{tag}", id=f"chart-{'title' if tag == 'title' else 'description'}"
        )
        element.text = text
        svg.insert(place, element)
    etree.cleanup_namespaces(svg)
    return str(etree.tostring(svg, encoding="unicode"))
