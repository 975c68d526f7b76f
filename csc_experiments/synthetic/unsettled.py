"""Which children are hard to settle: they change placements more often, and more of them come back."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

from csc_experiments.synthetic.draws import Days, Floats, Index
from csc_experiments.synthetic.need import Need
from csc_experiments.synthetic.people import Population

_WEIGHT = 0.7
"""Correlation of luck in care with how hard a child is to settle, where there is a signal."""
_YEARS = 365.25
_AGE_SPREAD = 6.0
"""Years of age that weigh as much as one standard deviation of need."""


def hard_to_settle(people: Population, need: Need, child: Index, day: Days) -> Floats:
    """Say where each child stands among all, by what the family lives with and by age.

    Parameters
    ----------
    child, day : numpy.ndarray, shape (n,)

    Returns
    -------
    numpy.ndarray, shape (n,)
        In standard deviations, with the shape of a normal distribution; 0 for children who came alone, and
        for all where the signal is none.
    """
    family = people.family[child]
    lived_with = need.at(family, day) + need.harm[family]
    raw = lived_with + (day - people.born[child]) / _YEARS / _AGE_SPREAD
    standing = ndtri(rankdata(raw) / (raw.size + 1)) if lived_with.any() else np.zeros(raw.size)
    return np.asarray(np.where(people.alone[family], 0.0, standing))


def leaning(luck: Floats, toward: Floats) -> Floats:
    """Turn even luck toward what is known of a child, leaving it as even as it is.

    Parameters
    ----------
    luck : numpy.ndarray, shape (n,)
        Even between 0 and 1.
    toward : numpy.ndarray, shape (n,)
        From `hard_to_settle`: the higher, the higher the luck; 0 leaves it as it is.

    Examples
    --------
    >>> leaning(np.array([0.5, 0.5, 0.5]), np.array([-1.0, 0.0, 1.0])).round(2).tolist()
    [0.24, 0.5, 0.76]
    """
    turned = ndtr(_WEIGHT * toward + np.sqrt(1 - _WEIGHT**2) * ndtri(luck))
    return np.asarray(np.where(toward == 0, luck, turned))
