"""What a document speaks of: which of the things that are true it mentions, and which it denies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from csc_experiments.synthetic.factors import FACTORS
from csc_experiments.synthetic.writing.dice import Dice

CHANCE_MENTIONED = 0.75
"""Chance that a document mentions a thing that is true."""
_MOST_TRUE: Final[Mapping[str, int]] = {
    "contact_and_referral_form": 3, "single_assessment": 9, "s47_record": 5, "conference_report": 9,
    "case_note": 2, "management_decision": 3,
}  # fmt: skip
_MOST_DENIED: Final[Mapping[str, int]] = {
    "contact_and_referral_form": 3, "single_assessment": 8, "s47_record": 3, "conference_report": 6,
    "case_note": 1, "management_decision": 2,
}  # fmt: skip
_FROM_AGE: Final = {factor.topic: factor.from_age for factor in FACTORS}
_FIRST_NOTICED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "police": ("domestic_abuse", "missing", "behaviour", "gangs", "criminal_exploitation", "alcohol"),
    "education": ("attendance", "neglect", "physical_harm", "young_carer", "self_harm", "emotional_harm"),
    "health": ("parental_mental_health", "self_harm", "physical_harm", "drugs", "physical_disability"),
    "housing": ("housing", "behaviour", "drugs"),
    "individual": ("neglect", "drugs", "alcohol", "emotional_harm", "domestic_abuse"),
    "anonymous": ("neglect", "drugs", "alcohol", "physical_harm"),
}
"""What each kind of source tends to know of; it comes first in what they say."""


class Mentioned(NamedTuple):
    """The topics of one document, each list in the order of its weight there."""

    true: tuple[str, ...]
    denied: tuple[str, ...]


@lru_cache(maxsize=100_000)
def topics_of(truth: int) -> tuple[str, ...]:
    """Return the topics of the factors whose bits are set.

    Examples
    --------
    >>> topics_of(0b11)
    ('domestic_abuse',)
    """
    found = (factor.topic for at, factor in enumerate(FACTORS) if truth >> at & 1)
    return tuple(dict.fromkeys(found))


def mentioned(dice: Dice, kind: str, truth: int, age: float, source: str, *, alone: bool) -> Mentioned:
    """Choose what a document says is so, and what it says is not.

    Parameters
    ----------
    kind : str
        Type of the document.
    truth : int
        What is true of the child, as `topics_of` reads it.
    age : float
        In years; what does not fit the age is not even denied.
    source : str
        Kind of the source, for a form.
    alone : bool
        Whether the child has no family here, of which something could be true.
    """
    true = [topic for topic in topics_of(truth) if not alone or _FROM_AGE[topic] >= 0]
    said = [topic for topic in dice.shuffled(true) if dice.chance(CHANCE_MENTIONED)]
    if kind == "contact_and_referral_form":
        first = _FIRST_NOTICED_BY.get(source, ())
        said.sort(key=lambda topic: topic not in first)
    others = () if alone else _others(truth, int(age))
    denied = dice.some(others, dice.below(_MOST_DENIED[kind] + 1))
    return Mentioned(tuple(said[: _MOST_TRUE[kind]]), tuple(denied))


@lru_cache(maxsize=100_000)
def _others(truth: int, age: int) -> tuple[str, ...]:
    """Return the topics that are not true and could be, at an age in whole years."""
    true = topics_of(truth)
    return tuple(topic for topic, from_age in _FROM_AGE.items() if topic not in true and age >= from_age)
