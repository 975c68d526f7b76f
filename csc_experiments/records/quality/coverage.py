"""When the rows of each table are dated: month by month, and outside what the extract covers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from csc_experiments.records.store import Records

MAIN_DATE: Mapping[str, str] = MappingProxyType(
    {
        "ssd_contacts": "cont_contact_date",
        "ssd_early_help_episodes": "earl_episode_start_date",
        "ssd_cin_episodes": "cine_referral_date",
        "ssd_cin_assessments": "cina_assessment_start_date",
        "ssd_cin_plans": "cinp_cin_plan_start_date",
        "ssd_s47_enquiry": "s47e_s47_start_date",
        "ssd_initial_cp_conference": "icpc_icpc_date",
        "ssd_cp_plans": "cppl_cp_plan_start_date",
        "ssd_cp_reviews": "cppr_cp_review_date",
        "ssd_cla_episodes": "clae_cla_episode_start_date",
        "ssd_cla_placement": "clap_cla_placement_start_date",
        "ssd_legal_status": "lega_legal_status_start_date",
        "ssd_missing": "miss_missing_episode_start_date",
        "ssd_involvements": "invo_involvement_start_date",
        "documents": "authored_date",
        "events": "time",
    }
)
"""The day on which a row of a table happened or began. Other tables say what holds at all times."""


def count_months(records: Records) -> pl.DataFrame:
    """Count the rows of each dated table in each month of the coverage.

    Returns
    -------
    polars.DataFrame
        table, month (its first day), rows: every month that the coverage touches, for every dated table that
        is not empty. Rows dated outside the coverage are not counted.
    """
    extract = records.extract
    months = pl.date_range(
        extract.coverage_from.replace(day=1), extract.coverage_to, "1mo", eager=True
    ).to_frame("month")
    empty = pl.DataFrame(schema={"table": pl.String, "month": pl.Date, "rows": pl.UInt32})
    counted = (_count_table(records, name, months) for name in _dated(records))
    return pl.concat([empty, *counted])


def count_outside(records: Records) -> pl.DataFrame:
    """Count the rows of each dated table that lie before and after the coverage, or have no date.

    What began before the coverage may rightly be there: an episode of care that was still open.

    Returns
    -------
    polars.DataFrame
        table, column (the date), rows, before, after, undated.
    """
    extract = records.extract
    rows = []
    for name in _dated(records):
        column = MAIN_DATE[name]
        day = records[name][column].cast(pl.Date())
        before, after = (day < extract.coverage_from).sum(), (day > extract.coverage_to).sum()
        rows.append((name, column, len(day), int(before), int(after), day.null_count()))
    schema = ["table", "column", "rows", "before", "after", "undated"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _dated(records: Records) -> list[str]:
    return [name for name in MAIN_DATE if name in records.tables and not records[name].is_empty()]


def _count_table(records: Records, name: str, months: pl.DataFrame) -> pl.DataFrame:
    day = pl.col(MAIN_DATE[name]).cast(pl.Date())
    covered = day.is_between(records.extract.coverage_from, records.extract.coverage_to)
    found = (
        records[name]
        .filter(covered)
        .group_by(day.dt.truncate("1mo").alias("month"))
        .agg(pl.len().alias("rows"))
    )
    return months.join(found, on="month", how="left", maintain_order="left").select(
        pl.lit(name).alias("table"), "month", pl.col("rows").fill_null(0)
    )
