"""A number for each word, and what the rules need to know of it, worked out once."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from csc_experiments.representations.text.lists import ENGLISH

Ints = NDArray[np.int32]

PARAGRAPH_END = "\n\n"


class Mark(IntFlag):
    """What a word, in small letters, is to the rules."""

    TERM = 1  # may be counted
    CONTENT = 2  # made of letters, and no English function word
    CUE = 4  # says that what follows is not so
    PLAIN_NOT = 8  # a cue that only turns another cue round
    DENIAL = 16  # a cue that may be turned round
    NO = 32
    ANSWER = 64  # says so of what stands before a colon, when alone
    FILLER = 128  # may follow an answer
    OPENER = 256  # may stand before an answer
    NO_CUE_BEFORE = 512  # `not only`, `no doubt`
    CLAUSE_END = 1024
    SENTENCE_END = 2048
    CONTRAST = 4096  # begins another clause
    COMMA = 8192
    OR = 16384
    AND = 32768
    NEW_CLAUSE = 65536  # begins another clause after `and`
    NUMBER = 131072


_SETS = {
    Mark.CUE: "no not n't nt never nor neither nil none nobody nothing without w/o deny denies denied"
    " denying denial refute refutes refuted",
    Mark.PLAIN_NOT: "not n't nt never",
    Mark.DENIAL: "without w/o deny denies denied denying refute refutes refuted",
    Mark.NO: "no",
    Mark.ANSWER: "no nil none never denied",
    Mark.FILLER: "known reported noted identified recorded disclosed evident apparent concerns issues",
    Mark.OPENER: ": ? - \u2013 \u2014",
    Mark.NO_CUE_BEFORE: "only just merely least doubt wonder",
    Mark.CONTRAST: "but however although though except apart yet whereas while because despite due instead"
    " rather unless until since so as when where if after before following",
    Mark.COMMA: ",",
    Mark.OR: "or nor",
    Mark.AND: "and & +",
    Mark.NEW_CLAUSE: "he she they it we i there then is was are were has had have will would can could said",
}
_MEMBERS = {mark: frozenset(said.split()) for mark, said in _SETS.items()}
_CLAUSE_ENDS = frozenset(".!?…|•;:-\u2013\u2014*>")
_SENTENCE_ENDS = frozenset(".!?…|•")


def marks(word: str, stop: frozenset[str]) -> Mark:
    """Tell what a word, in small letters, is to the rules.

    Parameters
    ----------
    word : str
    stop : frozenset of str
        Words that are never counted.

    Examples
    --------
    >>> marks("bruise", frozenset()), marks("no", frozenset({"no"})) & Mark.TERM
    (<Mark.TERM|CONTENT: 3>, <Mark: 0>)
    """
    found = Mark(0)
    for mark, members in _MEMBERS.items():
        if word in members:
            found |= mark
    if word.isalpha() and len(word) > 1:
        # A cue marks other words and is none itself; that something was denied is worth a word.
        silent = word in stop or (Mark.CUE in found and Mark.DENIAL not in found)
        found |= Mark(0) if silent else Mark.TERM
        found |= Mark(0) if word in ENGLISH else Mark.CONTENT
    elif word[:1].isdigit():
        found |= Mark.NUMBER
    if word == PARAGRAPH_END:
        found |= Mark.CLAUSE_END | Mark.SENTENCE_END
    elif _CLAUSE_ENDS.issuperset(word):
        found |= Mark.CLAUSE_END | (Mark.SENTENCE_END if _SENTENCE_ENDS.issuperset(word) else Mark(0))
    return found


class Words:
    """A growing table of words in small letters; the end of a paragraph is word 0.

    Parameters
    ----------
    stop : frozenset of str
        Words that are never counted.
    lemma : callable
        From a word to its dictionary form.
    """

    def __init__(self, stop: frozenset[str], lemma: Callable[[str], str]) -> None:
        self._stop = stop
        self._lemma = lemma
        self._numbers: dict[str, int] = {}
        self._marks = array("i")
        self._lemmas = array("i")
        self.strings: list[str] = []
        self.number(PARAGRAPH_END)

    def number(self, word: str) -> int:
        """Return the number of a word, giving it one if it has none."""
        found = self._numbers.get(word)
        if found is not None:
            return found
        number = self._numbers[word] = len(self.strings)
        self.strings.append(word)
        self._marks.append(marks(word, self._stop))
        self._lemmas.append(number)
        lemma = self._lemma(word)
        if lemma != word and lemma.isalpha():
            self._lemmas[number] = self.number(lemma)
        return number

    def marks(self) -> Ints:
        """Return the marks of every word, by number."""
        return np.array(self._marks, dtype=np.int32)

    def lemmas(self) -> Ints:
        """Return the number of every word's dictionary form, by number."""
        return np.array(self._lemmas, dtype=np.int32)
