"""Times as event files write them: moments and days of a typed column, or text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from csc_experiments.records.columns import plain_text
from csc_experiments.records.dates import FIRST_YEAR, parse_dates

MOMENT: Final = pl.Datetime("us")
LAST_TYPED_YEAR: Final = 2299
"""Data sets that were made anonymous move dates up to two centuries ahead; text may be no later than 2099."""
_MOMENT: Final = r"^(?<day>[0-9/-]+)(?:[T ](?<clock>[0-9:.]+))?(?: ?(?:Z|[+-][0-9]{2}:?[0-9]{2}))?$"
_PARTS: Final = (
    r"^(?<hours>[01]?[0-9]|2[0-3]):(?<minutes>[0-5][0-9])"
    r"(?::(?<seconds>[0-5][0-9])(?:[.](?<microseconds>[0-9]{1,6})[0-9]*)?)?$"
)


def read_times(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Read a column of times.

    Days are midnight. A time zone is dropped: the time of day stands as it was written.

    Parameters
    ----------
    cells : polars.Series
        Dates, moments or text: ISO dates and date-times, and the d/m/Y of a spreadsheet.

    Returns
    -------
    times : polars.Series of datetime (microseconds)
        Null where the cell is empty or cannot be read.
    unreadable : polars.Series of bool

    Examples
    --------
    >>> cells = pl.Series(["2022-03-31T09:30:00Z", "31/3/2022", "", "31/3/2022 25:00"])
    >>> times, unreadable = read_times(cells)
    >>> [f"{time:%d %b %H:%M}" if time else None for time in times]
    ['31 Mar 09:30', '31 Mar 00:00', None, None]
    >>> unreadable.to_list()
    [False, False, False, True]
    """
    if isinstance(cells.dtype, pl.Date | pl.Datetime):
        return _typed(cells)
    text = plain_text(cells.cast(pl.String))
    times = _from_text(text)
    return times, text.is_not_null() & times.is_null()


def _typed(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    if cells.dtype == pl.Datetime:
        cells = cells.dt.replace_time_zone(None)
    moments = cells.cast(MOMENT)
    # A date outside these years stands for "unknown" or "still open", or is a slip.
    plausible = moments.dt.year().is_between(FIRST_YEAR, LAST_TYPED_YEAR)
    return moments.set(~plausible, None), ~plausible.fill_null(value=True)


def _from_text(text: pl.Series) -> pl.Series:
    parts = text.str.extract_groups(_MOMENT).struct.unnest()
    moments = pl.DataFrame(
        {
            "day": _each_once(parts["day"], lambda days: parse_dates(days).cast(MOMENT)),
            "passed": _each_once(parts["clock"], _read_clocks),
            "whole": parts["clock"].is_null(),
        }
    )
    # A clock that cannot be read leaves no moment: there is nothing to add.
    moment = pl.when("whole").then("day").otherwise(pl.col("day") + pl.col("passed"))
    return moments.select(moment.alias(text.name)).to_series()


def _read_clocks(clocks: pl.Series) -> pl.Series:
    parts = clocks.str.extract_groups(_PARTS).struct.unnest()
    whole = parts.with_columns(pl.col("microseconds").str.pad_end(6, "0")).cast(pl.Int64)
    passed = pl.duration(
        hours="hours",
        minutes="minutes",
        seconds=pl.col("seconds").fill_null(0),
        microseconds=pl.col("microseconds").fill_null(0),
        time_unit="us",
    )
    return whole.select(passed.alias(clocks.name)).to_series()


def _each_once(cells: pl.Series, read: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Read each different cell once: there are few days, and few times of day."""
    known = cells.drop_nulls().unique()
    values = read(known)
    return cells.replace_strict(known, values, default=None, return_dtype=values.dtype)
