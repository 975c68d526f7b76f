"""Plans for adoption: what the records show of them, and the days before that they do not hold."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from csc_experiments.synthetic.formats.invented import add_luck
from csc_experiments.synthetic.formats.looked_after import care_episodes, care_periods

_ADOPTED = ("E11", "E12")
_WITH_ADOPTERS, _WITH_CARERS = ("A3", "A4", "A5", "A6"), ("A3", "A5")
_PLACEMENT_ORDER = "E1"
_SHARE_IN_VAIN = 0.15
"""Of children under six who stayed for long, those whose plan for adoption came to nothing."""
_LONG = 200
_DECIDED_IN_VAIN, _TAKEN_BACK = 0.45, 0.7
"""When, as a part of the period."""
_TO_DECIDE, _TO_MATCH = (30, 120), (14, 60)
"""Days from a decision to what it led to, and from a match to the placement: at least, and more at most."""


def adoption_plans(tables: Mapping[str, pl.DataFrame], seed: int) -> pl.DataFrame:
    """Return the plans that a child should be adopted.

    There was one wherever the records show a placement order, a placement with adopters or an adoption; it
    was decided on some weeks before the first of them. Of other children under six who stayed for long, some
    had a plan that came to nothing.

    Returns
    -------
    polars.DataFrame
        period, person, start; decided, ordered, matched, placed, adopted, reversed, the day of each, null if
        it did not happen; by_carers, whether the adopters had fostered the child.
    """
    periods = add_luck(care_periods(tables), "period", seed, "adoption in vain", "decision", "match")
    known = periods.join(_signs(tables), on="period", how="left", maintain_order="left").with_columns(
        adopted=pl.when(pl.col("ceased").is_in(_ADOPTED)).then("end"),
        length=(pl.col("end") - pl.col("start")).dt.total_days(),
    )
    known = known.with_columns(sign=pl.min_horizontal("ordered", "placed", "adopted"))
    real, shown = pl.col("sign").is_not_null(), pl.coalesce("placed", "adopted")
    plans = known.filter(real | _in_vain()).with_columns(
        decided=pl.when(real)
        .then(_before("sign", "decision", _TO_DECIDE))
        .otherwise(_part(_DECIDED_IN_VAIN)),
        reversed=pl.when(~real).then(_part(_TAKEN_BACK)).when(pl.col("adopted").is_null()).then("end"),
        shown=shown,
    )
    matched = pl.max_horizontal("decided", _before("shown", "match", _TO_MATCH))
    return plans.select(
        "period", "person", "start", "decided", "ordered",
        pl.when(pl.col("shown").is_not_null()).then(matched).alias("matched"),
        "placed", "adopted", "reversed", by_carers=pl.col("by_carers").fill_null(value=False),
    )  # fmt: skip


def _signs(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the first placement order and the first placement with adopters of each period."""
    episodes = care_episodes(tables)
    with_adopters = pl.col("type").is_in(_WITH_ADOPTERS)
    return episodes.group_by("period", maintain_order=True).agg(
        ordered=pl.col("begins").filter(pl.col("legal") == _PLACEMENT_ORDER).min(),
        placed=pl.col("begins").filter(with_adopters).min(),
        by_carers=pl.col("type").is_in(_WITH_CARERS).any(),
    )


def _in_vain() -> pl.Expr:
    young = pl.col("start") < pl.col("born").dt.offset_by("6y")
    return young & (pl.col("length") > _LONG) & (pl.col("adoption in vain") < _SHARE_IN_VAIN)


def _before(day: str, luck: str, days: tuple[int, int]) -> pl.Expr:
    """Return a day some days before another, but not before care began."""
    ahead = days[0] + (pl.col(luck) * days[1]).floor().cast(pl.Int64)
    return pl.max_horizontal("start", pl.col(day) - pl.duration(days=ahead))


def _part(share: float) -> pl.Expr:
    return pl.col("start") + pl.duration(days=(pl.col("length") * share).floor().cast(pl.Int64))
