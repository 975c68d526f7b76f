"""Who is family, from a file of its own: one row for each child and family."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from csc_experiments.errors import MissingColumnError
from csc_experiments.records.csv_text import read_csv
from csc_experiments.records.judging import read_table
from csc_experiments.records.places import require_file
from csc_experiments.records.tables import TABLES

_BOTH: Final = 2
"""Columns that there must be: the child's and the family's."""
_WANTED: Final = "the CSV file with a child and a family in each row"
_CHILD: Final = ("famipersonid", "personid", "childid", "lachildid", "child", "person")
_FAMILY: Final = (
    "famifamilyid",
    "familyid",
    "siblinggroupid",
    "siblinggroup",
    "familygroup",
    "householdid",
    "family",
)


def is_family_links(names: Sequence[str]) -> bool:
    """Tell whether a table has a column of children and one of families, and hardly anything else."""
    return len(_columns(names)) == _BOTH and len(names) <= _BOTH + 1


def read_family_links(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read a CSV file of children and their families.

    A child may stand in several families, which then are one for every division of the cases.

    Returns
    -------
    table : polars.DataFrame
        The standard table ``ssd_family``.
    rejects : polars.DataFrame
        table, row (the line after the header, from 1), column, reason.

    Raises
    ------
    MissingColumnError
        If there is no column of children, or none of families.
    RecordsNotFoundError
        If there is no file.
    UnreadableInputError
        If the file cannot be read.
    """
    require_file(path, "families", _WANTED)
    frame = read_csv(path)
    found = _columns(frame.columns)
    if len(found) < _BOTH:
        raise MissingColumnError(
            f"{path}: there must be a column of children and one of families.",
            todo="Name them child_id and family_id.",
        )
    text = frame.select(pl.col(column).alias(name) for name, column in found.items())
    return read_table(text, TABLES["ssd_family"], f"{path}")


def _columns(names: Sequence[str]) -> dict[str, str]:
    plain = {re.sub("[^a-z]", "", column.lower()): column for column in reversed(names)}
    told = {"fami_family_id": _FAMILY, "fami_person_id": _CHILD}
    return {
        name: plain[next(word for word in words if word in plain)]
        for name, words in told.items()
        if any(word in plain for word in words)
    }
