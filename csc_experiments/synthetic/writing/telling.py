"""Documents that tell what became of a case: planted leaks, in the text or in its title."""

from __future__ import annotations

from typing import Final

import numpy as np

from csc_experiments.synthetic.choices import Leak
from csc_experiments.synthetic.draws import NEVER, Days, Index
from csc_experiments.synthetic.people import Span
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.simulation import Simulation
from csc_experiments.synthetic.writing.composer import Answer
from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.drafts import Draft
from csc_experiments.synthetic.writing.styles import Voice

Said = tuple[str, tuple[Answer, ...]]
"""What a form is called, and its answers."""
SHARE_TELLING: Final = 0.6
"""Of the documents of children whose case goes on, those that come to tell of it."""
TOLD_DAYS: Final = 365
_PLAN, _CARE, _REFERRAL = 1, 2, 3
_TITLES: Final = {_PLAN: "child protection", _CARE: "looked after child", _REFERRAL: "re-referral"}
_ADDED: Final = {
    _PLAN: (
        "Update: child protection plan made at conference on {}.",
        "Since writing: subject to a CP plan from {}.",
        "Added later - ICPC held, plan agreed {}.",
    ),
    _CARE: (
        "Update: child became looked after on {}.",
        "Since writing: accommodated {}, now LAC.",
        "Added later - placed with foster carers {}.",
    ),
    _REFERRAL: (
        "Update: re-referred on {}.",
        "Since writing: a further referral was received on {}.",
        "Added later - new referral {}, see there.",
    ),
}


def fates(settings: AuthoritySettings, lives: Simulation, child: Index, day: Days) -> tuple[Index, Days]:
    """Return what happens to each child within a year of a day and before the extract, and when.

    Returns
    -------
    fate : numpy.ndarray, shape (n,)
        0 for nothing, or where no leak of documents is planted; else a plan, care or another referral.
    when : numpy.ndarray, shape (n,)
        The day, or `NEVER`.
    """
    fate, when = np.zeros(child.size, dtype=np.int64), np.full(child.size, NEVER)
    if settings.leak not in {Leak.TEXT_NAMES_OUTCOME, Leak.TITLE_NAMES_OUTCOME}:
        return fate, when
    cases, way = lives.cases, lives.cases.way
    # What weighs more comes last, and stays.
    for number, starts in (
        (_REFERRAL, (way.referred,)),
        (_CARE, (way.care, cases.back)),
        (_PLAN, (way.cp, way.cp_again)),
    ):
        first = np.minimum.reduce([_next(cases.child, start, child, day) for start in starts])
        there = first <= np.minimum(day + TOLD_DAYS, Span.of(settings).last_day)
        fate, when = np.where(there, number, fate), np.where(there, first, when)
    return fate, when


def _next(whose: Index, start: Days, child: Index, day: Days) -> Days:
    """Return the first of each child's starts after a day."""
    far = 2**22
    keys = np.sort((whose * far + start)[start != NEVER])
    at = np.searchsorted(keys, child * far + day, side="right")
    found = np.append(keys, -1)[at]
    return np.where(found // far == child, found % far, NEVER)


def tell(leak: Leak, dice: Dice, draft: Draft, voice: Voice, said: Said) -> Said:
    """Return a document as it stands once somebody has told in it what became of the case."""
    if not dice.chance(SHARE_TELLING):
        return said
    name, answers = said
    if leak is Leak.TITLE_NAMES_OUTCOME:
        return f"{name} - {_TITLES[draft.fate]}", answers
    part, text = answers[-1]
    added = dice.pick(_ADDED[draft.fate]).format(voice.date(draft.fated))
    return name, (*answers[:-1], Answer(part, f"{text} {added}"))
