"""What counts as a term, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csc_experiments.representations.text.lists import phrases
from csc_experiments.representations.text.negation import Bools, negated
from csc_experiments.representations.text.reading import Reader, Tokens
from csc_experiments.representations.text.sequences import Matches, Sequences, spread
from csc_experiments.representations.text.settings import TokensConfig
from csc_experiments.representations.text.words import Ints, Mark

# The mark of a negated term, before its name; no word holds the _.
NOT = "not_"


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of some paragraphs, by paragraph.

    Attributes
    ----------
    words : array of int32, shape (n,)
        Twice the number of each word that is a term, in the order of the text; one more if it is negated.
    paragraph : array of int32, shape (n,)
        Where it stands.
    sentence : array of int32, shape (n,)
        The sentence it stands in, among those of the batch.
    phrases, phrase_paragraph : array of int32, shape (m,)
        The same of phrases.
    """

    words: Ints
    paragraph: Ints
    sentence: Ints
    phrases: Ints
    phrase_paragraph: Ints


class TermFinder:
    """Finds terms among the words that a reader has read.

    Parameters
    ----------
    config : TokensConfig
    reader : Reader
    """

    def __init__(self, config: TokensConfig, reader: Reader) -> None:
        self._negation = config.negation
        self._words = reader.words
        known = phrases() if config.phrases else {}
        self._phrases = Sequences(
            (reader.numbers(form), self._words.number(name)) for form, name in known.items()
        )

    def find(self, tokens: Tokens) -> Terms:
        """Find the terms of some paragraphs."""
        every = self._words.marks()
        marks = every[tokens.words]
        said = self._phrases.find(tokens.words)
        unsaid = self._negated(marks, said)
        paragraph = np.cumsum(tokens.words == 0, dtype=np.int32)
        kept = ((marks & every[tokens.lemmas] & Mark.TERM) > 0).nonzero()[0]
        return Terms(
            words=2 * tokens.lemmas[kept] + unsaid[kept],
            paragraph=paragraph[kept],
            sentence=np.cumsum((marks & Mark.SENTENCE_END) > 0, dtype=np.int32)[kept],
            phrases=(2 * said.value + _any(unsaid, said)).astype(np.int32),
            phrase_paragraph=paragraph[said.start],
        )

    def name(self, term: int) -> str:
        """Return the name of a term."""
        name = self._words.strings[term >> 1]
        return NOT + name if term & 1 else name

    def _negated(self, marks: Ints, said: Matches) -> Bools:
        if not self._negation:
            return np.zeros(len(marks), dtype=bool)
        in_phrase = np.zeros(len(marks), dtype=bool)
        in_phrase[spread(said.start, said.length)] = True
        return negated(marks, in_phrase)


def _any(which: NDArray[np.bool_], said: Matches) -> NDArray[np.bool_]:
    """Tell of each match whether it is true of any of its words."""
    before = np.concatenate([[0], np.cumsum(which)])
    found: NDArray[np.bool_] = before[said.start + said.length] > before[said.start]
    return found
