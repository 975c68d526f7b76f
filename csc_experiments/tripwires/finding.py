"""What a tripwire says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Verdict(StrEnum):
    """What came of a look."""

    PASSED = "passed"
    ALARM = "alarm"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one tripwire found; no value from a record stands in it.

    Attributes
    ----------
    name : str
        The mechanism that the tripwire looks for.
    verdict : Verdict
    count : int
        Of what the sentence says.
    sentence : str
        For the analyst.
    """

    name: str
    verdict: Verdict
    count: int
    sentence: str


def finding(name: str, count: int, sentence: str, *, alarm: bool) -> Finding:
    """Say what a tripwire found, and whether that is an alarm."""
    return Finding(name, Verdict.ALARM if alarm else Verdict.PASSED, count, sentence)


def alarms(findings: Iterable[Finding]) -> str:
    """Name the tripwires that did not pass, comma-separated.

    Examples
    --------
    >>> alarms([finding("a", 3, "Three.", alarm=True), finding("b", 0, "None.", alarm=False)])
    'a'
    """
    return ",".join(found.name for found in findings if found.verdict is not Verdict.PASSED)


def as_table(findings: Sequence[Finding]) -> pl.DataFrame:
    """Lay findings out: name, verdict, count, sentence."""
    rows = [(found.name, found.verdict.value, found.count, found.sentence) for found in findings]
    schema = {"name": pl.String, "verdict": pl.String, "count": pl.Int64, "sentence": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
