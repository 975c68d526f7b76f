"""The figure of a comparison: average precision with its interval, against chance, cell by cell."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

import matplotlib as mpl
from lxml import etree
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.transforms import Transform, blended_transform_factory
from matplotlib.typing import RcKeyType

from csc_experiments.report.cells import Cell, grouped
from csc_experiments.report.display import counted
from csc_experiments.report.estimate import NOT_AVAILABLE, two_decimals
from csc_experiments.report.legend import DASHES, TEXT, Marks, legend_columns, legend_entries, marks_of
from csc_experiments.report.panels import Panel, highest, panels

_FAINT = "#B1B4B6"
_QUIET = "#505A5F"

_STYLE: dict[RcKeyType, object] = {
    "font.family": "DejaVu Sans",  # ships with matplotlib, so every machine measures the same widths
    "font.size": 10.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "csc-experiments",
    "text.color": TEXT,
    "axes.labelcolor": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "text.parse_math": False,
}

# All in inches; the last three are widths that letters do not pass on average.
_EDGE, _TOP, _BOTTOM, _PLOT = 0.1, 0.15, 0.55, 5.6
_GAP, _LINE, _SMALL_LINE, _ROW = 0.42, 0.2, 0.15, 0.26
_INDENT, _TICK = 0.2, 0.05
_LETTER, _BOLD_LETTER, _SMALL_LETTER = 0.076, 0.1, 0.067


@dataclass(frozen=True, slots=True)
class _Note:
    """Words between the rows of marks, and the place, in inches, at which they start or end."""

    text: str
    start: float
    small: bool = False
    align: Literal["left", "right"] = "left"


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
    """Say in words what the chart shows: for each panel its chance and its highest average precision.

    Parameters
    ----------
    cells : sequence of Cell

    Returns
    -------
    str
        One sentence per panel; baselines come after the highest of the others.
    """
    return " ".join(map(_describe_panel, panels(cells)))


def _describe_panel(panel: Panel) -> str:
    chance = f"{counted(len(panel.cells), 'cell')}, chance {two_decimals(panel.chance)}"
    baseline = highest([cell for cell in panel.baselines if cell.precision.value is not None])
    said = [
        f"highest {what} {cell.precision} with {panel.called(cell)}"
        for what, cell in (("average precision", panel.best), ("baseline", baseline))
        if cell is not None
    ]
    return f"{panel.title}: {', '.join([chance, *said]) if said else f'average precision {NOT_AVAILABLE}'}."


def _draw(cells: Sequence[Cell], success_threshold: float) -> Figure:
    drawn = panels(cells)
    marks = marks_of(cells)
    left = _EDGE + 0.2 + _LETTER * max(len(cell.called("classifier")) for cell in cells)
    width = left + _PLOT + 0.2
    legend = legend_entries(cells, marks)
    columns = legend_columns(legend, width)
    titles = [_wrapped(panel.title, width, _BOLD_LETTER) for panel in drawn]
    heads = [_GAP + _LINE * len(title) for title in titles]
    lines = [_lines(panel, left, width) for panel in drawn]
    bodies = [_ROW * len(body) for body in lines]
    top = _TOP + 0.24 * ceil(len(legend) / columns)
    height = top + sum(heads) + sum(bodies) + _BOTTOM
    figure = Figure(figsize=(width, height))
    FigureCanvasSVG(figure)
    edge = height - top
    for rows, title, head, body in zip(lines, titles, heads, bodies, strict=True):
        edge -= head + body
        axes = figure.add_axes((left / width, edge / height, _PLOT / width, body / height))
        _draw_panel(figure, axes, rows, marks, success_threshold)
        place = (_EDGE / width, (edge + body + 0.08) / height)
        figure.text(*place, "\n".join(title), va="bottom", fontsize=11, fontweight="bold")
        axes.set_xlim(0, _right_end(cells, success_threshold))
    axes.set_xlabel("Average precision")
    figure.legend(
        handles=legend, loc="upper left", ncols=columns, frameon=False, fontsize=9, bbox_to_anchor=(0.0, 1.0)
    )
    return figure


def _wrapped(text: str, width: float, letter: float) -> list[str]:
    return textwrap.wrap(text, int((width - 2 * _EDGE) / letter))


def _lines(panel: Panel, left: float, width: float) -> list[_Note | Cell]:
    """Give the lines of a panel from the top: each representation, its cells, and what each differs by."""
    lines: list[_Note | Cell] = []
    for group in grouped(panel.cells, ("representation",)).values():
        lines.append(_Note(group[0].called("representation"), _EDGE))
        for cell in group:
            lines += [cell, *_variant_lines(panel.differs_by(cell), left, width)]
    return lines


def _variant_lines(variant: str, left: float, width: float) -> list[_Note | Cell]:
    """Set a variant under the name of its classifier if it fits there, or else across the panel."""
    if not variant:
        return []
    if _SMALL_LETTER * len(variant) <= left - 2 * _EDGE:
        return [_Note(variant, left - _TICK, small=True, align="right")]
    wrapped = _wrapped(variant, width - _INDENT, _SMALL_LETTER)
    empty = ceil(len(wrapped) * _SMALL_LINE / _ROW) - 1
    return [_Note("\n".join(wrapped), _EDGE + _INDENT, small=True), *[_Note("", _EDGE)] * empty]


def _draw_panel(
    figure: Figure, axes: Axes, lines: Sequence[_Note | Cell], marks: Marks, success_threshold: float
) -> None:
    axes.grid(axis="x", color=_FAINT, linewidth=0.6, alpha=0.6)
    axes.axvline(success_threshold, color=TEXT, linewidth=1, linestyle=DASHES)
    rows = {place: line for place, line in enumerate(lines) if isinstance(line, Cell)}
    for place, cell in rows.items():
        _draw_cell(axes, place, cell, marks[cell.names["classifier"]])
    axes.set_yticks(list(rows), [cell.called("classifier") for cell in rows.values()])
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.tick_params(length=0)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    # Notes start near the left edge of the figure, whose own scale is in inches.
    across = blended_transform_factory(figure.dpi_scale_trans, axes.transData)
    for place, line in enumerate(lines):
        if isinstance(line, _Note):
            _write(axes, place, line, across)


def _write(axes: Axes, place: int, note: _Note, across: Transform) -> None:
    # What is small belongs to the line above it, and stands close to it.
    style = {"va": "top", "fontsize": 8.5, "color": _QUIET} if note.small else {"va": "center"}
    axes.text(note.start, place - 0.45 * note.small, note.text, transform=across, ha=note.align, **style)


def _draw_cell(axes: Axes, place: int, cell: Cell, mark: tuple[str, str]) -> None:
    colour, shape = mark
    estimate = cell.precision
    if cell.chance is not None:
        # Row by row: cells of a panel are tested on the same cases, but the drawing does not rely on it.
        axes.plot(
            [round(cell.chance, 2)] * 2,
            [place - 0.5, place + 0.5],
            color=TEXT,
            linewidth=2,
            solid_capstyle="butt",
        )
    if estimate.value is None:
        axes.text(round(cell.chance or 0.0, 2) + 0.01, place, NOT_AVAILABLE, va="center", fontsize=9)
        return
    if estimate.low is not None and estimate.high is not None:
        ends = [round(estimate.low, 2), round(estimate.high, 2)]
        axes.plot(ends, [place, place], color=colour, linewidth=2)
    fill = colour if cell.is_above_chance else "white"
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
