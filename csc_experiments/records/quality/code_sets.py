"""Codes that are not of their code set, and codes that stand outside the years in which they were in use.

Years are those of the returns, from April to March, and named by their end. Which codes came and went is
published with the specifications of the children in need census and the children looked-after return
(https://www.gov.uk/guidance/children-in-need-census, https://www.gov.uk/guidance/children-looked-after-return).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from csc_experiments.records.codes import CODE_SETS
from csc_experiments.records.quality.coverage import MAIN_DATE
from csc_experiments.records.store import Extract, Records
from csc_experiments.records.tables import TABLES, Kind

OTHER: Final = "other"
"""The year of what is dated outside the coverage, or not at all."""
_NO_CODES: Final = pl.DataFrame(
    schema={
        **dict.fromkeys(("table", "column", "year"), pl.String()),
        **dict.fromkeys(("filled", "foreign", "other_years"), pl.UInt32()),
    }
)
_EVER: Final = 9999
_YEAR_STARTS: Final = 4
YEARS: Mapping[str, Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "cine_referral_source_code": {"5D": (2023, _EVER)},
        "cine_close_reason": {"RC9": (2023, _EVER)},
        "cinf_assessment_factors_json": {
            **dict.fromkeys(("18B", "18C", "19B", "19C"), (2021, _EVER)),
            "24A": (2022, _EVER),
        },
        "clae_cla_episode_ceased_reason": {
            **dict.fromkeys(("E43", "E44"), (0, 2018)),
            **dict.fromkeys(("E45", "E46", "E47", "E48"), (2019, _EVER)),
        },
        "clap_cla_placement_type": {
            **dict.fromkeys(("H5", "P2"), (0, 2024)),
            "K3": (2025, _EVER),
            **dict.fromkeys(("Z11", "Z12", "Z13", "Z14"), (2026, _EVER)),
        },
    }
)
"""First and last year of the codes that were not in use all the time, by column."""
DATED_BY: Mapping[str, str] = MappingProxyType(
    {
        "cine_close_reason": "cine_close_date",
        "clae_cla_episode_ceased_reason": "clae_cla_episode_ceased_date",
        "clap_cla_placement_change_reason": "clap_cla_placement_end_date",
    }
)
"""Code columns that belong to another day than their row's main date."""


def count_codes(records: Records) -> pl.DataFrame:
    """Count the codes of every column that has a national code set, year by year.

    Returns
    -------
    polars.DataFrame
        table, column, year (empty for tables without a date, `OTHER` for what is dated outside the coverage
        or not at all), filled (codes), foreign (of no year's code set), other_years (of the code set, but not
        of that year). A cell of a list holds several codes. No code itself is there.
    """
    counted = [
        _count_column(records, name, column)
        for name, table in TABLES.items()
        for column in table.columns
        if column in CODE_SETS and not records[name].is_empty()
    ]
    return pl.concat([_NO_CODES, *counted])


def _count_column(records: Records, name: str, column: str) -> pl.DataFrame:
    code, year = pl.col("code"), pl.col("collection")
    outside = [(code == each) & ~year.is_between(*years) for each, years in YEARS.get(column, {}).items()]
    return (
        _codes(records, name, column)
        .drop_nulls("code")
        .with_columns(collection=pl.col("day").dt.year() + (pl.col("day").dt.month() >= _YEAR_STARTS))
        .group_by(year=_covered(records.extract, dated=name in _DATED))
        .agg(
            filled=pl.len(),
            foreign=(~code.is_in(list(CODE_SETS[column]))).sum(),
            other_years=pl.any_horizontal(pl.lit(value=False), *outside).sum(),
        )
        .sort("year")
        .select(pl.lit(name).alias("table"), pl.lit(column).alias("column"), pl.all())
    )


_DATED: Final = frozenset({*MAIN_DATE, "ssd_assessment_factors"})


def _codes(records: Records, name: str, column: str) -> pl.DataFrame:
    """Give every code with its day: one row for each."""
    frame = records[name]
    if name == "ssd_assessment_factors":
        days = records["ssd_cin_assessments"].select("cina_assessment_id", "cina_assessment_auth_date")
        frame = frame.join(
            days.unique("cina_assessment_id", keep="first"),
            left_on="cinf_assessment_id", right_on="cina_assessment_id", how="left",
        )  # fmt: skip
        day = "cina_assessment_auth_date"
    else:
        day = DATED_BY.get(column, MAIN_DATE.get(name, ""))
    codes = frame.select(
        code=_listed(column) if TABLES[name].columns[column] is Kind.JSON else pl.col(column),
        day=pl.col(day) if day else pl.lit(None, pl.Date()),
    )
    return codes.explode("code") if codes.schema["code"] == pl.List else codes


def _listed(column: str) -> pl.Expr:
    """Take the strings out of a JSON list; the cell need not be right."""
    return pl.col(column).str.extract_all(r'"[^"]*"').list.eval(pl.element().str.strip_chars('"'))


def _covered(extract: Extract, *, dated: bool) -> pl.Expr:
    """Name the year, if the coverage reaches into it: the year of a wrong date is itself a value."""
    if not dated:
        return pl.lit("")
    first, last = (
        day.year + (day.month >= _YEAR_STARTS) for day in (extract.coverage_from, extract.coverage_to)
    )
    year = pl.col("collection")
    return pl.when(year.is_between(first, last)).then(year.cast(pl.String())).otherwise(pl.lit(OTHER))
