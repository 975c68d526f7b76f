"""Event files as the table `events`: a MEDS data set, or tables in CSV and Parquet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from csc_experiments.errors import InvalidDateError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.columns import plain_text, read_column, without_thousands
from csc_experiments.records.csv_text import decode, read_csv, separator_of
from csc_experiments.records.event_files.columns import find_columns, holds_events
from csc_experiments.records.event_files.times import read_times
from csc_experiments.records.places import require_there
from csc_experiments.records.rejects import Reason, rejects_frame
from csc_experiments.records.store import conform
from csc_experiments.records.tables import EVENTS, Kind

LIKE_A_CODE: Final = r"^[A-Za-z0-9][A-Za-z0-9/_.:-]{0,63}$"
"""A code may become the name of a column, and columns' names may leave the site."""
SUFFIXES: Final = frozenset({".csv", ".parquet"})
_ROW: Final = "row in its files"
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class EventsRead:
    """What event files hold.

    Attributes
    ----------
    events : polars.DataFrame
        The table `events`.
    rejects : polars.DataFrame
        table, row (counted on from file to file, in the order of their paths), column, reason.
    notes : tuple of str
    """

    events: pl.DataFrame
    rejects: pl.DataFrame
    notes: tuple[str, ...]


def read_events(place: Path) -> EventsRead:
    """Read a MEDS data set, or a file or a folder of tables with a row for each event.

    A row without a person, without a code, with a code that is not built like one, or with a time that
    cannot be read is set aside. A number too great to be kept, or a word for one beside a text, is left out
    and counted. What is said to be known before it happened counts as known when it happened.
    Two equal rows are two events.

    Parameters
    ----------
    place : pathlib.Path
        Of a data set (https://medical-event-data-standard.github.io), the folder with `data/`; every Parquet
        file below that is a part of it.

    Raises
    ------
    RecordsNotFoundError
        If a folder holds no table of events.
    MissingColumnError
        If a file has no column of people, of times or of codes.
    InvalidDateError
        If more than half of the times are none.
    UnreadableInputError
        If a file cannot be read.
    """
    require_there(place, "events", "the MEDS data set, or the file or folder of tables of events")
    files, others = _find_files(place)
    read = [_read_file(file) for file in files]
    whole = pl.concat([frame for frame, _ in read], how="vertical").with_row_index(_ROW, offset=1)
    _check_times(place, whole)
    events, rejects = _judge(whole)
    extra = max(unread for _, unread in read)
    notes = _notes(events, extra, others)
    return EventsRead(conform(EVENTS.name, _known_in_time(events), f"{place}"), rejects, notes)


def is_meds(place: Path) -> bool:
    """Tell whether a folder is laid out as a MEDS data set, and holds data."""
    return describes_meds(place) and any((place / "data").rglob("*.parquet"))


def describes_meds(place: Path) -> bool:
    """Tell whether a folder has what describes a MEDS data set, be there any data or not."""
    return (place / "metadata").is_dir()


def column_names(file: Path) -> list[str]:
    """Return the names of a table's columns, without reading its rows.

    Raises
    ------
    UnreadableInputError
        If it is no table.
    """
    if file.suffix.lower() == ".parquet":
        return _of_parquet(file, lambda: pq.read_schema(file).names)
    # A line that is read alone is read as the first of the whole file is, and quickly.
    head = decode(file).partition("\n")[0]
    if not head.strip():
        return []
    return pl.read_csv(head.encode(), infer_schema=False, separator=separator_of(head)).columns


def _find_files(place: Path) -> tuple[list[Path], int]:
    """List the files with events, and count the tables that hold none."""
    if place.is_file():
        return [place], 0
    if is_meds(place):
        return sorted((place / "data").rglob("*.parquet")), 0
    tables = sorted(file for file in place.rglob("*") if file.suffix.lower() in SUFFIXES)
    found = [file for file in tables if holds_events(column_names(file))]
    if not found and describes_meds(place):
        raise RecordsNotFoundError(
            f"{place} has the metadata/ of a MEDS data set, but no Parquet file lies below {place / 'data'}.",
            todo="Give the folder in which data/ and metadata/ stand, with all the shards below data/.",
        )
    if not found:
        raise RecordsNotFoundError(
            f"{place} holds no table of events among its {len(tables)} tables.",
            todo="Each needs columns subject_id, time and code.",
        )
    return found, len(tables) - len(found)


def _read_file(file: Path) -> tuple[pl.DataFrame, int]:
    """Read the columns that are known, and count the others."""
    names = column_names(file)
    found = find_columns(names, f"{file}")
    if file.suffix.lower() == ".parquet":
        columns = list(found.values())
        table = _of_parquet(file, lambda: pl.read_parquet(file, columns=columns, use_pyarrow=True))
    else:
        table = read_csv(file)
    known = table.select(pl.col(column).alias(name) for name, column in found.items())
    try:
        return _as_read(known), len(names) - len(found)
    except pl.exceptions.PolarsError:
        # The library's own message quotes cells, so it is not passed on.
        raise UnreadableInputError(
            f"{file}: a column is of a type that cannot be read.",
            todo="Write plain texts, numbers, times.",
        ) from None


def _of_parquet(file: Path, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except (pl.exceptions.PolarsError, pa.ArrowException, OSError):
        raise UnreadableInputError(f"{file} cannot be read as Parquet.", todo="Export it again.") from None


def _as_read(table: pl.DataFrame) -> pl.DataFrame:
    """Read every cell by its column; what cannot be read is null, and marked where it matters."""
    empty = pl.DataFrame(schema=EVENTS.schema).clear(table.height)
    said = {name: table.get_column(name, default=empty[name]) for name in empty.columns}
    times = {name: read_times(said[name]) for name in ("time", "known_time")}
    number, words, beyond = _values(said["numeric_value"])
    text = read_column(_as_text(said["text_value"]), Kind.TEXT).values
    return pl.DataFrame(
        {
            "person_id": read_column(_as_text(said["person_id"]), Kind.ID).values,
            "time": times["time"][0],
            "code": plain_text(_as_text(said["code"])),
            "numeric_value": number,
            "text_value": pl.select(pl.coalesce(text, words)).to_series(),
            "worded": words.is_not_null() & text.is_null(),
            "bad numeric_value": beyond | (words.is_not_null() & text.is_not_null()),
            "known_time": times["known_time"][0],
            "bad time": times["time"][1],
            "bad known_time": times["known_time"][1],
        }
    )


def _as_text(cells: pl.Series) -> pl.Series:
    return cells.cast(pl.String)


def _values(cells: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Part values that are finite numbers from those that are words, and from numbers that are too great."""
    if cells.dtype.is_numeric():
        number = cells.cast(pl.Float32)
        words = pl.repeat(None, len(cells), dtype=pl.String(), eager=True)
    else:
        text = without_thousands(plain_text(_as_text(cells)))
        number = text.cast(pl.Float32, strict=False)
        words = text.set(number.is_not_null(), None)
    # Not a number is how a number is missing; an infinite one was said.
    beyond = number.is_infinite().fill_null(value=False)
    return number.set(~number.is_finite(), None), words, beyond


def _check_times(place: Path, whole: pl.DataFrame) -> None:
    for column in ("time", "known_time"):
        bad = int(whole[f"bad {column}"].sum())
        filled = bad + whole[column].count()
        if 2 * bad > filled:
            raise InvalidDateError(
                f"{place}: {column} is not a time in {bad} of {filled} rows.",
                todo="Write times as YYYY-MM-DD, YYYY-MM-DDTHH:MM:SS or DD/MM/YYYY HH:MM.",
            )


def _judge(whole: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that can be used, and a list of the others."""
    code = pl.col("code")
    wrong = (
        ("person_id", Reason.MISSING, pl.col("person_id").is_null()),
        ("time", Reason.NOT_A_DATE, pl.col("bad time")),
        ("code", Reason.MISSING, code.is_null()),
        ("code", Reason.NOT_LIKE_A_CODE, ~code.str.contains(LIKE_A_CODE).fill_null(value=True)),
        # When nobody can say from when a fact was known, it must not count as known when it happened.
        ("known_time", Reason.NOT_A_DATE, pl.col("bad known_time")),
    )
    rejects = [_list(whole, *fault) for fault in wrong]
    rejects = [*rejects, _list(whole, "numeric_value", Reason.NOT_A_NUMBER, pl.col("bad numeric_value"))]
    usable = whole.filter(~pl.any_horizontal(unusable for _, _, unusable in wrong))
    return usable, pl.concat([rejects_frame([]), *rejects])


def _list(whole: pl.DataFrame, column: str, reason: Reason, unusable: pl.Expr) -> pl.DataFrame:
    return whole.filter(unusable).select(
        pl.lit(EVENTS.name).alias("table"),
        pl.col(_ROW).cast(pl.Int64).alias("row"),
        pl.lit(column).alias("column"),
        pl.lit(str(reason)).alias("reason"),
    )


def _known_in_time(events: pl.DataFrame) -> pl.DataFrame:
    """Let nothing be known before it happened; a fact without a time is not known at one."""
    late = pl.col("known_time") > pl.col("time")
    return events.with_columns(known_time=pl.when(late).then("known_time"))


def _notes(events: pl.DataFrame, extra: int, others: int) -> tuple[str, ...]:
    early = events.filter(pl.col("known_time") < pl.col("time")).height
    lasting = events["time"].null_count()
    worded = int(events["worded"].sum())
    said = (
        (early, "events are said to be known before they happened; they count as known when they happened."),
        (lasting, "events have no time: they tell of what lasts, and no representation uses them."),
        (worded, "values of events are no numbers; they were kept as text, which no representation uses."),
        (extra, "columns of a table are of no use here and were not read."),
        (others, "tables hold no events and were not read."),
    )
    return tuple(f"{count} {what}" for count, what in said if count)
