"""How a figure is told to a reader."""

from __future__ import annotations

from dataclasses import dataclass

NOT_AVAILABLE = "not available"


def two_decimals(value: float | None) -> str:
    """Say a figure as every reader's format shows it.

    Examples
    --------
    >>> two_decimals(0.314), two_decimals(-0.001), two_decimals(None)
    ('0.31', '0.00', 'not available')
    """
    # Adding zero turns minus zero into zero.
    return NOT_AVAILABLE if value is None else f"{round(value, 2) + 0.0:.2f}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric with its interval; None is what could not be computed.

    Examples
    --------
    >>> str(Estimate(0.312, 0.224, 0.409))
    '0.31 (0.22 to 0.41)'
    >>> str(Estimate(0.312, None, None))
    '0.31 (interval not available)'
    >>> str(Estimate(None, None, None))
    'not available'
    """

    value: float | None
    low: float | None
    high: float | None

    @property
    def has_interval(self) -> bool:
        """Whether both ends of the interval are known."""
        return self.low is not None and self.high is not None

    def __str__(self) -> str:
        if self.value is None:
            return NOT_AVAILABLE
        if not self.has_interval:
            return f"{two_decimals(self.value)} (interval {NOT_AVAILABLE})"
        return f"{two_decimals(self.value)} ({two_decimals(self.low)} to {two_decimals(self.high)})"
