"""What an importer could not use: which table, row and column, and why; never the value itself."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import polars as pl

REJECTS_SCHEMA: dict[str, pl.DataType] = {
    "table": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "reason": pl.String(),
}
"""`row` counts from 1: the child's place in a census, the line after the header in a table's file."""


class Reason(StrEnum):
    """Why a cell or a row was set aside."""

    MISSING = "missing"
    NOT_A_DATE = "not a date"
    NOT_A_CODE = "not a code of its code set"
    NOT_LIKE_A_CODE = "not built like a code"
    NOT_A_NUMBER = "not a number that can be kept"
    NOT_A_FLAG = "not yes or no"
    NOT_JSON = "not JSON of the expected form"
    MORE_THAN_FLAGS = "JSON that holds more than flags; the flags were kept"
    REPEATED = "said before"
    AFTER_RETURN = "after the year of its return"
    ENDS_BEFORE_START = "ends before it starts"
    OVERLAPPING = "reaches over the start of another"
    STILL_OPEN = "open though another followed"
    END_WITHOUT_DATE = "a reason for an end without its date"
    NOTHING_BEFORE = "goes on from nothing"
    STARTS_ANEW = "starts while the one before goes on"
    NOTHING_AFTER = "goes on, but nothing follows on that day"
    TOLD_OTHERWISE = "told with another date by the next return"
    FILE_ABSENT = "its file is not there"
    FILE_UNREADABLE = "its file cannot be read"


Reject = tuple[str, int, str, Reason]
"""Table, row, column, reason."""


def rejects_frame(rejects: Iterable[Reject]) -> pl.DataFrame:
    """Make the frame that is written beside the records.

    Examples
    --------
    >>> rejects_frame([("ssd_person", 3, "pers_dob", Reason.NOT_A_DATE)]).row(0)
    ('ssd_person', 3, 'pers_dob', 'not a date')
    """
    rows = [(table, row, column, str(reason)) for table, row, column, reason in rejects]
    return pl.DataFrame(rows, schema=REJECTS_SCHEMA, orient="row")
