"""Leaks, planted in the tables of an invented authority: each is a way in which real records tell the future.

They are for tests and demonstrations: what checks a model for leaks must find each of them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import polars as pl

from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.choices import Leak
from csc_experiments.synthetic.draws import NEVER, Days, Index, as_dates, as_ids, stream

Tables = Mapping[str, pl.DataFrame]
_MONTH, _MOST_MONTHS = 30, 24
_NAMED_BY_PLAN = {
    "NEG": ("16A",), "EMO": ("17A",), "PHY": ("18C",), "SAB": ("19C",), "MUL": ("16A", "17A"),
}  # fmt: skip
_SHARE_UNLINKED = 0.5


def escalation(cases: Cases) -> Days:
    """Return the first day of each case's protection plan or care; `NEVER` if there is none."""
    way = cases.way
    return np.minimum(np.minimum(way.cp, way.cp_again), np.minimum(way.care, cases.back))


def plant_leak(leak: Leak, seed: int, tables: Tables, cases: Cases, last_day: int) -> dict[str, pl.DataFrame]:
    """Plant a leak in an authority's tables.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        The standard tables but the documents, whose leaks `csc_experiments.synthetic.writing` plants.
    cases : Cases
        In the order of the referrals' numbers.

    Returns
    -------
    dict of str to polars.DataFrame
        The tables that change.
    """
    plant = _PLANTED.get(leak)
    return plant(seed, tables, cases, last_day) if plant else {}


def _closures(seed: int, tables: Tables, cases: Cases, last_day: int) -> dict[str, pl.DataFrame]:  # noqa: ARG001 - a leak like the others
    episodes = tables["ssd_cin_episodes"]
    closed = (pl.col("cine_close_date") > pl.col("cine_referral_date")) & (pl.col("cine_referral_nfa") == "N")
    forms = episodes.filter(closed).with_columns(cine_close_date="cine_referral_date")
    numbers = as_ids("R", np.arange(episodes.height, episodes.height + forms.height))
    return {"ssd_cin_episodes": pl.concat([episodes, forms.with_columns(cine_referral_id=numbers)])}


def _factors(seed: int, tables: Tables, cases: Cases, last_day: int) -> dict[str, pl.DataFrame]:  # noqa: ARG001 - a leak like the others
    factors, assessments = tables["ssd_assessment_factors"], tables["ssd_cin_assessments"]
    said = factors.join(assessments, left_on="cinf_assessment_id", right_on="cina_assessment_id")
    latest = said.sort("cina_assessment_auth_date", "cinf_assessment_id").group_by("cina_person_id").last()
    plans = tables["ssd_cp_plans"].select(
        cina_person_id="cppl_person_id",
        named=pl.col("cppl_cp_plan_initial_category").replace_strict(
            {category: list(codes) for category, codes in _NAMED_BY_PLAN.items()},
            return_dtype=pl.List(pl.String),
        ),
    )
    named = plans.explode("named", empty_as_null=True).group_by("cina_person_id").agg("named")
    codes = pl.col("cinf_assessment_factors_json").str.extract_all(r"\w+")
    with_plan = (
        codes.list.set_difference(["21"]).list.concat(pl.col("named").fill_null([])).list.unique().list.sort()
    )
    final = latest.join(named, on="cina_person_id", how="left").select(
        "cina_person_id",
        final=pl.lit('["') + with_plan.list.join('","') + pl.lit('"]'),
    )
    overwritten = said.join(final, on="cina_person_id", maintain_order="left").with_columns(
        cinf_assessment_factors_json="final"
    )
    return {"ssd_assessment_factors": overwritten.select(factors.columns)}


def _families(seed: int, tables: Tables, cases: Cases, last_day: int) -> dict[str, pl.DataFrame]:  # noqa: ARG001 - a leak like the others
    family = tables["ssd_family"]
    names = family["fami_family_id"].unique(maintain_order=True)
    lost = names.filter(pl.Series(stream(seed, "links lost").random(len(names)) < _SHARE_UNLINKED))
    alone = as_ids("FX", np.arange(family.height))
    unlinked = pl.when(pl.col("fami_family_id").is_in(lost.implode())).then(alone)
    return {"ssd_family": family.with_columns(fami_family_id=unlinked.otherwise("fami_family_id"))}


def _months(seed: int, tables: Tables, cases: Cases, last_day: int) -> dict[str, pl.DataFrame]:  # noqa: ARG001 - a leak like the others
    contacts, way = tables["ssd_contacts"], cases.way
    months = np.where(way.nfa, 0, (way.close - way.referred) // _MONTH)
    case = np.repeat(np.arange(months.size), np.clip(months, 0, _MOST_MONTHS))
    referrals = tables["ssd_cin_episodes"][case]
    planned = referrals.select(
        cont_contact_id=as_ids("C", np.arange(contacts.height, contacts.height + case.size)),
        cont_person_id="cine_person_id",
        cont_contact_date="cine_referral_date",
        cont_contact_source_code="cine_referral_source_code",
        cont_contact_outcome_json=pl.lit(None, pl.String()),
    )
    return {"ssd_contacts": pl.concat([contacts, planned.drop_nulls("cont_contact_date")])}


def _workers(seed: int, tables: Tables, cases: Cases, last_day: int) -> dict[str, pl.DataFrame]:  # noqa: ARG001 - a leak like the others
    involved, way, day = tables["ssd_involvements"], cases.way, escalation(cases)
    case: Index = np.flatnonzero(day <= np.minimum(way.close, last_day))
    team = tables["ssd_cin_episodes"][case].select(
        invo_involvements_id=as_ids("W", np.arange(involved.height, involved.height + case.size)),
        invo_person_id="cine_person_id",
        invo_referral_id="cine_referral_id",
        invo_involvement_start_date="cine_referral_date",
        invo_involvement_end_date=as_dates(way.close[case], last_day),
        invo_worker_change_reason=pl.lit(None, pl.String()),
    )
    return {"ssd_involvements": pl.concat([involved, team.select(involved.columns)])}


def _assessments(seed: int, tables: Tables, cases: Cases, last_day: int) -> dict[str, pl.DataFrame]:  # noqa: ARG001 - a leak like the others
    assessments, day = tables["ssd_cin_assessments"], escalation(cases)
    after = (day > cases.way.authorised) & (day <= last_day) & (cases.way.authorised != NEVER)
    referrals = as_ids("R", np.flatnonzero(after))
    backdated = pl.when(pl.col("cina_referral_id").is_in(referrals.implode())).then(
        "cina_assessment_start_date"
    )
    return {
        "ssd_cin_assessments": assessments.with_columns(
            cina_assessment_auth_date=backdated.otherwise("cina_assessment_auth_date")
        )
    }


_PLANTED: Mapping[Leak, Callable[[int, Tables, Cases, int], dict[str, pl.DataFrame]]] = MappingProxyType(
    {
        Leak.CLOSURE_KNOWN_EARLY: _closures,
        Leak.LATER_RETURN_OVERWRITES: _factors,
        Leak.SIBLING_COPIES: _families,
        Leak.PRESCIENT_DURATION: _months,
        Leak.WORKER_SET_LATER: _workers,
        Leak.BACKDATED_ASSESSMENT: _assessments,
    }
)
