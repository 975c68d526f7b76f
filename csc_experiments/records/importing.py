"""Any source that an authority has becomes a records folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from csc_experiments.errors import ConfigError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.cin_census import CinCensus, read_cin_census
from csc_experiments.records.source import Coverage, Source
from csc_experiments.records.ssd_files import find_ssd_files, read_ssd_files
from csc_experiments.records.store import EXTRACT_FILE, Extract, read_extract, write_records

_AUTHORITY = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_READS = "A children in need census (.xml) and a folder of SSD tables (.csv or .parquet) can be imported."


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    extract : Extract
        What the new records folder says about itself.
    rows : dict of str to int
        Rows of each table that was written.
    rejected : dict of (table, column, reason) to int
        How many cells or rows were set aside; the places are in `rejects/rejects.parquet` beside the records.
    notes : tuple of str
        What was assumed, and what was not read.
    """

    extract: Extract
    rows: dict[str, int]
    rejected: dict[tuple[str, str, str], int]
    notes: tuple[str, ...]


def import_records(
    source: Path, out: Path, *, authority: str, covers: tuple[date, date] | None = None
) -> ImportReport:
    """Turn a source into a records folder.

    Parameters
    ----------
    source : pathlib.Path
        A children in need census (.xml), or a folder of Standard Safeguarding Dataset tables.
    out : pathlib.Path
        The records folder; an earlier one is replaced whole, and left alone if the import fails.
    authority : str
        The code that the authority chose for itself: lower-case letters, digits, `-` and `_`, at most 32.
    covers : tuple of date, optional
        First and last day between which everything that happened is in the source. SSD tables need it; a
        census covers its collection year by default.

    Raises
    ------
    ConfigError
        If the authority code or `covers` is not valid, SSD tables come without `covers`, the source is a
        records folder already, or `out` holds something else.
    RecordsNotFoundError
        If the source is not there or holds no table.
    UnreadableInputError, MissingColumnError, InvalidDateError
        If the source cannot be used; the message says why.
    """
    _check_request(source, out, authority, covers)
    read = _read_folder(source, covers) if source.is_dir() else _read_file(source, covers)
    extract = write_records(
        out,
        authority=authority,
        extract_date=read.coverage[1],
        coverage=read.coverage,
        sources=(read.kind,),
        tables=read.tables,
        rejects=read.rejects,
    )
    return ImportReport(
        extract=extract,
        rows={name: read.tables[name].height for name in extract.tables},
        rejected=_count(read.rejects),
        notes=read.notes,
    )


def _check_request(source: Path, out: Path, authority: str, covers: Coverage | None) -> None:
    if not _AUTHORITY.fullmatch(authority):
        raise ConfigError(
            "The authority code is not valid.",
            todo="Use lower-case letters, digits, - and _, at most 32, starting with a letter or a digit.",
        )
    if covers is not None and covers[0] > covers[1]:
        raise ConfigError("The coverage ends before it starts.", todo="Give the first day, then the last.")
    if not source.exists():
        raise RecordsNotFoundError(f"{source} is not there.", todo=_READS)
    if (source / EXTRACT_FILE).is_file():
        raise ConfigError(f"{source} is a records folder already.", todo="Use it as it is.")
    if source.resolve().is_relative_to(out.resolve()):
        raise ConfigError(f"{out} would replace the source.", todo="Choose another folder for the records.")
    if (out / EXTRACT_FILE).is_file() and read_extract(out).authority != authority:
        raise ConfigError(
            f"{out} holds the records of another authority.", todo="Choose another folder for the records."
        )
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / EXTRACT_FILE).is_file()):
        raise ConfigError(
            f"{out} is there and is not a records folder.", todo="Choose another folder for the records."
        )


def _read_file(source: Path, covers: Coverage | None) -> Source:
    if source.suffix.lower() != ".xml":
        raise UnreadableInputError(f"{source} is not of a kind that can be imported.", todo=_READS)
    census = read_cin_census(source)
    year = census.year
    return Source(
        kind=f"CIN census {year}",
        tables=census.tables,
        rejects=census.rejects,
        coverage=covers or (date(year - 1, 4, 1), date(year, 3, 31)),
        notes=_census_notes(census, covers),
    )


def _census_notes(census: CinCensus, covers: Coverage | None) -> tuple[str, ...]:
    first = f"Coverage: the collection year, 1 April {census.year - 1} to 31 March {census.year}."
    notes = ["Coverage: as given." if covers else first]
    if census.reference_date != date(census.year, 3, 31):
        notes.append(f"The header's reference date is not 31 March {census.year}.")
    if census.ignored:
        notes.append(f"{census.ignored} elements are of no known layout and were not read.")
    notes.append("A census does not say who is family: each child counts as a family of its own.")
    return tuple(notes)


def _read_folder(source: Path, covers: Coverage | None) -> Source:
    _, others = find_ssd_files(source)
    if covers is None:
        # A guess from the dates in it would decide which outcomes count as looked for.
        raise ConfigError(
            f"{source}: SSD tables do not say which days they are complete for.",
            todo="Give --covers FROM TO (YYYY-MM-DD), the first and the last day between which all that"
            " happened is in them; whoever made the extract knows. With a last day that is too late, outcomes"
            " that are not in them yet would count as not having happened.",
        )
    tables, rejects = read_ssd_files(source)
    notes = ["Coverage: as given."]
    if others:
        notes.append(f"{others} files are no standard table and were not read.")
    if "ssd_family" not in tables:
        notes.append("There is no table ssd_family: each child counts as a family of its own.")
    return Source("SSD files", tables, rejects, covers, tuple(notes))


def _count(rejects: pl.DataFrame) -> dict[tuple[str, str, str], int]:
    counted = rejects.group_by("table", "column", "reason").len().sort("table", "column", "reason")
    return {(table, column, reason): count for table, column, reason, count in counted.iter_rows()}
