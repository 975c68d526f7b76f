"""Child in need plans and the end of a case, once it is decided what protection and care it comes to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from csc_experiments.synthetic import timing
from csc_experiments.synthetic.contacts import Contacts
from csc_experiments.synthetic.draws import NEVER, Days, Mask
from csc_experiments.synthetic.pathway import Pathways
from csc_experiments.synthetic.workers import Workers

SHARE_STEPPED_DOWN = 0.6
"""Of child protection plans, those followed by a child in need plan."""


class Protection(NamedTuple):
    """Enquiries and what follows them; `NEVER` if it does not."""

    s47: Days
    s47_end: Days
    conference: Days
    cp: Days
    cp_end: Days


class Decided(NamedTuple):
    """What is decided of each case before its plans; days, `NEVER` if it does not happen."""

    nfa: Mask
    not_in_need: Mask
    transfer_in: Mask
    assessed: Days
    authorised: Days
    at_once: Protection
    later: Protection
    care: Days


def with_plans(
    workers: Workers,
    contacts: Contacts,
    decided: Decided,
) -> Pathways:
    """Add child in need plans, and when and how the case closes."""
    settings, luck = workers.settings, workers.luck
    nfa, authorised, care = decided.nfa, decided.authorised, decided.care
    in_need = ~nfa & ~decided.not_in_need
    first, again = _in_order(decided.at_once, decided.later)
    cin, cin_end = _before_protection(workers, authorised, in_need, np.minimum(first.cp, again.cp) - 1)
    down, down_end = _after_protection(luck, authorised, first, again)
    happened = (authorised, first.s47_end, first.cp_end, again.s47_end, again.cp_end, cin_end, down_end, care)
    worked = np.max([np.where(day == NEVER, 0, day) for day in happened], axis=0)
    closed = worked + timing.closing_days(settings, luck, decided.not_in_need)
    help_after = luck.random(nfa.size) < settings.share_early_help
    moves = luck.random(nfa.size) < settings.share_transferred
    return Pathways(
        contact=np.arange(nfa.size),
        family=contacts.family,
        nfa=nfa,
        not_in_need=decided.not_in_need,
        early_help=decided.not_in_need & help_after,
        transferred=in_need & (care == NEVER) & moves,
        transfer_in=decided.transfer_in,
        referred=contacts.day,
        assessed=decided.assessed,
        authorised=authorised,
        s47=first.s47,
        s47_end=first.s47_end,
        conference=first.conference,
        cp=first.cp,
        cp_end=first.cp_end,
        s47_again=again.s47,
        s47_again_end=again.s47_end,
        conference_again=again.conference,
        cp_again=again.cp,
        cp_again_end=again.cp_end,
        cin=cin,
        cin_end=cin_end,
        down=down,
        down_end=down_end,
        care=care,
        care_end=np.full(nfa.size, NEVER),
        close=np.where(nfa, contacts.day + luck.integers(0, 6, nfa.size), closed),
    )


def _in_order(at_once: Protection, later: Protection) -> tuple[Protection, Protection]:
    """Put a later enquiry first where there was none at once."""
    only_later = (at_once.s47 == NEVER) & (at_once.conference == NEVER)
    first = Protection(*(np.where(only_later, b, a) for a, b in zip(at_once, later, strict=True)))
    again = Protection(*(np.where(only_later, NEVER, day) for day in later))
    return first, again


def _before_protection(
    workers: Workers,
    authorised: Days,
    in_need: Mask,
    over: Days,
) -> tuple[Days, Days]:
    """Draw the child in need plan after an assessment, over before any child protection plan."""
    settings, luck = workers.settings, workers.luck
    planned = workers.most("child in need plan", authorised, settings.share_cin_plan, in_need)
    # Never on the day of the assessment: what is decided next is not part of what it knew.
    start = authorised + luck.integers(1, 11, in_need.size)
    end = np.minimum(start + timing.plan_days(luck, in_need.size), over)
    cin = planned & (end > start)
    return np.where(cin, start, NEVER), np.where(cin, end, NEVER)


def _after_protection(
    luck: np.random.Generator, authorised: Days, first: Protection, again: Protection
) -> tuple[Days, Days]:
    """Draw the child in need plan after the last child protection plan of a case."""
    cp, cp_end = (
        np.where(again.cp == NEVER, a, b) for a, b in ((first.cp, again.cp), (first.cp_end, again.cp_end))
    )
    stepped = (cp != NEVER) & (luck.random(cp.size) < SHARE_STEPPED_DOWN)
    start = np.maximum(cp_end + 1, np.where(authorised == NEVER, 0, authorised))
    end = start + timing.step_down_days(luck, cp.size)
    return np.where(stepped, start, NEVER), np.where(stepped, end, NEVER)
