"""How many families to draw, so that an authority has the size that it should have."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from csc_experiments.synthetic.draws import Days
from csc_experiments.synthetic.need import Need, contact_rates, make_need
from csc_experiments.synthetic.people import Population, Span, make_population
from csc_experiments.synthetic.settings import AuthoritySettings

_TRIAL_FAMILIES = 6000
_TRIAL_SEED = 0
"""The size of an authority must not depend on its seed."""
_FEWEST = 10


class Size(NamedTuple):
    """What to draw.

    Attributes
    ----------
    families : int
    alone : int
        Children who arrive alone within the span.
    child_population : float
        Children of 0 to 17 who live there on a day half-way through the coverage.
    """

    families: int
    alone: int
    child_population: float


def size_of(settings: AuthoritySettings) -> Size:
    """Work out how many families an authority has, from a trial of some thousand.

    Examples
    --------
    >>> round(size_of(AuthoritySettings(authority="la1", child_population=50_000)).child_population)
    50000
    """
    trial = make_population(settings, _TRIAL_SEED, _TRIAL_FAMILIES)
    span = Span.of(settings)
    residents = trial.residents(span.middle) / _TRIAL_FAMILIES
    families = settings.child_population / residents
    if settings.children is not None:
        need = make_need(settings, _TRIAL_SEED, trial.size.size)
        families = settings.children * _TRIAL_FAMILIES / _expected_known(settings, trial, need)
    drawn = max(_FEWEST, round(families))
    population = drawn * residents if settings.children is not None else float(settings.child_population)
    years = (span.last_day - span.begin) / 365.25
    return Size(drawn, round(settings.unaccompanied_rate * population / 10_000 * years), population)


def _expected_known(settings: AuthoritySettings, people: Population, need: Need) -> float:
    """Return how many children of these families are expected to have a contact within the coverage."""
    span = Span.of(settings)
    rates = contact_rates(settings, need, people.alone)
    quarters = rates.shape[1]
    day = span.begin + (np.arange(quarters) + 0.5) * (span.last_day - span.begin) / quarters
    child = np.arange(people.born.size)
    # Whoever is not named first is named with the others.
    alone = 1 / people.size[people.family]
    chance = alone + (1 - alone) * settings.share_siblings
    times = np.zeros(child.size)
    for quarter in np.flatnonzero(day >= span.first_day):
        today: Days = np.full(child.size, int(day[quarter]))
        times += people.eligible(child, today) * chance * rates[people.family, quarter]
    return float(np.sum(1 - np.exp(-times)))
