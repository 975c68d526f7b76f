"""Known sequences of words, found in a long array of words at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csc_experiments.representations.text.words import Ints

Places = NDArray[np.intp]
_SYMBOLS = 2**32


@dataclass(frozen=True, slots=True)
class Matches:
    """Where sequences were found, by place and then by length.

    Attributes
    ----------
    start, length, value : array of int, shape (m,)
        The first word, how many words, and what the sequence stands for.
    """

    start: Places
    length: Places
    value: Places

    @classmethod
    def merged(cls, *parts: Matches) -> Matches:
        """Put matches of several kinds of sequences in order."""
        start, length, value = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("start", "length", "value")
        )
        order = np.lexsort((length, start))
        return cls(start[order], length[order], value[order])

    def take(self, which: NDArray[np.bool_]) -> Matches:
        """Select some."""
        return Matches(self.start[which], self.length[which], self.value[which])

    def alone(self) -> Matches:
        """Select from left to right, of those that start at one place the longest, none inside another."""
        longest = self.take(np.append(self.start[1:] != self.start[:-1], values=[True])[: len(self.start)])
        ends = longest.start + longest.length
        if (longest.start[1:] >= ends[:-1]).all():
            return longest
        free, last = np.zeros(len(ends), dtype=bool), 0
        for at, (start, end) in enumerate(zip(longest.start.tolist(), ends.tolist(), strict=True)):
            if start >= last:
                free[at], last = True, end
        return longest.take(free)


@dataclass(frozen=True, slots=True)
class Ragged:
    """Sequences of different lengths, one after the other.

    Attributes
    ----------
    symbols : array of int32
    lengths : array of int
    """

    symbols: Ints
    lengths: Places

    @classmethod
    def of(cls, sequences: Sequence[tuple[int, ...]]) -> Ragged:
        """Put sequences one after the other."""
        values = [value for sequence in sequences for value in sequence]
        lengths = [len(sequence) for sequence in sequences]
        return cls(np.array(values, dtype=np.int32), np.array(lengths, dtype=np.intp))

    def take(self, which: Places) -> Ragged:
        """Select some, in the order given and as often as given."""
        lengths = self.lengths[which]
        starts = (np.cumsum(self.lengths) - self.lengths)[which]
        return Ragged(self.symbols[spread(starts, lengths)], lengths)


def spread(starts: Places, lengths: Places) -> Places:
    """Return the places of each stretch, one stretch after the other.

    Examples
    --------
    >>> spread(np.array([5, 20]), np.array([3, 2])).tolist()
    [5, 6, 7, 20, 21]
    """
    before = np.cumsum(lengths) - lengths
    places: Places = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
    return places


class Sequences:
    """Sequences of numbers, as a tree of steps.

    Parameters
    ----------
    forms : iterable of (tuple of int, int)
        Each sequence, and what it stands for.
    """

    def __init__(self, forms: Iterable[tuple[tuple[int, ...], int]]) -> None:
        steps: dict[tuple[int, int], int] = {}
        ends: dict[int, int] = {}
        for form, value in forms:
            node = 0
            for symbol in form:
                node = steps.setdefault((node, symbol), len(steps) + 1)
            ends[node] = value
        keys = np.array([node * _SYMBOLS + symbol for node, symbol in steps], dtype=np.int64)
        order = np.argsort(keys)
        self._keys = keys[order]
        self._nodes = np.array(list(steps.values()), dtype=np.int64)[order]
        self._ends = np.full(len(steps) + 1, -1, dtype=np.intp)
        self._ends[list(ends)] = list(ends.values())
        first = [symbol for node, symbol in steps if node == 0]
        self._first = np.zeros(max(first, default=0) + 2, dtype=bool)
        self._first[first] = True

    def find(self, symbols: Ints) -> Matches:
        """Find every place of every sequence, also of those that lie inside others."""
        start = np.flatnonzero(self._first[np.minimum(symbols, len(self._first) - 1)])
        node = np.zeros(len(start), dtype=np.int64)
        found = [Matches(start[:0], start[:0], start[:0])]
        length = 0
        while start.size:
            keys = node * _SYMBOLS + symbols[start + length]
            at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            on = self._keys[at] == keys
            start, node = start[on], self._nodes[at[on]]
            length += 1
            value = self._ends[node]
            lengths = np.full(len(start), length, dtype=np.intp)
            found.append(Matches(start, lengths, value).take(value >= 0))
            inside = start + length < len(symbols)
            start, node = start[inside], node[inside]
        return Matches.merged(*found)
