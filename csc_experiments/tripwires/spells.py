"""What is known when a spell begins and could only be known when it ends."""

from __future__ import annotations

import polars as pl

from csc_experiments.questions.definition import SPELLS
from csc_experiments.tripwires.finding import Finding, finding
from csc_experiments.tripwires.scene import Scene

_REASON, _DAY = "REFERRAL//CLOSE//", "time"
FEWEST_CLOSURES, LEAST_SHARE = 10, 0.02
"""Of closures too early: how many, and which share of all closures, raise an alarm."""
FEWEST_SPELLS, FEWEST_VALUES, LEAST_CORRELATION = 50, 4, 0.8
"""Spells, different counts among them, and rank correlation with their length that raise an alarm."""


def closure_known_early(scene: Scene) -> Finding:
    """Look for closures, with their reason, on the first day of cases that went on.

    A system that opens the closing form with the case leaves a closed twin beside it: it begins on the same
    day, ends on it, and bears the reason with which the case will really close. Families refer twice on one
    day, too, but then nothing makes the two reasons agree.
    """
    events = scene.events
    begun = events.filter(pl.col("code") == "REFERRAL//START").group_by("subject_id", _DAY).len("cases")
    closed = events.filter(pl.col("code").str.starts_with(_REASON)).select("subject_id", _DAY, "code")
    twins = closed.join(begun.filter(pl.col("cases") > 1), on=["subject_id", _DAY])
    later = closed.rename({_DAY: "closed"})
    early = (
        twins.join(later, on=["subject_id", "code"])
        .filter(pl.col("closed") > pl.col(_DAY))
        .select(twins.columns)
    ).unique()
    count, every = early.height, closed.height
    return finding(
        "closure_known_early",
        count,
        f"{count} of {every} closures stand on the first day of a case that went on, with the reason with"
        " which it closed later.",
        alarm=count >= FEWEST_CLOSURES and count >= LEAST_SHARE * every,
    )


def prescient_duration(scene: Scene) -> Finding:
    """Look for events on the first day of spells whose number tells how long the spells will last."""
    same_day = scene.events.group_by("subject_id", _DAY, "code").len("count")
    repeated = same_day.filter(pl.col("count") >= FEWEST_VALUES)["code"].unique(maintain_order=False).sort()
    told = [
        (spell, code)
        for spell in SPELLS
        if (lengths := _lengths(scene.events, spell)).height >= FEWEST_SPELLS
        for code in repeated
        if _tells_length(lengths, same_day.filter(pl.col("code") == code))
    ]
    return finding(
        "prescient_duration",
        len(told),
        f"{len(told)} kinds of event stand on the first day of spells in a number that tells their length.",
        alarm=bool(told),
    )


def _lengths(events: pl.DataFrame, spell: str) -> pl.DataFrame:
    """Return the first day of each spell that has ended, and its days."""
    starts, ends = (
        events.filter(pl.col("code") == f"{spell}//{side}").select("subject_id", _DAY).unique()
        for side in ("START", "END")
    )
    both = starts.join(ends.rename({_DAY: "end"}), on="subject_id").filter(pl.col("end") > pl.col(_DAY))
    return both.group_by("subject_id", _DAY).agg(
        days=(pl.col("end").min() - pl.col(_DAY).first()).dt.total_days()
    )


def _tells_length(lengths: pl.DataFrame, counted: pl.DataFrame) -> bool:
    both = lengths.join(counted, on=["subject_id", _DAY], how="left").with_columns(
        pl.col("count").fill_null(0)
    )
    if both["count"].n_unique() < FEWEST_VALUES:
        return False
    correlation = both.select(pl.corr("count", "days", method="spearman")).item()
    return bool(abs(correlation) >= LEAST_CORRELATION)
