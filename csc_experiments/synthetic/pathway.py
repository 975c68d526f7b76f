"""From a serious contact to the end of the case: what happens to a family, and when."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from csc_experiments.synthetic.contacts import Contacts
from csc_experiments.synthetic.draws import Days, Floats, Index, Mask, stream, top_share
from csc_experiments.synthetic.need import Need
from csc_experiments.synthetic.people import Population, Span
from csc_experiments.synthetic.settings import AuthoritySettings

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
    transfer_in : numpy.ndarray of bool, shape (n,)
        Came from another authority with a plan: the conference has no enquiry.
    referred, assessed, authorised, s47, s47_end, conference, cp, cp_end, cin, cin_end, down, down_end, care,
    care_end, close : numpy.ndarray, shape (n,)
        Days; `down` is the child in need plan after a child protection plan.
    s47_again, s47_again_end, conference_again, cp_again, cp_again_end : numpy.ndarray, shape (n,)
        A later enquiry in the same case, and what followed.
    """

    contact: Index
    family: Index
    nfa: Mask
    not_in_need: Mask
    early_help: Mask
    transferred: Mask
    transfer_in: Mask
    referred: Days
    assessed: Days
    authorised: Days
    s47: Days
    s47_end: Days
    conference: Days
    cp: Days
    cp_end: Days
    s47_again: Days
    s47_again_end: Days
    conference_again: Days
    cp_again: Days
    cp_again_end: Days
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


def serious_contacts(
    settings: AuthoritySettings, seed: int, people: Population, need: Need, contacts: Contacts
) -> Mask:
    """Mark the contacts that meet the threshold for a referral, on either side of a change of practice.

    A child who came alone is always referred.
    """
    seen = need.seen(stream(seed, "decisions at contact"), contacts.family, contacts.day)
    alone = people.alone[contacts.family]
    later = contacts.day >= Span.of(settings).middle
    before = top_share(seen, settings.share_referred, ~alone & ~later)
    after = top_share(seen, settings.share_referred * (1 + settings.drift), ~alone & later)
    return np.asarray(alone | before | after)


def baby_effect(people: Population, need_signal: float, family: Index, day: Days) -> Floats:
    """Return how much more serious a case looks for a child under two, born or known before birth."""
    found = np.zeros(family.size, dtype=bool)
    for place in range(int(people.size.max(initial=0))):
        there = place < people.size[family]
        child = np.where(there, people.first_child[family] + place, 0)
        age = day - people.born[child]
        found |= there & people.eligible(child, day) & (age < 2 * 365)
    return np.asarray(need_signal * BABY_WEIGHT * found)


def one_at_a_time(every: Pathways, serious: Mask, last_day: int) -> Index:
    """Return the pathways that begin while the family has no case open and has not moved away.

    One round for the first case of every family, one for the second, and so on.

    Parameters
    ----------
    every : Pathways
        By family and then by day of referral.
    serious : numpy.ndarray of bool
        The pathways that may begin.
    """
    rows = np.flatnonzero(serious)
    horizon = last_day + 2
    own = every.family[rows]
    key = own * (horizon * 2) + every.referred[rows]
    families = np.unique(own)
    free_from = np.zeros(families.size, dtype=np.int64)
    kept: list[Index] = []
    while families.size:
        at = np.searchsorted(key, families * (horizon * 2) + free_from)
        there = at < key.size
        there[there] = own[at[there]] == families[there]
        families, at = families[there], rows[at[there]]
        kept.append(at)
        free_from = np.minimum(np.where(every.transferred[at], horizon, every.close[at] + 1), horizon)
    return np.sort(np.concatenate([*kept, np.empty(0, dtype=np.int64)]))
