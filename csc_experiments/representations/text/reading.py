"""Paragraphs become arrays of numbers of words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl
import spacy

from csc_experiments.representations.text.cutting import Cut, Hashes, cut_by_pipeline, cut_by_tokenizer
from csc_experiments.representations.text.lemmas import lemma_table, load_pipeline
from csc_experiments.representations.text.lists import Abbreviations, abbreviations, stop_words
from csc_experiments.representations.text.sequences import Matches, Ragged, Sequences, spread
from csc_experiments.representations.text.settings import TokensConfig
from csc_experiments.representations.text.words import Ints, Words

NONE = Abbreviations({}, {})


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of some paragraphs, each paragraph followed by word 0.

    Attributes
    ----------
    words, lemmas : array of int32, shape (n,)
        Numbers of the words in small letters, and of their dictionary forms.
    """

    words: Ints
    lemmas: Ints


class Reader:
    """Reads paragraphs, one batch after the other, into one table of words.

    Parameters
    ----------
    config : TokensConfig

    Attributes
    ----------
    words : Words
        Grows while paragraphs are read.
    """

    def __init__(self, config: TokensConfig) -> None:
        config.check()
        self._pipeline = load_pipeline(config.pipeline) if config.pipeline else None
        self._language = self._pipeline or spacy.blank("en")
        table = lemma_table() if config.lemmas and not self._pipeline else {}
        self.words = Words(stop_words(domain=config.stop_words), lambda word: table.get(word, word))
        self._numbers: dict[int, int] = {}  # of spaCy's hashes, for every spelling
        self._of_spelling: list[int] = []
        known = abbreviations() if config.abbreviations else NONE
        expansions = [self.numbers(said) for said in (*known.exact.values(), *known.any_case.values())]
        self._expansions = Ragged.of(expansions)
        self._exact = Sequences((self._spelled(short), at) for at, short in enumerate(known.exact))
        self._any_case = Sequences(
            (self.numbers(short), at) for at, short in enumerate(known.any_case, start=len(known.exact))
        )

    def numbers(self, text: str) -> tuple[int, ...]:
        """Return the numbers of the words of a text."""
        return tuple(self.words.number(token.lower_) for token in self._language.tokenizer(text))

    def read(self, texts: pl.Series) -> Tokens:
        """Read paragraphs.

        Parameters
        ----------
        texts : polars.Series of str
            Without line ends.
        """
        cut = self._cut(texts)
        spellings = self._spellings(cut.tokens)
        words = np.array(self._of_spelling, dtype=np.int32)[spellings]
        lemmas = self.words.lemmas()[words] if cut.lemmas is None else self._told(cut.lemmas, words)
        return self._expanded(spellings, Tokens(words, lemmas))

    def _cut(self, texts: pl.Series) -> Cut:
        if self._pipeline is not None:
            return cut_by_pipeline(self._pipeline, texts)
        return cut_by_tokenizer(self._language, texts)

    def _spellings(self, tokens: Hashes) -> Ints:
        """Number tokens by how they are written."""
        codes, distinct = pd.factorize(tokens)
        return np.array([self._spelling(key) for key in distinct.tolist()], dtype=np.int32)[codes]

    def _spelling(self, key: int) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._of_spelling)
            self._of_spelling.append(self.words.number(self._language.vocab.strings[key].lower()))
        return number

    def _told(self, lemmas: Hashes, words: Ints) -> Ints:
        """Number the lemmas that a pipeline told; a word of which it told none is its own."""
        codes, distinct = pd.factorize(lemmas)
        strings = [self._language.vocab.strings[key].lower() if key else "" for key in distinct.tolist()]
        numbers = [self.words.number(lemma) if lemma.isalpha() else -1 for lemma in strings]
        told = np.array(numbers, dtype=np.int32)[codes]
        return np.where(told < 0, words, told).astype(np.int32)

    def _spelled(self, text: str) -> tuple[int, ...]:
        strings = self._language.vocab.strings
        return tuple(self._spelling(strings.add(token.text)) for token in self._language.tokenizer(text))

    def _expanded(self, spellings: Ints, tokens: Tokens) -> Tokens:
        """Put what abbreviations stand for in their places."""
        found = Matches.merged(self._exact.find(spellings), self._any_case.find(tokens.words)).alone()
        if not found.start.size:
            return tokens
        said = self._expansions.take(found.value)
        copies = np.ones(len(tokens.words), dtype=np.intp)
        inside = spread(found.start, found.length)
        copies[inside] = 0
        copies[found.start] = said.lengths
        words, lemmas = np.repeat(tokens.words, copies), np.repeat(tokens.lemmas, copies)
        at = spread((np.cumsum(copies) - copies)[found.start], said.lengths)
        words[at], lemmas[at] = said.symbols, self.words.lemmas()[said.symbols]
        return Tokens(words, lemmas)
