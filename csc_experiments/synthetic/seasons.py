"""When in the year contacts are made, and by whom: schools see children in term time only."""

from __future__ import annotations

import numpy as np

from csc_experiments.synthetic.draws import Days, Floats, Index, Mask

# Department for Education, Characteristics of children in need 2024, referrals by month from January, in
# percent of the year; and the days of each month.
_SHARES = np.array([8.8, 8.2, 8.4, 7.0, 9.0, 9.4, 8.3, 7.1, 8.7, 9.0, 9.0, 7.3])
_DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
PER_DAY: Floats = _SHARES / _DAYS / (_SHARES.sum() / _DAYS.sum())
"""Contacts on a day of each month, from January, as a multiple of those on an average day."""
PEAK = float(PER_DAY.max())
"""The busiest month's day."""
_SCHOOL_DAYS = np.array([20.0, 15, 19, 11, 16, 21, 15, 0.5, 21, 18, 21, 14])
AT_SCHOOL: Floats = _SCHOOL_DAYS / _DAYS / (_SCHOOL_DAYS.sum() / _DAYS.sum()) / PER_DAY
"""How much more, or less, of a month's contacts are made by schools than of the year's."""


def month_of(day: Days) -> Index:
    """Return the month of each day, from 0 for January."""
    return np.asarray(day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12)


def in_season(rng: np.random.Generator, day: Days) -> Mask:
    """Mark the days to keep, of days drawn evenly and `PEAK` times as many as are wanted."""
    return np.asarray(rng.random(day.size) * PEAK < PER_DAY[month_of(day)])
