"""The invented authorities against the national figures.

Sources: Department for Education, Characteristics of children in need 2024 and Children looked after in
England 2024; ADCS, Safeguarding Pressures 9 (contacts per referral); Goldacre and others 2025, Children and
Youth Services Review 169, 108113 (return after closure). Bands are broad, as one authority varies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from csc_experiments.synthetic import AuthoritySettings, simulate

LARGE = AuthoritySettings(authority="la1", children=6000, notes_per_quarter=0.0)
YEAR = 365
Tables = Mapping[str, pl.DataFrame]


@cache
def large() -> Tables:
    return simulate(LARGE, 11)


def per_referral(name: str) -> float:
    return large()[name].height / large()["ssd_cin_episodes"].height


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("ssd_contacts", 3.5, 6.0),  # 4.3 to 4.8
        ("ssd_cin_assessments", 0.85, 1.05),  # 1.03
        ("ssd_s47_enquiry", 0.28, 0.45),  # 0.361
        ("ssd_initial_cp_conference", 0.08, 0.16),  # 0.116
        ("ssd_cp_plans", 0.07, 0.14),  # 0.100
        ("ssd_legal_status", 0.03, 0.08),  # 0.053 start to be looked after
        ("ssd_cin_plans", 0.2, 0.4),  # 0.298
    ],
)
def test_steps_per_referral_are_near_the_national_figure(name: str, low: float, high: float) -> None:
    assert low < per_referral(name) < high


def test_decisions_and_sources_are_near_the_national_shares() -> None:
    episodes = large()["ssd_cin_episodes"]
    assert 0.04 < (episodes["cine_referral_nfa"] == "Y").mean() < 0.09  # 6.3%
    assert 0.24 < episodes["cine_close_reason"].is_in(["RC8", "RC9"]).mean() < 0.36  # 30.3%
    source = episodes["cine_referral_source_code"]
    assert 0.2 < (source == "6").mean() < 0.37  # police 28.5%
    assert 0.13 < (source == "2A").mean() < 0.28  # schools 20.3%
    assert 0.5 < (episodes["cine_cin_primary_need_code"] == "N1").mean() < 0.75  # 58.1%
    assert 0.1 < large()["ssd_disability"]["disa_person_id"].n_unique() / large()["ssd_person"].height < 0.18


def test_assessments_bunch_before_45_working_days() -> None:
    rows = (
        large()["ssd_cin_assessments"]
        .join(large()["ssd_cin_episodes"], left_on="cina_referral_id", right_on="cine_referral_id")
        .drop_nulls("cina_assessment_auth_date")
    )
    referred = rows["cine_referral_date"].to_numpy().astype("datetime64[D]")
    days = np.busday_count(referred, rows["cina_assessment_auth_date"].to_numpy().astype("datetime64[D]"))
    assert 0.1 < (days > 45).mean() < 0.2  # 15.6%
    last_five, five_before = ((days > 40) & (days <= 45)).mean(), ((days > 35) & (days <= 40)).mean()
    assert 0.14 < last_five < 0.24  # 18.1%
    assert last_five > 1.3 * five_before


def test_factors_are_near_the_national_shares() -> None:
    found = large()["ssd_assessment_factors"]["cinf_assessment_factors_json"]
    known = found.filter(~found.is_in(['["21"]']))
    assert 1.9 < (known.str.count_matches(",") + 1).mean() < 3.2  # 2.75
    for code, share in {
        "4B": 0.327,
        "3B": 0.317,
        "17A": 0.193,
        "16A": 0.165,
        "1B": 0.143,
        "2B": 0.14,
    }.items():
        assert 0.6 * share < known.str.contains(f'"{code}"').mean() < 1.5 * share, code


def closures(tables: Tables, last_day: object) -> pl.DataFrame:
    """Closures with a whole year after them: earlier referrals, and whether the child came back."""
    episodes = tables["ssd_cin_episodes"].select(
        person="cine_person_id",
        referred="cine_referral_date",
        closed="cine_close_date",
        reason="cine_close_reason",
    )
    born = tables["ssd_person"].select(person="pers_person_id", grown=pl.col("pers_dob").dt.offset_by("18y"))
    rows = episodes.sort("person", "referred").with_columns(
        earlier=pl.int_range(pl.len()).over("person"), back=pl.col("referred").shift(-1).over("person")
    )
    year_on = pl.col("closed") + pl.duration(days=YEAR)
    rows = rows.join(born, on="person").filter(
        (year_on <= last_day) & (year_on < pl.col("grown")) & ~pl.col("reason").is_in(["RC2", "RC5"])
    )
    came_back = (pl.col("back") > pl.col("closed")) & (pl.col("back") <= year_on)
    return rows.with_columns(returned=came_back.fill_null(value=False))


def test_a_fifth_to_a_quarter_come_back_within_a_year_and_more_often_with_a_history() -> None:
    # A few large families with lasting need move the share of one authority, so several are taken together.
    smaller = replace(LARGE, children=4000)
    rows = pl.concat(closures(simulate(smaller, seed), smaller.last_day) for seed in range(4))
    assert 0.19 < rows["returned"].mean() < 0.27
    by_history = (
        rows.group_by(pl.col("earlier") > 0).agg(pl.col("returned").mean()).sort("earlier")["returned"]
    )
    assert by_history[1] > 1.2 * by_history[0]


def test_some_escalate_within_a_year_of_an_assessment() -> None:
    assessed = large()["ssd_cin_assessments"].select(person="cina_person_id", day="cina_assessment_auth_date")
    plans = large()["ssd_cp_plans"].select(
        person="cppl_person_id", start="cppl_cp_plan_start_date", end="cppl_cp_plan_end_date"
    )
    care = large()["ssd_cla_episodes"].select(
        person="clae_person_id", start="clae_entered_care_date", end="clae_cla_episode_ceased_date"
    )
    served = pl.concat([plans, care])
    index = assessed.filter(pl.col("day") + pl.duration(days=YEAR) <= LARGE.last_day).with_row_index()
    joined = index.join(served, on="person")
    on_one = (pl.col("start") <= pl.col("day")) & (pl.col("end").is_null() | (pl.col("end") > pl.col("day")))
    soon = pl.col("start").is_between("day", pl.col("day") + pl.duration(days=YEAR), closed="right")
    cohort = index.join(joined.filter(on_one), on="index", how="anti")
    escalated = cohort.join(joined.filter(soon), on="index", how="semi")
    assert 0.08 < escalated.height / cohort.height < 0.14


def history_auc(settings: AuthoritySettings, seed: int) -> float:
    rows = closures(simulate(settings, seed), settings.last_day)
    return float(roc_auc_score(rows["returned"], rows["earlier"]))


def test_history_predicts_return_only_where_need_does() -> None:
    # A score varies with an authority's families, so the standard error is that of the mean over authorities.
    modest = [history_auc(replace(LARGE, children=1500), seed) for seed in range(4)]
    # Without lasting differences few come back, so contacts are made more frequent to have returns to rank.
    without = replace(LARGE, children=1500, signal=0.0, contact_rate=1.0)
    none = [history_auc(without, seed) for seed in range(6)]
    standard_error = np.std(none, ddof=1) / np.sqrt(len(none))
    assert np.mean(modest) > 0.55
    assert standard_error < 0.02
    assert abs(np.mean(none) - 0.5) < 3 * standard_error
