"""A children in need census return (XML), of any layout since 2017, as the standard tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

import polars as pl
from lxml import etree

from csc_experiments.errors import InvalidDateError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.cin_census.rows import CensusRows
from csc_experiments.records.dates import FIRST_YEAR, LAST_YEAR, parse_iso_date

_MANY_DAYS = 100
"""Dates from which one would lie in the year of the return."""
_EXPECTED = (
    "A children in need census is expected: an XML file whose root is Message and whose collection is CIN."
)


@dataclass(frozen=True, slots=True)
class CinCensus:
    """One year's census of one authority.

    Attributes
    ----------
    authority : str
        The Department for Education's number for the authority; empty if the header has none.
    year : int
        The year in which the collection ends: 2025 stands for April 2024 to March 2025.
    reference_date : date or None
        As the header has it; it should be 31 March of `year`.
    tables : dict of str to polars.DataFrame
        Every standard table. A census has no families, contacts, care episodes or documents.
    rejects : polars.DataFrame
        table, row (the child's place in the file, from 1), column, reason.
    ignored : int
        Elements that no known layout has in their place; nothing was read from them.
    """

    authority: str
    year: int
    reference_date: date | None
    tables: dict[str, pl.DataFrame]
    rejects: pl.DataFrame
    ignored: int


def read_cin_census(path: Path) -> CinCensus:
    """Read a census file, child by child.

    A `CINdetails` without a valid referral date is set aside with all that stands inside it, as is a module
    without a valid start date and a child without an identifier. Any other cell that cannot be used becomes
    null. Each is counted in `rejects`.

    Parameters
    ----------
    path : pathlib.Path
        Read as a stream: memory is bounded by the tables, not by the file.

    Raises
    ------
    RecordsNotFoundError
        If there is no such file.
    UnreadableInputError
        If it is not a census, is damaged or truncated, or declares a document type.
    InvalidDateError
        If more than half of the referral dates are not dates.
    """
    header, rows = _Header(), CensusRows()
    with _opened(path) as file:
        _check_root(path, file)
        file.seek(0)
        for element in _elements(file):
            if _name(element) == "Header":
                header.read(element)
            else:
                rows.add_child(element)
    _check_content(path, header, rows)
    tables, rejects = rows.tables()
    year = _year(path, header)
    _check_days(path, year, tables)
    return CinCensus(
        authority=header.authority,
        year=year,
        reference_date=header.reference_date,
        tables=tables,
        rejects=rejects,
        ignored=rows.ignored,
    )


class _Header:
    """What the head of a census says; nothing where it is silent."""

    def __init__(self) -> None:
        self.collection = self.authority = self.year = ""
        self.reference_date: date | None = None

    def read(self, element: etree._Element) -> None:
        said = {_name(part): (part.text or "").strip() for part in element.iter()}
        lea = said.get("LEA", "")
        self.collection = said.get("Collection", "")
        self.authority = lea if lea.isascii() and lea.isdecimal() else ""
        self.year = said.get("Year", "")
        self.reference_date = parse_iso_date(said.get("ReferenceDate", ""))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for the parser, whose own messages quote what it read and are not passed on."""
    if not path.exists():
        raise RecordsNotFoundError(f"{path} is not there.")
    try:
        with path.open("rb") as file:
            yield file
    except etree.LxmlError:
        raise UnreadableInputError(
            f"{path} is not XML, or is damaged or truncated.", todo=_EXPECTED
        ) from None
    except OSError:
        raise UnreadableInputError(f"{path} cannot be read as a file.", todo=_EXPECTED) from None


def _parser(file: BinaryIO, events: tuple[str, ...], tag: tuple[str, ...]) -> etree.iterparse:
    return etree.iterparse(
        file,
        events=events,
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _check_root(path: Path, file: BinaryIO) -> None:
    """Refuse another kind of file on its first element, before anything is read from it."""
    for _, root in _parser(file, ("start",), ("*",)):
        if root.getroottree().docinfo.doctype:
            raise UnreadableInputError(
                f"{path} declares a document type, which no census return does.", todo=_EXPECTED
            )
        if _name(root) != "Message":
            raise UnreadableInputError(f"{path} is XML of another kind.", todo=_EXPECTED)
        return


def _elements(file: BinaryIO) -> Iterator[etree._Element]:
    """Yield the header and each child, and forget each once it has been used."""
    for _, element in _parser(file, ("end",), ("{*}Header", "{*}Child")):
        parent = element.getparent()
        if parent is None or _name(parent) not in {"Message", "Children"}:
            continue
        yield element
        element.clear()
        while element.getprevious() is not None:
            del parent[0]


def _check_content(path: Path, header: _Header, rows: CensusRows) -> None:
    if header.collection not in {"", "CIN"}:
        raise UnreadableInputError(f"{path} is the return of another collection.", todo=_EXPECTED)
    if rows.children == 0:
        raise UnreadableInputError(f"{path} holds no Child.", todo=_EXPECTED)
    if 2 * rows.undated > rows.referrals:
        raise InvalidDateError(
            f"{path}: CINreferralDate is not a date in {rows.undated} of {rows.referrals} CINdetails.",
            todo="Dates in a census are written YYYY-MM-DD. Export the return again.",
        )


def _check_days(path: Path, year: int, tables: dict[str, pl.DataFrame]) -> None:
    """Refuse a return of another year: it would count as covering days that it says nothing of."""
    days = pl.concat(
        frame[column].alias("day")
        for name, frame in tables.items()
        if name != "ssd_person"
        for column, dtype in frame.schema.items()
        if dtype == pl.Date
    ).drop_nulls()
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    if len(days) >= _MANY_DAYS and not days.is_between(first, last).any():
        raise InvalidDateError(
            f"{path}: none of its {len(days)} dates lies from 1 April {year - 1} to 31 March {year}, the year"
            " that its header gives.",
            todo="Correct the Year of the header.",
        )


def _year(path: Path, header: _Header) -> int:
    """Return the collection year, from the reference date where the header has no year."""
    written = header.year.isascii() and header.year.isdecimal() and len(header.year) == len(str(LAST_YEAR))
    if written and FIRST_YEAR <= int(header.year) <= LAST_YEAR:
        return int(header.year)
    if header.reference_date is not None:
        return header.reference_date.year
    raise UnreadableInputError(
        f"{path}: the header has neither a valid Year nor a valid ReferenceDate.",
        todo="Without them it cannot be said which year the return covers.",
    )


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2]
