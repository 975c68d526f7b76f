"""From a serious contact to the end of the case: what workers decide for a family, and when."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from csc_experiments.synthetic.contacts import Contacts
from csc_experiments.synthetic.draws import (
    NEVER,
    Days,
    Floats,
    Index,
    Mask,
    spells,
    stream,
    top_share,
    working_days_after,
)
from csc_experiments.synthetic.need import Need
from csc_experiments.synthetic.people import Population, Span
from csc_experiments.synthetic.settings import AuthoritySettings

# Department for Education, Characteristics of children in need 2024: working days to authorisation; days on a
# child protection plan; Children looked after 2023: days in a period of care.
_IN_TIME = ((0, 11, 21, 31, 41, 46), (12.9, 17.3, 16.0, 20.2, 18.1))
_LATE = ((46, 56, 81), (75.0, 25.0))
_PLAN_DAYS = ((28, 91, 182, 365, 730, 1100), (16.3, 11.7, 43.3, 24.9, 3.8))
_CARE_DAYS = ((2, 14, 56, 182, 365, 730, 1095, 1825, 3650), (6.0, 6.0, 14.0, 20.0, 20.0, 9.0, 10.0, 14.0))
_CONFERENCE_DAYS = ((8, 13, 16, 26), (20.0, 60.0, 20.0))

_ROUNDS = 4
SHARE_LATE_ENQUIRY = 0.4
"""Of enquiries, those that begin only when a case is already worked with."""
SHARE_STEPPED_DOWN = 0.6
"""Of child protection plans, those followed by a child in need plan."""
BABY_WEIGHT = 0.4
"""How much more serious, in standard deviations of need, the same need looks with a child under two."""


@dataclass(frozen=True, slots=True)
class Pathways:
    """What happens after each referral of a family, as if nothing interrupted it; `NEVER` if it does not.

    Attributes
    ----------
    contact, family : numpy.ndarray, shape (n,)
        The contact that led to the referral, and the family.
    nfa, not_in_need, early_help, transferred : numpy.ndarray of bool, shape (n,)
        No further action; closed after assessment; the same with early help; closed by a move elsewhere.
    referred, assessed, authorised, s47, s47_end, conference, cp, cp_end, cin, cin_end, down, down_end, care,
    care_end, close : numpy.ndarray, shape (n,)
        Days; `down` is the child in need plan after a child protection plan.
    """

    contact: Index
    family: Index
    nfa: Mask
    not_in_need: Mask
    early_help: Mask
    transferred: Mask
    referred: Days
    assessed: Days
    authorised: Days
    s47: Days
    s47_end: Days
    conference: Days
    cp: Days
    cp_end: Days
    cin: Days
    cin_end: Days
    down: Days
    down_end: Days
    care: Days
    care_end: Days
    close: Days

    def take(self, rows: Index) -> Pathways:
        """Return some of the pathways."""
        return Pathways(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, slots=True)
class _Workers:
    """The workers of an authority: they see need imperfectly, and keep to shares of their typical cases."""

    need: Need
    seed: int
    family: Index
    extra: Floats
    typical: Mask

    def most(self, decision: str, day: Days, share: float, among: Mask, more: Floats | float = 0.0) -> Mask:
        """Mark the share of cases that look most serious on their day."""
        return top_share(self._see(decision, day) + more, share, among, self.typical)

    def least(self, decision: str, day: Days, share: float, among: Mask) -> Mask:
        """Mark the share of cases that look least serious on their day."""
        return top_share(-self._see(decision, day), share, among, self.typical)

    def ratio(self, part: Mask, whole: Mask) -> float:
        """Return how many typical cases are in one group for each in the other."""
        return float((part & self.typical).sum() / max(int((whole & self.typical).sum()), 1))

    def _see(self, decision: str, day: Days) -> Floats:
        return self.need.seen(stream(self.seed, f"decision {decision}"), self.family, day) + self.extra


def make_pathways(
    settings: AuthoritySettings, seed: int, people: Population, need: Need, contacts: Contacts
) -> Pathways:
    """Decide what would follow each serious contact, then keep those that find the family's case closed.

    Thresholds keep to the authority's shares among the cases that are kept, which depend on the thresholds;
    a few rounds bring the two together.
    """
    contact = np.flatnonzero(contacts.serious)
    family, referred = contacts.family[contact], contacts.day[contact]
    extra = settings.signal * BABY_WEIGHT * _has_baby(people, family, referred).astype(np.float64)
    typical = np.ones(contact.size, dtype=bool)
    for _ in range(_ROUNDS):
        workers = _Workers(need, seed, family, extra, typical)
        every = _decide(settings, workers, contact, referred)
        kept = _one_at_a_time(every, Span.of(settings).last_day)
        typical = np.zeros(contact.size, dtype=bool)
        typical[kept] = True
    return every.take(kept)


def _decide(settings: AuthoritySettings, workers: _Workers, contact: Index, referred: Days) -> Pathways:
    luck, count = stream(workers.seed, "durations"), contact.size
    everybody = np.ones(count, dtype=bool)
    nfa = workers.least("no further action", referred, settings.share_nfa, everybody)
    assessed, authorised = _assessment(settings, luck, referred, nfa)
    s47, s47_end, conference, cp, cp_end = _protection(
        settings, luck, workers, referred=referred, authorised=authorised, assessed=~nfa
    )
    unclear = ~nfa & (s47 == NEVER)
    share = min(settings.share_not_in_need * workers.ratio(~nfa, unclear), 1.0)
    not_in_need = workers.least("in need", authorised, share, unclear)
    in_need = ~nfa & ~not_in_need
    cin, cin_end, down, down_end = _child_in_need(
        settings, luck, workers, authorised=authorised, in_need=in_need, protection=(cp, cp_end)
    )
    care, care_end = _care(settings, luck, workers, referred=referred, cp=cp, in_need=in_need)
    happened = (authorised, s47_end, cp_end, cin_end, down_end, care)
    worked = np.max([np.where(day == NEVER, 0, day) for day in happened], axis=0)
    pause = np.where(not_in_need, luck.integers(0, 9, count), luck.exponential(25.0, count))
    return Pathways(
        contact=contact,
        family=workers.family,
        nfa=nfa,
        not_in_need=not_in_need,
        early_help=not_in_need & (luck.random(count) < settings.share_early_help),
        transferred=in_need & (care == NEVER) & (luck.random(count) < settings.share_transferred),
        referred=referred,
        assessed=assessed,
        authorised=authorised,
        s47=s47,
        s47_end=s47_end,
        conference=conference,
        cp=cp,
        cp_end=cp_end,
        cin=cin,
        cin_end=cin_end,
        down=down,
        down_end=down_end,
        care=care,
        care_end=care_end,
        close=np.where(nfa, referred + luck.integers(0, 6, count), worked + pause.astype(np.int64)),
    )


def _when(happens: Mask, day: Days) -> Days:
    return np.where(happens, day, NEVER)


def _has_baby(people: Population, family: Index, day: Days) -> Mask:
    """Tell whether a family has a child under two, born or known before birth."""
    found = np.zeros(family.size, dtype=bool)
    for place in range(int(people.size.max(initial=0))):
        there = place < people.size[family]
        child = np.where(there, people.first_child[family] + place, 0)
        age = day - people.born[child]
        found |= there & people.eligible(child, day) & (age < 2 * 365)
    return found


def _assessment(
    settings: AuthoritySettings, luck: np.random.Generator, referred: Days, nfa: Mask
) -> tuple[Days, Days]:
    """Draw when the assessment starts and is authorised: many just inside the 45 working days."""
    late = luck.random(referred.size) < settings.share_late_assessment
    taken = np.where(late, spells(luck, *_LATE, late.size), spells(luck, *_IN_TIME, late.size))
    start = working_days_after(referred, luck.integers(0, 4, late.size))
    return _when(~nfa, start), _when(~nfa, np.maximum(working_days_after(referred, taken), start))


def _protection(
    settings: AuthoritySettings,
    luck: np.random.Generator,
    workers: _Workers,
    *,
    referred: Days,
    authorised: Days,
    assessed: Mask,
) -> tuple[Days, Days, Days, Days, Days]:
    """Decide on enquiry, conference and plan, each on what is seen on its day.

    Most enquiries start with the referral; the others later, when need has moved on.
    """
    count = assessed.size
    late = luck.random(count) < SHARE_LATE_ENQUIRY
    soon = referred + luck.integers(0, 6, count)
    later = np.where(assessed, authorised, referred) + 1 + luck.exponential(110.0, count).astype(np.int64)
    start = np.where(late, later, soon)
    s47 = workers.most("enquiry", start, settings.share_s47, assessed)
    meets = workers.most("conference", start, settings.share_icpc, s47)
    meeting = working_days_after(start, spells(luck, *_CONFERENCE_DAYS, count))
    plan = workers.most("protection plan", meeting, settings.share_cp_plan, meets)
    ended = np.where(meets, meeting, working_days_after(start, luck.integers(5, 16, count)))
    plan_end = meeting + spells(luck, *_PLAN_DAYS, count)
    return (
        _when(s47, start),
        _when(s47, ended),
        _when(meets, meeting),
        _when(plan, meeting),
        _when(plan, plan_end),
    )


def _child_in_need(
    settings: AuthoritySettings,
    luck: np.random.Generator,
    workers: _Workers,
    *,
    authorised: Days,
    in_need: Mask,
    protection: tuple[Days, Days],
) -> tuple[Days, Days, Days, Days]:
    """Draw child in need plans before and after the child protection plan, never beside it."""
    cp, cp_end = protection
    count = in_need.size
    planned = workers.most("child in need plan", authorised, settings.share_cin_plan, in_need)
    start = authorised + luck.integers(0, 11, count)
    end = np.minimum(start + 14 + luck.lognormal(4.8, 0.8, count).astype(np.int64), cp - 1)
    cin = planned & (end > start)
    stepped = (cp != NEVER) & (luck.random(count) < SHARE_STEPPED_DOWN)
    down = np.maximum(cp_end + 1, authorised)
    down_end = down + 30 + luck.lognormal(4.3, 0.6, count).astype(np.int64)
    return _when(cin, start), _when(cin, end), _when(stepped, down), _when(stepped, down_end)


def _care(
    settings: AuthoritySettings,
    luck: np.random.Generator,
    workers: _Workers,
    *,
    referred: Days,
    cp: Days,
    in_need: Mask,
) -> tuple[Days, Days]:
    """Decide who comes into care, more often of those on a plan, and when."""
    start = referred + 1 + luck.exponential(130.0, referred.size).astype(np.int64)
    start = np.where(cp != NEVER, np.maximum(start, cp + 30), start)
    care = workers.most("care", start, settings.share_care, in_need, 0.8 * (cp != NEVER))
    return _when(care, start), _when(care, start + spells(luck, *_CARE_DAYS, start.size))


def _one_at_a_time(every: Pathways, last_day: int) -> Index:
    """Return the pathways that begin while the family has no case open and has not moved away.

    One round for the first case of every family, one for the second, and so on.
    """
    horizon = last_day + 2
    key = every.family * (horizon * 2) + every.referred
    families = np.unique(every.family)
    free_from = np.zeros(families.size, dtype=np.int64)
    kept: list[Index] = []
    while families.size:
        row = np.searchsorted(key, families * (horizon * 2) + free_from)
        there = row < key.size
        there[there] = every.family[row[there]] == families[there]
        families, row = families[there], row[there]
        kept.append(row)
        free_from = np.minimum(np.where(every.transferred[row], horizon, every.close[row] + 1), horizon)
    return np.sort(np.concatenate([*kept, np.empty(0, dtype=np.int64)]))
