"""Periods of care, made of the episodes between which a child's placement or legal status changed."""

from __future__ import annotations

import polars as pl

SHORT_BREAKS = ("V3", "V4")
"""Legal statuses of a series of short breaks."""
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
"""Types of placement while the usual one is kept: holidays, hospital, a carer's break."""


def care_periods(episodes: pl.DataFrame, legal: pl.DataFrame) -> pl.DataFrame:
    """Mark where a period of care starts and ends; short breaks are no period of care, as in DfE's counts.

    An episode goes on with the period of the one before it if that one ceased with X1 or is still open. Where
    an extract lacks the first episode of a period, the period starts on the day that the child entered care
    or, if no cell says when, with the first episode there is.

    Parameters
    ----------
    episodes : polars.DataFrame
        The table `ssd_cla_episodes`.
    legal : polars.DataFrame
        The table `ssd_legal_status`.

    Returns
    -------
    polars.DataFrame
        The episodes, in another order, with the days care_start, care_end and short_break_start; null where
        an episode starts or ends nothing.
    """
    person, started, ceased = (
        "clae_person_id",
        "clae_cla_episode_start_date",
        "clae_cla_episode_ceased_date",
    )
    said_start = pl.col("clae_cla_episode_start_reason") == "S"
    goes_on = pl.col("clae_cla_episode_ceased_reason") == "X1"
    # After the dates, whatever makes the order of two episodes on one day the same in every extract.
    order = [person, started, ceased, *sorted(set(episodes.columns) - {person, started, ceased})]
    marked = _mark_short_breaks(episodes, legal).sort(order, nulls_last=True)
    breaks = marked.filter("short_break").with_columns(
        short_break_start=pl.when(said_start.fill_null(value=True)).then(started)
    )
    follows = (goes_on | pl.col(ceased).is_null()).shift(1).over(person).fill_null(value=False)
    care = (
        marked.filter(~pl.col("short_break"))
        .with_columns(begins=said_start.fill_null(value=False) | ~follows)
        .with_columns(ends=~goes_on.fill_null(value=False) | pl.col("begins").shift(-1).over(person))
        .with_columns(
            care_start=pl.when(said_start)
            .then(started)
            .when("begins")
            .then(pl.min_horizontal(started, "clae_entered_care_date")),
            care_end=pl.when("ends").then(ceased),
        )
    )
    return pl.concat([care, breaks], how="diagonal")


def placements(table: pl.DataFrame) -> pl.DataFrame:
    """Tell placements from temporary ones, which count as no move in DfE's figures on stability.

    Parameters
    ----------
    table : polars.DataFrame
        The table `ssd_cla_placement`.

    Returns
    -------
    polars.DataFrame
        The same rows with the days placement_start and temporary_start, one of them null.
    """
    temporary = pl.col("clap_cla_placement_type").str.to_uppercase().is_in(TEMPORARY).fill_null(value=False)
    started = pl.col("clap_cla_placement_start_date")
    return table.with_columns(
        placement_start=pl.when(~temporary).then(started),
        temporary_start=pl.when(temporary).then(started),
    )


def _mark_short_breaks(episodes: pl.DataFrame, legal: pl.DataFrame) -> pl.DataFrame:
    """Mark the episodes that began under a series of short breaks, by the legal status then in force."""
    status = legal.select(
        pl.col("lega_person_id").alias("clae_person_id"),
        pl.col("lega_legal_status_start_date").alias("clae_cla_episode_start_date"),
        "lega_legal_status_end_date",
        short_break=pl.col("lega_legal_status").is_in(SHORT_BREAKS),
    )
    # Of several that start on one day the last is in force: one that is no short break, or ends latest.
    status = status.sort(
        "clae_cla_episode_start_date",
        "short_break",
        "lega_legal_status_end_date",
        descending=[False, True, False],
        nulls_last=[False, False, True],
    )
    ended = pl.col("lega_legal_status_end_date") < pl.col("clae_cla_episode_start_date")
    return (
        episodes.sort("clae_cla_episode_start_date")
        .join_asof(
            status,
            on="clae_cla_episode_start_date",
            by="clae_person_id",
            strategy="backward",
            check_sortedness=False,
        )
        .with_columns(pl.col("short_break").fill_null(value=False) & ~ended.fill_null(value=False))
    )
