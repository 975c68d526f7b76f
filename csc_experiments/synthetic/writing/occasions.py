"""On which days something is written in each case, and what is decided on them.

A day that does not come is `NEVER`. What is drawn for a case does not depend on how it goes on.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from csc_experiments.synthetic.draws import NEVER, Days, Floats, Index, Mask, as_ids, stream
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.simulation import Simulation
from csc_experiments.synthetic.writing.drafts import OUTCOMES

_DECIDED_AT_ONCE, _NOTE_YEARS, _MOST_SUPERVISIONS, _MOST_REVIEWS = 7, 4, 36, 12
_SHARE_SUPERVISED = 0.35
_SUPERVISION_EVERY = 30


def at_referral(lives: Simulation) -> Index:
    """Return what a manager decides on the day of the referral."""
    way = lives.cases.way
    at_once = (way.s47 != NEVER) & (way.s47 < way.referred + _DECIDED_AT_ONCE)
    codes = [OUTCOMES.index(f"decision.{name}") for name in ("nfa", "strategy", "assessment")]
    return np.select([way.nfa, at_once], codes[:2], codes[2])


def enquired(conference: Days) -> Index:
    """Return what enquiries found: what led to a conference was substantiated."""
    codes = [OUTCOMES.index("s47.outcome.substantiated"), OUTCOMES.index("s47.outcome.not")]
    return np.where(conference != NEVER, *codes)


def conferred(plan: Days) -> Index:
    """Return what conferences decided."""
    codes = [OUTCOMES.index("conf.decision.plan"), OUTCOMES.index("conf.decision.none")]
    return np.where(plan != NEVER, *codes)


def after_assessment(lives: Simulation) -> Index:
    """Return what a manager decides on the day on which an assessment is authorised."""
    way = lives.cases.way
    protected = (way.conference <= way.authorised) & (way.authorised < way.cp_end)
    choices: Mapping[str, Mask] = {
        "early_help": way.early_help, "close": way.not_in_need, "cp": protected, "cin": way.cin != NEVER,
    }  # fmt: skip
    codes = [OUTCOMES.index(f"decision.{name}") for name in choices]
    return np.select(list(choices.values()), codes, OUTCOMES.index("decision.open"))


def closures(lives: Simulation) -> tuple[Days, Index]:
    """Return when a manager closes a case, and in which words; birthdays and deaths close others."""
    way = lives.cases.way
    day = np.where((way.close == lives.cases.leaves) | way.nfa | way.not_in_need, NEVER, way.close)
    codes = [OUTCOMES.index("decision.moved"), OUTCOMES.index("decision.closure")]
    return day, np.where(way.transferred, *codes)


def reviews(lives: Simulation) -> Days:
    """Return the days of review conferences, a row for each case."""
    count = lives.cases.child.size
    plans = lives.tables["ssd_cp_plans"].select("cppl_cp_plan_id", referral="cppl_referral_id")
    rows = pl.DataFrame({"referral": as_ids("R", np.arange(count)), "case": np.arange(count)})
    held = (
        lives.tables["ssd_cp_reviews"]
        .join(plans, left_on="cppr_cp_plan_id", right_on="cppl_cp_plan_id")
        .join(rows, on="referral")
        .select("case", day=pl.col("cppr_cp_review_date").cast(pl.Int32).cast(pl.Int64))
        .drop_nulls()
        .sort("case", "day")
        .with_columns(place=pl.int_range(pl.len()).over("case"))
        .filter(pl.col("place") < _MOST_REVIEWS)
    )
    days = np.full((count, _MOST_REVIEWS), NEVER)
    days[held["case"].to_numpy(), held["place"].to_numpy()] = held["day"].to_numpy()
    return days


def notes(settings: AuthoritySettings, seed: int, lives: Simulation, last_day: int) -> Days:
    """Return the days of case notes: as many for every case, of which those stay on which it is open."""
    rng, way = stream(seed, "case notes"), lives.cases.way
    window = np.clip(last_day - way.referred, 0, _NOTE_YEARS * 365)
    count = rng.poisson(settings.notes_per_quarter * window / 91.3)
    days: Floats = (
        way.referred[:, None] + 1 + rng.random((count.size, int(count.max(initial=0)))) * window[:, None]
    )
    written = np.arange(days.shape[1]) < count[:, None]
    whole = days.astype(np.int64)
    return np.where(written & (whole < way.close[:, None]) & ~way.nfa[:, None], whole, NEVER)


def supervisions(seed: int, lives: Simulation) -> Days:
    """Return the days on which a case was discussed in supervision: monthly, where it is written down."""
    rng, way = stream(seed, "supervision"), lives.cases.way
    shape = (way.referred.size, _MOST_SUPERVISIONS)
    month = np.arange(1, _MOST_SUPERVISIONS + 1) * _SUPERVISION_EVERY
    days = way.referred[:, None] + month + rng.integers(-6, 7, shape)
    held = (rng.random(shape) < _SHARE_SUPERVISED) & ~way.nfa[:, None]
    return np.where(held & (days < way.close[:, None]), days, NEVER)
