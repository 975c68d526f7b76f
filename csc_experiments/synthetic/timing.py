"""How long things take: published distributions of days and working days."""

from __future__ import annotations

import numpy as np

from csc_experiments.synthetic.draws import Days, Floats, Index, choose, spells, working_days_after
from csc_experiments.synthetic.settings import AuthoritySettings

# Department for Education, Characteristics of children in need 2024: working days to authorisation, in time
# (many just inside the limit of 45) and late; working days from enquiry to conference; days on a child
# protection plan.
_IN_TIME: tuple[Index, Floats] = (
    np.array([0, 1, 11, 21, 31, 41, 46], dtype=np.int64),
    np.array([9.9, 73.4, 111.0, 102.6, 129.7, 116.7]),
)
_LATE = ((46, 51, 61, 91), (38.6, 29.5, 31.9))
_CONFERENCE_DAYS = ((5, 11, 13, 16, 21, 36), (9.4, 15.0, 55.3, 8.7, 11.6))
_PLAN_DAYS = ((28, 91, 182, 365, 730, 1100), (9.0, 11.7, 46.0, 28.0, 4.3))
_STEEPEST = 0.5


def assessment_days(settings: AuthoritySettings, rng: np.random.Generator, count: int) -> Index:
    """Draw working days to authorisation, with the authority's median and its share of late ones."""
    late = rng.random(count) < settings.share_late_assessment
    in_time = spells(rng, *in_time_bands(settings), count)
    return np.where(late, spells(rng, *_LATE, count), in_time)


def in_time_bands(settings: AuthoritySettings) -> tuple[list[int], list[float]]:
    """Return the bands of working days in time, tilted so that the median of all assessments is right.

    Examples
    --------
    >>> bounds, shares = in_time_bands(AuthoritySettings(authority="la1", median_working_days=20))
    >>> shares[1] > shares[-1]
    True
    """
    bounds, shares = _IN_TIME
    wanted = 0.5 / (1 - settings.share_late_assessment)
    low, high = -_STEEPEST, _STEEPEST
    # The share below the median falls as the tilt rises.
    for _ in range(40):
        tilt = (low + high) / 2
        below = _share_below(settings.median_working_days, bounds, _tilted(shares, tilt))
        low, high = (tilt, high) if below > wanted else (low, tilt)
    return bounds.tolist(), _tilted(shares, tilt).tolist()


def _tilted(shares: Floats, tilt: float) -> Floats:
    bounds = _IN_TIME[0]
    changed = shares * np.exp(tilt * (bounds[:-1] + bounds[1:]) / 2)
    return np.asarray(changed / changed.sum())


def _share_below(day: float, bounds: Index, shares: Floats) -> float:
    return float(np.interp(day + 0.5, bounds, np.concatenate([[0.0], np.cumsum(shares)])))


def conference_days(rng: np.random.Generator, start: Days) -> Days:
    """Draw the day of a conference after each enquiry, never at a weekend."""
    return working_days_after(start, spells(rng, *_CONFERENCE_DAYS, start.size))


def protection_plan_days(rng: np.random.Generator, count: int) -> Index:
    """Draw how many days a child protection plan lasts."""
    return spells(rng, *_PLAN_DAYS, count)


def plan_days(rng: np.random.Generator, count: int) -> Index:
    """Draw how many days a child in need plan lasts."""
    return 14 + rng.lognormal(4.2, 1.2, count).astype(np.int64)


def step_down_days(rng: np.random.Generator, count: int) -> Index:
    """Draw how many days a child in need plan after a child protection plan lasts."""
    return 30 + rng.lognormal(4.3, 0.6, count).astype(np.int64)


def closing_days(settings: AuthoritySettings, rng: np.random.Generator, quick: np.ndarray) -> Index:
    """Draw how many days after the work a case is closed, now and then long after."""
    count = quick.size
    pause = np.where(quick, choose(rng, np.ones(9), count), rng.exponential(12.0, count).astype(np.int64))
    forgotten = rng.random(count) < settings.share_late_closure
    return np.asarray(pause + np.where(forgotten, rng.integers(20, 150, count), 0), dtype=np.int64)
