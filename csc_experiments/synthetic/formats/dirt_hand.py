"""The oddities of real exports by name, and the hand that plants them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from csc_experiments.synthetic.draws import stream

_SHARE = 0.01

Place = TypeVar("Place")

_HARMLESS = {
    "flag spelling": "yes and no as true, TRUE, 1 and the like",
    "date with time": "midnight after a date",
    "not available": "#N/A in an empty cell",
    "no-break space": "where a space or nothing belongs",
    "trailing space": "after a value",
    "header case": "a column's name in capitals",
    "header space": "a blank after a column's name",
    "duplicate row": "the same row twice",
    "child twice": "the whole of a child twice in a return",
    "repeated child": "a second row for a child, with other characteristics",
    "empty row": "a row of empty cells",
    "byte order mark": "before the first character of a file",
    "one-byte encoding": "a file in Windows-1252",
    "formula": "a formula in a workbook, with its last value",
    "duplicated workbook": "a workbook that stands there twice",
}
_HARMFUL = {
    "two-digit year": "a date without its century",
    "serial date": "the number that a spreadsheet keeps for a date",
    "date as text": "a date that a workbook holds as text",
    "label for code": "a label, with its letter or without, where a code belongs, or the other way round",
    "code of another year": "a code that the year's layout did not have",
    "typographic marks": "curly quotes and long dashes in a text",
    "markup debris": "tags and entities of HTML in a text",
    "encoding debris": "a character that was decoded wrongly",
    "orphan row": "a row about a child that is nowhere else",
    "missing module": "a file, sheet or part that is not there",
    "title row": "a title above the header of a sheet",
    "semicolons": "a file with semicolons between columns",
    "tabs": "a file with tabs between columns",
    "mixed encodings": "a file in UTF-8 with one character that is not",
    "truncated last row": "a file that breaks off",
    "stray text": "text between elements",
    "unknown element": "a part that came with a later layout",
    "wrong reference date": "a return that is dated another day",
    "corrupt workbook": "a workbook that breaks off",
}

ODDITIES: Mapping[str, str] = MappingProxyType(_HARMLESS | _HARMFUL)
"""Every oddity by name, and what it is."""
HARMLESS: frozenset[str] = frozenset(_HARMLESS)
"""Those after which a reader can still tell every value."""


class Hand:
    """Chooses where oddities go, and counts them.

    Parameters
    ----------
    seed : int
        0 or more.
    oddities : collection of str
        Those that are wanted; others are never planted.

    Attributes
    ----------
    planted : collections.Counter
        How many of each were planted.

    Examples
    --------
    >>> hand = Hand(1, {"trailing space"})
    >>> len(hand.choose("trailing space", [10, 20, 30])), hand.choose("tabs", [1, 2])
    (1, [])
    >>> dict(hand.planted)
    {'trailing space': 1}
    """

    def __init__(self, seed: int, oddities: Collection[str]) -> None:
        self._rng = stream(seed, "dirt")
        self._wanted = frozenset(oddities)
        self.planted: Counter[str] = Counter()

    def choose(self, oddity: str, places: Sequence[Place]) -> list[Place]:
        """Choose about a hundredth of the places, one at least, and count them as planted."""
        if oddity not in self._wanted or not places:
            return []
        number = max(1, round(_SHARE * len(places)))
        at = sorted(self._rng.choice(len(places), number, replace=False).tolist())
        self.planted[oddity] += number
        return [places[which] for which in at]

    def choose_one(self, oddity: str, places: Sequence[Place]) -> list[Place]:
        """Choose one place, or none if there is none, and count it as planted."""
        if oddity not in self._wanted or not places:
            return []
        self.planted[oddity] += 1
        return [self.pick(places)]

    def pick(self, options: Sequence[Place]) -> Place:
        """Return one of the options."""
        return options[int(self._rng.integers(len(options)))]
