"""Latent need: what a family lives with, and what a worker sees of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from csc_experiments.synthetic.draws import NEVER, Days, Floats, Index, Mask, stream
from csc_experiments.synthetic.people import Span
from csc_experiments.synthetic.settings import AuthoritySettings

QUARTER = 91.3125
"""Days in which need stays the same."""
QUARTERS_AFTER = 4
"""So long after a plan has ended half of what it brought lasts."""
LASTING_HARM = 0.25
"""Share of how grave a contact is that lies between families, where the signal is modest."""


@dataclass(frozen=True, slots=True)
class Need:
    """The need of every family in every quarter.

    Attributes
    ----------
    level : numpy.ndarray, shape (families, quarters)
        In standard deviations between families, times the authority's `signal`.
    harm : numpy.ndarray, shape (families,)
        A lasting tendency to harm; of the same scale.
    begin : int
        First day of the first quarter.
    error : float
        Standard deviation of a worker's error.
    """

    level: Floats
    harm: Floats
    begin: int
    error: float

    def at(self, family: Index, day: Days) -> Floats:
        """Return the need of each family on each day; the last quarter stands for all after it."""
        return np.asarray(self.level[family, self._quarter(day)])

    def seen(self, rng: np.random.Generator, family: Index, day: Days) -> Floats:
        """Return what a worker makes of each family's need on each day: the truth, and an error."""
        return self.at(family, day) + self.error * rng.standard_normal(family.size)

    def eased(self, family: Index, spells: Iterable[tuple[Days, Days]], effect: float) -> Need:
        """Return need as services leave it: lower while they last, half as much lower for a year after.

        Parameters
        ----------
        family : numpy.ndarray, shape (n,)
        spells : iterable of pairs of numpy.ndarray, shape (n,)
            Start and end of services; `NEVER` where there were none. They help from the next quarter on.
        effect : float
            How far need is lowered.
        """
        steps = np.zeros((self.level.shape[0], self.level.shape[1] + 1))
        for start, end in spells:
            row = np.flatnonzero(start != NEVER)
            begins, ends = self._quarter(start[row]) + 1, self._quarter(end[row]) + 1
            over = np.minimum(ends + QUARTERS_AFTER, self.level.shape[1])
            for quarter, step in ((begins, effect), (ends, -effect / 2), (over, -effect / 2)):
                np.add.at(steps, (family[row], quarter), step)
        relief = np.minimum(np.cumsum(steps, axis=1)[:, :-1], effect)
        return replace(self, level=self.level - relief)

    def _quarter(self, day: Days) -> Index:
        quarter = ((day - self.begin) / QUARTER).astype(np.int64)
        return np.asarray(np.clip(quarter, 0, self.level.shape[1] - 1))


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
    harm = stream(seed, "harm").standard_normal(families)
    return Need(settings.signal * level, settings.signal * harm, span.begin, settings.worker_error)


def harm_at_contact(settings: AuthoritySettings, seed: int, need: Need, family: Index) -> Floats:
    """Return how grave what is told at each contact is: in part the family's tendency, in part the event's.

    Parameters
    ----------
    family : numpy.ndarray, shape (contacts,)
    """
    event = settings.signal * stream(seed, "incidents").standard_normal(family.size)
    # A strong signal is one that does not change from one event to the next.
    passing = (1 - LASTING_HARM) / max(settings.signal, 1.0) ** 2
    return np.asarray(np.sqrt(1 - passing) * need.harm[family] + np.sqrt(passing) * event)


def contact_rates(settings: AuthoritySettings, need: Need, alone: Mask) -> Floats:
    """Return expected contacts per family and quarter, shape (families, quarters).

    The average over families is the same whatever the signal, so that an authority without signal has as
    many contacts as one with it. A signal stronger than the modest one makes decisions surer, not contacts
    more unequal.

    Parameters
    ----------
    alone : numpy.ndarray of bool, shape (families,)
        Children who came alone: what leads to contact in a family is not there.
    """
    spread = settings.need_effect * min(settings.signal, 1.0)
    level = need.level / max(settings.signal, 1.0)
    yearly = settings.contact_rate * np.exp(settings.need_effect * level - spread**2 / 2)
    return np.asarray(np.where(alone[:, None], 0.0, yearly) * QUARTER / 365.25)
