"""What several years' returns say of one thing becomes one row: the later return wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from csc_experiments.records.rejects import Reason, rejects_frame
from csc_experiments.records.ssda903.cells import KEYS, list_rejects

_SINCE = "first told"
# Codes that replaced others: the same said in other words is no contradiction.
_SAME = {
    "PLACE": {"H5": "K3", "P2": "K3", "Z11": "Z1", "Z12": "Z1", "Z13": "Z1", "Z14": "Z1"},
    "REC": {"E45": "E43", "E46": "E43", "E47": "E44", "E48": "E44"},
}


@dataclass(frozen=True, slots=True)
class Joined:
    """The rows of all years as one.

    Attributes
    ----------
    rows : polars.DataFrame
        id and the columns of the files; year and row are those of the return that told last.
    rejects : polars.DataFrame
    notes : tuple of str
        How often returns contradict each other.
    """

    rows: pl.DataFrame
    rejects: pl.DataFrame
    notes: tuple[str, ...]


def join_people(files: Sequence[pl.DataFrame]) -> Joined:
    """Return one row for each child of the headers; a cell that a later return leaves empty stays."""
    told = pl.concat(files).with_columns(id="CHILD").sort("id", "year", "row")
    columns = [name for name in told.columns if name not in {"id", "year", "row", "slip", "CHILD"}]
    filled = _fill(told, columns)
    return Joined(_last(filled), rejects_frame([]), _contradictions(filled, "header", columns))


def join_spells(files: Sequence[pl.DataFrame], table: str, years: Sequence[int]) -> Joined:
    """Return one row for each spell of a child, be it an episode of care or one of being missing.

    A spell is told by its child and first day. Of those that end on the day on which they start a child may
    have several a day; they are told by their order. The first day is what `id` holds, so a later return that
    corrects it tells of another spell: one that was open in a return, and that the next leaves out but tells
    another of that began by then, has been corrected and is set aside.

    Parameters
    ----------
    files : sequence of polars.DataFrame
        As `read_return_file` gives them.
    table : str
        ``"episodes"`` or ``"missing"``.
    years : sequence of int
        Those that have such a file.
    """
    start, end = (name for name in KEYS[table][1:] if name is not None)
    told, twice = _identify(pl.concat(files), start, end)
    told = told.sort("id", "year")
    told = told.with_columns(pl.when(_is_new("id")).then("year").forward_fill().alias(_SINCE))
    columns = [name for name in files[0].columns if name not in {"year", "row", "slip", "CHILD", start}]
    told = _fill(told, [name for name in columns if name not in {end, "REC", "REASON_PLACE_CHANGE"}])
    notes = _contradictions(told, table, columns)
    rows = _last(told)
    corrected, absent = _left_out(rows, start, end, years)
    if absent:
        notes = (*notes, f"{table}: {absent} were open in a return and are not in the next.")
    rejects = [
        list_rejects(twice, table, start, Reason.OVERLAPPING),
        list_rejects(corrected, table, start, Reason.TOLD_OTHERWISE),
    ]
    rows = rows.join(corrected, on="id", how="anti", maintain_order="left")
    return Joined(rows.drop(_SINCE), pl.concat(rejects), notes)


def _last(told: pl.DataFrame) -> pl.DataFrame:
    """Keep what the last return says; the rows are sorted by id and year."""
    following = pl.col("id").shift(-1)
    return told.filter(following.ne_missing(pl.col("id")))


def _is_new(*columns: str) -> pl.Expr:
    """Tell the first of equal rows that stand together."""
    return pl.any_horizontal(pl.col(column).ne_missing(pl.col(column).shift(1)) for column in columns)


def _fill(told: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Let a later return say again what it leaves empty; the rows are sorted by id and year."""
    run = _is_new("id").cum_sum()
    return told.with_columns(run=run).with_columns(pl.col(columns).forward_fill().over("run")).drop("run")


def _identify(told: pl.DataFrame, start: str, end: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every row its id, and set apart the second of two that a return lets go on from one day."""
    at_once = (pl.col(end) == pl.col(start)).fill_null(value=False)
    told = told.with_columns(at_once=at_once).sort("year", "CHILD", start, "at_once", "row")
    place = pl.int_range(pl.len())
    number = place + 1 - pl.when(_is_new("year", "CHILD", start, "at_once")).then(place).forward_fill()
    day = pl.format("{}-{}", "CHILD", pl.col(start).dt.to_string("%Y-%m-%d"))
    numbered = told.with_columns(number=number).with_columns(
        id=pl.when("at_once").then(pl.format("{}-{}", day, "number")).otherwise(day)
    )
    second = (pl.col("number") > 1) & ~pl.col("at_once")
    return numbered.filter(~second).drop("number", "at_once"), numbered.filter(second)


def _contradictions(told: pl.DataFrame, table: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Count where a return says otherwise than the one before it that spoke of the same."""
    again = pl.col("id") == pl.col("id").shift(1)
    counts = told.select(
        (again & _said(name).shift(1).is_not_null() & _said(name).ne_missing(_said(name).shift(1)))
        .sum()
        .alias(name)
        for name in columns
    ).row(0, named=True)
    listed = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    return (
        (f"{table}: a later return contradicts an earlier one, and is believed: {listed}.",) if listed else ()
    )


def _said(name: str) -> pl.Expr:
    return pl.col(name).replace(_SAME[name]) if name in _SAME else pl.col(name)


def _left_out(rows: pl.DataFrame, start: str, end: str, years: Sequence[int]) -> tuple[pl.DataFrame, int]:
    """Return the open spells that the next return corrects, and how many others it leaves out."""
    following = pl.col("year") + 1
    open_still = pl.col(end).is_null() & ~pl.col("slip")
    gone = rows.filter(open_still & following.is_in(list(years))).with_columns(next=following)
    begun = rows.filter(pl.col(start) <= pl.date(pl.col(_SINCE) - 1, 3, 31))
    new = begun.select("CHILD", next=_SINCE, until=pl.col(end).fill_null(date.max))
    instead = gone.select("CHILD", "next", "id", start).join(new, on=["CHILD", "next"])
    corrected = gone.join(instead.filter(pl.col("until") > pl.col(start)), on="id", how="semi")
    return corrected, gone.height - corrected.height
