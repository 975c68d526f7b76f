"""Columns of a table as text become columns of the standard kinds, with a reason for each cell set aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from csc_experiments.records.codes import CODE_SETS, SPELLINGS
from csc_experiments.records.dates import parse_dates
from csc_experiments.records.json_cells import YES_NO, read_factors, read_outcomes
from csc_experiments.records.rejects import Reason
from csc_experiments.records.tables import Kind

_NO_ID = re.compile(
    r"(?i)^(?:n[./]?a\.?|not applicable|nan|none|null|\(null\)|<na>|#n/a|#[a-z_]{3,15}[!?]|[-.?]+)$"
)
"""What databases and spreadsheets write where there is no identifier."""
_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$"
# A code of the authority's own must at least look like a code.
_LOCAL_CODE = r"^[A-Za-z0-9_.-]{1,12}$"
_DOCUMENT_TYPE = r"^[A-Za-z0-9_]{1,60}$"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that has been read.

    Attributes
    ----------
    values : polars.Series
        Of the standard type; null where the cell was empty or could not be used.
    reasons : polars.Series of str
        Why a cell, or a part of it, was set aside; null for the others.
    """

    values: pl.Series
    reasons: pl.Series


def read_column(cells: pl.Series, kind: Kind) -> Column:
    """Read a column by its kind.

    Parameters
    ----------
    cells : polars.Series of str
        Named as the standard column; see `plain_text`.
    kind : Kind
        What the standard column holds.

    Examples
    --------
    >>> read = read_column(pl.Series("cine_close_reason", ["rc7", "moved away", None]), Kind.CODE)
    >>> read.values.to_list(), read.reasons.to_list()
    (['RC7', None, None], [None, 'not a code of its code set', None])
    """
    if kind is Kind.TEXT:
        return _kept(cells.set(plain_text(cells).is_null(), None))
    return _READERS[kind](plain_text(cells))


def plain_text(cells: pl.Series) -> pl.Series:
    """Strip blanks; an empty cell, or one that says NULL, is null."""
    text = pl.col(cells.name).str.strip_chars(" \t\r\n\N{NO-BREAK SPACE}")
    filled = pl.when(~text.str.to_uppercase().is_in(["", "NULL"])).then(text)
    return cells.to_frame().select(filled.alias(cells.name)).to_series()


def _kept(cells: pl.Series) -> Column:
    return Column(cells, pl.repeat(None, len(cells), dtype=pl.String(), eager=True).alias("reason"))


def _checked(cells: pl.Series, values: pl.Series, reason: Reason) -> Column:
    """Give a reason wherever a filled cell has no value."""
    unusable = cells.is_not_null() & values.is_null()
    frame = unusable.alias("unusable").to_frame()
    return Column(values, frame.select(reason=pl.when("unusable").then(pl.lit(str(reason)))).to_series())


def plain_ids(cells: pl.Series) -> pl.Series:
    """Undo what a spreadsheet does to identifiers, and leave none where none is meant.

    Examples
    --------
    >>> plain_ids(pl.Series(["123.0", "1,230", " A7 ", "N/A", "#N/A", "null", "nan"])).to_list()
    ['123', '1230', 'A7', None, None, None, None]
    """
    text = plain_text(cells)
    meant = text.set(text.str.contains(_NO_ID.pattern).fill_null(value=False), None)
    return _whole_numbers(without_thousands(meant))


def is_no_id(text: str) -> bool:
    """Tell whether a text stands where there is no identifier.

    Examples
    --------
    >>> is_no_id("#N/A"), is_no_id("A7")
    (True, False)
    """
    return _NO_ID.match(text.strip()) is not None


def without_thousands(cells: pl.Series) -> pl.Series:
    """Leave out the commas of numbers that are written with them; anything else stays.

    Examples
    --------
    >>> without_thousands(pl.Series(["1,000", "-1,234,567.5", "1,00", "B1,000"])).to_list()
    ['1000', '-1234567.5', '1,00', 'B1,000']
    """
    parted = pl.col(cells.name).str.contains(_THOUSANDS)
    plain = pl.when(parted).then(pl.col(cells.name).str.replace_all(",", "")).otherwise(pl.col(cells.name))
    return cells.to_frame().select(plain.alias(cells.name)).to_series()


def _whole_numbers(cells: pl.Series) -> pl.Series:
    """Undo what a spreadsheet does to whole numbers: 123.0 is 123."""
    return cells.str.replace(r"^([0-9]+)\.0+$", "${1}")


def _read_ids(cells: pl.Series) -> Column:
    return _kept(plain_ids(cells))


def _read_dates(cells: pl.Series) -> Column:
    return _checked(cells, parse_dates(cells), Reason.NOT_A_DATE)


def _read_codes(cells: pl.Series) -> Column:
    if cells.name in CODE_SETS:
        return _read_national_codes(cells)
    text = _whole_numbers(cells)
    pattern = _LOCAL_CODE
    if cells.name == "document_type":
        text, pattern = text.str.replace_all(r"[^A-Za-z0-9]+", "_").str.strip_chars("_"), _DOCUMENT_TYPE
        # Questions name types in small letters.
        text = text.str.to_lowercase()
    usable = text.str.contains(pattern)
    return _checked(cells, text.set(~usable, None), Reason.NOT_A_CODE)


def _read_national_codes(cells: pl.Series) -> Column:
    codes = _whole_numbers(cells).str.to_uppercase()
    codes = codes.replace(SPELLINGS.get(cells.name, {}))
    usable = codes.is_in(sorted(CODE_SETS[cells.name]))
    return _checked(cells, codes.set(~usable, None), Reason.NOT_A_CODE)


def _read_flags(cells: pl.Series) -> Column:
    said = _whole_numbers(cells).str.to_lowercase()
    values = said.replace_strict(YES_NO, default=None, return_dtype=pl.String())
    return _checked(cells, values, Reason.NOT_A_FLAG)


def _read_json(cells: pl.Series) -> Column:
    read = read_factors if cells.name == "cinf_assessment_factors_json" else read_outcomes
    known = {cell: read(cell) for cell in cells.drop_nulls().unique()}
    found = [known.get(cell, (None, None)) for cell in cells]
    return Column(
        pl.Series(cells.name, [value for value, _ in found], dtype=pl.String()),
        pl.Series("reason", [reason and str(reason) for _, reason in found], dtype=pl.String()),
    )


_READERS: Mapping[Kind, Callable[[pl.Series], Column]] = MappingProxyType(
    {
        Kind.ID: _read_ids,
        Kind.DATE: _read_dates,
        Kind.CODE: _read_codes,
        Kind.FLAG: _read_flags,
        Kind.JSON: _read_json,
    }
)
