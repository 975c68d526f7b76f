"""Which of the documents that were known at the prediction time a block reads."""

from __future__ import annotations

import polars as pl

from csc_experiments.representations.knowledge import refuse_future
from csc_experiments.representations.text.settings import Part

REFERRED = "REFERRAL//START"
CONTACTED = "CONTACT//START"
EPISODE_STARTS = (REFERRED, CONTACTED)


def select_documents(
    documents: pl.DataFrame,
    events: pl.DataFrame,
    *,
    part: Part = Part.ALL,
    lookback_days: int | None = None,
    most_recent: int | None = None,
) -> pl.DataFrame:
    """Select pairs of rows and documents.

    The current part holds what was written on or after the day on which the latest referral started that was
    known at the prediction time; with no referral known, the latest contact. What was written before is the
    previous part. Of a child without either, no episode is known, and every document is of the previous part.
    So the two parts hold each document once.

    Parameters
    ----------
    documents : polars.DataFrame
        Pairs from `known_before`, without what the question hides: row, document, prediction_time, time,
        known_time.
    events : polars.DataFrame
        Pairs from `known_before`, without what the question hides: row, code, prediction_time, time,
        known_time. Those whose codes are not `EPISODE_STARTS` are not looked at.
    part : Part
    lookback_days : int, optional
        Documents written more days before the prediction time are left out.
    most_recent : int, optional
        Of what is left, at most so many documents of each row are kept: those written last, then those known
        last.

    Returns
    -------
    polars.DataFrame
        Some of `documents`, with the same columns.

    Raises
    ------
    LeakError
        If a document or an event was not known by its prediction time.
    """
    refuse_future(documents)
    chosen = documents if part is Part.ALL else _of_part(documents, _episode_starts(events), part)
    if lookback_days is not None:
        oldest = pl.col("prediction_time") - pl.duration(days=lookback_days)
        chosen = chosen.filter(pl.col("time") >= oldest)
    if most_recent is not None:
        chosen = _most_recent(chosen, most_recent)
    return chosen


def _episode_starts(events: pl.DataFrame) -> pl.DataFrame:
    """Return the day on which each row's latest known episode started."""
    refuse_future(events)
    day = pl.col("time").dt.truncate("1d")
    return (
        events.group_by("row")
        .agg(
            referred=day.filter(pl.col("code") == REFERRED).max(),
            contacted=day.filter(pl.col("code") == CONTACTED).max(),
        )
        .select("row", started=pl.coalesce("referred", "contacted"))
    )


def _of_part(documents: pl.DataFrame, starts: pl.DataFrame, part: Part) -> pl.DataFrame:
    placed = documents.join(starts, on="row", how="left", maintain_order="left")
    current = (pl.col("time") >= pl.col("started")).fill_null(value=False)
    return placed.filter(current if part is Part.CURRENT else ~current).drop("started")


def _most_recent(documents: pl.DataFrame, number: int) -> pl.DataFrame:
    last = ("time", "known_time", "document")
    return (
        documents.sort("row", *last, descending=[False, True, True, True])
        .group_by("row", maintain_order=True)
        .head(number)
        .select(documents.columns)
    )
