"""A folder of Standard Safeguarding Dataset tables, as CSV or Parquet files, as the standard tables."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from csc_experiments.errors import RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.csv_text import read_csv
from csc_experiments.records.judging import read_table
from csc_experiments.records.places import require_folder
from csc_experiments.records.rejects import rejects_frame
from csc_experiments.records.tables import TABLES, Table
from csc_experiments.records.text_frames import read_parquet, standard_columns

_SUFFIXES = frozenset({".csv", ".parquet"})


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
        If the folder is not there or holds no standard table.
    UnreadableInputError
        If it is a file, or a table stands in two files.
    """
    require_folder(folder, "ssd", "the folder with the tables, each a CSV or Parquet file")
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
    text = read_csv(path) if path.suffix.lower() == ".csv" else read_parquet(path)
    return read_table(standard_columns(text, table, f"{path}"), table, f"{path}")
