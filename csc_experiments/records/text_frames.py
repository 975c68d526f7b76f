"""Frames as other systems give them become frames of text with standard columns."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa

from csc_experiments.errors import UnreadableInputError
from csc_experiments.records.store import conform
from csc_experiments.records.tables import Table


def as_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Write every plain column as text: moments as days, whole numbers without a point.

    Examples
    --------
    >>> as_text(pl.DataFrame({"id": [7.0, None], "seen": [True, False]})).rows()
    [('7', 'true'), (None, 'false')]
    """
    return frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items() if _is_plain(dtype))


def read_parquet(path: Path) -> pl.DataFrame:
    """Read the plain columns of a Parquet file as text.

    Raises
    ------
    UnreadableInputError
        If it is not one.
    """
    try:
        # Of a damaged file, PyArrow raises an error where Polars writes a stack of calls to the terminal.
        return as_text(pl.read_parquet(path, use_pyarrow=True))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException, OSError):
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


def standard_columns(frame: pl.DataFrame, table: Table, origin: str) -> pl.DataFrame:
    """Keep the standard columns, whatever their case.

    Raises
    ------
    MissingColumnError
        If a required column is not there.
    UnreadableInputError
        If a column stands there twice.
    """
    names = {name: name.strip().lower() for name in frame.columns}
    known = {name: plain for name, plain in names.items() if plain in table.columns}
    if len(set(known.values())) < len(known):
        raise UnreadableInputError(f"{origin}: a column of table {table.name} stands there twice.")
    standard = frame.select(*known).rename(known)
    conform(table.name, pl.DataFrame(schema=dict.fromkeys(standard.columns, pl.String())), origin)
    return standard
