"""A folder of Standard Safeguarding Dataset tables, as CSV or Parquet files, as the standard tables."""

from __future__ import annotations

import codecs
from pathlib import Path

import polars as pl

from csc_experiments.errors import InvalidDateError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.columns import Column, read_column
from csc_experiments.records.rejects import Reason, rejects_frame
from csc_experiments.records.store import conform
from csc_experiments.records.tables import TABLES, Kind, Table

_SUFFIXES = frozenset({".csv", ".parquet"})
# An unborn child has no date of birth, so this column must be there but may be empty.
_MAY_BE_EMPTY = frozenset({"pers_dob"})
_ROW = "row in its file"


def read_ssd_files(folder: Path) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Read every standard table in a folder.

    A row without a required identifier, date, code or text is set aside, as is a row that repeats an earlier
    one and a second row for a person; any other cell that cannot be used becomes null.

    Parameters
    ----------
    folder : pathlib.Path
        Files are named as the tables, in any case; others are not read.

    Returns
    -------
    tables : dict of str to polars.DataFrame
        The tables that were found, by name.
    rejects : polars.DataFrame
        table, row (the line after the header, from 1), column, reason.

    Raises
    ------
    RecordsNotFoundError
        If the folder holds no standard table.
    UnreadableInputError
        If a file is not what its name says, or a table stands in two files.
    MissingColumnError
        If a table lacks a required column.
    InvalidDateError
        If more than half of a required date column are not dates.
    """
    files, _ = find_ssd_files(folder)
    read = {name: _read_table(path, TABLES[name]) for name, path in files.items()}
    rejects = pl.concat([rejects_frame([]), *(rejected for _, rejected in read.values())])
    return {name: frame for name, (frame, _) in read.items()}, rejects


def find_ssd_files(folder: Path) -> tuple[dict[str, Path], int]:
    """Find the standard tables in a folder, and count the files that are none.

    Raises
    ------
    RecordsNotFoundError
        If the folder holds no standard table.
    UnreadableInputError
        If a table stands in two files.
    """
    if not folder.is_dir():
        raise RecordsNotFoundError(f"{folder} is not a folder.")
    present = sorted(path for path in folder.iterdir() if path.is_file())
    tables = [path for path in present if path.stem.lower() in TABLES and path.suffix.lower() in _SUFFIXES]
    files: dict[str, Path] = {}
    for path in tables:
        name = path.stem.lower()
        if name in files:
            raise UnreadableInputError(
                f"{folder}: table {name} stands in two files.", todo="Leave one of them."
            )
        files[name] = path
    if not files:
        raise RecordsNotFoundError(
            f"{folder} holds no standard table among its {len(present)} files.",
            todo="Tables are named as in the Standard Safeguarding Dataset, such as ssd_cin_episodes.csv.",
        )
    return files, len(present) - len(files)


def _read_table(path: Path, table: Table) -> tuple[pl.DataFrame, pl.DataFrame]:
    text = _select_columns(
        _read_csv(path) if path.suffix.lower() == ".csv" else _read_parquet(path), path, table
    )
    columns = {name: read_column(text[name], table.columns[name]) for name in text.columns}
    _check_dates(path, table, columns)
    frame, rejected = _judge(table, columns)
    return conform(table.name, frame, path.name), rejected


def _read_csv(path: Path) -> pl.DataFrame:
    raw = _decode(path).encode()
    try:
        return pl.read_csv(raw, infer_schema=False)
    except pl.exceptions.PolarsError:
        raise UnreadableInputError(
            f"{path} cannot be read as CSV.",
            todo="Columns are separated by commas, texts stand in double quotes.",
        ) from None


def _decode(path: Path) -> str:
    """Read a text in the encodings that databases and spreadsheets export."""
    raw = path.read_bytes()
    first = "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    for encoding in (first, "windows-1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableInputError(
        f"{path} is not a text in UTF-8, UTF-16 or Windows-1252.", todo="Export it again."
    )


def _read_parquet(path: Path) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path)
        return frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items() if _is_plain(dtype))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        raise UnreadableInputError(f"{path} cannot be read as Parquet.", todo="Export it again.") from None


def _is_plain(dtype: pl.DataType) -> bool:
    return not (dtype.is_nested() or dtype in {pl.Binary, pl.Object})


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Datetime:
        return column.dt.strftime("%Y-%m-%d")
    if dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        return (
            pl.when(whole == column)
            .then(whole.cast(pl.String))
            .otherwise(column.fill_nan(None).cast(pl.String))
        )
    return column.cast(pl.String)


def _select_columns(frame: pl.DataFrame, path: Path, table: Table) -> pl.DataFrame:
    """Keep the standard columns, whatever their case; a required one must be there."""
    names = {name: name.strip().lower() for name in frame.columns}
    known = {name: plain for name, plain in names.items() if plain in table.columns}
    if len(set(known.values())) < len(known):
        raise UnreadableInputError(f"{path}: a column of table {table.name} stands there twice.")
    standard = frame.select(*known).rename(known)
    conform(table.name, pl.DataFrame(schema=dict.fromkeys(standard.columns, pl.String())), path.name)
    return standard


def _check_dates(path: Path, table: Table, columns: dict[str, Column]) -> None:
    for name in (name for name in columns if name in table.required and table.columns[name] is Kind.DATE):
        column = columns[name]
        bad = column.reasons.count() if name in _MAY_BE_EMPTY else column.values.null_count()
        if 2 * bad > len(column.values):
            raise InvalidDateError(
                f"{path}: column '{name}' is not a date in {bad} of {len(column.values)} rows.",
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
