"""Ofsted's Annex A, one workbook or one a quarter, as the standard tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from csc_experiments.errors import RecordsNotFoundError
from csc_experiments.records.annex_a.lists import LISTS, LISTS_OF_CHILDREN
from csc_experiments.records.annex_a.rows import read_disabilities, read_part, read_people
from csc_experiments.records.annex_a.sheets import ListSheet, find_lists
from csc_experiments.records.rejects import rejects_frame
from csc_experiments.records.store import conform
from csc_experiments.records.tables import TABLES
from csc_experiments.records.workbooks import has_macros, read_sheets

_REFERRALS, _CASES = 3, 6
_DAYS_TO_ASSESS = 63
"""45 working days: in that time it is settled whether a child who was referred is in need."""
_BOOK, _CASE = "workbook", "case"
_EVERY = 0
"""The number under which what all lists tell of the children stands."""
_PEOPLE = ("ssd_person", "ssd_disability")
_KEYS = {
    part.table: (part.person, part.day, next(iter(part.ids)))
    for known in LISTS.values()
    for part in known.parts
}
"""Of each table that is dated: the columns of the child, the day and the identifier."""


@dataclass(frozen=True, slots=True)
class AnnexA:
    """What one or several workbooks tell.

    Attributes
    ----------
    tables : dict of str to polars.DataFrame
        The standard tables that the lists can fill; some may be empty. Identifiers are made of the child's
        and of dates, so the same referral has the same one in every workbook.
    rejects : polars.DataFrame
        table, row (the line after the header of its sheet, from 1), column, reason.
    notes : tuple of str
        What was assumed, and what was not read.
    """

    tables: dict[str, pl.DataFrame]
    rejects: pl.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Book:
    """One workbook.

    Attributes
    ----------
    parts : dict of (int, str) to polars.DataFrame
        By list and standard table.
    rows : dict of int to int
        Of each list.
    others : int
        Sheets that are no list.
    """

    path: Path
    parts: dict[tuple[int, str], pl.DataFrame]
    rejects: pl.DataFrame
    rows: dict[int, int]
    others: int
    macros: bool


def read_annex_a(paths: Sequence[Path]) -> AnnexA:
    """Read the lists of one workbook, or of several that were taken on different days.

    What several workbooks tell of is taken from the latest of them. The latest is the one whose contacts and
    referrals are; if one has neither, the last of `paths` counts as the latest.

    A row without a child or the date that it is about is set aside, as is a second row about the same thing;
    any other cell that cannot be used becomes null. Each is counted in `rejects`.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Workbooks (.xlsx or .xlsm; macros are never run).

    Raises
    ------
    RecordsNotFoundError
        If no path is given, or one is not there.
    UnreadableInputError
        If a file is no workbook, is damaged or holds no list, or a list or a heading stands there twice.
    MissingColumnError
        If a list lacks the column of the child or of its date.
    InvalidDateError
        If more than half of a list's dates are not dates.
    """
    if not paths:
        raise RecordsNotFoundError("No workbook of Annex A was given.")
    books = _latest_last([_read_book(path) for path in paths])
    kinds = dict.fromkeys(kind for book in books for kind in book.parts)
    stacked = {kind: _stack(books, *kind) for kind in kinds}
    cases = stacked.pop((_CASES, "ssd_cin_episodes"), _empty("ssd_cin_episodes"))
    tables = {name: _empty(name) for name in (*_PEOPLE, *_KEYS)} | {
        name: frame for (_, name), frame in stacked.items()
    }
    tables["ssd_cin_episodes"], alone = _with_cases(tables["ssd_cin_episodes"], cases)
    return AnnexA(
        {name: conform(name, frame, "Annex A") for name, frame in tables.items()},
        pl.concat([rejects_frame([]), *(book.rejects for book in books)]),
        _notes(books, alone),
    )


def _empty(name: str) -> pl.DataFrame:
    return pl.DataFrame(schema=TABLES[name].schema)


def _read_book(path: Path) -> _Book:
    sheets = read_sheets(path)
    lists, others = find_lists(path, sheets)
    parts: dict[tuple[int, str], pl.DataFrame] = {}
    rejects = [rejects_frame([])]
    people: dict[str, list[pl.DataFrame]] = {name: [_empty(name)] for name in _PEOPLE}
    for number, sheet in lists.items():
        origin = f"{path}, list {number} ({LISTS[number].title})"
        for part in LISTS[number].parts:
            parts[number, part.table], rejected = read_part(sheet, part, origin)
            rejects.append(rejected)
        if number in LISTS_OF_CHILDREN:
            rejects += _add_people(people, number, sheet, origin)
    parts |= {(_EVERY, name): pl.concat(frames) for name, frames in people.items()}
    rows = {number: len(sheet.lines) for number, sheet in lists.items()}
    return _Book(path, parts, pl.concat(rejects), rows, others, has_macros(path))


def _add_people(
    people: dict[str, list[pl.DataFrame]], number: int, sheet: ListSheet, origin: str
) -> list[pl.DataFrame]:
    """Collect the children of a list; that one has no identifier is said once, by the list's own table."""
    persons, rejected = read_people(sheet, origin)
    disabilities, unknown = read_disabilities(sheet, origin)
    people["ssd_person"].append(persons)
    people["ssd_disability"].append(disabilities)
    if LISTS[number].parts:
        rejected = rejected.filter(pl.col("column") != "pers_person_id")
    return [rejected, unknown]


def _latest_last(books: list[_Book]) -> list[_Book]:
    """Sort workbooks by the middle of their contacts and referrals, which a mistyped year does not move."""
    middles = [_middle_day(book) for book in books]
    dated = [(middle, at) for at, middle in enumerate(middles) if middle is not None]
    return [books[at] for _, at in sorted(dated)] if len(dated) == len(books) else books


def _middle_day(book: _Book) -> date | None:
    days = [
        book.parts[number, name][_KEYS[name][1]]
        for number, name in ((1, "ssd_contacts"), (_REFERRALS, "ssd_cin_episodes"))
        if (number, name) in book.parts
    ]
    every = pl.concat([pl.Series(dtype=pl.Date()), *(day.rename("") for day in days)]).sort()
    middle: date | None = every[len(every) // 2] if len(every) else None
    return middle


def _stack(books: list[_Book], number: int, name: str) -> pl.DataFrame:
    """Put what several workbooks tell below one another; what two of them tell of is the latest's."""
    frames = [book.parts[number, name] for book in books if (number, name) in book.parts]
    if name == "ssd_person":
        # A list that lacks a column does not unsay what another told.
        latest = pl.all().drop_nulls().last()
        return pl.concat(frames).group_by("pers_person_id", maintain_order=True).agg(latest)
    if name == "ssd_disability":
        return pl.concat(frames).unique("disa_person_id", keep="last", maintain_order=True)
    person, day, identifier = _KEYS[name]
    rows = pl.concat([frame.with_columns(pl.lit(at).alias(_BOOK)) for at, frame in enumerate(frames)])
    told = rows.filter(pl.col(_BOOK) == pl.max(_BOOK).over(person, day))
    return told.unique(identifier, keep="first", maintain_order=True).drop(_BOOK)


def _with_cases(referrals: pl.DataFrame, cases: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Give referrals the need and the closure of the cases that they became.

    A case belongs to the referral of its day or else to the latest before it with further action, as long as
    an assessment may take; one referral becomes one case, the earliest. Any other case, such as one that was
    referred before the first workbook begins, is a row of its own, with its start as the day of the referral.

    Returns
    -------
    frame : polars.DataFrame
    alone : int
        How many cases are rows of their own.
    """
    links = _link(referrals, cases)
    case_columns = ("cine_cin_primary_need_code", "cine_close_date", "cine_close_reason")
    told = links.join(cases.rename({"cine_referral_id": _CASE}), on=_CASE)
    closed = referrals.drop(case_columns).join(
        told.select("cine_referral_id", *case_columns),
        on="cine_referral_id",
        how="left",
        maintain_order="left",
    )
    alone = cases.join(links, left_on="cine_referral_id", right_on=_CASE, how="anti", maintain_order="left")
    return pl.concat([closed, alone.select(closed.columns)]), alone.height


def _link(referrals: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Return which case belongs to which referral: cine_referral_id, case."""
    dated = cases.select("cine_person_id", "cine_referral_date", pl.col("cine_referral_id").alias(_CASE))
    key = ["cine_person_id", "cine_referral_date"]
    same = referrals.select("cine_referral_id", *key).join(dated, on=key, maintain_order="left")
    free = referrals.filter(pl.col("cine_referral_nfa").ne_missing("Y")).join(
        same, on="cine_referral_id", how="anti"
    )
    later = (
        dated.join(same, on=_CASE, how="anti")
        .sort("cine_referral_date", _CASE)
        .join_asof(
            free.select("cine_referral_id", *key).sort("cine_referral_date"),
            on="cine_referral_date",
            by="cine_person_id",
            strategy="backward",
            tolerance=timedelta(days=_DAYS_TO_ASSESS),
            check_sortedness=False,
        )
        .drop_nulls("cine_referral_id")
        .unique("cine_referral_id", keep="first", maintain_order=True)
    )
    return pl.concat([frame.select("cine_referral_id", _CASE) for frame in (same, later)])


def _notes(books: list[_Book], alone: int) -> tuple[str, ...]:
    rows = {number: sum(book.rows.get(number, 0) for book in books) for number in LISTS}
    absent = [number for number in LISTS if not any(number in book.rows for book in books)]
    notes = [
        f"List {number} ({LISTS[number].title}): {rows[number]} rows; no standard table tells of them."
        for number in LISTS
        if not LISTS[number].parts and rows[number]
    ]
    notes += [f"List {number} ({LISTS[number].title}) is in no workbook." for number in absent]
    if len(books) > 1:
        order = ", ".join(book.path.name for book in books)
        notes.append(f"What several workbooks tell of is taken from the last of: {order}.")
    if alone:
        notes.append(
            f"{alone} cases of list 6 have no referral in list 3: each starts with one, on its start."
        )
    notes += [f"{book.path.name} has macros; they were not run." for book in books if book.macros]
    others = sum(book.others for book in books)
    if others:
        notes.append(f"{others} sheets are no list of Annex A and were not read.")
    return (*notes, *_ALWAYS)


_ALWAYS = (
    "Annex A says who has a disability, not which: code DDA stands for any.",
    "Annex A says who has a child in need plan, but not since when: there are no such plans.",
    "Of a child looked after, Annex A tells the latest period, legal status and placement, nothing earlier.",
    "The families of lists 10 and 11 are those of adoptions and were not read.",
)
