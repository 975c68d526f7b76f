"""Cases as the standard tables: episodes, child in need plans and workers."""

from __future__ import annotations

import numpy as np
import polars as pl

from csc_experiments.synthetic.assessments import assessment_tables
from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.contacts import SOURCES, Contacts
from csc_experiments.synthetic.draws import (
    NEVER,
    Days,
    Index,
    Mask,
    as_codes,
    as_dates,
    as_flags,
    as_ids,
    choose,
    choose_by,
    numbered,
    stream,
)
from csc_experiments.synthetic.factors import drawn_to
from csc_experiments.synthetic.leaving_care import EXITS
from csc_experiments.synthetic.people import Population
from csc_experiments.synthetic.protection import protection_tables
from csc_experiments.synthetic.settings import AuthoritySettings

# Department for Education, Characteristics of children in need 2024: primary need at 31 March. Factors then
# draw a child towards the code that fits.
_NEEDS = {
    "N1": 50.0, "N2": 3.0, "N3": 2.0, "N4": 9.0, "N5": 13.0, "N6": 1.5, "N7": 0.3, "N8": 3.5, "N9": 1.0,
}  # fmt: skip
_NOT_STATED, _ALONE = "N0", "N8"
_NEED_SIGNS = {
    "N1": ("16A", "17A", "18C"),
    "N2": ("5A", "6A"),
    "N3": ("6B", "5B"),
    "N5": ("3B",),
    "N6": ("14A",),
}
_DISABLED_TO_N2 = 2.2
_DIED, _ELSEWHERE, _AFTER_ASSESSMENT, _TO_EARLY_HELP, _GROWN, _OTHER = (
    "RC2",
    "RC5",
    "RC8",
    "RC9",
    "RC6",
    "RC7",
)
_ORDERS = ("RC1", "RC3", "RC4")
_CLOSED = (*_ORDERS, _DIED, _ELSEWHERE, _AFTER_ASSESSMENT, _TO_EARLY_HELP, _GROWN, _OTHER)
_WITH_ORDER_DAYS = 30
"""A case that closes so soon after an order was made closes for it."""
_TO_ADULTS = 0.6
"""Disabled children whose case is open when they turn 18: chance that adults' services take them on."""
_SHORTEST_BEFORE_HANDOVER, _MEAN_BEFORE_HANDOVER = 14, 400.0
_HANDED_OVER = {"TSPROC": 45.0, "LEFTRL": 30.0, "MANAGE": 15.0, "ABSENC": 6.0, "ORGRST": 3.0, "PCCHAN": 1.0}


def service_tables(
    settings: AuthoritySettings,
    seed: int,
    people: Population,
    cases: Cases,
    person: Index,
    *,
    true: Mask,
    contacts: Contacts,
    last_day: int,
) -> dict[str, pl.DataFrame]:
    """Write what happened in each case; `cases` stand in the order of their referral numbers.

    Parameters
    ----------
    true : numpy.ndarray of bool, shape (cases, factors)
        Which factors are true of each child.
    last_day : int
        What would come later has not happened.
    """
    who, referral = as_ids("P", person[cases.child]), as_ids("R", np.arange(cases.child.size))
    keys = pl.DataFrame({"person": who, "referral": referral})
    episodes = _episodes(
        settings, seed, people, cases, keys, true=true, source=contacts.source, last_day=last_day
    )
    return {
        "ssd_cin_episodes": episodes,
        **assessment_tables(settings, seed, cases, true, keys=keys, last_day=last_day),
        "ssd_cin_plans": _cin_plans(cases, keys, last_day),
        **protection_tables(seed, cases, true, keys, last_day),
        "ssd_involvements": _involvements(seed, cases, keys, last_day),
    }


def _episodes(
    settings: AuthoritySettings,
    seed: int,
    people: Population,
    cases: Cases,
    keys: pl.DataFrame,
    *,
    true: Mask,
    source: Index,
    last_day: int,
) -> pl.DataFrame:
    way = cases.way
    closed = way.close <= last_day
    outcomes = [
        f'{{"SINGLE_ASSESSMENT_FLAG":"{assessed}","NFA_FLAG":"{nfa}","STRATEGY_DISCUSSION_FLAG":"{talk}"}}'
        for assessed, nfa, talk in (("N", "Y", "N"), ("Y", "N", "N"), ("Y", "N", "Y"))
    ]
    at_once = (way.s47 != NEVER) & (way.s47 < way.referred + 7)
    return pl.DataFrame(
        {
            "cine_referral_id": keys["referral"],
            "cine_person_id": keys["person"],
            "cine_referral_date": as_dates(way.referred, last_day),
            "cine_cin_primary_need_code": _needs(settings, seed, people, cases, true),
            "cine_referral_source_code": as_codes(list(SOURCES), source[way.contact]),
            "cine_referral_outcome_json": as_codes(outcomes, np.select([way.nfa, at_once], [0, 2], 1)),
            "cine_referral_nfa": as_flags(way.nfa),
            "cine_close_reason": _close_reasons(seed, people, cases).set(pl.Series(~closed), None),
            "cine_close_date": as_dates(way.close, last_day),
        }
    )


def _needs(settings: AuthoritySettings, seed: int, people: Population, cases: Cases, true: Mask) -> pl.Series:
    """Write primary needs; some are not stated, which the census writes as N0."""
    rng, codes = stream(seed, "primary need"), [*_NEEDS, _NOT_STATED]
    effects = drawn_to(_NEED_SIGNS, list(_NEEDS), true)
    effects[:, list(_NEEDS).index("N2")] += _DISABLED_TO_N2 * people.disabled[cases.child]
    need = choose_by(rng, list(_NEEDS.values()), effects)
    need = np.where(cases.alone, codes.index(_ALONE), need)
    missing = rng.random(need.size) < settings.share_missing_need
    return as_codes(codes, np.where(missing, codes.index(_NOT_STATED), need))


def _close_reasons(seed: int, people: Population, cases: Cases) -> pl.Series:
    """Say why each case closed, in keeping with how the child left care."""
    way = cases.way
    rng = stream(seed, "close reasons")
    left = way.close == cases.leaves
    dead = left & (people.died[cases.child] == cases.leaves)
    to_adults = left & people.disabled[cases.child] & (rng.random(left.size) < _TO_ADULTS) & ~way.nfa
    last_exit = np.where(cases.back == NEVER, cases.exit, cases.back_exit)
    last_end = np.where(cases.back == NEVER, way.care_end, cases.back_end)
    ordered = way.close <= last_end + _WITH_ORDER_DAYS
    orders = [
        ordered & np.array([exit_.closes == reason for exit_ in EXITS] + [False, False])[last_exit]
        for reason in _ORDERS
    ]
    after = way.not_in_need & ~left
    chosen = [*orders, dead, way.transferred & ~left, after & ~way.early_help, after, to_adults]
    return as_codes(_CLOSED, np.select(chosen, range(len(chosen)), len(_CLOSED) - 1))


def _cin_plans(cases: Cases, keys: pl.DataFrame, last_day: int) -> pl.DataFrame:
    plans = pl.concat(
        keys.select(
            cinp_referral_id="referral",
            cinp_person_id="person",
            cinp_cin_plan_start_date=as_dates(start, last_day),
            cinp_cin_plan_end_date=as_dates(end, last_day),
        )
        for start, end in ((cases.way.cin, cases.way.cin_end), (cases.way.down, cases.way.down_end))
    ).filter(pl.col("cinp_cin_plan_start_date").is_not_null())
    return numbered("N", "cinp_cin_plan_id", plans, "cinp_cin_plan_start_date")


def _involvements(seed: int, cases: Cases, keys: pl.DataFrame, last_day: int) -> pl.DataFrame:
    """Write the worker of each case, and of those that lasted the worker who took over.

    When a worker leaves does not depend on how long the case will last, so a handover tells nothing of it.
    """
    rng, way = stream(seed, "involvements"), cases.way
    stays = _SHORTEST_BEFORE_HANDOVER + rng.exponential(_MEAN_BEFORE_HANDOVER, way.referred.size)
    changes = way.referred + stays < way.close
    handover = np.where(changes, way.referred + stays.astype(np.int64), NEVER)
    why = choose(rng, list(_HANDED_OVER.values()), way.referred.size)
    table = pl.concat(
        (
            _spell(keys, way.referred, np.minimum(handover, way.close), last_day).with_columns(
                invo_worker_change_reason=as_codes(list(_HANDED_OVER), why).set(pl.Series(~changes), None)
            ),
            _spell(keys, handover, np.where(changes, way.close, NEVER), last_day).with_columns(
                invo_worker_change_reason=pl.lit(None, pl.String())
            ),
        )
    ).filter(pl.col("invo_involvement_start_date").is_not_null())
    ended = pl.col("invo_involvement_end_date").is_not_null()
    table = table.with_columns(
        pl.when(ended).then(pl.col("invo_worker_change_reason")).alias("invo_worker_change_reason")
    )
    return numbered("W", "invo_involvements_id", table, "invo_involvement_start_date")


def _spell(keys: pl.DataFrame, start: Days, end: Days, last_day: int) -> pl.DataFrame:
    return keys.select(
        invo_person_id="person",
        invo_referral_id="referral",
        invo_involvement_start_date=as_dates(start, last_day),
        invo_involvement_end_date=as_dates(end, last_day),
    )
