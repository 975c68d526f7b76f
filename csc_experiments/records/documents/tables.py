"""Tables of documents in CSV, Parquet and workbooks, each as text with our names for its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from csc_experiments.errors import UnreadableInputError
from csc_experiments.records.csv_text import read_csv
from csc_experiments.records.documents.columns import Layout, count_known, holds_documents, name_columns
from csc_experiments.records.text_frames import read_parquet
from csc_experiments.records.workbooks import read_sheets

TABLE_SUFFIXES = frozenset({".csv", ".parquet", ".xlsx", ".xlsm"})
_ROWS_ABOVE_HEADER = 20


def read_tables(paths: Sequence[Path]) -> tuple[Layout, list[pl.DataFrame]]:
    """Read tables of one layout; of a workbook those sheets that hold documents.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        At least one.

    Returns
    -------
    layout : Layout
        What a row stands for.
    frames : list of polars.DataFrame
        Text, with the columns that `columns.NAMES` lists as far as they are there.

    Raises
    ------
    UnreadableInputError
        If a file cannot be read, holds no rows, or the tables are of different layouts.
    MissingColumnError
        If a column cannot be told.
    """
    read = [table for path in paths for table in _read(path)]
    layouts = {layout for layout, _ in read}
    if len(layouts) > 1:
        raise UnreadableInputError(
            f"{paths[0].parent}: some tables have a row for a document, others for an answer or a file.",
            todo="Put tables of one layout into a folder of their own.",
        )
    return layouts.pop(), [frame for _, frame in read]


def in_numeric_order(paths: Sequence[Path]) -> list[Path]:
    """Sort numbered files as people count them.

    Examples
    --------
    >>> [path.name for path in in_numeric_order([Path("Form 10.xlsx"), Path("Form 9.xlsx")])]
    ['Form 9.xlsx', 'Form 10.xlsx']
    """
    return sorted(paths, key=lambda path: (_counted(path.name), path.name))


def _counted(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split("([0-9]+)", name.lower())]


def _read(path: Path) -> list[tuple[Layout, pl.DataFrame]]:
    named = [name_columns(frame, f"{path}") for frame in _read_frames(path)]
    if not any(frame.height for _, frame in named):
        raise UnreadableInputError(f"{path} holds no rows.", todo="Export it again, or leave it out.")
    return named


def _read_frames(path: Path) -> list[pl.DataFrame]:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return [read_csv(path)]
    if suffix == ".parquet":
        return [read_parquet(path)]
    if suffix not in TABLE_SUFFIXES:
        raise UnreadableInputError(
            f"{path} is not of a kind that can hold a list of documents.",
            todo="Give a CSV, Parquet or XLSX file, or a folder.",
        )
    sheets = [_below_header(sheet) for sheet in read_sheets(path).values() if sheet.height]
    if not sheets:
        raise UnreadableInputError(f"{path} holds no rows.", todo="Export it again, or leave it out.")
    # A workbook may have sheets about the export beside the one with the documents.
    likeliest = max(sheets, key=lambda sheet: count_known(sheet.columns))
    return [sheet for sheet in sheets if holds_documents(sheet.columns)] or [likeliest]


def _below_header(sheet: pl.DataFrame) -> pl.DataFrame:
    """Find the row that names the columns; systems put a title or a date above it."""
    rows = [[cell or "" for cell in row] for row in sheet.head(_ROWS_ABOVE_HEADER).iter_rows()]
    at = max(range(len(rows)), key=lambda place: count_known(rows[place]))
    # A name of its own for a column that has none, and for one that is named as one before it.
    names = [name if name and name not in rows[at][:place] else f"column {place}"
             for place, name in enumerate(rows[at])]  # fmt: skip
    below = sheet.slice(at + 1)
    below.columns = names
    return below
