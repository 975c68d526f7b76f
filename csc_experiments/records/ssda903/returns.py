"""Children looked-after returns (SSDA903) of one or several years, as the standard tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl

from csc_experiments.errors import RecordsNotFoundError
from csc_experiments.records.rejects import rejects_frame
from csc_experiments.records.ssda903.cells import read_return_file
from csc_experiments.records.ssda903.episodes import chain, episode_table, legal_table, placement_table
from csc_experiments.records.ssda903.files import ReturnFile, find_return_files
from csc_experiments.records.ssda903.layouts import LAYOUTS, USED
from csc_experiments.records.ssda903.naming import by_ending_year
from csc_experiments.records.ssda903.years import join_people, join_spells
from csc_experiments.records.store import conform

_DIED = "E2"


@dataclass(frozen=True, slots=True)
class Ssda903:
    """An authority's returns.

    Attributes
    ----------
    years : tuple of int
        The collection years that were read, in order: 2025 stands for April 2024 to March 2025.
    tables : dict of str to polars.DataFrame
        Standard tables by name: ssd_person, ssd_cla_episodes, ssd_cla_placement, ssd_legal_status,
        ssd_missing. Only children who are looked after, or have been, are in them.
    rejects : polars.DataFrame
        table (the file and its year), row (the line after the header, from 1), column, reason.
    notes : tuple of str
        What was assumed, what returns contradict each other in, and what was not read.
    """

    years: tuple[int, ...]
    tables: dict[str, pl.DataFrame]
    rejects: pl.DataFrame
    notes: tuple[str, ...]


def read_ssda903(folder: Path) -> Ssda903:
    """Read the returns of every year in a folder.

    An episode stands in the return of every year that it reaches into; it becomes one row, as the latest of
    them tells it. An end or a reason that cannot be true beside the episodes before and after is set aside,
    and so is a row without a child or a first day, or that begins after the year of its return. Of care that
    began before the first return, the first episode that is told stands for the start of the placement and of
    the legal status too.

    Parameters
    ----------
    folder : pathlib.Path
        CSV files, in a folder for each year or with the year in their names. Which file it is is told by its
        columns. The year is that in which a return ends; if every file shows that its name gives the other
        one, it is read so, and a note says it.

    Raises
    ------
    RecordsNotFoundError
        If there is no return, or a year's return has no episodes.
    UnreadableInputError
        If a file is not what its name says, says no year, is damaged or stands there twice.
    MissingColumnError
        If a file lacks a column without which it cannot be used.
    InvalidDateError
        If more than half of a column of dates are none, or cannot be the dates of that year's return.
    """
    found, others = find_return_files(folder)
    files = by_ending_year(found)
    years = _years(folder, files)
    read = [(file.table, *read_return_file(file)) for file in files if file.table in USED]
    by_table = {name: [frame for table, frame, _ in read if table == name] for name in USED}
    tables, rejects, notes = _join(by_table, files)
    return Ssda903(
        years=years,
        tables=tables,
        rejects=pl.concat([rejects_frame([]), *(rejected for _, _, rejected in read), *rejects]),
        notes=(*_notes_on_years(found, files), *_notes_on_files(files, years, others), *notes),
    )


def _years(folder: Path, files: Sequence[ReturnFile]) -> tuple[int, ...]:
    """Return the years; one without episodes would look as if nobody had entered care in it."""
    years = sorted({file.year for file in files})
    have = {file.year for file in files if file.table == "episodes"}
    for year in years:
        if year not in have:
            raise RecordsNotFoundError(
                f"{folder} has no episodes of {year}, though it has other files of that year.",
                todo="Add the file, the one with the columns CHILD, DECOM and RNE, or leave the year out.",
            )
    return tuple(years)


def _join(
    by_table: dict[str, list[pl.DataFrame]], files: Sequence[ReturnFile]
) -> tuple[dict[str, pl.DataFrame], list[pl.DataFrame], list[str]]:
    def told_in(table: str) -> list[int]:
        return [file.year for file in files if file.table == table]

    joined = join_spells(by_table["episodes"], "episodes", told_in("episodes"))
    episodes, chained, notes = chain(joined.rows)
    tables = {
        "ssd_cla_episodes": episode_table(episodes),
        "ssd_cla_placement": placement_table(episodes),
        "ssd_legal_status": legal_table(episodes),
    }
    rejects, all_notes = [joined.rejects, chained], [*joined.notes, *notes]
    if by_table["header"]:
        people = join_people(by_table["header"])
        tables["ssd_person"] = _person_table(people.rows, episodes)
        all_notes += people.notes
        unnamed = episodes.join(people.rows, on="CHILD", how="anti")["CHILD"].n_unique()
        if unnamed:
            all_notes.append(f"{unnamed} children have episodes but stand in no header.")
    if by_table["missing"]:
        spells = join_spells(by_table["missing"], "missing", told_in("missing"))
        tables["ssd_missing"] = _missing_table(spells.rows)
        rejects.append(spells.rejects)
        all_notes += spells.notes
    return tables, rejects, all_notes


def _person_table(people: pl.DataFrame, episodes: pl.DataFrame) -> pl.DataFrame:
    """Return the children of the headers; an episode that ceased because the child died says when."""
    died = episodes.filter(REC=_DIED).group_by("CHILD").agg(died=pl.max("DEC"))
    frame = people.join(died, on="CHILD", how="left", maintain_order="left").select(
        pers_person_id="CHILD",
        pers_sex="SEX",
        pers_ethnicity="ETHNIC",
        pers_dob="DOB",
        pers_death_date="died",
        pers_upn_unknown="UPN",
    )
    return conform("ssd_person", frame, "header")


def _missing_table(spells: pl.DataFrame) -> pl.DataFrame:
    frame = spells.select(
        miss_table_id="id",
        miss_person_id="CHILD",
        miss_missing_episode_start_date="MIS_START",
        miss_missing_episode_type="MISSING",
        miss_missing_episode_end_date="MIS_END",
    )
    return conform("ssd_missing", frame, "missing")


def _notes_on_years(found: Sequence[ReturnFile], files: Sequence[ReturnFile]) -> list[str]:
    if found[0].year == files[0].year:
        return []
    year = files[0].year
    return [
        f"Names say in which year a return begins: {year - 1} was read as April {year - 1} to March {year}."
    ]


def _notes_on_files(files: Sequence[ReturnFile], years: tuple[int, ...], others: int) -> list[str]:
    notes = [
        f"There is no return between {before} and {after}: what began and ended in between is in none."
        for before, after in pairwise(years)
        if after > before + 1
    ]
    for table in ("header", "missing"):
        without = sorted(set(years) - {file.year for file in files if file.table == table})
        notes += [f"The return of {year} has no file {table}." for year in without]
    empty = [file.year for file in files if file.table == "episodes" and file.text.is_empty()]
    notes += [f"The episodes of {year} have no row." for year in empty]
    rows = {name: sum(file.text.height for file in files if file.table == name) for name in LAYOUTS}
    unused = ", ".join(f"{name} ({count} rows)" for name, count in rows.items() if count and name not in USED)
    if unused:
        notes.append(f"Not used: {unused}.")
    unknown = sum(file.unknown for file in files)
    if unknown:
        notes.append(f"{unknown} columns are of no known layout and were not read.")
    if others:
        notes.append(f"{others} files are of no return and were not read.")
    return notes
