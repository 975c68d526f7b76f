"""Latent need: what a family lives with, and what a worker sees of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csc_experiments.synthetic.draws import Days, Floats, Index, stream
from csc_experiments.synthetic.people import Span
from csc_experiments.synthetic.settings import AuthoritySettings

QUARTER = 91.3125
"""Days in which need stays the same."""


@dataclass(frozen=True, slots=True)
class Need:
    """The need of every family in every quarter.

    Attributes
    ----------
    level : numpy.ndarray, shape (families, quarters)
        In standard deviations between families, times the authority's `signal`.
    begin : int
        First day of the first quarter.
    error : float
        Standard deviation of a worker's error.
    """

    level: Floats
    begin: int
    error: float

    def at(self, family: Index, day: Days) -> Floats:
        """Return the need of each family on each day; the last quarter stands for all after it."""
        quarter = ((day - self.begin) / QUARTER).astype(np.int64)
        return self.level[family, np.clip(quarter, 0, self.level.shape[1] - 1)]

    def seen(self, rng: np.random.Generator, family: Index, day: Days) -> Floats:
        """Return what a worker makes of each family's need on each day: the truth, and an error."""
        return self.at(family, day) + self.error * rng.standard_normal(family.size)


def make_need(settings: AuthoritySettings, seed: int, families: int) -> Need:
    """Draw need as a lasting part and a part that drifts from quarter to quarter."""
    rng, span = stream(seed, "need"), Span.of(settings)
    quarters = int((span.last_day - span.begin) / QUARTER) + 1
    lasting = rng.standard_normal(families)
    drift = np.empty((families, quarters))
    drift[:, 0] = rng.standard_normal(families)
    keep = settings.need_persistence
    for quarter in range(1, quarters):
        news = rng.standard_normal(families)
        drift[:, quarter] = keep * drift[:, quarter - 1] + np.sqrt(1 - keep**2) * news
    share = settings.share_lasting
    level = np.sqrt(share) * lasting[:, None] + np.sqrt(1 - share) * drift
    return Need(settings.signal * level, span.begin, settings.worker_error)


def contact_rates(settings: AuthoritySettings, need: Need) -> Floats:
    """Return expected contacts per family and quarter, shape (families, quarters).

    The average over families is the same whatever the signal, so that an authority without signal has as
    many contacts as one with it.
    """
    spread = settings.need_effect * settings.signal
    yearly = settings.contact_rate * np.exp(settings.need_effect * need.level - spread**2 / 2)
    return np.asarray(yearly * QUARTER / 365.25)
