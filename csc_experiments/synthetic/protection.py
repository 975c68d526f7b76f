"""Section 47 enquiries, conferences, child protection plans and reviews."""

from __future__ import annotations

import numpy as np
import polars as pl

from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.draws import (
    NEVER,
    Days,
    Index,
    Mask,
    as_codes,
    as_dates,
    as_flags,
    choose,
    choose_by,
    numbered,
    stream,
    working_days_after,
)
from csc_experiments.synthetic.factors import drawn_to

# Department for Education, Characteristics of children in need 2024: category of abuse at the start of a
# child protection plan. Factors then draw a child towards the code that fits.
_CATEGORIES = {"NEG": 43.0, "EMO": 26.0, "PHY": 5.5, "SAB": 2.5, "MUL": 1.7}
_CATEGORY_SIGNS = {"NEG": ("16A",), "EMO": ("17A", "3B"), "PHY": ("18C",), "SAB": ("19C",)}
_SHARE_CHANGED = 0.08
_REVIEWS = 8
_SHARE_LATE_REVIEW = 0.1
_LONGEST_REVIEW = 91
"""Days; the first review is due within three months."""


def protection_tables(
    seed: int, cases: Cases, true: Mask, keys: pl.DataFrame, last_day: int
) -> dict[str, pl.DataFrame]:
    """Write enquiries, conferences, plans and reviews, each with the identifier of what led to it."""
    way, names = cases.way, list(_CATEGORIES)
    category = choose_by(
        stream(seed, "category"), list(_CATEGORIES.values()), drawn_to(_CATEGORY_SIGNS, names, true)
    )
    latest = _latest(seed, category)
    both = pl.concat(
        keys.with_columns(
            start=as_dates(start, last_day), end=as_dates(end, last_day),
            meeting=as_dates(meeting, last_day), target=as_dates(_target(start), NEVER - 1),
            outcome=as_flags(plan != NEVER), plan=as_dates(plan, last_day),
            plan_end=as_dates(plan_end, last_day), plan_day=pl.Series(plan), plan_end_day=pl.Series(plan_end),
            category=as_codes(names, category), latest=as_codes(names, latest),
        )
        for start, end, meeting, plan, plan_end in (
            (way.s47, way.s47_end, way.conference, way.cp, way.cp_end),
            (way.s47_again, way.s47_again_end, way.conference_again, way.cp_again, way.cp_again_end),
        )
    )  # fmt: skip
    enquiry = numbered("S", "enquiry", both.filter(pl.col("start").is_not_null()), "start")
    came = both.filter(pl.col("start").is_null()).with_columns(enquiry=pl.lit(None, pl.String()))
    held = pl.concat([enquiry, came.select(enquiry.columns)]).filter(pl.col("meeting").is_not_null())
    held = numbered("I", "conference", held, "meeting")
    plans = numbered("K", "id", held.filter(pl.col("plan").is_not_null()), "plan")
    return {
        "ssd_s47_enquiry": enquiry.select(
            s47e_s47_enquiry_id="enquiry", s47e_referral_id="referral", s47e_person_id="person",
            s47e_s47_start_date="start", s47e_s47_end_date="end",
            s47e_s47_nfa=pl.when(pl.col("end").is_not_null())
            .then(pl.when(pl.col("meeting").is_null()).then(pl.lit("Y")).otherwise(pl.lit("N"))),
        ),
        "ssd_initial_cp_conference": held.select(
            icpc_icpc_id="conference", icpc_s47_enquiry_id="enquiry", icpc_person_id="person",
            icpc_referral_id="referral",
            icpc_icpc_transfer_in=pl.when(pl.col("enquiry").is_null()).then(pl.lit("Y")).otherwise(pl.lit("N")),
            icpc_icpc_target_date="target", icpc_icpc_date="meeting", icpc_icpc_outcome_cp_flag="outcome",
        ),
        "ssd_cp_plans": plans.select(
            cppl_cp_plan_id="id", cppl_referral_id="referral", cppl_icpc_id="conference",
            cppl_person_id="person",
            cppl_cp_plan_start_date="plan", cppl_cp_plan_end_date="plan_end",
            cppl_cp_plan_initial_category="category", cppl_cp_plan_latest_category="latest",
        ),
        "ssd_cp_reviews": _reviews(seed, plans, last_day),
    }  # fmt: skip


def _target(start: Days) -> Days:
    happens = start != NEVER
    target = working_days_after(np.where(happens, start, 0), np.full(start.size, 15))
    return np.where(happens, target, NEVER)


def _latest(seed: int, category: Index) -> Index:
    rng = stream(seed, "latest category")
    changes = rng.random(category.size) < _SHARE_CHANGED
    return np.where(changes, choose(rng, list(_CATEGORIES.values()), category.size), category)


def _reviews(seed: int, plans: pl.DataFrame, last_day: int) -> pl.DataFrame:
    """Write a review within three months of the start of a plan, then one about every six months."""
    rng = stream(seed, "reviews")
    start, end = plans["plan_day"].to_numpy(), plans["plan_end_day"].to_numpy()
    wait = rng.integers(-14, 1, (start.size, _REVIEWS))
    wait += rng.integers(3, 30, wait.shape) * (rng.random(wait.shape) < _SHARE_LATE_REVIEW)
    days = start[:, None] + _LONGEST_REVIEW - 1 + 175 * np.arange(_REVIEWS) + wait
    plan, which = np.nonzero((days < end[:, None]) & (days <= last_day))
    held = working_days_after(days[plan, which], np.zeros(plan.size, dtype=np.int64))
    still = (held < end[plan]) & (held <= last_day)
    plan, held = plan[still], held[still]
    reviews = (
        plans[plan]
        .select(cppr_person_id="person", cppr_cp_plan_id="id")
        .with_columns(cppr_cp_review_date=as_dates(held, last_day))
    )
    return numbered("V", "cppr_cp_review_id", reviews, "cppr_cp_review_date")
