"""What is measured of children looked after."""

from __future__ import annotations

import polars as pl

from csc_experiments.synthetic.returns import Returns, percent

_FOSTERED = ("U1", "U2", "U3", "U4", "U5", "U6")
_AT_18 = ("E5", "E6", "E7", "E17")
_ADOPTED = ("E11", "E12")
_GUARDIANS = ("E45", "E46", "E47", "E48")
_HOME = ("E4A", "E4B")


def care_measures(returns: Returns) -> dict[str, float]:
    """Measure who comes into care, who is looked after, and who leaves."""
    episodes = returns.tables["ssd_cla_episodes"]
    ceased, reason = "clae_cla_episode_ceased_date", pl.col("clae_cla_episode_ceased_reason")
    started = returns.within(
        episodes.filter(pl.col("clae_cla_episode_start_reason") == "S"), "clae_cla_episode_start_date"
    )
    ended = returns.within(episodes.filter(reason != "X1"), ceased)
    stock = returns.open_on_31_march(episodes, "clae_cla_episode_start_date", ceased)
    placed = returns.open_on_31_march(
        returns.tables["ssd_cla_placement"], "clap_cla_placement_start_date", "clap_cla_placement_end_date"
    )
    legal = returns.tables["ssd_legal_status"]
    under = returns.open_on_31_march(legal, "lega_legal_status_start_date", "lega_legal_status_end_date")
    first = started.join(
        legal,
        left_on=["clae_person_id", "clae_cla_episode_start_date"],
        right_on=["lega_person_id", "lega_legal_status_start_date"],
    )
    return {
        "care_started_rate": returns.rate(started.height),
        "care_ended_rate": returns.rate(ended.height),
        "care_stock": returns.rate(stock.height),
        "care_alone": percent(started, pl.col("clae_cla_primary_need_code") == "N8"),
        "care_accommodated": percent(first, pl.col("lega_legal_status") == "V2"),
        "care_orders": percent(under, pl.col("lega_legal_status").is_in(["C1", "C2"])),
        "care_fostered": percent(placed, pl.col("clap_cla_placement_type").is_in(_FOSTERED)),
        "care_until_18": percent(ended, reason.is_in(_AT_18)),
        "care_adopted": percent(ended, reason.is_in(_ADOPTED)),
        "care_special_guardianship": percent(ended, reason.is_in(_GUARDIANS)),
        "care_returned_home": percent(ended, reason.is_in(_HOME)),
    }
