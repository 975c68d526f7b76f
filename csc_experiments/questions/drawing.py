"""The flow of a cohort as a drawing: a box for those who remain, and one beside it for those left out.

An SVG element is written as text. A library for charts would take longer to be loaded than a small cell
takes to be run.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import polars as pl

_BOX, _GAP, _HEIGHT, _STEP, _EDGE = 270, 60, 40, 62, 20
_LINE, _TEXT = "#505A5F", "#0B0C0C"


def flow_words(flow: pl.DataFrame, title: str) -> str:
    """Say in words what the drawing of a flow shows.

    Examples
    --------
    >>> rows = [("index events", 0, 9), ("CLA open", 2, 7)]
    >>> flow = pl.DataFrame(rows, ["criterion", "removed", "remaining"], orient="row")
    >>> flow_words(flow, "Asked about")
    'Asked about. 9 index events. Left out: 2, CLA open. 7 remain.'
    """
    (_, _, first), *others = flow.iter_rows()
    left_out = "; ".join(f"{removed:,}, {name}" for name, removed, _ in others if removed)
    last = others[-1][2] if others else first
    return f"{title}. {first:,} index events. Left out: {left_out or 'none'}. {last:,} remain."


def flow_svg(flow: pl.DataFrame, title: str) -> str:
    """Draw a flow in the manner of CONSORT, from the index events down to the cohort.

    Counts are exact, so a drawing stays on site.

    Parameters
    ----------
    flow : polars.DataFrame
        criterion, removed, remaining, as in `Cohort`.
    title : str

    Returns
    -------
    str
        An SVG document with a title and a description for those who do not see it. Criteria that removed
        nothing are named below the last box, not drawn.
    """
    (_, _, first), *others = flow.iter_rows()
    removing = [row for row in others if row[1]]
    idle = [name for name, removed, _ in others if not removed]
    parts = [_box(_EDGE, 0, f"{first:,}", "index events")]
    for place, (name, removed, remaining) in enumerate(removing, start=1):
        parts += _step(place, name, removed, remaining, is_last=place == len(removing))
    end = _EDGE + _STEP * len(removing) + _HEIGHT
    notes = [f"Removed nothing: {name}" for name in idle]
    parts += [_text(_EDGE, end + 22 + 16 * line, note, "start", 11) for line, note in enumerate(notes)]
    width, height = 2 * _EDGE + 2 * _BOX + _GAP, end + _EDGE + 16 * len(notes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}" role="img" aria-labelledby="title description"'
        f' font-family="sans-serif"><title id="title">{escape(title)}</title>'
        f'<desc id="description">{escape(flow_words(flow, title))}</desc>'
        f'<rect width="{width}" height="{height}" fill="white"/>{"".join(parts)}</svg>\n'
    )


def _step(place: int, name: str, removed: int, remaining: int, *, is_last: bool) -> Iterator[str]:
    """Draw one criterion: down to those who remain, and aside to those it removed."""
    middle, above = _EDGE + _BOX / 2, _EDGE + _STEP * (place - 1) + _HEIGHT
    aside = above + (_STEP - _HEIGHT) / 2
    yield f'<path d="M{middle} {above}V{above + _STEP - _HEIGHT}" stroke="{_LINE}"/>'
    yield f'<path d="M{middle} {aside}H{_EDGE + _BOX + _GAP}" stroke="{_LINE}"/>'
    yield _box(_EDGE, place, f"{remaining:,}", "asked about" if is_last else "remain")
    yield _box(_EDGE + _BOX + _GAP, place - 0.5, f"{removed:,}", name)


def _box(left: float, place: float, count: str, said: str) -> str:
    top = _EDGE + _STEP * place
    return (
        f'<rect x="{left}" y="{top}" width="{_BOX}" height="{_HEIGHT}" fill="white" stroke="{_LINE}"/>'
        + _text(left + _BOX / 2, top + 17, count, "middle", 14)
        + _text(left + _BOX / 2, top + 33, said, "middle", 12)
    )


def _text(across: float, down: float, said: str, anchor: str, size: int) -> str:
    return (
        f'<text x="{across}" y="{down}" text-anchor="{anchor}" font-size="{size}" fill="{_TEXT}">'
        f"{escape(said)}</text>"
    )
