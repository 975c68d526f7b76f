"""Where children lived: read to find out who is family, and never kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

import polars as pl

from csc_experiments.errors import MissingColumnError
from csc_experiments.records.columns import read_column
from csc_experiments.records.csv_text import read_csv
from csc_experiments.records.places import require_file
from csc_experiments.records.rejects import Reason
from csc_experiments.records.tables import Kind

ADDRESSES: Final = "ssd_address"
"""The name of the table; no records folder holds it."""
_NAMES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "addr_person_id": ("addrpersonid", "personid", "childid", "lachildid", "child", "person"),
        "addr_address_postcode": ("addraddresspostcode", "postcode", "homepost", "postalcode"),
        "addr_address": ("address", "addressline1", "fulladdress"),
        "addr_address_start_date": ("addraddressstartdate", "from", "start", "startdate", "datefrom"),
        "addr_address_end_date": ("addraddressenddate", "to", "end", "enddate", "dateto"),
    }
)
_WANTED: Final = "the CSV file with a child and a postcode or address in each row"
_PLACES: Final = ("addr_address_postcode", "addr_address")
_CHILD: Final = "addr_person_id"
_DATES: Final = ("addr_address_start_date", "addr_address_end_date")
SCHEMA: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {_CHILD: pl.String(), "place": pl.String(), **dict.fromkeys(_DATES, pl.Date())}
)


def holds_addresses(names: Sequence[str]) -> bool:
    """Tell whether a table has a column of children and one of postcodes, and hardly anything else."""
    found = _columns(names)
    return _CHILD in found and _PLACES[0] in found and len(names) <= len(_NAMES) + 2


def read_addresses(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read a CSV file of children and where they lived.

    Parameters
    ----------
    path : pathlib.Path
        The table ``ssd_address`` of the Standard Safeguarding Dataset, or any with columns such as child_id,
        postcode or address, from and to. Without dates an address counts for all times.

    Returns
    -------
    addresses : polars.DataFrame
        The columns of `SCHEMA`. A place is a postcode where there is one, and otherwise an address, without
        blanks and marks and in capital letters.
    rejects : polars.DataFrame
        table, row (the line after the header, from 1), column, reason.

    Raises
    ------
    MissingColumnError
        If there is no column of children, or none of postcodes or addresses.
    RecordsNotFoundError
        If there is no file.
    UnreadableInputError
        If the file cannot be read.
    """
    require_file(path, "addresses", _WANTED)
    frame = read_csv(path)
    found = _columns(frame.columns)
    if _CHILD not in found or not any(name in found for name in _PLACES):
        raise MissingColumnError(
            f"{path}: there must be a column of children and one of postcodes or addresses.",
            todo="Name them child_id and postcode.",
        )
    empty = pl.repeat(None, frame.height, dtype=pl.String(), eager=True)
    children = read_column(_cells(frame, found.get(_CHILD), _CHILD, empty), Kind.ID).values
    places = [_plain(_cells(frame, found.get(name), name, empty)) for name in _PLACES]
    dates = [read_column(_cells(frame, found.get(name), name, empty), Kind.DATE) for name in _DATES]
    read = pl.DataFrame([children, *places, *(date.values for date in dates)])
    read = read.with_columns(place=pl.coalesce(_PLACES)).with_row_index("row", offset=1)
    rejects = [
        *(
            _rejects(read["row"], column, read[column].is_null(), Reason.MISSING)
            for column in (_CHILD, "place")
        ),
        *(
            _rejects(read["row"], name, date.reasons.is_not_null(), Reason.NOT_A_DATE)
            for name, date in zip(_DATES, dates, strict=True)
        ),
    ]
    return read.drop_nulls([_CHILD, "place"]).select(SCHEMA.keys()), pl.concat(rejects)


def _columns(names: Sequence[str]) -> dict[str, str]:
    plain = {re.sub("[^a-z0-9]", "", name.lower()): name for name in reversed(names)}
    return {
        column: plain[next(word for word in words if word in plain)]
        for column, words in _NAMES.items()
        if any(word in plain for word in words)
    }


def _cells(frame: pl.DataFrame, said: str | None, name: str, empty: pl.Series) -> pl.Series:
    return (empty if said is None else frame[said]).alias(name)


def _plain(cells: pl.Series) -> pl.Series:
    """Write a place in one way: "ab1 2cd" and "AB12CD" are one."""
    plain = pl.col(cells.name).str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "")
    return cells.to_frame().select(pl.when(plain != "").then(plain).alias(cells.name)).to_series()


def _rejects(rows: pl.Series, column: str, which: pl.Series, reason: Reason) -> pl.DataFrame:
    return (
        rows.filter(which)
        .to_frame("row")
        .select(
            pl.lit(ADDRESSES).alias("table"),
            pl.col("row").cast(pl.Int64),
            pl.lit(column).alias("column"),
            pl.lit(str(reason)).alias("reason"),
        )
    )
