"""How an authority writes, and how each of its workers does: which words, abbreviations and dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from typing import Final

from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.grammar import CHOICE, SLOT, Template, grammar
from csc_experiments.synthetic.writing.places import Places, places_of

VOICES_OF_A_KIND = 3
WORDINGS = 6
"""In how many ways a voice puts the same template."""
SHARE_OF_TEMPLATES = 0.66
SHARE_OF_OPTIONS = 0.75
_FEWEST_TEMPLATES, _FEWEST_OPTIONS = 3, 3
_SHARE_ABBREVIATED = 0.8
_TYPO_RATES: Final = (0.0, 0.01, 0.05)
_SHARE_CONNECTED = 0.09
_SHORTEST_TYPO = 5
_DRAWN_SLOTS: Final[Mapping[str, int]] = {
    "date": 4, "lately": 3, "longago": 3, "month": 3, "year": 3, "soon": 2, "time": 4, "hour": 2,
}  # fmt: skip
"""Slots that a document has several values for."""
_CALLED: Final[Mapping[str, tuple[tuple[str, float], ...]]] = {
    "child": (("mis", 0.03), ("nick", 0.03), ("child_full", 0.05)),
    "mother": (("mother_mis", 0.03), ("mother_full", 0.06)),
    "father": (("father_mis", 0.03), ("father_full", 0.06)),
}
"""What else somebody is called, in which share of the sentences."""
_CLAUSES: Final = (".that", ".noun", ".any", ".list")
"""Headings of what is put into a sentence, or a list, and is no sentence itself."""
_EPOCH = date(1970, 1, 1)
_GAP = re.compile(r"\s+([,.;]| (?=\S))")
_WORD = re.compile(r"(?<![%(\w])[a-z]{5,}(?![\w)])")
_PLAIN = re.compile(rf"(?<!%\()\b(?:{'|'.join(plain for plain, _ in grammar().abbreviations)})\b(?!\)s)")
_OWN_TERMS: Final = ("mo", "fa")
"""Slots for which a voice has few options, as a worker calls somebody by the same word throughout."""
Sentence = tuple[str, int]
"""A format with a document's slots, and about how many words it has."""


class Pool:
    """What a voice may say for one purpose: templates, each in several wordings, made when first wanted.

    Parameters
    ----------
    templates : sequence of Template
    make : callable
        From a template and the number of the wording to the sentence.

    Attributes
    ----------
    size : int
    numbers : tuple of int
        Of the templates within the grammar.
    """

    __slots__ = ("_made", "_make", "_templates", "numbers", "size")

    def __init__(self, templates: Sequence[Template], make: Callable[[Template, int], Sentence]) -> None:
        self._templates = templates
        self._make = make
        self.size = len(templates)
        self.numbers = tuple(template.number for template in templates)
        self._made: list[list[Sentence | None]] = [[None] * len(templates) for _ in range(WORDINGS)]

    def sentence(self, at: int, wording: int) -> Sentence:
        """Return a template in one of its wordings."""
        made = self._made[wording][at]
        if made is None:
            made = self._made[wording][at] = self._make(self._templates[at], wording)
        return made


class _Pools(dict[str, Pool]):
    """Pools by purpose, each made when it is first wanted."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[str], Pool]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: str) -> Pool:
        pool = self[key] = self._make(key)
        return pool


@dataclass(slots=True)
class Voice:
    """One way of writing.

    Attributes
    ----------
    number : int
        Within the authority.
    short : bool
        Whether it abbreviates.
    date : callable
        From a day to how this voice writes it.
    """

    authority: str
    number: int
    short: bool
    date: Callable[[int], str]
    _typos: float
    _templates: Mapping[str, tuple[Template, ...]]
    _slots: Mapping[str, tuple[str, ...]]
    _abbreviations: Mapping[str, str]
    _pools: dict[int, _Pools] = field(default_factory=dict)
    _sentences: dict[tuple[int, int], Sentence] = field(default_factory=dict)

    def pools(self, band: int) -> Mapping[str, Pool]:
        """Return what this voice may say of a child of an age, by purpose; any purpose may be asked for."""
        if band not in self._pools:
            self._pools[band] = _Pools(partial(self._pool, band))
        return self._pools[band]

    def _pool(self, band: int, key: str) -> Pool:
        say = self._put if key.endswith(_CLAUSES) else self._say

        def make(template: Template, wording: int) -> Sentence:
            # Children of every age share a template's wordings.
            place = template.number, wording
            sentence = self._sentences.get(place)
            if sentence is None:
                text = say(Dice("wording", self.authority, self.number, *place), template.text)
                sentence = self._sentences[place] = (text, len(text.split()))
            return sentence

        return Pool([template for template in self._templates.get(key, ()) if band in template.bands], make)

    def _say(self, dice: Dice, template: str) -> str:
        """Resolve choices, slots and habits; what belongs to a document stays open."""
        text = self._put(dice, template)
        if text.startswith("%(") and not text.startswith("%(log") and dice.chance(_SHARE_CONNECTED):
            text = f"{dice.pick(self._slots['connector'])} {text}"
        if dice.chance(self._typos):
            text = _with_typo(dice, text)
        return text[:1].upper() + text[1:]

    def _put(self, dice: Dice, template: str) -> str:
        """Resolve choices and slots, and abbreviate."""
        text = self._fill(dice, template)
        text = _GAP.sub(r"\1", text)
        words = self._abbreviations
        return _PLAIN.sub(lambda found: words.get(found[0], found[0]), text) if words else text

    def _fill(self, dice: Dice, template: str) -> str:
        text = template
        while choice := CHOICE.search(text):
            text = text[: choice.start()] + dice.pick(choice[1].split("|")) + text[choice.end() :]
        return SLOT.sub(lambda found: self._slot(dice, found[1]), text)

    def _slot(self, dice: Dice, name: str) -> str:
        options = self._slots.get(name)
        if options is not None:
            return self._fill(dice, dice.pick(options))
        count = _DRAWN_SLOTS.get(name)
        if count is not None:
            return f"%({name}{dice.below(count)})s"
        luck = dice.number() if name in _CALLED else 1.0
        for other, share in _CALLED.get(name, ()):
            if luck < share:
                return f"%({other})s"
            luck -= share
        return f"%({name})s"


@dataclass(frozen=True, slots=True)
class Style:
    """How one authority writes.

    Attributes
    ----------
    authority, system : str
        Its code, and the system that prints its documents.
    plain, short : tuple of Voice
        Voices that write words out, and voices that abbreviate.
    """

    authority: str
    system: str
    places: Places
    plain: tuple[Voice, ...]
    short: tuple[Voice, ...]


@lru_cache(maxsize=16)
def style_of(authority: str, system: str) -> Style:
    """Return how an authority writes; it does not depend on any seed."""
    dice, known = Dice("style", authority), grammar()
    templates = {
        key: tuple(dice.part(found, SHARE_OF_TEMPLATES, _FEWEST_TEMPLATES))
        for key, found in known.templates.items()
    }
    voices = tuple(
        _voice(dice, authority, number, templates, short=number >= VOICES_OF_A_KIND)
        for number in range(2 * VOICES_OF_A_KIND)
    )
    return Style(
        authority, system, places_of(authority), voices[:VOICES_OF_A_KIND], voices[VOICES_OF_A_KIND:]
    )


def _voice(
    dice: Dice, authority: str, number: int, templates: Mapping[str, tuple[Template, ...]], *, short: bool
) -> Voice:
    known = grammar()
    slots = {
        key: tuple(dice.part(options, SHARE_OF_OPTIONS, _FEWEST_OPTIONS))
        for key, options in known.slots.items()
    }
    slots |= {key: tuple(dice.some(known.slots[key], 2)) for key in _OWN_TERMS}
    # A worker speaks of herself in one way.
    slots["i"] = (dice.pick(known.slots["i"]),)
    used = dice.part(known.abbreviations, _SHARE_ABBREVIATED) if short else []
    abbreviations = {plain: dice.pick(words) for plain, words in used}
    written = partial(_dated, dice.below(len(_FORMATS)))
    typos = _TYPO_RATES[number % VOICES_OF_A_KIND]
    return Voice(authority, number, short, written, typos, templates, slots, abbreviations)


def _with_typo(dice: Dice, text: str) -> str:
    """Misspell one of the longer words, if there is one."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = dice.pick(words)
    at = word.start() + 1 + dice.below(len(word[0]) - 3)
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return dice.pick((swapped, text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:]))


def _ordinal(day: int) -> str:
    last = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{'th' if 11 <= day <= 13 else last}"  # noqa: PLR2004 - 11th, 12th and 13th


_FORMATS: Final[tuple[Callable[[date], str], ...]] = (
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%d/%m/%y}",
    lambda day: f"{day:%d.%m.%y}",
    lambda day: f"{day.day} {day:%B %Y}",
    lambda day: f"{_ordinal(day.day)} {day:%B %Y}",
    lambda day: f"{day.day} {day:%b} {day:%y}",
    lambda day: f"{day.day}/{day.month}/{day:%Y}",
    lambda day: f"{day:%a} {day:%d/%m/%Y}",
)
"""Ways of writing a date."""


@cache
def _dated(form: int, day: int) -> str:
    return _FORMATS[form](_EPOCH + timedelta(days=day))


@cache
def month_of(day: int) -> str:
    """Return the month of a day, for example ``March 2021``."""
    return f"{_EPOCH + timedelta(days=day):%B %Y}"
