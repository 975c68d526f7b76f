"""What is open, for how long, and how long what has ended lasted."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from csc_experiments.questions.checking import SPELLS
from csc_experiments.representations.structured.naming import ENDED_DAYS, OPEN, OPEN_DAYS
from csc_experiments.representations.structured.parts import Part, grouped

_KINDS = (OPEN, OPEN_DAYS, ENDED_DAYS)
_ORDER = ("row", "subject_id", "spell", "time", "change")


def spells_of(codes: list[str]) -> list[str]:
    """List the spells that are described: those of which an end is recorded.

    Examples
    --------
    >>> spells_of(["CP_PLAN//END", "CP_PLAN//START", "S47//START"])
    ['CP_PLAN']
    """
    known = set(codes)
    ended = {code.removesuffix("//END") for code in known if code.endswith("//END")}
    return sorted(spell for spell in ended if spell in SPELLS or f"{spell}//START" in known)


def spell_columns(found: pl.DataFrame, height: int, codes: list[str]) -> Part:
    """Say how many of each spell are open, for how many days, and how long those that ended lasted.

    A spell is open where more of its starts than of its ends are known. One that starts before another of its
    kind has ended goes on with it: together they are one period.

    Parameters
    ----------
    found : polars.DataFrame
        row, subject_id, column (position in `codes`), time, days (before the prediction time).
    height : int
        Rows of the matrix.
    codes : list of str

    Returns
    -------
    Part
        Of each spell, side by side: `open`, of how many it is open (0 or 1 of a child); `open|days`, for how
        many days, of several the most; `ended|days`, the days of ended periods, added up.
    """
    spells = spells_of(codes)
    names = tuple(f"{spell}|{kind}" for spell in spells for kind in _KINDS)
    changes = _changes(found, codes, spells)
    row, child, spell = (changes[key].to_numpy() for key in ("row", "subject_id", "spell"))
    first = _differs(row) | _differs(child) | _differs(spell)
    ago = changes["days"].to_numpy().astype(np.float64)
    is_open = _running(changes["change"].to_numpy(), first) > 0
    was_open = np.append(False, is_open[:-1])[: is_open.size] & ~first
    begins, ends = is_open & ~was_open, was_open & ~is_open
    still = is_open & np.append(first[1:], True)[: is_open.size]
    # Periods begin and end in turns, so one that is still open is the last that began.
    began = ago[np.maximum.accumulate(np.where(begins, np.arange(ago.size), 0))]
    open_days = np.where(still, began, 0)
    lasted = np.where(begins, ago, 0) - np.where(ends, ago, 0) - open_days
    filled, at = np.unique(row.astype(np.int64) * len(spells) + spell, return_inverse=True)
    values = np.zeros((filled.size, len(_KINDS)), dtype=np.float32)
    np.add.at(values[:, 0], at, still)
    np.maximum.at(values[:, 1], at, open_days)
    np.add.at(values[:, 2], at, lasted)
    at_row, at_spell = np.divmod(filled, max(len(spells), 1))
    return Part(grouped(at_row, at_spell, values, (height, len(spells))), names)


def _changes(found: pl.DataFrame, codes: list[str], spells: list[str]) -> pl.DataFrame:
    """List starts and ends of spells, in the order in which they happened; a start before an end."""
    place = {code: column for column, code in enumerate(codes)}
    sides = [
        (place[code], number, change)
        for number, spell in enumerate(spells)
        for code, change in ((f"{spell}//START", 1), (f"{spell}//END", -1))
        if code in place
    ]
    schema = {"column": pl.UInt32, "spell": pl.Int64, "change": pl.Int64}
    known = pl.DataFrame(sides, schema, orient="row")
    return (
        found.filter(pl.col("column").is_in(known["column"].implode()))
        .join(known, on="column", how="inner")
        .sort(_ORDER, descending=[False, False, False, False, True])
    )


def _differs(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Mark the lines that differ from the line before them; the first does."""
    return np.append(True, values[1:] != values[:-1])[: values.size]


def _running(changes: NDArray[np.int64], first: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Sum up from the first line of each group on."""
    total = np.cumsum(changes)
    begin = np.maximum.accumulate(np.where(first, np.arange(changes.size), 0))
    running: NDArray[np.int64] = total - (total - changes)[begin]
    return running
