"""Document exports hold every document, or every answer, once and in order."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from csc_experiments.records import TABLES
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.formats.documents import (
    ANSWER_COLUMNS,
    DOCUMENT_COLUMNS,
    form_names,
    write_answers,
    write_documents,
)
from csc_experiments.synthetic.formats.workbook import Cell, read_workbook

SETTINGS = AuthoritySettings(authority="la1", children=60, years=2)
EXPORTED = re.compile(r"(?:\(c\) )?(?P<name>.+) v[0-9]+\.[01]")


def answers(documents: int, questions: int) -> pl.DataFrame:
    """Invent forms, each with every question, one after the other."""
    rows = [
        (f"X{form:03}", f"P{form % 7}", date(2019, 1, 1) + timedelta(days=40 * form), "Single Assessment",
         f"{question // 3 + 1}. Family", f"Q{question}", f"What about {question}?",
         f"said {form} <{question}>\n'so'")
        for form in range(documents)
        for question in range(questions)
    ]  # fmt: skip
    columns = (
        "document_id", "person_id", "authored_date", "document_name", "section", "question_id", "question",
        "answer",
    )  # fmt: skip
    schema = dict.fromkeys(columns, pl.String()) | {"authored_date": pl.Date()}
    return pl.DataFrame(rows, schema, orient="row")


def test_without_documents_there_is_a_heading(tmp_path: Path) -> None:
    (path,) = write_documents([], tmp_path)
    assert path.read_text().strip().split(",") == list(DOCUMENT_COLUMNS.values())


def read_rows(paths: list[Path]) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for path in paths:
        (header, *more) = read_workbook(path)["Sheet1"]
        assert tuple(header) == ANSWER_COLUMNS
        rows += more
    return rows


def test_every_document_stands_in_both_files(tmp_path: Path) -> None:
    rows = [
        ("X1", "P1", "R1", "case_note", date(2024, 2, 29), None, 'Mum\'s "view",\nas told - \u00a35'),
        ("X2", "P2", None, "s47_record", date(2024, 3, 1), date(2024, 3, 4), "x" * 40_000),
    ]
    documents = pl.DataFrame(rows, TABLES["documents"].schema, orient="row")
    csv, parquet = write_documents([documents[:1], documents[1:]], tmp_path)
    back = {name: column for column, name in DOCUMENT_COLUMNS.items()}
    types = {name: kind for kind, name in form_names(documents["document_type"]).items()}
    typed = pl.read_parquet(parquet).rename(back).with_columns(pl.col("document_type").replace(types))
    assert_frame_equal(typed, documents)
    days = [pl.col(name).str.to_date("%d/%m/%Y") for name in ("DateAuthored", "DateRecorded")]
    assert_frame_equal(pl.read_csv(csv, infer_schema=False).with_columns(days), pl.read_parquet(parquet))


@given(
    documents=st.integers(0, 12),
    questions=st.integers(1, 5),
    at_once=st.integers(1, 30),
    size=st.integers(1, 20),
)
@hypothesis_settings(max_examples=25, deadline=None)
def test_answers_are_the_same_however_they_come_and_are_divided(
    tmp_path_factory: pytest.TempPathFactory, documents: int, questions: int, at_once: int, size: int
) -> None:
    frame, folder = answers(documents, questions), tmp_path_factory.mktemp("answers")
    paths = write_answers(frame.iter_slices(at_once), SETTINGS, 1, folder / "a", rows_per_workbook=size)
    assert [path.name for path in paths] == [f"Form answers {at}.xlsx" for at in range(1, len(paths) + 1)]
    assert len(paths) == max(-(-frame.height // size), 1)
    whole = write_answers([frame], SETTINGS, 1, folder / "b", rows_per_workbook=10_000)
    assert read_rows(paths) == read_rows(whole)
    for row, told in zip(read_rows(whole), frame.rows(), strict=True):
        assert (row[0], row[1], *row[3:]) == (told[1], told[2], *told[4:])
        name = EXPORTED.fullmatch(str(row[2]))
        assert name is not None
        assert name["name"] == told[3]


def test_a_form_has_one_name_and_some_are_marked_as_completed(tmp_path: Path) -> None:
    rows = read_rows(write_answers([answers(60, 2)], SETTINGS, 1, tmp_path))
    names = {(row[0], row[1]): row[2] for row in rows}
    assert all(names[row[0], row[1]] == row[2] for row in rows)
    marked = [name for name in names.values() if str(name).startswith("(c) ")]
    assert 0 < len(marked) < len(names)
    assert len({str(name).split(" v")[1] for name in names.values()}) > 1


def test_the_same_answers_make_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_answers([answers(9, 3)], SETTINGS, 1, tmp_path / name) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
