"""Cases as the standard tables: episodes, assessments, enquiries, conferences and plans."""

from __future__ import annotations

import numpy as np
import polars as pl

from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.contacts import SOURCES, Contacts
from csc_experiments.synthetic.draws import (
    NEVER,
    Days,
    Floats,
    Index,
    Mask,
    as_codes,
    as_dates,
    as_flags,
    as_ids,
    choose,
    choose_by,
    stream,
    working_days_after,
)
from csc_experiments.synthetic.factors import FACTORS, codes_of

# Department for Education, Characteristics of children in need 2024: primary need at 31 March; category of
# abuse at the start of a child protection plan. Factors then draw a child towards the code that fits.
_NEEDS = {
    "N1": 55.0, "N2": 2.0, "N3": 2.0, "N4": 9.0, "N5": 13.0, "N6": 1.5, "N7": 0.3, "N8": 4.0,
    "N9": 1.0, "N0": 2.6,
}  # fmt: skip
_NEED_SIGNS = {
    "N1": ("16A", "17A", "18C"),
    "N2": ("5A", "6A"),
    "N3": ("6B", "5B"),
    "N5": ("3B",),
    "N6": ("14A",),
}
_CATEGORIES = {"NEG": 38.0, "EMO": 32.0, "PHY": 7.0, "SAB": 3.0, "MUL": 1.7}
_CATEGORY_SIGNS = {"NEG": ("16A",), "EMO": ("17A", "3B"), "PHY": ("18C",), "SAB": ("19C",)}
_CLOSED = ("RC2", "RC7", "RC8", "RC9", "RC5", "RC7")
SHARE_RECORDED = 0.85
"""Chance that an assessment records a factor that is true."""
_REVIEWS = 8


def service_tables(
    seed: int,
    cases: Cases,
    person: Index,
    *,
    true: Mask,
    contacts: Contacts,
    died: Days,
    last_day: int,
) -> dict[str, pl.DataFrame]:
    """Write what happened in each case; `cases` stand in the order of their referral numbers.

    Parameters
    ----------
    true : numpy.ndarray of bool, shape (cases, factors)
        Which factors are true of each child.
    died : numpy.ndarray, shape (children,)
        The day on which each child died; `NEVER` for nearly all.
    last_day : int
        What would come later has not happened.
    """
    who, referral = as_ids("P", person[cases.child]), as_ids("R", np.arange(cases.child.size))
    keys = pl.DataFrame({"person": who, "referral": referral})
    category = choose_by(
        stream(seed, "category"), list(_CATEGORIES.values()), _signs(_CATEGORY_SIGNS, list(_CATEGORIES), true)
    )
    return {
        "ssd_cin_episodes": _episodes(
            seed, cases, keys, true=true, contacts=contacts, died=died, last_day=last_day
        ),
        **_assessments(seed, cases, true, keys, last_day),
        "ssd_cin_plans": _cin_plans(cases, keys, last_day),
        **_protection(seed, cases, category, keys, last_day),
        "ssd_involvements": _involvements(seed, cases, keys, last_day),
    }


def _signs(signs: dict[str, tuple[str, ...]], codes: list[str], true: Mask) -> Floats:
    """Return how far the true factors draw each row towards each code."""
    effects = np.zeros((true.shape[0], len(codes)))
    for code, factors in signs.items():
        at = np.concatenate([codes_of(factor) for factor in factors])
        effects[:, codes.index(code)] = 1.3 * true[:, at].any(axis=1)
    return effects


def _episodes(
    seed: int,
    cases: Cases,
    keys: pl.DataFrame,
    *,
    true: Mask,
    contacts: Contacts,
    died: Days,
    last_day: int,
) -> pl.DataFrame:
    way = cases.way
    closed = way.close <= last_day
    left = way.close == cases.leaves
    dead = left & (died[cases.child] == cases.leaves)
    reason = np.select(
        [dead, left | way.nfa, way.early_help, way.not_in_need, way.transferred], [0, 1, 3, 2, 4], 5
    )
    need = choose_by(
        stream(seed, "primary need"), list(_NEEDS.values()), _signs(_NEED_SIGNS, list(_NEEDS), true)
    )
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
            "cine_cin_primary_need_code": as_codes(list(_NEEDS), need),
            "cine_referral_source_code": as_codes(list(SOURCES), contacts.source[way.contact]),
            "cine_referral_outcome_json": as_codes(outcomes, np.select([way.nfa, at_once], [0, 2], 1)),
            "cine_referral_nfa": as_flags(way.nfa),
            "cine_close_reason": as_codes(_CLOSED, reason).set(pl.Series(~closed), None),
            "cine_close_date": as_dates(way.close, last_day),
        }
    )


def _numbered(prefix: str, column: str, frame: pl.DataFrame, day: str) -> pl.DataFrame:
    """Give rows numbers in the order of their day, as a case management system does."""
    frame = frame.sort(day, maintain_order=True)
    return frame.with_columns(as_ids(prefix, np.arange(frame.height)).alias(column))


def _assessments(
    seed: int, cases: Cases, true: Mask, keys: pl.DataFrame, last_day: int
) -> dict[str, pl.DataFrame]:
    rng, way = stream(seed, "assessment forms"), cases.way
    recorded = true & (rng.random(true.shape) < SHARE_RECORDED)
    seen = rng.random(way.assessed.size) < 0.97  # noqa: PLR2004 - the author's share
    authorised = pl.Series(way.authorised <= last_day)
    table = keys.select(
        cina_person_id="person",
        cina_referral_id="referral",
        cina_assessment_start_date=as_dates(way.assessed, last_day),
        cina_assessment_child_seen=as_flags(seen),
        cina_assessment_auth_date=as_dates(way.authorised, last_day),
        cina_assessment_outcome_nfa=as_flags(way.not_in_need).set(~authorised, None),
        factors=pl.Series(_factor_lists(recorded, way.not_in_need), dtype=pl.String),
    ).filter(pl.col("cina_assessment_start_date").is_not_null())
    table = _numbered("A", "cina_assessment_id", table, "cina_assessment_start_date")
    factors = table.filter(pl.col("cina_assessment_auth_date").is_not_null()).select(
        cinf_table_id=pl.col("cina_assessment_id").str.replace("A", "AF"),
        cinf_assessment_id="cina_assessment_id",
        cinf_assessment_factors_json="factors",
    )
    return {"ssd_cin_assessments": table.drop("factors"), "ssd_assessment_factors": factors}


def _factor_lists(recorded: Mask, not_in_need: Mask) -> list[str]:
    """Write the codes of each row as JSON; "no factors" (21) only where the child is not in need."""
    codes = [f'"{factor.code}"' for factor in FACTORS]
    lists: list[list[str]] = [[] for _ in range(recorded.shape[0])]
    for row, code in zip(*(at.tolist() for at in np.nonzero(recorded)), strict=True):
        lists[row].append(codes[code])
    empty = np.where(not_in_need, '["21"]', '["20"]').tolist()
    return [
        f"[{','.join(dict.fromkeys(found))}]" if found else none
        for found, none in zip(lists, empty, strict=True)
    ]


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
    return _numbered("N", "cinp_cin_plan_id", plans, "cinp_cin_plan_start_date")


def _protection(
    seed: int, cases: Cases, category: Index, keys: pl.DataFrame, last_day: int
) -> dict[str, pl.DataFrame]:
    """Write enquiries, conferences, plans and reviews, each with the identifier of what led to it."""
    way = cases.way
    row = pl.Series(np.arange(way.s47.size))
    ends = as_dates(way.s47_end, last_day)
    nfa = as_flags(way.conference == NEVER).set(ends.is_null(), None)
    enquiry = keys.with_columns(
        start=as_dates(way.s47, last_day), end=ends, nfa=nfa, meeting=as_dates(way.conference, last_day),
        target=as_dates(_target(way.s47), NEVER - 1),
        outcome=as_flags(way.cp != NEVER),
        plan=as_dates(way.cp, last_day), plan_end=as_dates(way.cp_end, last_day), row=row,
        category=as_codes(list(_CATEGORIES), category),
        latest=as_codes(list(_CATEGORIES), _latest(seed, category)),
    ).filter(pl.col("start").is_not_null())  # fmt: skip
    enquiry = _numbered("S", "enquiry", enquiry, "start")
    held = _numbered("I", "conference", enquiry.filter(pl.col("meeting").is_not_null()), "meeting")
    plans = _numbered("K", "id", held.filter(pl.col("plan").is_not_null()), "plan")
    return {
        "ssd_s47_enquiry": enquiry.select(
            s47e_s47_enquiry_id="enquiry", s47e_referral_id="referral", s47e_person_id="person",
            s47e_s47_start_date="start", s47e_s47_end_date="end", s47e_s47_nfa="nfa",
        ),
        "ssd_initial_cp_conference": held.select(
            icpc_icpc_id="conference", icpc_s47_enquiry_id="enquiry", icpc_person_id="person",
            icpc_referral_id="referral", icpc_icpc_transfer_in=pl.lit("N"), icpc_icpc_target_date="target",
            icpc_icpc_date="meeting", icpc_icpc_outcome_cp_flag="outcome",
        ),
        "ssd_cp_plans": plans.select(
            cppl_cp_plan_id="id", cppl_referral_id="referral", cppl_icpc_id="conference",
            cppl_person_id="person",
            cppl_cp_plan_start_date="plan", cppl_cp_plan_end_date="plan_end",
            cppl_cp_plan_initial_category="category", cppl_cp_plan_latest_category="latest",
        ),
        "ssd_cp_reviews": _reviews(seed, cases, plans, last_day),
    }  # fmt: skip


def _target(start: Days) -> Days:
    happens = start != NEVER
    target = working_days_after(np.where(happens, start, 0), np.full(start.size, 15))
    return np.where(happens, target, NEVER)


def _latest(seed: int, category: Index) -> Index:
    rng = stream(seed, "latest category")
    changes = rng.random(category.size) < 0.08  # noqa: PLR2004 - the author's share
    return np.where(changes, choose(rng, list(_CATEGORIES.values()), category.size), category)


def _reviews(seed: int, cases: Cases, plans: pl.DataFrame, last_day: int) -> pl.DataFrame:
    """Write a review within three months of the start of a plan, then one about every six months."""
    row = plans["row"].to_numpy()
    start, end = cases.way.cp[row], cases.way.cp_end[row]
    wait = stream(seed, "reviews").integers(-14, 8, (row.size, _REVIEWS))
    days = start[:, None] + 84 + 175 * np.arange(_REVIEWS) + wait
    plan, which = np.nonzero((days < end[:, None]) & (days <= last_day))
    reviews = (
        plans[plan]
        .select(cppr_person_id="person", cppr_cp_plan_id="id")
        .with_columns(cppr_cp_review_date=as_dates(days[plan, which], last_day))
    )
    return _numbered("V", "cppr_cp_review_id", reviews, "cppr_cp_review_date")


def _involvements(seed: int, cases: Cases, keys: pl.DataFrame, last_day: int) -> pl.DataFrame:
    """Write the worker of each case, and in a third of the longer ones the worker who took over."""
    rng, way = stream(seed, "involvements"), cases.way
    length = way.close - way.referred
    changes = (rng.random(length.size) < 0.35) & (length > 60)  # noqa: PLR2004 - the author's numbers
    handover = np.where(
        changes, way.referred + 1 + (length * rng.uniform(0.2, 0.8, length.size)).astype(np.int64), NEVER
    )
    first_end = np.minimum(handover, way.close)
    spells = (
        (way.referred, first_end, changes),
        (handover, np.where(changes, way.close, NEVER), np.zeros_like(changes)),
    )
    table = pl.concat(
        keys.select(
            invo_person_id="person",
            invo_referral_id="referral",
            invo_involvement_start_date=as_dates(start, last_day),
            invo_involvement_end_date=as_dates(end, last_day),
            invo_worker_change_reason=as_codes(("CLOSED", "CHANGE"), handed.astype(np.int64)),
        )
        for start, end, handed in spells
    ).filter(pl.col("invo_involvement_start_date").is_not_null())
    ended = pl.col("invo_involvement_end_date").is_not_null()
    table = table.with_columns(
        pl.when(ended).then(pl.col("invo_worker_change_reason")).alias("invo_worker_change_reason")
    )
    return _numbered("W", "invo_involvements_id", table, "invo_involvement_start_date")
