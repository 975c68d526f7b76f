"""The cells of a file of a children looked-after return become values, or are set aside."""

from __future__ import annotations

import polars as pl

from csc_experiments.errors import InvalidDateError, UnreadableInputError
from csc_experiments.records.columns import Column, read_column
from csc_experiments.records.rejects import REJECTS_SCHEMA, Reason
from csc_experiments.records.ssda903.files import ReturnFile
from csc_experiments.records.ssda903.layouts import USED, YEARS, last_day
from csc_experiments.records.tables import TABLES, Kind

KEYS: dict[str, tuple[str, str | None, str | None]] = {
    "header": ("CHILD", None, None),
    "episodes": ("CHILD", "DECOM", "DEC"),
    "missing": ("CHILD", "MIS_START", "MIS_END"),
}
"""Who a row of each file is about, when it begins and when it ends."""
_TELLING = ("RNE", "LS", "PLACE", "REC")
"""Codes so unlike each other that a column of other ones is another column."""
_ALWAYS_THERE = ("RNE", "LS", "PLACE")
_FEW = 10
"""Fewer faults than this never condemn a file."""
_SHARE_AFTER = 0.1
_KINDS = {column: kind for table in TABLES.values() for column, kind in table.columns.items()}
_UNKNOWN_UPN = r"(?i)^\s*UN[1-7]\s*$"


def read_return_file(file: ReturnFile) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the cells of a file that is used.

    Returns
    -------
    frame : polars.DataFrame
        year, row, the columns of `USED` and slip: whether an end was written that is none. Rows without a
        child or a first day, those said before and those that begin after the year are left out; ends that
        cannot be are null.
    rejects : polars.DataFrame

    Raises
    ------
    InvalidDateError
        If more than half of a column of dates are none, or so many rows lie after the year that it cannot be
        that of the return.
    UnreadableInputError
        If more than half of a column of codes are those of another.
    """
    columns = {name: _read_column(file, name, standard) for name, standard in USED[file.table].items()}
    _check_columns(file, columns)
    frame = pl.DataFrame([column.values.alias(name) for name, column in columns.items()]).select(
        pl.lit(file.year, pl.Int32).alias("year"), file.text["row"], *columns, slip=_slip(file, columns)
    )
    rejects = [
        list_rejects(
            frame.select("year", "row", reason=_with_missing(name, column, file.table)), file.table, name
        )
        for name, column in columns.items()
    ]
    frame = frame.drop_nulls(_keys(file.table))
    # A second row about a child in the header of a year says no more than the first.
    said = pl.struct("CHILD" if file.table == "header" else list(columns)).is_first_distinct()
    frame, again = frame.filter(said), frame.filter(~said)
    rejects.append(list_rejects(again.with_columns(reason=pl.lit(str(Reason.REPEATED))), file.table, "CHILD"))
    frame, impossible = _check_days(file, frame)
    return frame, pl.concat([*rejects, *impossible])


def list_rejects(frame: pl.DataFrame, table: str, column: str, reason: Reason | None = None) -> pl.DataFrame:
    """List rows as rejects: those of a frame that have a `reason`, or all of them for one reason.

    Parameters
    ----------
    frame : polars.DataFrame
        year, row and, unless it is given, reason.
    """
    if reason is not None:
        frame = frame.with_columns(reason=pl.lit(str(reason)))
    return frame.drop_nulls("reason").select(
        pl.format("{} {}", pl.lit(table), "year").alias("table"),
        pl.col("row").cast(pl.Int64),
        pl.lit(column).alias("column"),
        pl.col("reason").cast(REJECTS_SCHEMA["reason"]),
    )


def _keys(table: str) -> list[str]:
    return [key for key in KEYS[table][:2] if key is not None]


def _read_column(file: ReturnFile, name: str, standard: str) -> Column:
    if name not in file.text.columns:
        cells = pl.Series(standard, [None] * file.text.height, dtype=pl.String())
    else:
        cells = file.text[name].alias(standard)
    if name == "UPN":
        # A child's own number is not kept, only why there is none.
        cells = cells.set(~cells.str.contains(_UNKNOWN_UPN).fill_null(value=False), None)
    return read_column(cells, _KINDS[standard])


def _with_missing(name: str, column: Column, table: str) -> pl.Series:
    if name not in _keys(table) and name not in _ALWAYS_THERE:
        return column.reasons
    empty = pl.when(column.values.is_null()).then(pl.lit(str(Reason.MISSING)))
    return column.reasons.alias("said").to_frame().select(pl.coalesce("said", empty)).to_series()


def _slip(file: ReturnFile, columns: dict[str, Column]) -> pl.Expr:
    """Tell an end that was written, but is not a date, from one that has not come."""
    end = KEYS[file.table][2]
    return pl.lit(value=False) if end is None else pl.lit(columns[end].reasons.is_not_null())


def _check_columns(file: ReturnFile, columns: dict[str, Column]) -> None:
    """Refuse columns that are plainly not what they are called."""
    for name, column in columns.items():
        kind, bad = _KINDS[USED[file.table][name]], column.reasons.count()
        filled = column.values.count() + bad
        if name == KEYS[file.table][1]:
            bad, filled = column.values.null_count(), file.text.height
        if kind is Kind.DATE and 2 * bad > filled:
            raise InvalidDateError(
                f"{file.path}: column '{name}' is not a date in {bad} of {filled} rows.",
                todo="Write dates as DD/MM/YYYY or YYYY-MM-DD.",
            )
        if name in _TELLING and bad >= _FEW and 2 * bad > filled:
            raise UnreadableInputError(
                f"{file.path}: column '{name}' is not a code of its code set in {bad} of {filled} rows.",
                todo="See whether the columns stand under their names.",
            )


def _check_days(file: ReturnFile, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Leave out rows that begin after the year, and ends after it or before their start."""
    _, start, end = KEYS[file.table]
    if start is None or end is None:
        return frame, []
    last = pl.lit(last_day(file.year))
    late = frame.filter(pl.col(start) > last)
    _check_year(file, frame, late.height, (start, end))
    frame = frame.filter(pl.col(start) <= last)
    after, before = pl.col(end) > last, pl.col(end) < pl.col(start)
    slips, ended = frame.filter(before).height, frame[end].count()
    if slips >= _FEW and 2 * slips > ended:
        raise InvalidDateError(
            f"{file.path}: '{end}' is before '{start}' in {slips} of {ended} rows.",
            todo="See whether the columns stand under their names.",
        )
    rejects = [
        list_rejects(late, file.table, start, Reason.AFTER_RETURN),
        list_rejects(frame.filter(after), file.table, end, Reason.AFTER_RETURN),
        list_rejects(frame.filter(before), file.table, end, Reason.ENDS_BEFORE_START),
    ]
    # On its 31 March nothing was known of an end after it, so no reason either.
    told = [name for name in ("REC", "REASON_PLACE_CHANGE") if name in frame.columns]
    unknown = [pl.when(~after.fill_null(value=False)).then(pl.col(name)).alias(name) for name in told]
    kept = pl.when(~(after | before)).then(pl.col(end)).alias(end)
    slip = pl.col("slip") | before.fill_null(value=False)
    return frame.with_columns(*unknown, kept, slip=slip), rejects


def _check_year(file: ReturnFile, frame: pl.DataFrame, late: int, days: tuple[str, str]) -> None:
    """Refuse a file of another year: its return would count as covering days that it says nothing of."""
    if late >= _FEW and late > _SHARE_AFTER * frame.height:
        raise InvalidDateError(
            f"{file.path}: {late} of {frame.height} rows begin after 31 March {file.year}.", todo=YEARS
        )
    latest = frame.select(pl.max_horizontal(pl.col(days).max())).to_series()
    if frame.height >= _FEW and (latest <= last_day(file.year - 1)).all():
        raise InvalidDateError(
            f"{file.path}: none of {frame.height} rows begins or ends from 1 April {file.year - 1}"
            f" to 31 March {file.year}.",
            todo=YEARS,
        )
