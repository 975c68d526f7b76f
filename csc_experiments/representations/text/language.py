"""Documents that are not in English, told by what no English text can do without."""

from __future__ import annotations

import polars as pl
from spacy.lang.en.stop_words import STOP_WORDS

LEAST_SHARE = 0.05
LEAST_WORDS = 20
_FUNCTION_WORDS = sorted(word for word in STOP_WORDS if word.isalpha() and len(word) > 2)  # noqa: PLR2004 - said below
_FUNCTION_WORD = rf"(?i)(?-u:\b)(?:{'|'.join(_FUNCTION_WORDS)})(?-u:\b)"


def with_word_counts(lines: pl.DataFrame) -> pl.DataFrame:
    """Count the words of texts, and those that are English function words.

    The latter are spaCy's stop words of three letters or more; shorter ones, such as `a`, `do` and `to`, are
    words of many languages.

    Parameters
    ----------
    lines : polars.DataFrame
        text and whatever else.

    Returns
    -------
    polars.DataFrame
        The same with words, english.
    """
    text = pl.col("text")
    return lines.with_columns(
        words=text.str.count_matches(r"\p{L}+").cast(pl.Int64),
        english=text.str.count_matches(_FUNCTION_WORD).cast(pl.Int64),
    )


def not_english(lines: pl.DataFrame) -> pl.Series:
    """Return the documents in which fewer than one word in twenty is an English function word.

    English prose has three or four in ten, hurried notes one or two, other languages hardly any. Of documents
    with fewer than 20 words nothing can be said: they count as English.

    Parameters
    ----------
    lines : polars.DataFrame
        document, words, english; one row per line of a document.

    Returns
    -------
    polars.Series
        Values of `document`, ascending.

    Examples
    --------
    >>> texts = ["Matka powiedziała, że jej syn nie chodzi do szkoły. " * 3, "She said that the boy was ill."]
    >>> not_english(with_word_counts(pl.DataFrame({"document": [4, 7], "text": texts}))).to_list()
    [4]
    """
    counted = lines.group_by("document").agg(pl.col("words", "english").sum())
    foreign = (pl.col("words") >= LEAST_WORDS) & (pl.col("english") < LEAST_SHARE * pl.col("words"))
    return counted.filter(foreign)["document"].sort()
