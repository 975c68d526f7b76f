"""Texts are cut into tokens by spaCy, as hashes: no Python object is made for any token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
import spacy
from numpy.typing import NDArray
from spacy.attrs import LEMMA, ORTH

from csc_experiments.representations.text.words import PARAGRAPH_END

LETTERS_IN_BATCH = 4_000_000
# Each text that spaCy cuts has a fixed cost, so short paragraphs are cut together.
LETTERS_AT_ONCE = 8_000

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Cut:
    """Tokens of some paragraphs, each paragraph followed by the token `PARAGRAPH_END`.

    Attributes
    ----------
    tokens : array of uint64, shape (n,)
        spaCy's hashes of the tokens as they are written.
    lemmas : array of uint64, shape (n,), or None
        Those of the lemmas, where a pipeline tells them.
    """

    tokens: Hashes
    lemmas: Hashes | None


def batches(texts: pl.Series) -> Iterator[pl.Series]:
    """Divide texts into batches of some four million letters."""
    number = _numbered(texts, LETTERS_IN_BATCH)
    _, starts = np.unique(number, return_index=True)
    for start, end in pairwise([*starts.tolist(), len(texts)]):
        yield texts.slice(start, end - start)


def cut_by_tokenizer(language: spacy.Language, texts: pl.Series) -> Cut:
    """Cut paragraphs by a tokenizer, which reads many of them at once.

    Parameters
    ----------
    language : spacy.Language
    texts : polars.Series of str
        Without line ends.
    """
    blocks = pl.DataFrame({"text": texts, "block": _numbered(texts, LETTERS_AT_ONCE)})
    joined = blocks.group_by("block", maintain_order=True).agg(pl.col("text").str.join(PARAGRAPH_END))
    read = (language.tokenizer(text + PARAGRAPH_END).to_array([ORTH]) for text in joined["text"].to_list())
    return Cut(_joined([tokens.ravel() for tokens in read]), None)


def cut_by_pipeline(pipeline: spacy.Language, texts: pl.Series) -> Cut:
    """Cut paragraphs by a whole pipeline, which reads each by itself, and tells lemmas."""
    end = np.full((1, 2), pipeline.vocab.strings.add(PARAGRAPH_END), dtype=np.uint64)
    read = [
        part
        for document in pipeline.pipe(texts.to_list())
        for part in (document.to_array([ORTH, LEMMA]), end)
    ]
    both = np.concatenate([part.astype(np.uint64).reshape(-1, 2) for part in read])
    return Cut(both[:, 0], both[:, 1])


def _numbered(texts: pl.Series, letters: int) -> NDArray[np.int64]:
    """Number texts so that those with the same number have together some so many letters."""
    ends = texts.str.len_chars().cast(pl.Int64).cum_sum().to_numpy()
    numbers: NDArray[np.int64] = ends // letters
    return numbers


def _joined(parts: list[Hashes]) -> Hashes:
    return np.concatenate(parts).astype(np.uint64)
