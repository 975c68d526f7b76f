"""Children in need censuses of one or several years as one source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final

import polars as pl

from csc_experiments.errors import RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.cin_census.census import CinCensus, read_cin_census
from csc_experiments.records.combining import Part, combine
from csc_experiments.records.facts import TOLD_AT_ONCE
from csc_experiments.records.places import require_there
from csc_experiments.records.source import Source

_WANTED: Final = "the XML file of a census, or the folder with those of several years"


def read_censuses(place: Path) -> Source:
    """Read the returns of one or several years; a later one stands, but cannot say what was known before.

    Parameters
    ----------
    place : pathlib.Path
        An XML file, or a folder below which there are some.

    Raises
    ------
    RecordsNotFoundError
        If there is none.
    UnreadableInputError
        If one cannot be read, or they are of one year, leave out a year or are of several authorities.
    """
    returns = sorted((read_cin_census(file) for file in _files(place)), key=lambda census: -census.year)
    _check_years(place, returns)
    years = [census.year for census in returns]
    parts = [Part(_name(census.year), census.tables) for census in returns]
    together = combine(parts, first_told=TOLD_AT_ONCE)
    notes = [note for census in returns for note in _notes(census)]
    notes += [
        f"{table}.{column} was changed by a later return in {count} rows."
        for (table, column), count in together.disagreements.items()
    ]
    return Source(
        _name(years[0]) if len(years) == 1 else f"CIN censuses {years[-1]} to {years[0]}",
        together.tables,
        pl.concat(census.rejects for census in returns),
        (date(years[-1] - 1, 4, 1), date(years[0], 3, 31)),
        tuple(notes),
        together.origins,
        together.versions,
    )


def _files(place: Path) -> list[Path]:
    require_there(place, "cin_census", _WANTED)
    if place.is_file():
        return [place]
    files = sorted(file for file in place.rglob("*") if file.suffix.lower() == ".xml")
    if not files:
        raise RecordsNotFoundError(f"{place} holds no file that ends in .xml.", todo=f"Give {_WANTED}.")
    return files


def _name(year: int) -> str:
    return f"CIN census {year}"


def _check_years(place: Path, returns: Sequence[CinCensus]) -> None:
    """Refuse two returns of one year, a year left out, and returns of several authorities."""
    years = [census.year for census in returns]
    if len(set(years)) < len(years):
        twice = next(year for year in years if years.count(year) > 1)
        raise UnreadableInputError(f"{place} holds two returns of {twice}.", todo="Leave one of them.")
    if any(later - earlier != 1 for later, earlier in pairwise(years)):
        raise UnreadableInputError(
            f"{place} leaves out a year between its returns.",
            todo="Add it, or import only the returns of years without a gap.",
        )
    if len({census.authority for census in returns} - {""}) > 1:
        raise UnreadableInputError(f"{place} holds returns of several authorities.", todo="Part them.")


def _notes(census: CinCensus) -> list[str]:
    notes = []
    if census.reference_date != date(census.year, 3, 31):
        notes.append(f"The header's reference date is not 31 March {census.year}.")
    if census.ignored:
        notes.append(f"{census.ignored} elements are of no known layout and were not read.")
    return notes
