"""An authority's records as a return counts them: year by year, and on 31 March."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from csc_experiments.errors import ConfigError
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.size import size_of

PER = 10_000
"""Rates are per so many children."""


@dataclass(frozen=True, slots=True)
class Returns:
    """The complete years of an authority's records, without the first.

    Attributes
    ----------
    tables : mapping of str to polars.DataFrame
        The standard tables.
    years : tuple of pairs of date
        First and last day of each: 1 April and 31 March.
    child_population : float
        Children of 0 to 17.
    """

    tables: Mapping[str, pl.DataFrame]
    years: tuple[tuple[date, date], ...]
    child_population: float

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame], settings: AuthoritySettings) -> Returns:
        """Cut an authority's records into years.

        Raises
        ------
        ConfigError
            If the coverage holds fewer than two years from 1 April to 31 March.
        """
        starts = [date(year, 4, 1) for year in range(settings.first_day.year, settings.last_day.year)]
        years = tuple((start, date(start.year + 1, 3, 31)) for start in starts)
        whole = [(a, b) for a, b in years if a >= settings.first_day and b <= settings.last_day]
        if len(whole) < 2:  # noqa: PLR2004 - one to leave out and one to count
            raise ConfigError(
                "synthetic.years is too short for a calibration report.",
                todo="Take 2 years or more that begin on 1 April.",
            )
        return cls(tables, tuple(whole[1:]), size_of(settings).child_population)

    def within(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """Return the rows whose day lies in one of the years, with that year's last day as `year`."""
        parts = [
            frame.filter(pl.col(column).is_between(first, last)).with_columns(year=pl.lit(last))
            for first, last in self.years
        ]
        return pl.concat(parts)

    def open_on_31_march(self, frame: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
        """Return the rows open at the end of each year, with that day as `year`."""
        parts = [
            frame.filter(
                (pl.col(start) <= last) & (pl.col(end).is_null() | (pl.col(end) > last))
            ).with_columns(year=pl.lit(last))
            for _, last in self.years
        ]
        return pl.concat(parts)

    def rate(self, count: int) -> float:
        """Return a count over all years as a yearly rate per 10,000 children."""
        return count / len(self.years) / self.child_population * PER


def percent(rows: pl.DataFrame, condition: pl.Expr) -> float:
    """Return the share of rows that meet a condition, in percent; nan if there are none.

    Examples
    --------
    >>> percent(pl.DataFrame({"a": [1, 2, None, 4]}), pl.col("a") > 1)
    50.0
    """
    if rows.is_empty():
        return float("nan")
    return 100.0 * float(rows.select(condition.fill_null(value=False).mean()).item())
