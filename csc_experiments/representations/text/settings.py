"""What a text block may choose of the way from documents to counts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from csc_experiments.errors import ConfigError

MOST_NGRAMS = 3


class Part(StrEnum):
    """Which documents of a child are read, told by where the latest episode began."""

    ALL = "all"
    CURRENT = "current"
    PREVIOUS = "previous"


class OtherLanguages(StrEnum):
    """What becomes of documents that are not in English."""

    KEEP = "keep"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True)
class TokensConfig:
    """How paragraphs become terms.

    Attributes
    ----------
    lemmas : bool
        Words are counted under their dictionary form: from the table of the package spacy-lookups-data, or by
        `pipeline` where one is named.
    stop_words : bool
        The domain's stop words (`stop_words.txt`) are left out, as the English ones always are.
    phrases : bool
        The phrases of `phrases.txt` are counted whole, beside their words.
    abbreviations : bool
        Those of `abbreviations.txt` are read as what they stand for.
    negation : bool
        What is said not to be is counted as `not_<term>` instead of `<term>`.
    ngrams : int
        1 counts words, 2 adjacent pairs as well, 3 adjacent triples too.
    pipeline : str or None
        An installed spaCy pipeline (or its folder) whose lemmatiser reads each word in its sentence. It takes
        many times as long as the table.
    """

    lemmas: bool = True
    stop_words: bool = True
    phrases: bool = True
    abbreviations: bool = True
    negation: bool = True
    ngrams: int = 1
    pipeline: str | None = None

    def check(self) -> None:
        """Refuse lengths of n-grams that are not counted, and a pipeline that would not be used.

        Raises
        ------
        ConfigError

        Examples
        --------
        >>> TokensConfig(ngrams=4).check()
        Traceback (most recent call last):
        csc_experiments.errors.ConfigError: representation: ngrams must be 1, 2 or 3.
        """
        if not 1 <= self.ngrams <= MOST_NGRAMS:
            raise ConfigError("representation: ngrams must be 1, 2 or 3.")
        if self.pipeline is not None and not self.lemmas:
            raise ConfigError(
                "representation: pipeline names a lemmatiser, but lemmas is false.",
                todo="Set lemmas to true, or pipeline to null.",
            )
