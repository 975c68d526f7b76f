"""An invented authority's documents as systems export them: a row for each document, or one for each answer.

The first layout is a CSV and a Parquet file. The second is what comes out of the forms of a case management
system: workbooks, numbered because a sheet holds only so many rows, with the names that forms have there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import polars as pl

from csc_experiments.records.parquet import FrameWriter
from csc_experiments.seeds import seed_for
from csc_experiments.synthetic.formats.workbook import Row, write_workbook
from csc_experiments.synthetic.settings import AuthoritySettings

ROWS_PER_WORKBOOK = 20_000
DOCUMENT_COLUMNS = {
    "document_id": "DocumentID",
    "person_id": "PersonID",
    "referral_id": "ReferralID",
    "document_type": "DocumentName",
    "authored_date": "DateAuthored",
    "recorded_date": "DateRecorded",
    "text": "DocumentText",
}
"""Columns of a row for each document, by the standard column that they hold."""
ANSWER_COLUMNS = (
    "PersonID", "ActualStartDate", "DocumentName", "SectionName", "QuestionMarker", "QuestionText",
    "AnswerText",
)  # fmt: skip
_ANSWERS = (
    "document_id", "person_id", "authored_date", "document_name", "section", "question_id", "question",
    "answer",
)  # fmt: skip
_SHARE_MARKED = 0.4
_MARK = "(c) "
"""Systems put it before the name of a form that has been completed."""
_FIRST_VERSION = 2015
_SAFEGUARDED = ("cp", "cin", "icpc", "s47", "cla")


def write_documents(documents: Iterable[pl.DataFrame], folder: Path) -> list[Path]:
    """Write a row for each document, frame by frame, so that memory does not grow with the documents.

    Parameters
    ----------
    documents : iterable of polars.DataFrame
        Parts of the standard table.
    folder : pathlib.Path
        Made if it is not there.

    Returns
    -------
    list of pathlib.Path
        ``documents.csv`` with dates as dd/mm/yyyy and, if there is a document, ``documents.parquet`` with
        dates.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "documents.csv", folder / "documents.parquet"]
    with paths[0].open("wb") as text, FrameWriter(paths[1]) as table:
        text.write((",".join(DOCUMENT_COLUMNS.values()) + "\r\n").encode())
        for frame in documents:
            named = frame.select(
                pl.col(column).alias(name) for column, name in DOCUMENT_COLUMNS.items()
            ).with_columns(pl.col("DocumentName").replace(form_names(frame["document_type"])))
            named.write_csv(text, include_header=False, date_format="%d/%m/%Y", line_terminator="\r\n")
            table.write(named)
    return [path for path in paths if path.exists()]


def form_names(types: pl.Series) -> dict[str, str]:
    """Return the name of the form for each type of document.

    Examples
    --------
    >>> form_names(pl.Series(["single_assessment", "s47_record", "single_assessment"]))
    {'single_assessment': 'Single Assessment', 's47_record': 'S47 Record'}
    """
    return {kind: _form_name(kind) for kind in types.drop_nulls().unique(maintain_order=True).to_list()}


def _form_name(kind: str) -> str:
    words = kind.split("_")
    return " ".join(
        word.upper() if word in _SAFEGUARDED else word if word in {"and", "of"} else word.capitalize()
        for word in words
    )


def write_answers(
    answers: Iterable[pl.DataFrame],
    settings: AuthoritySettings,
    seed: int,
    folder: Path,
    *,
    rows_per_workbook: int = ROWS_PER_WORKBOOK,
) -> list[Path]:
    """Write a row for each answer, workbook by workbook, so that memory does not grow with the documents.

    A document is told only by person, date and name, as in the exports of real systems, and may begin in one
    workbook and end in the next. Some names bear a mark that the form is completed, and all of them the
    version that was in use.

    Parameters
    ----------
    answers : iterable of polars.DataFrame
        document_id, person_id, authored_date, document_name, section, question_id, question, answer; the
        answers of a document one after the other.
    settings : AuthoritySettings
        What the authority is like.
    seed : int
        0 or more; it decides on marks.
    folder : pathlib.Path
        Made if it is not there.
    rows_per_workbook : int, default=20000
        At most so many answers stand in one.

    Returns
    -------
    list of pathlib.Path
        ``Form answers <number>.xlsx``; one with the header alone if there is no answer.
    """
    del settings
    folder.mkdir(parents=True, exist_ok=True)
    rows = _answer_rows(answers, seed)
    written: list[Path] = []
    while (part := list(islice(rows, rows_per_workbook))) or not written:
        path = folder / f"Form answers {len(written) + 1}.xlsx"
        written.append(write_workbook(path, {"Sheet1": [ANSWER_COLUMNS, *part]}))
    return written


def _answer_rows(answers: Iterable[pl.DataFrame], seed: int) -> Iterator[Row]:
    for frame in answers:
        for document, person, day, name, section, marker, question, answer in frame.select(
            _ANSWERS
        ).iter_rows():
            yield person, day, _exported_name(name, day, document, seed), section, marker, question, answer


def _exported_name(name: str, day: date, document: str, seed: int) -> str:
    """Return the name as an export gives it; the version goes up every second April."""
    marked = seed_for(seed, "completed form", document) < _SHARE_MARKED * 2**32
    years = day.year - (day < date(day.year, 4, 1)) - _FIRST_VERSION
    return f"{_MARK if marked else ''}{name} v{1 + max(years, 0) // 2}.{max(years, 0) % 2}"
