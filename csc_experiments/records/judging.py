"""A table as text becomes a standard table: which rows can be used, and what is set aside."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from csc_experiments.errors import InvalidDateError
from csc_experiments.records.columns import Column, read_column
from csc_experiments.records.rejects import Reason
from csc_experiments.records.store import conform
from csc_experiments.records.tables import Kind, Table

# An unborn child has no date of birth, so this column must be there but may be empty.
_MAY_BE_EMPTY = frozenset({"pers_dob"})
_ROW = "row in its file"
_SLASHED, _MONTHS = r"^\s*(\d{1,2})/(\d{1,2})/\d{4}\b", 12
_MANY = 10
"""Cells that are no mere slips."""


def read_table(
    text: pl.DataFrame, table: Table, origin: str, called: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read every column by its kind and judge every row.

    A row without a required identifier, date, code or text is set aside, as is a row that repeats an earlier
    one and a second row for a person; any other cell that cannot be used becomes null.

    Parameters
    ----------
    text : polars.DataFrame
        Standard columns, as text; the required ones are all there.
    table : Table
    origin : str
        The file to name in an error.
    called : mapping of str to str, optional
        What columns are called there, for an error to name, where it is not their standard name.

    Returns
    -------
    frame : polars.DataFrame
        The standard table.
    rejects : polars.DataFrame
        table, row (from 1), column, reason.

    Raises
    ------
    MissingColumnError
        If a required column is not there.
    InvalidDateError
        If more than half of a required date column are not dates.
    """
    columns = {name: read_column(text[name], table.columns[name]) for name in text.columns}
    named = {name: _in_words(name, (called or {}).get(name, name)) for name in columns}
    _check_dates(origin, table, columns, named)
    _check_order(origin, text.select(name for name in columns if table.columns[name] is Kind.DATE), named)
    frame, rejected = _judge(table, columns)
    return conform(table.name, frame, origin), rejected


def _in_words(name: str, called: str) -> str:
    return f"column '{name}'" if called == name else f"column '{called}' ({name})"


def _check_dates(origin: str, table: Table, columns: dict[str, Column], named: Mapping[str, str]) -> None:
    """Refuse a column most of whose filled cells are no dates, be they many or be the column required."""
    for name in (name for name in columns if table.columns[name] is Kind.DATE):
        column, needed = columns[name], name in table.required - _MAY_BE_EMPTY
        bad = column.values.null_count() if needed else column.reasons.count()
        rows = len(column.values) if needed else column.values.count() + bad
        if 2 * bad > rows and (name in table.required or bad >= _MANY):
            raise InvalidDateError(
                f"{origin}: {named[name]} is not a date in {bad} of {rows} rows.",
                todo="Write dates as YYYY-MM-DD or DD/MM/YYYY.",
            )


def _check_order(origin: str, text: pl.DataFrame, named: Mapping[str, str]) -> None:
    """Refuse a column with the month before the day: where both are small, it would go in as another day."""
    for name in text.columns:
        first, second = (text[name].str.extract(_SLASHED, part).cast(pl.Int64) for part in (1, 2))
        turned = int(((first <= _MONTHS) & (second > _MONTHS)).sum())
        plain = int(((first > _MONTHS) & (second <= _MONTHS)).sum())
        if turned > plain and turned >= _MANY:
            raise InvalidDateError(
                f"{origin}: {named[name]} has the month before the day in {turned} rows, and the day before"
                f" the month in {plain}.",
                todo="Write dates as YYYY-MM-DD or DD/MM/YYYY.",
            )


def _judge(table: Table, columns: dict[str, Column]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that can be used, and a list of what was set aside."""
    needed = [name for name in columns if name in table.required - _MAY_BE_EMPTY]
    frame = pl.DataFrame([column.values for column in columns.values()]).with_row_index(_ROW, offset=1)
    rejected = [
        _list_rejects(table, name, frame[_ROW], _with_missing(column) if name in needed else column.reasons)
        for name, column in columns.items()
    ]
    frame = frame.drop_nulls(needed)
    key = ["pers_person_id"] if table.name == "ssd_person" else list(columns)
    first = frame.select(pl.struct(key).is_first_distinct()).to_series()
    again = frame.filter(~first).select(_ROW, reason=pl.lit(str(Reason.REPEATED)))
    rejected.append(_list_rejects(table, key[0], again[_ROW], again["reason"]))
    return frame.filter(first).drop(_ROW), pl.concat(rejected)


def _with_missing(column: Column) -> pl.Series:
    """Add the reason for a required cell that is empty."""
    empty = pl.when(pl.col("empty")).then(pl.lit(str(Reason.MISSING)))
    frame = pl.DataFrame({"said": column.reasons, "empty": column.values.is_null()})
    return frame.select(reason=pl.coalesce("said", empty)).to_series()


def _list_rejects(table: Table, column: str, rows: pl.Series, reasons: pl.Series) -> pl.DataFrame:
    listed = pl.DataFrame({"row": rows, "reason": reasons}).drop_nulls("reason")
    return listed.select(
        pl.lit(table.name).alias("table"),
        pl.col("row").cast(pl.Int64),
        pl.lit(column).alias("column"),
        "reason",
    )
