"""What is measured of children in need: the numerators and denominators of the published figures."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl

from csc_experiments.synthetic.draws import working_days_between
from csc_experiments.synthetic.returns import Returns, percent

_YEAR, _QUARTER = 365, 91
_AFTER_ASSESSMENT = ["RC8", "RC9"]
_SOURCES = {
    "source_police": ("6",),
    "source_schools": ("2A",),
    "source_health": ("3A", "3B", "3C", "3D", "3E", "3F"),
    "source_local_authority": ("5A", "5B", "5C", "5D"),
    "source_individual": ("1A", "1B", "1C", "1D"),
}
_FACTORS = {
    "factor_parents_mental_health": "4B",
    "factor_domestic_abuse": "3B",
    "factor_emotional_abuse": "17A",
    "factor_childs_mental_health": "4A",
    "factor_neglect": "16A",
    "factor_alcohol": "1B",
    "factor_drugs": "2B",
}
_APRIL, _JUNE, _AUGUST, _DECEMBER = 4, 6, 8, 12


def referral_measures(returns: Returns) -> dict[str, float]:
    """Measure contacts and referrals."""
    episodes = returns.tables["ssd_cin_episodes"].sort("cine_person_id", "cine_referral_date")
    since = pl.col("cine_referral_date").diff().over("cine_person_id")
    episodes = episodes.with_columns(again=(since <= timedelta(days=_YEAR)).fill_null(value=False))
    referred = returns.within(episodes, "cine_referral_date")
    children = referred.group_by("year", "cine_person_id").agg(pl.col("again").any())
    contacts = returns.within(returns.tables["ssd_contacts"], "cont_contact_date")
    month = pl.col("cine_referral_date").dt.month()
    source = pl.col("cine_referral_source_code")
    return {
        "referrals_rate": returns.rate(referred.height),
        "re_referrals": percent(referred, pl.col("again")),
        "children_re_referred": percent(children, pl.col("again")),
        "no_further_action": percent(referred, pl.col("cine_referral_nfa") == "Y"),
        "not_in_need": percent(referred, pl.col("cine_close_reason").is_in(_AFTER_ASSESSMENT)),
        "contacts_per_referral": contacts.height / max(referred.height, 1),
        "in_august": percent(referred, month == _AUGUST),
        "in_june": percent(referred, month == _JUNE),
        "in_holiday_months": percent(referred, month.is_in([_APRIL, _AUGUST, _DECEMBER])),
        **{name: percent(referred, source.is_in(codes)) for name, codes in _SOURCES.items()},
    }


def assessment_measures(returns: Returns) -> dict[str, float]:
    """Measure assessments and their factors."""
    referred = returns.tables["ssd_cin_episodes"].select("cine_referral_id", "cine_referral_date")
    done = returns.within(returns.tables["ssd_cin_assessments"], "cina_assessment_auth_date").join(
        referred, left_on="cina_referral_id", right_on="cine_referral_id"
    )
    done = _with_working_days(done, "cine_referral_date", "cina_assessment_auth_date")
    found = returns.tables["ssd_assessment_factors"].join(
        done, left_on="cinf_assessment_id", right_on="cina_assessment_id"
    )
    factors = pl.col("cinf_assessment_factors_json")
    named = found.filter(~factors.str.contains('"21"', literal=True))
    days = pl.col("working_days")
    return {
        "assessments_rate": returns.rate(done.height),
        "assessment_median": _median(done["working_days"]),
        "assessments_late": percent(done, days > 45),  # noqa: PLR2004 - the limit
        "assessments_in_last_days": percent(done, days.is_between(41, 45)),
        "factors_each": _mean(named.select(factors.str.count_matches(",", literal=True) + 1).to_series()),
        **{
            name: percent(named, factors.str.contains(f'"{code}"', literal=True))
            for name, code in _FACTORS.items()
        },
    }


def protection_measures(returns: Returns) -> dict[str, float]:
    """Measure enquiries, conferences and child protection plans."""
    enquiries = returns.within(returns.tables["ssd_s47_enquiry"], "s47e_s47_start_date")
    held = returns.within(returns.tables["ssd_initial_cp_conference"], "icpc_icpc_date")
    led = held.join(
        returns.tables["ssd_s47_enquiry"], left_on="icpc_s47_enquiry_id", right_on="s47e_s47_enquiry_id"
    )
    led = _with_working_days(led, "s47e_s47_start_date", "icpc_icpc_date")
    plans = returns.tables["ssd_cp_plans"].sort("cppl_person_id", "cppl_cp_plan_start_date")
    start, end = pl.col("cppl_cp_plan_start_date"), pl.col("cppl_cp_plan_end_date")
    plans = plans.with_columns(
        earlier=pl.int_range(pl.len()).over("cppl_person_id"), days=(end - start).dt.total_days()
    )
    started = returns.within(plans, "cppl_cp_plan_start_date")
    ended = returns.within(plans, "cppl_cp_plan_end_date")
    stock = returns.open_on_31_march(plans, "cppl_cp_plan_start_date", "cppl_cp_plan_end_date")
    category = pl.col("cppl_cp_plan_initial_category")
    age = (pl.col("year") - start).dt.total_days()
    # Earlier plans are known only as far back as the records go: the later half of the years comes nearest.
    latest = started.filter(pl.col("year") >= returns.years[len(returns.years) // 2][1])
    return {
        "enquiries_rate": returns.rate(enquiries.height),
        "conferences_rate": returns.rate(held.height),
        "conference_median": _median(led["working_days"]),
        "conferences_in_time": percent(led, pl.col("working_days") <= 15),  # noqa: PLR2004 - the limit
        "plans_per_conference": percent(held, pl.col("icpc_icpc_outcome_cp_flag") == "Y"),
        "protection_plans_rate": returns.rate(started.height),
        "protection_plans_stock": returns.rate(stock.height),
        "second_protection_plans": percent(latest, pl.col("earlier") > 0),
        "neglect": percent(started, category == "NEG"),
        "emotional_abuse": percent(started, category == "EMO"),
        "plans_ended_in_quarter": percent(ended, pl.col("days") <= _QUARTER),
        "plans_ended_in_year": percent(ended, (pl.col("days") > 2 * _QUARTER) & (pl.col("days") <= _YEAR)),
        "plans_young": percent(stock, age <= _QUARTER),
    }


def need_measures(returns: Returns) -> dict[str, float]:
    """Measure episodes of need and the children in them."""
    episodes = returns.tables["ssd_cin_episodes"].join(
        returns.tables["ssd_person"], left_on="cine_person_id", right_on="pers_person_id"
    )
    opened, closed = pl.col("cine_referral_date"), pl.col("cine_close_date")
    refused = (pl.col("cine_referral_nfa") == "Y") | pl.col("cine_close_reason").is_in(_AFTER_ASSESSMENT)
    episodes = episodes.filter(~refused.fill_null(value=False)).with_columns(
        days=(closed - opened).dt.total_days()
    )
    started = returns.within(episodes, "cine_referral_date")
    ended = returns.within(episodes, "cine_close_date")
    stock = returns.open_on_31_march(episodes, "cine_referral_date", "cine_close_date")
    plans = returns.within(returns.tables["ssd_cin_plans"], "cinp_cin_plan_start_date")
    during = [
        episodes.filter((opened <= last) & (closed.is_null() | (closed >= first)))[
            "cine_person_id"
        ].n_unique()
        for first, last in returns.years
    ]
    age = (pl.col("year") - opened).dt.total_days()
    return {
        "in_need_started_rate": returns.rate(started.height),
        "in_need_stock": returns.rate(stock.height),
        "in_need_any_rate": returns.rate(sum(during)),
        "in_need_plans": 100 * plans.height / max(started.height, 1),
        "open_two_years": percent(stock, age >= 2 * _YEAR),
        "open_three_months": percent(stock, age <= _QUARTER),
        "ended_in_three_months": percent(ended, pl.col("days") <= _QUARTER),
        "moved_away": percent(ended, pl.col("cine_close_reason") == "RC5"),
        "closed_by_order": percent(ended, pl.col("cine_close_reason").is_in(["RC1", "RC3", "RC4"])),
        **_children_in_need(returns, stock),
    }


def _children_in_need(returns: Returns, stock: pl.DataFrame) -> dict[str, float]:
    disabled = returns.tables["ssd_disability"]["disa_person_id"].unique().implode()
    need, born = pl.col("cine_cin_primary_need_code"), pl.coalesce("pers_dob", "pers_expected_dob")
    years_old = (pl.col("year") - born).dt.total_days() / 365.25
    return {
        "need_abuse": percent(stock, need == "N1"),
        "need_disability": percent(stock, need == "N2"),
        "need_absent_parenting": percent(stock, need == "N8"),
        "unborn": percent(stock, born > pl.col("year")),
        "disabled": percent(stock, pl.col("cine_person_id").is_in(disabled)),
        "girls": percent(stock, pl.col("pers_sex") == "F"),
        "aged_10_to_15": percent(stock, (years_old >= 10) & (years_old < 16)),  # noqa: PLR2004 - the ages
    }


def _with_working_days(frame: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
    first, last = (frame[column].to_physical().cast(pl.Int64).to_numpy() for column in (start, end))
    return frame.with_columns(pl.Series("working_days", working_days_between(first, last)))


def _median(values: pl.Series) -> float:
    return float(np.median(values.to_numpy())) if len(values) else float("nan")


def _mean(values: pl.Series) -> float:
    return float(np.mean(values.to_numpy())) if len(values) else float("nan")
