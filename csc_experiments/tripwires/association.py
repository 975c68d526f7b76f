"""Whether a mark that some cases bear tells their outcome, more plainly than anything honest could."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom

Mask = NDArray[np.bool_]
FEWEST: Final = 8
"""Outcomes among the marked cases, below which nothing is said."""
LEAST_RATE: Final = 0.5
"""Of the marked cases, those with the outcome."""
LEAST_ODDS: Final = 10.0
"""How many times the odds of the unmarked cases are those of the marked."""
CHANCE: Final = 1e-4
"""Of an alarm by chance among all marks that one tripwire tries (Bonferroni)."""


def tells(marked: Mask, outcome: Mask, tried: int) -> bool:
    """Whether a mark tells the outcome.

    The odds of predictors that children's services know of (earlier referrals, plans, factors) are two or
    three times those of other children. A mark must come with at least even odds of the outcome and with ten
    times the odds of the others, and the exact test of Fisher must put that beyond chance among all marks
    that were tried.

    Parameters
    ----------
    marked, outcome : numpy.ndarray of bool, shape (n,)
        Of cases that do not depend on each other: one of each family.
    tried : int
        Marks that the tripwire tries.

    Examples
    --------
    >>> outcome = np.arange(200) < 20
    >>> tells(np.arange(200) < 25, outcome, 1), tells(np.arange(200) % 2 == 0, outcome, 1)
    (True, False)
    """
    cases, positive, size = marked.size, int(outcome.sum()), int(marked.sum())
    both = int((marked & outcome).sum())
    if both < FEWEST or both < LEAST_RATE * size:
        return False
    # Half a case is added to each cell, so that an empty one does not divide by nothing.
    odds = (both + 0.5) / (size - both + 0.5)
    others = (positive - both + 0.5) / (cases - size - positive + both + 0.5)
    chance = float(hypergeom.sf(both - 1, cases, positive, size))
    return odds >= LEAST_ODDS * others and chance < CHANCE / tried
