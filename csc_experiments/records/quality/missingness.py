"""Which cells are empty."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from csc_experiments.records.tables import RECORD_TABLES


def count_missing(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Count the rows in which each column is empty, for every table that is not.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        Every standard table.

    Returns
    -------
    polars.DataFrame
        table, column, required, rows (of the table), missing (of them). Blanks alone are no value.
    """
    rows = []
    for name, table in RECORD_TABLES.items():
        frame = tables.get(name)
        if frame is None or frame.is_empty():
            continue
        missing = frame.select(_missing(frame, column).sum() for column in table.columns).row(0)
        rows += [
            (name, column, column in table.required, frame.height, count)
            for column, count in zip(table.columns, missing, strict=True)
        ]
    return pl.DataFrame(rows, schema=["table", "column", "required", "rows", "missing"], orient="row")


def _missing(frame: pl.DataFrame, column: str) -> pl.Expr:
    empty = pl.col(column).is_null()
    return empty | ~pl.col(column).str.contains(r"\S") if frame.schema[column] == pl.String() else empty
