"""Care as national returns tell it: periods, and in them episodes of one legal status and one placement."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

_SAME_CARER = ("T", "U")
"""Recorded reasons for an episode that begins with another placement by the same carers."""


def care_periods(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return every period of care.

    Returns
    -------
    polars.DataFrame
        period, person, born, start, end, ceased (the reason), need; end and ceased are null while it lasts.
    """
    births = tables["ssd_person"].select(person="pers_person_id", born="pers_dob")
    stays = tables["ssd_cla_episodes"].sort("clae_cla_episode_start_date", "clae_cla_episode_id")
    return (
        stays.group_by(period="clae_cla_id", maintain_order=True)
        .agg(
            person=pl.first("clae_person_id"),
            start=pl.first("clae_cla_episode_start_date"),
            end=pl.last("clae_cla_episode_ceased_date"),
            ceased=pl.last("clae_cla_episode_ceased_reason"),
            need=pl.first("clae_cla_primary_need_code"),
        )
        .drop_nulls("period")
        .join(births, on="person", how="left")
        .sort("start", "period")
    )


def care_episodes(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return every episode of care, each beginning when the last one ended.

    An episode ends where the legal status or the placement changes. Whether the carers changed with the
    placement is what the recorded reason for the episode says.

    Returns
    -------
    polars.DataFrame
        period, person, need, placement, carer (the first placement by the same carers), legal, type,
        provider, change (the reason why the placement ended), begins, ends, why (the reason for the new
        episode: S, L, P, T, B or U), ceased; sorted by period and begins.
    """
    periods = care_periods(tables)
    marks = _in_force(_marks(tables, periods), tables)
    before = marks.with_columns(pl.col("placement", "legal").shift(1).over("period").name.prefix("last_"))
    moved = pl.col("placement").ne_missing(pl.col("last_placement"))
    status = pl.col("legal").ne_missing(pl.col("last_legal"))
    first = pl.col("begins") == pl.col("start")
    others = first | (moved & ~pl.col("recorded").is_in(_SAME_CARER).fill_null(value=False))
    told = before.filter(first | moved | status).with_columns(
        carer=pl.when(others).then("placement").forward_fill().over("period"),
        why=pl.when(first).then(pl.lit("S")).otherwise(_reason(moved, status)),
        ends=pl.coalesce(pl.col("begins").shift(-1).over("period"), "end"),
        last=pl.col("begins").shift(-1).over("period").is_null(),
    )
    return told.select(
        "period", "person", "need", "placement", "carer", "legal", "type", "provider", "change", "begins",
        "ends", "why", ceased=pl.when("last").then("ceased").otherwise(pl.lit("X1")),
    )  # fmt: skip


def _reason(moved: pl.Expr, status: pl.Expr) -> pl.Expr:
    same_carer = pl.col("recorded").is_in(_SAME_CARER)
    both = pl.when(same_carer).then(pl.lit("U")).otherwise(pl.lit("B"))
    move = pl.when(same_carer).then(pl.lit("T")).otherwise(pl.lit("P"))
    return pl.when(moved & status).then(both).when(moved).then(move).otherwise(pl.lit("L"))


def _marks(tables: Mapping[str, pl.DataFrame], periods: pl.DataFrame) -> pl.DataFrame:
    """Return the days on which something in a period begins."""
    placements = tables["ssd_cla_placement"].select(
        period="clap_cla_id", begins="clap_cla_placement_start_date"
    )
    legal = tables["ssd_legal_status"].select(person="lega_person_id", begins="lega_legal_status_start_date")
    by_person = periods.select("period", "person").join(legal, on="person").select("period", "begins")
    starts = periods.select("period", begins="start")
    marks = pl.concat([starts, placements, by_person]).unique().join(periods, on="period")
    inside = (pl.col("begins") >= pl.col("start")) & (
        pl.col("end").is_null() | (pl.col("begins") < pl.col("end"))
    )
    at_start = pl.col("begins") == pl.col("start")
    return marks.filter(inside | at_start).sort("begins", "period")


def _in_force(marks: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Add the placement and the legal status of each day."""
    placements = (
        tables["ssd_cla_placement"]
        .select(
            period="clap_cla_id",
            begins="clap_cla_placement_start_date",
            placement="clap_cla_placement_id",
            type="clap_cla_placement_type",
            provider="clap_cla_placement_provider",
            change="clap_cla_placement_change_reason",
        )
        .sort("begins", "placement")
    )
    legal = (
        tables["ssd_legal_status"]
        .select(person="lega_person_id", begins="lega_legal_status_start_date", legal="lega_legal_status")
        .sort("begins")
    )
    recorded = tables["ssd_cla_episodes"].select(
        period="clae_cla_id", begins="clae_cla_episode_start_date", recorded="clae_cla_episode_start_reason"
    )
    once = recorded.unique(["period", "begins"], keep="first", maintain_order=True)
    # Both sides were sorted by day a line ago; inside groups the library cannot see it.
    return (
        marks.join_asof(placements, on="begins", by="period", check_sortedness=False)
        .join_asof(legal, on="begins", by="person", check_sortedness=False)
        .join(once, on=["period", "begins"], how="left")
        .sort("period", "begins")
    )
