"""Which column of a document export is which, whatever the system calls it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

import polars as pl

from csc_experiments.errors import MissingColumnError

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "document_id": ("DocumentID", "DocID", "FormID", "CaseNoteID", "NoteID"),
        "person_id": (
            "PersonID", "PersID", "LAchildID", "ChildID", "ChildUniqueID", "ClientID", "SubjectID",
            "ServiceUserID", "PersonNumber", "Person", "Child",
        ),
        "referral_id": ("ReferralID", "CINReferralID"),
        "document_type": (
            "DocumentType", "DocumentName", "DocType", "FormName", "FormType", "CaseNoteType", "NoteType",
            "TemplateName", "Type", "Name",
        ),
        "authored_date": (
            "AuthoredDate", "DateAuthored", "DocumentDate", "DateOfDocument", "DateWritten",
            "ActualStartDate", "StartDate", "DateStarted", "FormDate", "CaseNoteDate", "NoteDate", "Date",
        ),
        "recorded_date": ("RecordedDate", "DateRecorded", "DateEntered", "CreatedDate", "DateCreated"),
        "text": (
            "DocumentText", "Text", "Content", "Contents", "NoteText", "CaseNoteText", "Narrative",
            "CaseNote", "CaseNotes", "Note", "Notes", "Body",
        ),
        "section": ("SectionName", "Section", "SectionTitle", "SectionHeading"),
        "marker": ("QuestionMarker", "QuestionID", "QuestionCode", "QuestionNumber"),
        "question": ("QuestionText", "Question", "QuestionLabel"),
        "answer": ("AnswerText", "Answer", "AnswerValue", "ResponseText", "Response"),
        "file": ("FileName", "File", "FilePath", "Path", "DocumentFile", "DocumentFileName"),
    }
)  # fmt: skip
"""What systems call each column; of two that are there the first counts. Case, blanks and signs do not."""


class Layout(StrEnum):
    """What a row of a table stands for; the value is the column that tells."""

    ANSWERS = "answer"
    ROWS = "text"
    FILES = "file"


_WHAT = {Layout.ANSWERS: "an answer", Layout.ROWS: "a text", Layout.FILES: "a file's name"}
_NEEDED = ("person_id", "authored_date", "document_type")
_SHOWN = 4


def name_columns(frame: pl.DataFrame, origin: str) -> tuple[Layout, pl.DataFrame]:
    """Tell what a table's rows are and give its columns our names; others are dropped.

    Parameters
    ----------
    frame : polars.DataFrame
    origin : str
        The file to name in an error.

    Raises
    ------
    MissingColumnError
        If a column cannot be told.

    Examples
    --------
    >>> export = pl.DataFrame({"Person ID": ["P1"], "DATE": ["1/2/2021"], "type": ["X"], "Note Text": ["-"]})
    >>> layout, named = name_columns(export, "notes.csv")
    >>> layout.name, named.columns
    ('ROWS', ['person_id', 'document_type', 'authored_date', 'text'])
    """
    found = _find_columns(frame.columns, origin)
    layout = next((layout for layout in Layout if layout in found), None)
    if layout is None:
        looked_for = "; ".join(f"for {what} {_shown(layout)}" for layout, what in _WHAT.items())
        raise MissingColumnError(
            f"{origin}: no column holds documents (looked {looked_for}).",
            todo="Name the column as one of these.",
        )
    missing = [name for name in _NEEDED if name not in found]
    if missing:
        looked_for = "; ".join(f"{name} (looked for {_shown(name)})" for name in missing)
        raise MissingColumnError(f"{origin}: no column is {looked_for}.", todo="Name it as one of these.")
    return layout, frame.select(pl.col(column).cast(pl.String).alias(name) for name, column in found.items())


def holds_documents(names: Sequence[str]) -> bool:
    """Tell whether a table with these columns could be one of documents."""
    known = _known(names)
    return "person_id" in known and any(layout in known for layout in Layout)


def count_known(names: Sequence[str]) -> int:
    """Count how many of our columns are among these."""
    return len(_known(names))


def _known(names: Sequence[str]) -> set[str]:
    plain = {_plain(name) for name in names}
    return {name for name, known in NAMES.items() if not plain.isdisjoint(map(_plain, (name, *known)))}


def _find_columns(columns: Sequence[str], origin: str) -> dict[str, str]:
    plain = [_plain(column) for column in columns]
    found: dict[str, str] = {}
    for name, known in NAMES.items():
        wanted = next((wanted for wanted in map(_plain, (name, *known)) if wanted in plain), None)
        if wanted is None:
            continue
        if plain.count(wanted) > 1:
            raise MissingColumnError(
                f"{origin}: {plain.count(wanted)} columns may be {name}.", todo="Leave one of them."
            )
        found[name] = columns[plain.index(wanted)]
    return found


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def _shown(name: str) -> str:
    return ", ".join(NAMES[name][:_SHOWN])
