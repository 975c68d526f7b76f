"""How and when children leave care, and who comes back."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from csc_experiments.synthetic.draws import NEVER, Days, Floats, Index, Mask
from csc_experiments.synthetic.unsettled import leaning


class Exit(NamedTuple):
    """One way to leave care before 18.

    Attributes
    ----------
    code : str
        Of the looked-after children return.
    shares : tuple of float
        Of children by age at entry: under 1, 1 to 4, 5 to 9, 10 to 15, 16 and over.
    days, spread, shortest : float
        Median length of the period, standard deviation of its logarithm, and least length.
    closes : str, optional
        The reason for which the case closes with it; without one it closes as any other.
    returns : float
        Chance of coming back into care while the case is open.
    """

    code: str
    shares: tuple[float, float, float, float, float]
    days: float
    spread: float
    shortest: int
    closes: str | None = None
    returns: float = 0.0


# Set so that periods of care end as in Department for Education, Children looked after in England 2023
# (reason, age and length of the last period); who fits none of these stays until 18.
EXITS: Final = (
    Exit("E4A", (14, 20, 27, 28, 13), 150, 1.2, 2, returns=0.2),
    Exit("E4B", (3, 4, 5, 8, 4), 60, 1.2, 2, returns=0.3),
    Exit("E11", (8, 4, 0.5, 0, 0), 850, 0.35, 300, "RC1"),
    Exit("E12", (24, 12, 1.5, 0, 0), 850, 0.35, 300, "RC1"),
    Exit("E45", (15, 18, 15, 4, 0), 500, 0.5, 120, "RC4"),
    Exit("E47", (3, 3, 2, 1, 0), 400, 0.5, 120, "RC4"),
    Exit("E41", (5, 6, 5, 2, 0), 330, 0.6, 90, "RC3"),
    Exit("E13", (6, 8, 8, 7, 5), 90, 1.2, 2, returns=0.15),
    Exit("E8", (4, 4, 6, 12, 14), 150, 1.3, 2, returns=0.1),
    Exit("E3", (1, 1, 1, 1, 0.5), 200, 0.8, 20),
)
STAYS = len(EXITS)
"""The exit of those who stay until they are 18."""
_AGES = np.array([365, 5 * 365, 10 * 365, 16 * 365])
_TO_RETURN, _TO_RETURN_SPREAD, _SOONEST = 150.0, 0.8, 15
_TOO_OLD_TO_RETURN = 200
"""Days before the 18th birthday after which nobody comes back."""


class Period(NamedTuple):
    """One period of care of each child, `NEVER` for none; `exit` a position in `EXITS`, or `STAYS`."""

    start: Days
    end: Days
    exit: Index


def leave_care(
    rng: np.random.Generator,
    group: Index,
    *,
    start: Days,
    born: Days,
    leaves: Days,
    alone: Mask,
) -> Period:
    """Draw how and when each period of care ends.

    Parameters
    ----------
    group : numpy.ndarray, shape (n,)
        Siblings who come into care together share a number, and mostly leave alike.
    start : numpy.ndarray, shape (n,)
        `NEVER` for children who do not come into care.
    born, leaves : numpy.ndarray, shape (n,)
        Day of birth, and the day after which nothing is recorded of the child.
    alone : numpy.ndarray of bool, shape (n,)
        Who came to the country alone stays until 18.
    """
    happens = start != NEVER
    groups = int(group.max(initial=-1)) + 1
    luck, long = rng.random(groups)[group], rng.standard_normal(groups)[group]
    age = np.where(happens, start - born, 0)
    bands: Floats = np.cumsum(np.array([way.shares for way in EXITS]) / 100, axis=0)
    chosen = (luck[:, None] >= bands[:, np.digitize(age, _AGES)].T).sum(axis=1)
    chosen = np.where(alone, STAYS, chosen)
    # Whoever stays has no length; any number stands for it.
    days, spread, shortest = (
        np.array([getattr(way, name) for way in EXITS] + [1.0])[chosen]
        for name in ("days", "spread", "shortest")
    )
    length = np.maximum(days * np.exp(spread * long), shortest).astype(np.int64)
    end = np.where((chosen == STAYS) | (start + length >= leaves), leaves, start + length)
    chosen = np.where(end == leaves, STAYS, chosen)
    return Period(start, np.where(happens, end, NEVER), np.where(happens, chosen, -1))


def return_to_care(rng: np.random.Generator, first: Period, leaves: Days, unsettled: Floats) -> Days:
    """Draw when children come back into care; `NEVER` for most.

    Parameters
    ----------
    unsettled : numpy.ndarray, shape (n,)
        From `hard_to_settle`, at the end of the first period.
    """
    chance = np.array([way.returns for way in EXITS] + [0.0, 0.0])[first.exit]
    wait = np.maximum(
        _TO_RETURN * np.exp(_TO_RETURN_SPREAD * rng.standard_normal(leaves.size)), _SOONEST
    ).astype(np.int64)
    back = first.end + wait
    returns = (leaning(rng.random(leaves.size), -unsettled) < chance) & (back < leaves - _TOO_OLD_TO_RETURN)
    return np.where(returns, back, NEVER)
