"""Plans for adoption fit what the records show of them."""

from __future__ import annotations

from functools import cache

import polars as pl

from csc_experiments.records import TABLES, conform
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.formats.adoption import adoption_plans
from csc_experiments.synthetic.formats.looked_after import care_episodes
from csc_experiments.synthetic.simulation import simulate_lives

SETTINGS = AuthoritySettings(authority="la1", children=900, years=6, share_care=0.7)


@cache
def tables() -> dict[str, pl.DataFrame]:
    lives = simulate_lives(SETTINGS, 1).tables
    return {name: conform(name, frame, name) for name, frame in lives.items() if name in TABLES}


def plans() -> pl.DataFrame:
    return adoption_plans(tables(), 1)


def test_there_is_one_plan_for_every_period_that_shows_one() -> None:
    adopted = tables()["ssd_cla_episodes"].filter(
        pl.col("clae_cla_episode_ceased_reason").is_in(["E11", "E12"])
    )
    placed = tables()["ssd_cla_placement"].filter(pl.col("clap_cla_placement_type").str.starts_with("A"))
    assert plans()["period"].is_unique().all()
    assert set(plans().drop_nulls("adopted")["period"]) == set(adopted["clae_cla_id"])
    assert set(plans().drop_nulls("placed")["period"]) == set(placed["clap_cla_id"])
    orders = tables()["ssd_legal_status"].filter(pl.col("lega_legal_status") == "E1")
    assert set(plans().drop_nulls("ordered")["person"]) == set(orders["lega_person_id"])


def test_the_days_of_a_plan_are_in_order() -> None:
    assert plans().drop_nulls("adopted").height > 0
    for earlier, later in (
        ("start", "decided"), ("decided", "ordered"), ("decided", "matched"), ("matched", "placed"),
        ("placed", "adopted"), ("decided", "reversed"),
    ):  # fmt: skip
        rows = plans().drop_nulls([earlier, later])
        assert (rows[earlier] <= rows[later]).all(), (earlier, later)
    assert plans().filter(pl.col("adopted").is_not_null() & pl.col("reversed").is_not_null()).height == 0


def test_whoever_lives_with_adopters_is_under_a_placement_order_for_ten_weeks_or_more() -> None:
    together = care_episodes(tables()).filter(pl.col("type").is_in(["A5", "A6"]))
    assert together.height > 0
    assert set(together["legal"]) == {"E1"}
    adopted = plans().drop_nulls("adopted")
    assert ((adopted["adopted"] - adopted["placed"]).dt.total_days() >= 70).all()


def test_some_plans_of_young_children_come_to_nothing() -> None:
    shown = pl.any_horizontal(pl.col("ordered", "placed", "adopted").is_not_null())
    in_vain = plans().filter(~shown)
    assert 0 < in_vain.height < plans().height
    assert in_vain["reversed"].null_count() == 0
