"""What a source gives as events already: rows of the table `events`."""

from __future__ import annotations

from datetime import time

import polars as pl

from csc_experiments.history.rules import BIRTH


def given_events(events: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Number the people of given events, and say from when each was known.

    Parameters
    ----------
    events : polars.DataFrame
        The table `events`.
    keys : polars.DataFrame
        person_id, subject_id.

    Returns
    -------
    polars.DataFrame
        subject_id, time, code, numeric_value, text_value, known_time. Nothing is known before it happens;
        without a known_time it is known when it happens; a fact without a time has neither.
    """
    known = pl.when(pl.col("time").is_not_null()).then(pl.max_horizontal("known_time", "time"))
    return events.with_columns(known_time=known).join(keys, on="person_id", how="inner").drop("person_id")


def given_births(events: pl.DataFrame) -> pl.DataFrame:
    """List person_id and given_birth of those whose birth is among the events."""
    births = events.filter((pl.col("code") == BIRTH) & pl.col("time").is_not_null())
    return births.group_by("person_id").agg(pl.col("time").min().alias("given_birth"))


def has_clock(events: pl.DataFrame) -> bool:
    """Tell whether any time is more than a day: another time of day than midnight."""
    midnight = time(0)
    return bool(
        events.select(pl.any_horizontal((pl.col("time", "known_time").dt.time() != midnight).any())).item()
    )


def known_by_evening(facts: pl.DataFrame) -> pl.DataFrame:
    """Count what has a day but no time of day as known in the last moment of that day."""
    return facts.with_columns(pl.col("known_time").dt.offset_by("1d") - pl.duration(microseconds=1))
