"""What workers decide for a family, and when, as if every contact became a referral."""

from __future__ import annotations

import numpy as np

from csc_experiments.synthetic import timing
from csc_experiments.synthetic.contacts import Contacts
from csc_experiments.synthetic.draws import NEVER, Days, Mask, stream, working_days_after
from csc_experiments.synthetic.need import Need, harm_at_contact
from csc_experiments.synthetic.pathway import Pathways, baby_effect, one_at_a_time, serious_contacts
from csc_experiments.synthetic.people import Population, Span
from csc_experiments.synthetic.plans import Decided, Protection, with_plans
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.workers import Workers

_ROUNDS = 5
SHARE_LATE_ENQUIRY = 0.4
"""Of enquiries, those that begin only when a case is already worked with."""
SHARE_EMERGENCY = 0.3
"""Of children who come into care, those who do in the days after the referral."""
_MORE_FOR_PLAN = 0.8
"""How much more serious a case looks, in standard deviations of need, with a child protection plan."""
_SHARE_STILL_OPEN = 0.3
_DAYS_TO_LATER_ENQUIRY, _DAYS_TO_CARE = 110.0, 180.0


def make_pathways(
    settings: AuthoritySettings, seed: int, people: Population, need: Need, contacts: Contacts
) -> tuple[Pathways, Need]:
    """Decide what would follow each contact, then keep those that find the family's case closed.

    Thresholds keep to the authority's shares among the cases that are kept, which depend on the thresholds;
    and services ease the need that later decisions are made on. A few rounds bring these together.

    Returns
    -------
    Pathways
        By family and then by day.
    Need
        As services left it.
    """
    eased, last_day = need, Span.of(settings).last_day
    extra = baby_effect(people, settings.signal, contacts.family, contacts.day)
    harm = harm_at_contact(settings, seed, need, contacts.family)
    serious = serious_contacts(settings, seed, people, need, contacts)
    typical = serious
    for _ in range(_ROUNDS):
        workers = Workers(
            settings, eased, seed, stream(seed, "durations"), contacts.family, extra, typical, harm
        )
        every = _decide(workers, people, contacts)
        kept = one_at_a_time(every, serious, last_day)
        typical = np.zeros(serious.size, dtype=bool)
        typical[kept] = ~people.alone[contacts.family[kept]]
        final = every.take(kept)
        used = eased
        eased = _eased(settings, need, final)
        serious = serious_contacts(settings, seed, people, eased, contacts)
    return final, used


def _eased(settings: AuthoritySettings, need: Need, ways: Pathways) -> Need:
    spells = ((ways.cin, ways.cin_end), (ways.cp, ways.cp_end), (ways.cp_again, ways.cp_again_end))
    return need.eased(
        ways.family, (*spells, (ways.down, ways.down_end)), settings.service_effect * settings.signal
    )


def _decide(workers: Workers, people: Population, contacts: Contacts) -> Pathways:
    settings, luck, referred = workers.settings, workers.luck, contacts.day
    alone = people.alone[contacts.family]
    nfa = _no_further_action(workers, referred, ~alone)
    moved_in = ~nfa & ~alone & (luck.random(referred.size) < settings.share_transferred_in)
    assessed = working_days_after(referred, luck.integers(0, 4, referred.size))
    taken = timing.assessment_days(settings, luck, referred.size)
    authorised = np.maximum(working_days_after(referred, taken), assessed)
    at_once = _early_protection(workers, referred, ~nfa & ~alone, moved_in)
    emergency = _emergency_care(workers, referred, ~nfa, alone)
    # An assessment is not finished before the conference that it is written for, nor before a removal.
    for day in (at_once.conference, np.where(emergency == NEVER, NEVER, emergency + 1)):
        authorised = np.where(day == NEVER, authorised, np.maximum(authorised, day))
    later = _later_protection(workers, authorised, at_once, ~nfa & ~alone & (emergency == NEVER))
    care = _care(workers, authorised, emergency, np.minimum(at_once.cp, later.cp), ~nfa & ~alone)
    untouched = ~nfa & ~alone
    for day in (at_once.s47, at_once.conference, later.s47, care):
        untouched &= day == NEVER
    share = min(settings.share_not_in_need * workers.ratio(~nfa, untouched), 1.0)
    not_in_need = workers.least("in need", authorised, share, untouched)
    decided = Decided(
        nfa=nfa,
        not_in_need=not_in_need,
        transfer_in=moved_in,
        assessed=np.where(nfa, NEVER, assessed),
        authorised=np.where(nfa, NEVER, authorised),
        at_once=at_once,
        later=later,
        care=care,
    )
    return with_plans(workers, contacts, decided)


def _no_further_action(workers: Workers, day: Days, among: Mask) -> Mask:
    settings = workers.settings
    later = day >= Span.of(settings).middle
    marked = workers.least("no further action", day, settings.share_nfa, among & ~later)
    fewer = settings.share_nfa * max(1 - settings.drift, 0.0)
    return np.asarray(marked | workers.least("no further action", day, fewer, among & later))


def _followed(
    workers: Workers,
    name: str,
    start: Days,
    happens: Mask,
    doubt: float,
) -> Protection:
    """Decide on conference and plan after an enquiry, each on what is seen on its day."""
    settings, luck = workers.settings, workers.luck
    meets = workers.most_harmful(f"{name} conference", start, settings.share_icpc, happens, doubt=doubt)
    meeting = timing.conference_days(luck, start)
    plan = workers.most_harmful(
        f"{name} protection plan", meeting, settings.share_cp_plan, meets, doubt=doubt
    )
    ended = np.where(meets, meeting, working_days_after(start, luck.integers(5, 16, start.size)))
    plan_end = meeting + timing.protection_plan_days(luck, start.size)
    return Protection(
        np.where(happens, start, NEVER),
        np.where(happens, ended, NEVER),
        np.where(meets, meeting, NEVER),
        np.where(plan, meeting, NEVER),
        np.where(plan, plan_end, NEVER),
    )


def _early_protection(
    workers: Workers,
    referred: Days,
    among: Mask,
    moved_in: Mask,
) -> Protection:
    """Decide on an enquiry with the referral; who comes with a plan has a conference without one."""
    settings, luck = workers.settings, workers.luck
    start = referred + luck.integers(0, 6, referred.size)
    share = settings.share_s47 * (1 - SHARE_LATE_ENQUIRY)
    happens = workers.most_harmful(
        "enquiry", start, share, among & ~moved_in, doubt=_doubt_at_first(settings)
    )
    found = _followed(workers, "first", start, happens, _doubt_at_first(settings))
    meeting = working_days_after(referred, luck.integers(6, 16, referred.size))
    end = meeting + timing.protection_plan_days(luck, referred.size)
    came = (found.s47, found.s47_end, meeting, meeting, end)
    chosen = (np.where(moved_in, new, day) for new, day in zip(came, found, strict=True))
    return Protection(*chosen)


def _later_protection(
    workers: Workers,
    authorised: Days,
    at_once: Protection,
    among: Mask,
) -> Protection:
    """Decide on an enquiry when need has moved on, after what the first one led to."""
    settings, luck = workers.settings, workers.luck
    before = np.maximum(authorised, np.where(at_once.s47 == NEVER, 0, at_once.s47_end))
    before = np.where(at_once.cp == NEVER, before, at_once.cp_end)
    start = before + 1 + luck.exponential(_DAYS_TO_LATER_ENQUIRY, before.size).astype(np.int64)
    share = settings.share_s47 * SHARE_LATE_ENQUIRY
    happens = workers.most_harmful("later enquiry", start, share, among, doubt=_doubt_later(settings))
    # Most cases close some time after a plan; what comes later comes with another referral.
    happens &= (at_once.cp == NEVER) | (luck.random(start.size) < _SHARE_STILL_OPEN)
    return _followed(workers, "later", start, happens, _doubt_later(settings))


def _emergency_care(
    workers: Workers,
    referred: Days,
    among: Mask,
    alone: Mask,
) -> Days:
    """Decide who comes into care in the days after the referral; who came alone does on the day."""
    settings, luck = workers.settings, workers.luck
    start = referred + luck.integers(0, 6, referred.size)
    share = settings.share_care * (1 - settings.share_not_in_need) * SHARE_EMERGENCY
    happens = workers.most_harmful(
        "emergency care", start, share, among & ~alone, doubt=_doubt_at_first(settings)
    )
    return np.select([alone, happens], [referred, start], NEVER)


def _care(
    workers: Workers,
    authorised: Days,
    emergency: Days,
    planned: Days,
    among: Mask,
) -> Days:
    """Decide who else comes into care, more often of those on a plan, and when."""
    settings, luck = workers.settings, workers.luck
    start = authorised + 1 + luck.exponential(_DAYS_TO_CARE, authorised.size).astype(np.int64)
    start = np.where(planned == NEVER, start, np.maximum(start, planned + 30))
    share = settings.share_care * (1 - settings.share_not_in_need) * (1 - SHARE_EMERGENCY)
    more = min(settings.signal, 1.0) * _MORE_FOR_PLAN * (planned != NEVER)
    happens = workers.most_harmful(
        "care", start, share, among & (emergency == NEVER), more=more, doubt=_doubt_later(settings)
    )
    return np.where(happens, start, emergency)


def _doubt_at_first(settings: AuthoritySettings) -> float:
    """Keep what is decided in the first days as unsure as it usually is, however strong the signal.

    Otherwise all that is grave would be acted on at once, and nothing would be left to predict.
    """
    return max(settings.signal, 1.0)


def _doubt_later(settings: AuthoritySettings) -> float:
    """Let what is decided later follow from what is known, if the signal is strong."""
    return 1 / max(settings.signal, 1.0)
