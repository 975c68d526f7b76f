"""Choices that depend on a key alone, so that any document can be written anywhere, in any order."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_DRAWN = struct.Struct("<96I")
_WHOLE = 2**32


class Dice:
    """Picks from alternatives; the same key gives the same picks on every machine.

    Parameters
    ----------
    *key : str or int
        What the choices are for: the seed, then the document, household or place.

    Examples
    --------
    >>> Dice(1, "note", 7).below(6) == Dice(1, "note", 7).below(6)
    True
    """

    __slots__ = ("_next",)

    def __init__(self, *key: str | int) -> None:
        self._next = _numbers("\x1f".join(map(str, key)).encode()).__next__

    def below(self, count: int) -> int:
        """Return a whole number from 0 to `count` - 1."""
        return self._next() % count

    def between(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high` - 1."""
        return low + self._next() % (high - low)

    def number(self) -> float:
        """Return a number from 0 to 1, 1 excluded."""
        return self._next() / _WHOLE

    def chance(self, share: float) -> bool:
        """Return true in this share of the throws."""
        return self._next() < share * _WHOLE

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the alternatives."""
        return options[self._next() % len(options)]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Return up to `count` of the alternatives, no place twice, in random order."""
        left = list(options)
        taken: list[T] = []
        for _ in range(min(count, len(left))):
            at = self._next() % len(left)
            left[at], left[-1] = left[-1], left[at]
            taken.append(left.pop())
        return taken

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Return the alternatives in random order."""
        return self.some(options, len(options))

    def part(self, options: Sequence[T], share: float, fewest: int = 1) -> list[T]:
        """Return about a share of the alternatives, `fewest` at least, in the order given."""
        kept = [at for at in range(len(options)) if self.chance(share)]
        spare = [at for at in self.shuffled(range(len(options))) if at not in set(kept)]
        return [options[at] for at in sorted(kept + spare[: max(fewest - len(kept), 0)])]


def _numbers(key: bytes) -> Iterator[int]:
    """Yield whole numbers below 2**32 without end."""
    block = 0
    while True:
        drawn = hashlib.shake_128(key + block.to_bytes(4, "little")).digest(_DRAWN.size)
        yield from _DRAWN.unpack(drawn)
        block += 1
