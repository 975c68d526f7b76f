"""Counts as they may be shown: small ones hidden, the others rounded, and no small one left to work out.

Rounding alone does not do it: five hidden parts of a whole of about 50 are all 9, and fourteen parts that are
not nothing in a whole of 14 are all 1. So the parts of a whole are hidden on the coarsest scale that any
of them needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

STEP, UNIT = 5, 10


@dataclass(frozen=True, slots=True, order=True)
class Scale:
    """How counts are shown; of two scales the greater one shows less.

    Attributes
    ----------
    below : int
        Smaller counts are shown as "<below".
    hides_none : bool
        "<below" stands for nothing, too; else nothing is shown as "0".
    least : int
        The smallest count that is not protected. Larger ones are rounded to the nearest ten or, where `least`
        is more, to the nearest multiple of a higher unit.
    """

    below: int
    hides_none: bool
    least: int = field(compare=False)

    @property
    def unit(self) -> int:
        """What counts are rounded to."""
        return max(UNIT, -(-self.least // STEP) * STEP)

    def show(self, count: int) -> str:
        """Show one count.

        Examples
        --------
        >>> scale = finest(10)
        >>> [scale.show(count) for count in (0, 1, 9, 10, 14, 15, 1234)]
        ['0', '<10', '<10', '10', '10', '20', '1230']
        """
        if count == 0 and not self.hides_none:
            return "0"
        return f"<{self.below}" if count < self.below else str(self._rounded(count))

    def known(self, count: int) -> tuple[int, int]:
        """Return the least and the greatest count that would be shown as this one is."""
        if count == 0 and not self.hides_none:
            return 0, 0
        if count < self.below:
            return int(not self.hides_none), self.below - 1
        rounded = self._rounded(count)
        first = rounded - self.unit // 2
        return self.below if rounded == self.unit else max(self.below, first), first + self.unit - 1

    def _rounded(self, count: int) -> int:
        return max(1, (count + self.unit // 2) // self.unit) * self.unit


def finest(least: int) -> Scale:
    """Return the scale of a count that stands alone."""
    return Scale(least, hides_none=False, least=least)


def shown(count: int, least: int) -> str:
    """Show a count that stands alone.

    Examples
    --------
    >>> shown(0, 10), shown(9, 10), shown(96, 10)
    ('0', '<10', '100')
    """
    return finest(least).show(count)


def shown_part(part: int, whole: int, least: int, scale: Scale | None = None) -> str:
    """Show a count beside that of its whole; all, some and none of a few look the same.

    What is left of the whole is not shown, and rounding hides it. A scale is that of other parts beside.

    Examples
    --------
    >>> shown_part(97, 103, 10), shown_part(5, 100, 10), shown_part(0, 100, 10), shown_part(0, 5, 10)
    ('100', '<10', '0', '<10')
    """
    scale = scale or finest(least)
    return (max(scale, _coarse(least)) if 0 < whole < least else scale).show(part)


def scale_of(parts: Sequence[int], least: int) -> Scale:
    """Find the finest scale for all the parts of a whole, where the whole is shown on the finest.

    Of each small part, whoever sees the parts and the whole learns nothing but that it is small. That a
    coarser scale was needed tells something, too: at a `least` of 5 or more several values stay possible.

    Examples
    --------
    >>> scale_of([90, 3, 0], 10).show(3), scale_of([9, 9, 9, 9, 9], 10).show(9)
    ('<10', '<20')
    """
    return next(scale for scale in _scales(least) if _is_safe(parts, scale))


def _coarse(least: int) -> Scale:
    return Scale(least, hides_none=True, least=least)


def _scales(least: int) -> Iterator[Scale]:
    yield finest(least)
    yield _coarse(least)
    below = 2 * finest(least).unit
    while True:
        yield Scale(below, hides_none=True, least=least)
        below *= 2


def _is_safe(parts: Sequence[int], scale: Scale) -> bool:
    whole, least = sum(parts), scale.least
    if not whole:
        return True
    if whole < least and not scale.hides_none:
        return False
    whole_low, whole_high = finest(least).known(whole)
    known = [scale.known(part) for part in parts]
    low, high = (sum(side) for side in zip(*known, strict=True))
    for part, (part_low, part_high) in zip(parts, known, strict=True):
        smallest = max(part_low, whole_low - (high - part_high))
        greatest = min(part_high, whole_high - (low - part_low))
        if 0 < part < least and greatest - smallest + 1 < least - 1:
            return False
    return True
