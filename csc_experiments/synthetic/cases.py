"""A family's pathway as each child lives it: until it leaves childhood, and through care of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from csc_experiments.synthetic.contacts import Named
from csc_experiments.synthetic.draws import NEVER, Days, Index, Mask, stream
from csc_experiments.synthetic.pathway import Pathways
from csc_experiments.synthetic.people import Population

_LONGER_THAN_ANY_TIME = 2**22
"""In days; it keeps children apart in a sorting key."""
SHARE_JOINS_CARE = 0.6
"""Chance that a sibling comes into care with the first child."""


@dataclass(frozen=True, slots=True)
class Cases:
    """One row per referral and child.

    Attributes
    ----------
    child, event : numpy.ndarray, shape (n,)
        Position of the child; number of the family's referral, which siblings share.
    leaves : numpy.ndarray, shape (n,)
        The day after which nothing is recorded of the child.
    way : Pathways
        The pathway as the child lived it.
    """

    child: Index
    event: Index
    leaves: Days
    way: Pathways

    def take(self, rows: Index) -> Cases:
        """Return some of the cases."""
        return Cases(self.child[rows], self.event[rows], self.leaves[rows], self.way.take(rows))


def make_cases(seed: int, people: Population, named: Named, pathways: Pathways) -> Cases:
    """Give each child named in a referral its case; a child whose last case is still open gets none."""
    event_of = np.full(int(max(named.contact.max(initial=-1), pathways.contact.max(initial=-1))) + 1, -1)
    event_of[pathways.contact] = np.arange(pathways.contact.size)
    event = event_of[named.contact]
    rows = np.flatnonzero(event >= 0)
    child, event = named.child[rows], event[rows]
    way = pathways.take(event)
    joins = _joins_care(stream(seed, "care of siblings"), event)
    lived = _lived(seed, people, child, way, joins)
    cases = Cases(child, event, people.leaves[child], lived)
    cases = cases.take(np.lexsort((lived.referred, child)))
    return cases.take(np.flatnonzero(_finds_no_open_case(cases)))


def has_open_case(cases: Cases, child: Index, day: Days) -> Mask:
    """Tell whether each child has a case open on each day; `cases` are by child and then by day."""
    if not cases.child.size:
        return np.zeros(child.size, dtype=bool)
    last = np.searchsorted(_key(cases.child, cases.way.referred), _key(child, day), side="right") - 1
    found = last >= 0
    last = np.maximum(last, 0)
    return np.asarray(found & (cases.child[last] == child) & (cases.way.close[last] >= day))


def _key(child: Index, day: Days) -> Index:
    return child * _LONGER_THAN_ANY_TIME + day


def _joins_care(rng: np.random.Generator, event: Index) -> Mask:
    """Mark one child of each referral, and most of its siblings."""
    luck = rng.random(event.size)
    lowest = np.full(int(event.max(initial=-1)) + 1, np.inf)
    np.minimum.at(lowest, event, luck)
    return np.asarray((luck < SHARE_JOINS_CARE) | (luck == lowest[event]))


def _lived(seed: int, people: Population, child: Index, way: Pathways, joins: Mask) -> Pathways:
    """Cut a family's pathway to what can happen to one child."""
    born, leaves = people.born[child], people.leaves[child]
    care = _before(leaves, np.where(joins, np.maximum(way.care, born), NEVER))
    care_end = np.where(care == NEVER, NEVER, np.minimum(np.maximum(way.care_end, care + 1), leaves))
    until = np.minimum(care, leaves)
    cp, cin, down = _before(leaves, way.cp), _before(until, way.cin), _before(until, way.down)
    assessed = _before(leaves, way.assessed)
    s47, conference = _before(leaves, way.s47), _before(leaves, way.conference)
    after_care = care_end + stream(seed, "after care").integers(0, 28, child.size)
    close = np.where(care == NEVER, way.close, np.maximum(way.close, after_care))
    return replace(
        way,
        assessed=assessed,
        authorised=_ends(assessed, way.authorised, leaves),
        s47=s47,
        s47_end=_ends(s47, way.s47_end, leaves),
        conference=conference,
        cp=cp,
        cp_end=_ends(cp, way.cp_end, until),
        cin=cin,
        cin_end=_ends(cin, way.cin_end, until),
        down=down,
        down_end=_ends(down, way.down_end, until),
        care=care,
        care_end=care_end,
        close=np.minimum(close, leaves),
    )


def _before(limit: Days, day: Days) -> Days:
    return np.where(day < limit, day, NEVER)


def _ends(start: Days, end: Days, limit: Days) -> Days:
    return np.where(start == NEVER, NEVER, np.minimum(end, limit))


def _finds_no_open_case(cases: Cases) -> Mask:
    """Mark the cases that begin after every earlier one of the same child has closed."""
    closed = np.maximum.accumulate(_key(cases.child, cases.way.close))
    before = np.concatenate([np.array([-1]), closed[:-1]])
    return np.asarray(before < _key(cases.child, cases.way.referred))
