"""Dates as records write them: ISO dates, ISO date-times, and the d/m/Y of a spreadsheet."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import polars as pl

FIRST_YEAR, LAST_YEAR = 1901, 2099
"""A date outside these years stands for "unknown" or "still open" (1900-01-01, 9999-12-31), or is a slip."""

_ISO = r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.]+)?(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?"
_ISO_PATTERN = re.compile(_ISO)
_SPREADSHEET = r"^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: [0-9:.]+)?$"


@lru_cache(maxsize=1 << 16)
def parse_iso_date(text: str) -> date | None:
    """Read an ISO date or date-time.

    Returns
    -------
    datetime.date or None
        None if the text is not a date, or is one that no record of a living child can hold.

    Examples
    --------
    >>> parse_iso_date("2022-03-31T00:00:00Z")
    datetime.date(2022, 3, 31)
    >>> parse_iso_date("2022-02-30") is None
    True
    >>> parse_iso_date("9999-12-31") is None
    True
    """
    found = _ISO_PATTERN.fullmatch(text)
    if found is None:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def parse_dates(cells: pl.Series) -> pl.Series:
    """Read a column of dates; what is not a date becomes null.

    Parameters
    ----------
    cells : polars.Series of str
        Without blanks around.

    Returns
    -------
    polars.Series of date

    Examples
    --------
    >>> parse_dates(pl.Series(["2022-03-31 00:00:00", "31/3/2022", "3/31/2022", None])).to_list()
    [datetime.date(2022, 3, 31), datetime.date(2022, 3, 31), None, None]
    """
    # A column has many cells and few days, and to read a text takes longer than to look it up.
    distinct = cells.drop_nulls().unique()
    return cells.replace_strict(distinct, _parse(distinct), default=None, return_dtype=pl.Date)


def _parse(cells: pl.Series) -> pl.Series:
    text = pl.col(cells.name)
    day, month, year = (text.str.extract(_SPREADSHEET, part) for part in (1, 2, 3))
    spreadsheet = pl.concat_str(year, month.str.zfill(2), day.str.zfill(2), separator="-")
    iso = pl.coalesce(text.str.extract(f"^{_ISO}$"), spreadsheet)
    parsed = iso.str.to_date("%Y-%m-%d", strict=False)
    plausible = parsed.dt.year().is_between(FIRST_YEAR, LAST_YEAR)
    return cells.to_frame().select(pl.when(plausible).then(parsed).alias(cells.name)).to_series()
