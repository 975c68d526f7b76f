"""When something happened that a question names, and what was open at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from csc_experiments.questions.definition import EventConfig

_DAY = "day"


def begins(column: str, codes: Sequence[str]) -> pl.Expr:
    """Whether a code is one of `codes` or continues one.

    Examples
    --------
    >>> frame = pl.DataFrame({"code": ["CLA//START", "CLA", "CLAIM"]})
    >>> frame.select(begins("code", ["CLA"]))["code"].to_list()
    [True, True, False]
    """
    return pl.any_horizontal(
        *((pl.col(column) == code) | pl.col(column).str.starts_with(f"{code}//") for code in codes)
    ).alias(column)


def of_codes(events: pl.DataFrame, codes: Sequence[str]) -> pl.DataFrame:
    """Keep the dated events of codes; each different code is looked at once, not each event."""
    if not codes:
        return events.clear()
    listed = events.select(pl.col("code").unique()).filter(begins("code", codes))["code"]
    return events.filter(pl.col("code").is_in(listed.implode()) & pl.col("time").is_not_null())


def known_then(events: pl.DataFrame, said: EventConfig) -> pl.DataFrame:
    """Find events of a kind; what else the day holds counts if it was known when the event was."""
    return _matching(events, said, pl.col("companion") <= pl.col("known_time"))


def ever_known(events: pl.DataFrame, said: EventConfig) -> pl.DataFrame:
    """Find events of a kind, as they turned out to be."""
    return _matching(events, said, pl.col("companion").is_not_null())


def _matching(events: pl.DataFrame, said: EventConfig, counts: pl.Expr) -> pl.DataFrame:
    day = pl.col("time").dt.truncate("1d").alias(_DAY)
    found = of_codes(events, said.any).with_columns(day)
    keys = ["subject_id", _DAY]
    for codes, wanted in [*(([code], True) for code in said.all), *(([code], False) for code in said.none)]:
        beside = of_codes(events, codes).group_by("subject_id", day).agg(companion=pl.col("known_time").min())
        there = counts.fill_null(value=False)
        found = (
            found.join(beside, on=keys, how="left", maintain_order="left")
            .filter(there if wanted else ~there)
            .drop("companion")
        )
    return found.drop(_DAY)


def spell_at(rows: pl.DataFrame, events: pl.DataFrame, spell: str) -> pl.DataFrame:
    """Tell of each row whether a spell was known to be open, and the how manieth it was.

    Parameters
    ----------
    rows : polars.DataFrame
        subject_id, prediction_time; n rows.
    events : polars.DataFrame
    spell : str
        X, of which there are X//START and X//END.

    Returns
    -------
    polars.DataFrame
        open (bool), number (int); n rows in the same order. It is open where more starts than ends are known.
        A start while it is open begins no other.
    """
    start, end = (of_codes(events, [code]) for code in sides_of(spell))
    changes = (
        pl.concat([start.with_columns(change=1), end.with_columns(change=-1)])
        .join(rows.select("subject_id").unique(), on="subject_id", how="semi")
        .group_by("subject_id", "known_time")
        .agg(pl.col("change").sum())
        .sort("subject_id", "known_time")
    )
    child = changes["subject_id"].to_numpy()
    first = np.append(True, child[1:] != child[:-1])[: child.size]
    is_open = _running(changes["change"].to_numpy(), first) > 0
    was_open = np.append(False, is_open[:-1])[: child.size] & ~first
    number = _running((is_open & ~was_open).astype(np.int64), first)
    states = changes.select("subject_id", "known_time").with_columns(
        pl.Series("open", is_open, pl.Boolean), pl.Series("number", number, pl.Int64)
    )
    return (
        rows.select("subject_id", "prediction_time")
        .with_row_index("row")
        .sort("prediction_time")
        .join_asof(
            states,
            left_on="prediction_time",
            right_on="known_time",
            by="subject_id",
            strategy="backward",
            check_sortedness=False,
        )
        .sort("row")
        .select(pl.col("open").fill_null(value=False), pl.col("number").fill_null(0))
    )


def sides_of(spell: str) -> list[str]:
    """Return the codes of the two sides of a spell."""
    return [f"{spell}//START", f"{spell}//END"]


def _running(values: NDArray[np.int64], first: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Sum up from the first of each group on; groups stand together."""
    total = np.cumsum(values)
    begin = np.maximum.accumulate(np.where(first, np.arange(values.size), 0))
    running: NDArray[np.int64] = total - (total - values)[begin]
    return running


def after(rows: pl.DataFrame, found: pl.DataFrame, counts: pl.Expr, at_least: int) -> pl.Series:
    """When the last of so many events came to each row's child, on different days or at different times.

    Parameters
    ----------
    rows : polars.DataFrame
        subject_id, prediction_time, last (of the horizon), different from each other; n rows.
    found : polars.DataFrame
        subject_id, time, code.
    counts : polars.Expr
        Which events of the child count, over time, code and the columns of `rows`.
    at_least : int

    Returns
    -------
    polars.Series of datetime, length n
        Null where fewer came by the end of the horizon.
    """
    keys = ["subject_id", "prediction_time"]
    times = (
        rows.select(*keys, "last")
        .join(found.select("subject_id", "time", "code"), on="subject_id", how="inner")
        .filter(counts & (pl.col("time") <= pl.col("last")))
        .unique([*keys, "time"])
        .group_by(keys)
        .agg(pl.len(), pl.col("time").bottom_k(at_least).max())
        .filter(pl.col("len") >= at_least)
    )
    return rows.select(keys).join(times, on=keys, how="left", maintain_order="left")["time"]
