"""Which kind a source is of, and how each kind is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from csc_experiments.errors import ConfigError, RecordsNotFoundError
from csc_experiments.records.annex_a.books import read_annex_a
from csc_experiments.records.cin_census.returns import read_censuses
from csc_experiments.records.documents.reading import read_documents
from csc_experiments.records.event_files.reading import read_events
from csc_experiments.records.families.addresses import ADDRESSES, read_addresses
from csc_experiments.records.families.links import read_family_links
from csc_experiments.records.places import require_there
from csc_experiments.records.recognising import DOCUMENTS, READS, WORKBOOKS, kind_of
from csc_experiments.records.source import Coverage, Source
from csc_experiments.records.ssd.database import database_url, read_ssd_database
from csc_experiments.records.ssd.files import find_ssd_files, read_ssd_files
from csc_experiments.records.ssda903.returns import read_ssda903
from csc_experiments.records.store import EXTRACT_FILE

DATABASE: Final = "env"
SSD: Final = "ssd"
_BOOKS: Final = "the workbook (.xlsx), or the folder with those of several days"
_UNDATED: Final = frozenset({"ssd_family", ADDRESSES})


def read_source(said: str | Path, types: Mapping[str, str] | None = None) -> Source:
    """Read a source of any kind.

    Parameters
    ----------
    said : str or pathlib.Path
        A file or a folder, whose kind is told by what it holds; before it may stand a kind of `KINDS` and a
        colon. Or ``env:VARIABLE`` or ``env:VARIABLE/schema`` for a database whose address that variable of
        the environment holds.
    types : mapping of str to str, optional
        Types of documents by the authority's own names for them.

    Raises
    ------
    ConfigError
        If it is a records folder already.
    RecordsNotFoundError
        If it is not there.
    UnreadableInputError, MissingColumnError, InvalidDateError
        If it cannot be used.
    """
    kind, colon, rest = f"{said}".partition(":")
    if colon and kind == DATABASE:
        variable, _, schema = rest.partition("/")
        return replace(_read_database(variable, schema or None), reader=SSD)
    given = bool(colon) and kind in (*KINDS, DOCUMENTS)
    path = Path(rest if given else said)
    # Of a kind that is given, its reader says what it takes.
    if not given and not path.exists():
        raise RecordsNotFoundError(f"{path} is not there.", todo=READS)
    if (path / EXTRACT_FILE).is_file():
        raise ConfigError(f"{path} is a records folder already.", todo="Use it as it is.")
    found = kind if given else kind_of(path)
    source = _read_documents(path, types or {}) if found == DOCUMENTS else KINDS[found](path)
    return replace(source, reader=found)


def place_of(said: str | Path) -> Path | None:
    """Return where a source lies; None if it is a database."""
    kind, colon, rest = f"{said}".partition(":")
    if colon and kind == DATABASE:
        return None
    return Path(rest) if colon and kind in (*KINDS, DOCUMENTS) else Path(said)


def _read_annex_a(place: Path) -> Source:
    require_there(place, "annex_a", _BOOKS)
    books = (
        [place]
        if place.is_file()
        else sorted(
            file
            for file in place.rglob("*")
            if file.suffix.lower() in WORKBOOKS and not file.name.startswith("~$")
        )
    )
    if not books:
        raise RecordsNotFoundError(f"{place} holds no workbook.", todo=f"Give {_BOOKS}.")
    read = read_annex_a(books)
    return Source("Annex A", read.tables, read.rejects, None, read.notes)


def _read_events(place: Path) -> Source:
    read = read_events(place)
    return Source("event files", {"events": read.events}, read.rejects, None, read.notes)


def _read_addresses(path: Path) -> Source:
    table, rejects = read_addresses(path)
    return Source("addresses", {ADDRESSES: table}, rejects)


def _read_families(path: Path) -> Source:
    table, rejects = read_family_links(path)
    return Source("family links", {"ssd_family": table}, rejects)


def _read_documents(place: Path, types: Mapping[str, str]) -> Source:
    read = read_documents(place, types)
    return Source("documents", {"documents": read.documents}, read.rejects, None, read.notes)


def _read_ssda903(folder: Path) -> Source:
    returns = read_ssda903(folder)
    first, last = returns.years[0], returns.years[-1]
    whole = last - first + 1 == len(returns.years)
    return Source(
        f"SSDA903 {first}" if first == last else f"SSDA903 {first} to {last}",
        returns.tables,
        returns.rejects,
        (date(first - 1, 4, 1), date(last, 3, 31)) if whole else None,
        returns.notes,
    )


def _read_database(variable: str, schema: str | None) -> Source:
    tables, rejects = read_ssd_database(database_url(variable), schema)
    return Source("SSD database", tables, rejects)


def _read_ssd_folder(folder: Path) -> Source:
    _, others = find_ssd_files(folder)
    tables, rejects = read_ssd_files(folder)
    notes = [f"{others} files are no standard table and were not read."] if others else []
    return Source("SSD files", tables, rejects, None, tuple(notes))


def coverage_of(sources: Sequence[Source], covers: Coverage | None) -> tuple[Coverage, str]:
    """Return the days that some sources are complete for, and where that is known from.

    Raises
    ------
    ConfigError
        If it is not given, and not every source says the same.
    """
    if covers is not None:
        return covers, "Coverage: as given."
    # Who is family, or where somebody lives, is told of no day.
    said = {source.coverage for source in sources if not set(source.tables) <= _UNDATED}
    found = said.pop() if len(said) == 1 else None
    if found is None:
        # A guess from the dates in it would decide which outcomes count as looked for.
        raise ConfigError(
            f"{' and '.join(source.kind for source in sources)}: nothing says which days are complete.",
            todo="Give --covers FROM TO (YYYY-MM-DD), the first and the last day between which all that"
            " happened is in them; whoever made the extract knows. With a last day that is too late, outcomes"
            " that are not in them yet would count as not having happened.",
        )
    years = found[1] + timedelta(days=1) - found[0]
    what = "the collection year" if years <= timedelta(days=366) else "the collection years"
    return found, f"Coverage: {what}, 1 April {found[0].year} to 31 March {found[1].year}."


KINDS: Mapping[str, Callable[[Path], Source]] = MappingProxyType(
    {
        "addresses": _read_addresses,
        "annex_a": _read_annex_a,
        "cin_census": read_censuses,
        "events": _read_events,
        "families": _read_families,
        "ssd": _read_ssd_folder,
        "ssda903": _read_ssda903,
    }
)
"""How each kind of file or folder is read."""
