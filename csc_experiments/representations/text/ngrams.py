"""Pairs and triples of adjacent terms, of those that enough families' documents hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.representations.text.holding import Holding
from csc_experiments.representations.text.words import Ints

PLACES_AT_ONCE = 2_000_000

Keys = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stream:
    """The words that are terms of all paragraphs, one after the other.

    Attributes
    ----------
    words, paragraph : array of int32, shape (n,)
    begins : array of bool, shape (n,)
        Whether the word is the first term of a sentence.
    """

    words: Ints
    paragraph: Ints
    begins: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ngrams:
    """Counts of n-grams.

    Attributes
    ----------
    counts : scipy.sparse.csr_array of float32, shape (p, g)
    parts : array of int32, shape (g, n)
        The terms of each.
    """

    counts: sparse.csr_array
    parts: NDArray[np.int32]


def count_ngrams(stream: Stream, length: int, holding: Holding, paragraphs: int) -> Ngrams:
    """Count the n-grams of one length that stand in the documents of enough families.

    Terms are adjacent if nothing stands between them in their sentence but words that are no terms.

    Parameters
    ----------
    stream : Stream
        Words that are not in the documents of enough families are -1: no n-gram holds them, for it stands in
        no more families' documents than its rarest word.
    length : int
        2 or 3.
    holding : Holding
        Says how many are enough.
    paragraphs : int
        How many there are, p.
    """
    allowed = np.unique(stream.words[stream.words >= 0])
    known: list[Keys] = [np.empty(0, dtype=np.int64)]
    counted = [sparse.csr_array((paragraphs, 0), dtype=np.float32)]
    for places in _parted(stream, length):
        keys = _keys(stream.words, places, length, allowed)
        distinct, column = np.unique(keys, return_inverse=True)
        ones = np.ones(len(keys), dtype=np.float32)
        at = (stream.paragraph[places], column.astype(np.int32))
        counts = sparse.csr_array((ones, at), shape=(paragraphs, len(distinct)))
        kept = holding.enough(counts)
        counted.append(sparse.csr_array(counts[:, kept]))
        known.append(distinct[kept])
    counts = sparse.csr_array(sparse.hstack(counted, format="csr", dtype=np.float32))
    return Ngrams(counts, _parts(np.concatenate(known), length, allowed))


def _parted(stream: Stream, length: int) -> Iterator[NDArray[np.intp]]:
    """Find the places from which so many allowed words follow one another in one sentence.

    They come some at a time, by their first word, so that all places of one n-gram come together.
    """
    starts = max(len(stream.words) - length + 1, 0)
    whole = stream.words[:starts] >= 0
    for step in range(1, length):
        whole &= stream.words[step : starts + step] >= 0
        whole &= ~stream.begins[step : starts + step]
    if not whole.any():
        return
    part = np.cumsum(np.bincount(stream.words[:starts][whole])) // PLACES_AT_ONCE
    # Small numbers, for there are as many as words.
    parts = np.append(part, 0).astype(np.int16)[np.minimum(stream.words[:starts], len(part))]
    for number in np.unique(part):
        places = np.flatnonzero(whole & (parts == number))
        if places.size:
            yield places


def _keys(words: Ints, places: NDArray[np.intp], length: int, allowed: Ints) -> Keys:
    """Number n-grams by the ranks of their words among those allowed; no two have the same number."""
    keys: Keys = np.zeros(len(places), dtype=np.int64)
    for step in range(length):
        keys = keys * len(allowed) + np.searchsorted(allowed, words[places + step])
    return keys


def _parts(keys: Keys, length: int, allowed: Ints) -> NDArray[np.int32]:
    parts = np.empty((len(keys), length), dtype=np.int32)
    for step in reversed(range(length)):
        keys, rank = np.divmod(keys, max(len(allowed), 1))
        parts[:, step] = allowed[rank]
    return parts
