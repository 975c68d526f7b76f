"""The sentences that invented documents are made of, as they stand in the folder `sentences`.

A line is a template. ``(a|b)`` stands for one of its parts, ``{slot}`` for one of the slot's options or for
something that belongs to the document: a name, a date, a school. A heading in square brackets says what the
lines below it are for. A line may begin with the ages that it is for: ``@34`` (see `band_of`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

BANDS: Final = ("unborn", "baby", "early", "primary", "teenage", "alone")
_EVERY_BAND: Final = frozenset({0, 1, 2, 3, 4})
_BORN: Final = frozenset({1, 2, 3, 4})
_AT_SCHOOL: Final = frozenset({2, 3, 4})
_TALKS: Final = frozenset({3, 4})
_TEENAGE, ALONE = 4, 5
_BAND_ENDS: Final = (0.0, 2.0, 5.0, 11.0)

SLOT: Final = re.compile(r"\{(\w+)\}")
CHOICE: Final = re.compile(r"\(([^()]*\|[^()]*)\)")
_CHILD_SLOTS: Final = frozenset({"child", "child_full", "he", "him", "his", "He", "His", "age"})
_SCHOOL_SLOTS: Final = frozenset({"sch", "school", "teacher", "setting", "head_full", "teacher_full"})
_OF_FAMILY: Final = re.compile(
    r"\b(mother|father|mum|dad|nan|nana|parents?|parental|siblings?|family|families|family's|relatives?|aunt|uncle"
    r"|grand\w+|cousins?|home|household|domestic|born|baby|partner|tenancy|landlord|rent|neighbours?)\b"
    r"|\{(mother|father|partner|gran|fa_|mo_|aunt|uncle|cousin|friend|neighbour|sib|old_)\w*\}",
    re.IGNORECASE,
)
"""What is not said of a child who came alone, unless it is written for one."""
_SLOT_FILES: Final = frozenset({"slots.txt", "abbreviations.txt"})


@dataclass(frozen=True, slots=True)
class Template:
    """One line of the grammar.

    Attributes
    ----------
    number : int
        Its place among all of them.
    text : str
        With choices and slots; per cent signs are doubled.
    bands : frozenset of int
        Positions in `BANDS` of the children of whom it can be said.
    """

    number: int
    text: str
    bands: frozenset[int]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Templates by what they are for, and the options of slots."""

    templates: Mapping[str, tuple[Template, ...]]
    slots: Mapping[str, tuple[str, ...]]
    abbreviations: tuple[tuple[str, tuple[str, ...]], ...]


def band_of(age: float, *, alone: bool = False) -> int:
    """Return the band of an age in years; below 0 stands for before birth.

    Examples
    --------
    >>> [BANDS[band_of(age)] for age in (-0.2, 0, 4.9, 5, 17)]
    ['unborn', 'baby', 'early', 'primary', 'teenage']
    >>> BANDS[band_of(16, alone=True)]
    'alone'
    """
    return ALONE if alone else sum(age >= end for end in _BAND_ENDS)


@cache
def grammar() -> Grammar:
    """Read the grammar."""
    folder = files("csc_experiments.synthetic.writing").joinpath("sentences")
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    slots: dict[str, list[str]] = {}
    for key, line in _lines(texts["slots.txt"]):
        slots.setdefault(key, []).append(line.replace("%", "%%"))
    of_family = _slots_of_family(slots)
    templates: dict[str, list[Template]] = {}
    number = 0
    for name in sorted(set(texts) - _SLOT_FILES):
        for key, line in _lines(texts[name]):
            templates.setdefault(key, []).append(_template(number, key, line, of_family))
            number += 1
    return Grammar(
        {key: tuple(found) for key, found in templates.items()},
        {key: tuple(found) for key, found in slots.items()},
        tuple(_abbreviations(texts["abbreviations.txt"])),
    )


def _slots_of_family(slots: Mapping[str, list[str]]) -> frozenset[str]:
    """Return the slots that may bring in somebody of a family, through other slots too."""
    found: set[str] = set()
    while True:
        more = {
            key
            for key, options in slots.items()
            if any(_OF_FAMILY.search(option) or found & set(SLOT.findall(option)) for option in options)
        }
        if more == found:
            return frozenset(found)
        found = more


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line with the heading that it stands under."""
    key = ""
    for line in text.splitlines():
        if line.startswith("["):
            key = line.strip("[]")
        elif line and not line.startswith("#"):
            yield key, line


def _template(number: int, key: str, line: str, of_family: frozenset[str]) -> Template:
    said, bands = line, _bands(key, line)
    if line.startswith("@"):
        ages, said = line.split(" ", 1)
        bands = frozenset(map(int, ages[1:]))
    if _TEENAGE in bands and not _OF_FAMILY.search(said) and not of_family & set(SLOT.findall(said)):
        bands |= {ALONE}
    said = said.replace("%", "%%").replace("\\n", "\n")
    return Template(number, said, bands)


def _bands(key: str, said: str) -> frozenset[int]:
    """Return of which children something can be said, from what it mentions."""
    mentioned = set(SLOT.findall(said))
    if key.endswith(".child"):
        return _TALKS
    if mentioned & _SCHOOL_SLOTS:
        return _AT_SCHOOL
    return _BORN if mentioned & _CHILD_SLOTS else _EVERY_BAND


def _abbreviations(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for _, line in _lines(text):
        plain, short = line.split("=>")
        yield plain.strip(), tuple(short.strip().split("|"))
