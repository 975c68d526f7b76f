"""What each column means: a label for figures, and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from csc_experiments.representations.structured import naming
from csc_experiments.representations.structured.naming import Column, read_name
from csc_experiments.representations.structured.words import SPELL_WORDS, words_of

SCHEMA: Final[dict[str, pl.DataType]] = {
    "name": pl.String(),
    "label": pl.String(),
    "definition": pl.String(),
    "of_whom": pl.String(),
    "window_days": pl.Int32(),
    "code": pl.String(),
}
SIBLINGS: Final = "Brothers and sisters: "
_RECENT: Final = "0.5 to the power of the days since over the half-life, so that 1 is today and 0 is never"
_WINDOWS: Final = {365: "year", 730: "2 years", 1095: "3 years", 1825: "5 years"}
_ALONE: Final = {
    naming.MEMBERS: (
        "How many are known",
        "Number of brothers and sisters of whom any event was known at the prediction time.",
    ),
    naming.AGE: ("Age in years", "The child's age in years at the prediction time, and 0 before birth."),
    naming.SEXES[0]: ("Girl", "1 if the child is recorded as female, otherwise 0."),
    naming.SEXES[1]: ("Boy", "1 if the child is recorded as male, otherwise 0."),
    naming.MONTHS[0]: (
        "Time of year: spring against autumn",
        "The sine of the prediction's calendar month: 1 in March and -1 in September.",
    ),
    naming.MONTHS[1]: (
        "Time of year: winter against summer",
        "The cosine of the prediction's calendar month: 1 in December and -1 in June.",
    ),
}

_COUNTED: Final = (
    "{words} in the past {past}",
    "How many {words} of the {days} days up to the prediction time were known of {whom}.",
)
_ALL_COUNTED: Final = ("{words} so far", "How many {words} were known of {whom} by the prediction time.")
_OF_CODE: Final = {
    naming.EVER: (
        "{words}: any",
        "1 if any {words} were known of {whom} by the prediction time, otherwise 0.",
    ),
    naming.LAST: (
        "{words}: how recent the last",
        f"How recent the last of the {{words}} known of {{whom}} was: {_RECENT}.",
    ),
    naming.FIRST: (
        "{words}: how recent the first",
        f"How recent the first of the {{words}} known of {{whom}} was: {_RECENT}.",
    ),
    naming.LATEST: (
        "{words}: latest value",
        "The latest number that came with {words} known of {whom}; 0 if none did.",
    ),
    naming.KNOWN: (
        "{words}: has a value",
        "1 if a number came with any {words} known of {whom}, otherwise 0.",
    ),
}
_OPEN_IN_FAMILY: Final = (
    "{words} open now",
    "Number of brothers and sisters of whom a {words} was open at the prediction time.",
)
_OF_SPELL: Final = {
    naming.OPEN: (
        "{words} open now",
        "1 if a {words} of {whom} was open at the prediction time, otherwise 0.",
    ),
    naming.OPEN_DAYS: (
        "{words}: days open so far",
        "Days for which a {words} of {whom} had been open, of several the most; 0 if none was.",
    ),
    naming.ENDED_DAYS: (
        "{words}: days of those ended",
        "Days that each {words} of {whom} had lasted by the time it ended, added up; 0 if none had.",
    ),
}


def feature_dictionary(names: Sequence[str], prefix: str = "") -> pl.DataFrame:
    """Explain columns of the structured block.

    Parameters
    ----------
    names : sequence of str
        Names of columns.
    prefix : str
        With which the names of the block begin in a matrix of several (`structured:`). Names that begin
        otherwise are of other blocks, and left out.

    Returns
    -------
    polars.DataFrame
        name (as given), label (for figures), definition (one sentence), of_whom (child or family),
        window_days (null where nothing is counted over a window) and code (the code or spell that is
        described, null where none is), in the order of the names. Names and labels of given codes hold words
        of the authority's own.

    Examples
    --------
    >>> told = feature_dictionary(["structured:REFERRAL//START|count|365d"], "structured:")
    >>> told["label"].item()
    'Referrals in the past year'
    >>> told["definition"].item()
    'How many referrals of the 365 days up to the prediction time were known of the child.'
    """
    own = [name for name in names if name.startswith(prefix)]
    rows = [_row(name, read_name(name.removeprefix(prefix))) for name in own]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _row(name: str, column: Column) -> tuple[str, str, str, str, int | None, str | None]:
    label, definition = _ALONE.get(column.what) or _said(column)
    label = f"{SIBLINGS}{label[0].lower()}{label[1:]}" if column.family else f"{label[0].upper()}{label[1:]}"
    of_whom = "family" if column.family else "child"
    return name, label, definition, of_whom, column.window, column.code or None


def _said(column: Column) -> tuple[str, str]:
    """Return label and definition of a column that describes a code or a spell."""
    spell = SPELL_WORDS.get(column.code, column.code)
    said = {
        "words": spell if column.what in _OF_SPELL else words_of(column.code),
        "whom": "brothers and sisters" if column.family else "the child",
        "days": f"{column.window}",
        "past": _WINDOWS.get(column.window or 0, f"{column.window} days"),
    }
    label, definition = _templates(column)
    return label.format(**said), definition.format(**said)


def _templates(column: Column) -> tuple[str, str]:
    if column.what == naming.OPEN and column.family:
        return _OPEN_IN_FAMILY
    counted = _COUNTED if column.window else _ALL_COUNTED
    return (_OF_CODE | _OF_SPELL).get(column.what, counted)
