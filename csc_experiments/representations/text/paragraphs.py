"""Documents become numbers of distinct paragraphs, so that what is copied forward is read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from csc_experiments.progress import track
from csc_experiments.representations.text.cleaning import clean_lines
from csc_experiments.representations.text.language import not_english, with_word_counts
from csc_experiments.representations.text.settings import OtherLanguages

DOCUMENTS_AT_ONCE = 4000
_ASCII_BUT_LETTERS = bytes(set(range(128)) - set(b"abcdefghijklmnopqrstuvwxyz"))
_PLACES = pl.Schema({"document": pl.UInt32, "paragraph": pl.UInt32, "same": pl.UInt32})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many documents and paragraphs there were.

    Attributes
    ----------
    documents, empty, not_english : int
        Documents; those without a letter or number; those that are not in English.
    paragraphs : int
        Of the documents that are read.
    repeated : int
        Of these, how many say the same as an earlier paragraph of this or another document.
    """

    documents: int
    empty: int
    not_english: int
    paragraphs: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Documents as numbers of distinct paragraphs.

    Attributes
    ----------
    texts : polars.Series of str, length p
        Distinct cleaned texts, without line ends.
    places : polars.DataFrame
        document, paragraph (position in `texts`), same: paragraphs with the same number say the same. In the
        order of the documents; of those of one document that say the same, the first alone.
    documents : int
        How many there were, d.
    tally : Tally
    """

    texts: pl.Series
    places: pl.DataFrame
    documents: int
    tally: Tally


def split(
    texts: pl.Series, *, other_languages: OtherLanguages = OtherLanguages.KEEP, quiet: bool = True
) -> Paragraphs:
    """Split documents into paragraphs, and find those that say the same.

    A paragraph is a line as `clean_lines` cuts them. Two paragraphs are near duplicates, and say the same, if
    nothing but digits, punctuation, spaces, the case of letters, dates with their months, postcodes, e-mail
    addresses and links sets them apart: a paragraph copied forward under another date is the same one. A
    paragraph with another word in it is another paragraph. Keys are 64-bit BLAKE2 digests; among a million
    paragraphs, the chance that any two others share one is 3 in 100 million.

    Parameters
    ----------
    texts : polars.Series of str, length d
    other_languages : OtherLanguages
        Documents that are not in English are counted as such, and have no paragraphs if they are left out.
    quiet : bool
        Show no progress.

    Returns
    -------
    Paragraphs
    """
    starts = range(0, len(texts), DOCUMENTS_AT_ONCE)
    batches = track(_batches(texts, other_languages), len(starts), "blocks of documents", quiet=quiet)
    found = [_Batch.none(), *batches]
    lines = pl.concat([batch.lines for batch in found])
    distinct = pl.concat([batch.texts for batch in found]).unique(
        "text_key", keep="first", maintain_order=True
    )
    paragraph, _ = pd.factorize(lines["text_key"].to_numpy())
    same, different = pd.factorize(lines["same_key"].to_numpy())
    places = lines.select("document", paragraph=paragraph, same=same).cast(_PLACES)
    tally = Tally(
        documents=len(texts),
        empty=len(texts) - sum(batch.written for batch in found),
        not_english=sum(batch.foreign for batch in found),
        paragraphs=lines.height,
        repeated=lines.height - len(different),
    )
    once = places.unique(["document", "same"], keep="first", maintain_order=True)
    return _without_unread(Paragraphs(distinct["text"], once, len(texts), tally))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Lines of some documents, their distinct texts, and how many documents are written and foreign."""

    lines: pl.DataFrame
    texts: pl.DataFrame
    written: int
    foreign: int

    @classmethod
    def none(cls) -> _Batch:
        key = {"text_key": pl.UInt64}
        lines = pl.DataFrame(schema={"document": pl.UInt32, **key, "same_key": pl.UInt64})
        return cls(lines, pl.DataFrame(schema={**key, "text": pl.String}), 0, 0)


def _batches(texts: pl.Series, other_languages: OtherLanguages) -> Iterator[_Batch]:
    for start in range(0, len(texts), DOCUMENTS_AT_ONCE):
        lines = clean_lines(texts.slice(start, DOCUMENTS_AT_ONCE))
        distinct = _keyed(with_word_counts(lines.select(pl.col("text").unique(maintain_order=True))))
        placed = lines.join(distinct, on="text", how="left", maintain_order="left")
        foreign = not_english(placed)
        read = placed
        if other_languages is OtherLanguages.LEAVE_OUT:
            read = placed.filter(~pl.col("document").is_in(foreign.implode()))
        document = (pl.col("document") + start).cast(pl.UInt32)
        yield _Batch(
            lines=read.select(document, "text_key", "same_key"),
            texts=distinct.select("text_key", "text"),
            written=lines["document"].n_unique(),
            foreign=len(foreign),
        )


def _keyed(distinct: pl.DataFrame) -> pl.DataFrame:
    texts = distinct["text"].to_list()
    return distinct.with_columns(
        text_key=_digests(text.encode() for text in texts),
        same_key=_digests(_letters(text) for text in texts),
    )


def _letters(text: str) -> bytes:
    """Return the letters of a text, whatever their case."""
    folded = text.casefold()
    # Taking bytes out is many times as fast as an expression, and nearly all that goes is ASCII.
    kept = folded.encode().translate(None, _ASCII_BUT_LETTERS)
    return kept if folded.isascii() else "".join(filter(str.isalpha, kept.decode())).encode()


def _digests(texts: Iterable[bytes]) -> NDArray[np.uint64]:
    made = b"".join(blake2b(text, digest_size=8).digest() for text in texts)
    return np.frombuffer(made, dtype=np.uint64)


def _without_unread(paragraphs: Paragraphs) -> Paragraphs:
    """Leave out the texts of which every place says the same as an earlier line of its document."""
    read = paragraphs.places["paragraph"].unique().sort()
    if len(read) == len(paragraphs.texts):
        return paragraphs
    at = np.zeros(len(paragraphs.texts), dtype=np.uint32)
    at[read.to_numpy()] = np.arange(len(read), dtype=np.uint32)
    places = paragraphs.places.with_columns(paragraph=at[paragraphs.places["paragraph"].to_numpy()])
    return Paragraphs(paragraphs.texts.gather(read), places, paragraphs.documents, paragraphs.tally)
