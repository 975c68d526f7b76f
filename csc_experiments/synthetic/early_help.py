"""Early help, where statutory work is not needed or no longer."""

from __future__ import annotations

import numpy as np
import polars as pl

from csc_experiments.synthetic.draws import Days, Index, as_codes, as_dates, as_ids, choose

# The author's: no national figures are published.
_REASONS = {"PARENTING": 40.0, "BEHAVIOUR": 20.0, "ATTENDANCE": 15.0, "HOUSING": 10.0, "WELLBEING": 15.0}
_SHARE_COMPLETED = 0.7


def early_help_table(
    rng: np.random.Generator, child: Index, offered: Days, person: Index, *, leaves: Days, last_day: int
) -> pl.DataFrame:
    """Write an early help episode for each child from some days after the offer, for some months.

    Parameters
    ----------
    child, offered : numpy.ndarray, shape (n,)
        Position of the child, and the day of the offer.
    person, leaves : numpy.ndarray, shape (children,)
        The number that each child goes by, and the day after which nothing is recorded of it.

    Returns
    -------
    polars.DataFrame
        The columns of `ssd_early_help_episodes` without identifiers.
    """
    start = offered + rng.integers(3, 15, offered.size)
    end = np.minimum(start + 30 + rng.gamma(2.0, 70.0, start.size).astype(np.int64), leaves[child])
    finished = (rng.random(start.size) < _SHARE_COMPLETED).astype(np.int64)
    reason = choose(rng, list(_REASONS.values()), start.size)
    begun = (start <= last_day) & (start < leaves[child])
    ended = as_dates(end, last_day)
    table = pl.DataFrame(
        {
            "earl_person_id": as_ids("P", person[child]),
            "earl_episode_start_date": as_dates(start, last_day),
            "earl_episode_end_date": ended,
            "earl_episode_reason": as_codes(list(_REASONS), reason),
            "earl_episode_end_reason": as_codes(("DISENGAGED", "COMPLETED"), finished).set(
                ended.is_null(), None
            ),
        }
    )
    return table.filter(pl.Series(begun))
