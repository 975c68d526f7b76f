"""A family's pathway as each child lives it: until it leaves childhood, and through care of its own."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from csc_experiments.synthetic.contacts import Named
from csc_experiments.synthetic.draws import NEVER, Days, Floats, Index, Mask, stream
from csc_experiments.synthetic.leaving_care import EXITS, Period, leave_care, return_to_care
from csc_experiments.synthetic.need import Need
from csc_experiments.synthetic.pathway import Pathways
from csc_experiments.synthetic.people import Population
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.unsettled import hard_to_settle

_LONGER_THAN_ANY_TIME = 2**22
"""In days; it keeps children apart in a sorting key."""
SHARE_JOINS_CARE = 0.55
"""Chance that a sibling comes into care with the first child."""
_JOINS_BY_AGE = (1.6, 0.8, 0.7, 1.0, 1.3)
"""The same by age, as a multiple: under 1, 1 to 4, 5 to 9, 10 to 15, 16 and over."""
_AGES = np.array([365, 5 * 365, 10 * 365, 16 * 365])
_OTHERS_LONG_OPEN = 0.15
"""A child without a disability has a sixth of the chance of a case that stays open for years."""
_LONG, _LONGER = 730, 1500.0
_ENDS_WITH_CARE = np.array([way.closes is not None for way in EXITS] + [False, False])
_ADOPTED = np.array([way.closes == "RC1" for way in EXITS] + [False, False])


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
    exit, back, back_end, back_exit : numpy.ndarray, shape (n,)
        How the period of care ended (a position in `EXITS`, `STAYS`, or -1 for none); start, end and exit of
        a second one.
    alone : numpy.ndarray of bool, shape (n,)
        Whether the child came to the country alone.
    """

    child: Index
    event: Index
    leaves: Days
    way: Pathways
    exit: Index
    back: Days
    back_end: Days
    back_exit: Index
    alone: Mask

    @property
    def adopted(self) -> Mask:
        """Mark the cases that end with an adoption, after which the child has another identity."""
        return np.asarray(_ADOPTED[self.exit] | _ADOPTED[self.back_exit])

    def take(self, rows: Index) -> Cases:
        """Return some of the cases."""
        parts = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "way"}
        return Cases(way=self.way.take(rows), **{name: part[rows] for name, part in parts.items()})


def make_cases(
    settings: AuthoritySettings,
    seed: int,
    people: Population,
    need: Need,
    *,
    named: Named,
    pathways: Pathways,
) -> Cases:
    """Give each child named in a referral its case; a child whose last case is still open gets none."""
    event_of = np.full(int(max(named.contact.max(initial=-1), pathways.contact.max(initial=-1))) + 1, -1)
    event_of[pathways.contact] = np.arange(pathways.contact.size)
    event = event_of[named.contact]
    rows = np.flatnonzero(event >= 0)
    child, event = named.child[rows], event[rows]
    cases = _lived(settings, seed, people, need, who=(child, event), way=pathways.take(event))
    cases = cases.take(np.lexsort((cases.way.referred, cases.child)))
    return cases.take(np.flatnonzero(_finds_no_open_case(cases)))


def has_open_case(cases: Cases, child: Index, day: Days) -> Mask:
    """Tell whether each child has a case open on each day; `cases` are by child and then by day."""
    if not cases.child.size:
        return np.zeros(child.size, dtype=bool)
    last = np.searchsorted(_key(cases.child, cases.way.referred), _key(child, day), side="right") - 1
    found = last >= 0
    last = np.maximum(last, 0)
    return np.asarray(found & (cases.child[last] == child) & (cases.way.close[last] >= day))


def before_adoption(cases: Cases, child: Index, day: Days) -> Mask:
    """Mark the days that are not after each child's adoption."""
    adopted = np.full(int(max(child.max(initial=-1), cases.child.max(initial=-1))) + 1, NEVER)
    rows = np.flatnonzero(cases.adopted)
    np.minimum.at(adopted, cases.child[rows], cases.way.close[rows])
    return np.asarray(day <= adopted[child])


def _key(child: Index, day: Days) -> Index:
    return child * _LONGER_THAN_ANY_TIME + day


def _joins_care(settings: AuthoritySettings, rng: np.random.Generator, event: Index, age: Days) -> Mask:
    """Mark one child of each referral, and most of its siblings, the youngest and oldest more often."""
    weights: Floats = np.asarray(_JOINS_BY_AGE)
    weights = 1 + min(settings.signal, 1.0) * (weights - 1)
    luck = rng.random(event.size) / weights[np.digitize(age, _AGES)]
    lowest = np.full(int(event.max(initial=-1)) + 1, np.inf)
    np.minimum.at(lowest, event, luck)
    return np.asarray((luck < SHARE_JOINS_CARE) | (luck == lowest[event]))


def _lived(
    settings: AuthoritySettings,
    seed: int,
    people: Population,
    need: Need,
    *,
    who: tuple[Index, Index],
    way: Pathways,
) -> Cases:
    """Cut a family's pathway to what can happen to one child; `who` are the children and their events."""
    child, event = who
    born, leaves, alone = people.born[child], people.leaves[child], people.alone[people.family[child]]
    joins = _joins_care(settings, stream(seed, "care of siblings"), event, way.referred - born)
    rng = stream(seed, "leaving care")
    into = _before(leaves, np.where(joins, np.maximum(way.care, born), NEVER))
    care = leave_care(rng, event, start=into, born=born, leaves=leaves, alone=alone)
    over = np.flatnonzero(care.end < leaves)
    unsettled = np.zeros(child.size)
    unsettled[over] = hard_to_settle(people, need, child[over], care.end[over])
    again = return_to_care(rng, care, leaves, unsettled)
    back = leave_care(rng, np.arange(child.size), start=again, born=born, leaves=leaves, alone=alone)
    cut = _cut(way, care, leaves)
    cut = replace(cut, close=_closing(stream(seed, "after care"), cut, care, back, leaves))
    cut = _stay_open(settings, stream(seed, "long open"), cut, people.disabled[child], leaves)
    return Cases(child, event, leaves, cut, care.exit, back.start, back.end, back.exit, alone)


def _cut(way: Pathways, care: Period, leaves: Days) -> Pathways:
    """Leave out what would come after childhood, and plans and enquiries that would come after care began."""
    until = np.minimum(care.start, leaves)
    assessed = _before(leaves, way.assessed)
    # An enquiry needs an assessment, and a plan its conference.
    s47 = np.where(assessed == NEVER, NEVER, _before(until, way.s47))
    came = way.transfer_in & (assessed != NEVER)
    conference = np.where((s47 != NEVER) | came, _before(until, way.conference), NEVER)
    cp = np.where(conference == NEVER, NEVER, way.cp)
    s47_again = np.where(assessed == NEVER, NEVER, _before(until, way.s47_again))
    conference_again = np.where(s47_again == NEVER, NEVER, _before(until, way.conference_again))
    cp_again = np.where(conference_again == NEVER, NEVER, way.cp_again)
    cin, down = _before(until, way.cin), _before(until, way.down)
    return replace(
        way,
        assessed=assessed,
        authorised=_ends(assessed, way.authorised, leaves),
        s47=s47,
        s47_end=_ends(s47, way.s47_end, leaves),
        conference=conference,
        cp=cp,
        cp_end=_ends(cp, way.cp_end, until),
        s47_again=s47_again,
        s47_again_end=_ends(s47_again, way.s47_again_end, leaves),
        conference_again=conference_again,
        cp_again=cp_again,
        cp_again_end=_ends(cp_again, way.cp_again_end, until),
        cin=cin,
        cin_end=_ends(cin, way.cin_end, until),
        down=down,
        down_end=_ends(down, way.down_end, until),
        care=care.start,
        care_end=care.end,
    )


def _closing(rng: np.random.Generator, way: Pathways, care: Period, back: Period, leaves: Days) -> Days:
    """Return when each case closes: with an order that ends care, else once all is over."""
    last_end = np.where(back.start == NEVER, care.end, back.end)
    last_exit = np.where(back.start == NEVER, care.exit, back.exit)
    after = last_end + rng.integers(0, 28, leaves.size)
    finished = np.where(way.authorised == NEVER, after, np.maximum(after, way.authorised))
    ordered = np.where(_ADOPTED[last_exit], last_end, finished)
    looked_after = np.where(_ENDS_WITH_CARE[last_exit], ordered, np.maximum(way.close, after))
    return np.minimum(np.where(care.start == NEVER, way.close, looked_after), leaves)


def _stay_open(
    settings: AuthoritySettings, rng: np.random.Generator, way: Pathways, disabled: Mask, leaves: Days
) -> Pathways:
    """Let some cases go on for years under a child in need plan, most of them of disabled children."""
    chance = settings.share_long_open * np.where(disabled, 1.0, _OTHERS_LONG_OPEN)
    longer = way.referred + _LONG + rng.exponential(_LONGER, chance.size).astype(np.int64)
    stays = (rng.random(chance.size) < chance) & ~way.nfa & ~way.not_in_need & ~way.transferred
    for day in (way.conference, way.conference_again, way.care):
        stays &= day == NEVER
    close = np.where(stays, np.minimum(np.maximum(way.close, longer), leaves), way.close)
    planned = stays & (way.authorised + 1 < close)
    return replace(
        way,
        close=close,
        cin=np.where(planned, np.minimum(way.cin, way.authorised + 1), way.cin),
        cin_end=np.where(planned, close, way.cin_end),
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
