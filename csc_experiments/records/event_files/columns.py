"""Which column of a table of events is which, whatever the system calls it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from csc_experiments.errors import MissingColumnError
from csc_experiments.records.documents.columns import NAMES as DOCUMENT_NAMES
from csc_experiments.records.documents.columns import holds_documents

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "person_id": (
            "subject_id", "person_id", "child_id", "la_child_id", "patient_id", "client_id", "member_id",
            "customer_id", "service_user_id", "subject", "person", "child", "patient",
        ),
        "time": (
            "time", "datetime", "timestamp", "event_time", "event_datetime", "event_timestamp", "date",
            "event_date", "date_of_event",
        ),
        "code": ("code", "event_code", "concept_code", "concept", "event", "event_type"),
        "numeric_value": ("numeric_value", "value", "event_value", "value_as_number"),
        "text_value": ("text_value", "text", "value_as_text"),
        "known_time": (
            "known_time", "known_date", "recorded_time", "recorded_datetime", "recorded_date", "recorded_at",
            "recorded", "date_recorded", "time_recorded", "entered_time", "entered_date", "date_entered",
        ),
    }
)  # fmt: skip
"""What systems call each column; of two that are there the first counts. Case, blanks and signs do not."""
NEEDED: Final = ("person_id", "time", "code")


def find_columns(names: Sequence[str], origin: str) -> dict[str, str]:
    """Tell which of a table's columns stands for each of ours.

    Raises
    ------
    MissingColumnError
        If there is none of people, of times or of codes.

    Examples
    --------
    >>> find_columns(["Person ID", "Date", "Event Code", "Branch"], "loans.csv")
    {'person_id': 'Person ID', 'time': 'Date', 'code': 'Event Code'}
    """
    found = _found(names)
    missing = [name for name in NEEDED if name not in found]
    if missing:
        looked_for = "; ".join(f"{name} (looked for {', '.join(NAMES[name])})" for name in missing)
        raise MissingColumnError(f"{origin}: no column is {looked_for}.", todo="Name it as one of these.")
    return found


def holds_events(names: Sequence[str]) -> bool:
    """Tell whether a table with these columns is one of events, and not one of documents."""
    if not set(NEEDED) <= _found(names).keys():
        return False
    plain = {_plain(name) for name in names}
    typed = not plain.isdisjoint(map(_plain, DOCUMENT_NAMES["document_type"]))
    return not (typed and holds_documents(names))


def _found(names: Sequence[str]) -> dict[str, str]:
    plain = {_plain(column): column for column in reversed(names)}
    told = {
        name: next((plain[word] for word in map(_plain, known) if word in plain), None)
        for name, known in NAMES.items()
    }
    return {name: column for name, column in told.items() if column is not None}


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())
