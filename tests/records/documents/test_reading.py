# ruff: noqa: RUF001 - the texts hold the signs that systems spoil
"""Documents come in as they are meant, whatever system gave them out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.errors import ConfigError, UnreadableInputError
from csc_experiments.records import TABLES
from csc_experiments.records.documents.answers import join_answers
from csc_experiments.records.documents.columns import NAMES
from csc_experiments.records.documents.names import strip_names, type_documents
from csc_experiments.records.documents.reading import DocumentSource, read_documents
from csc_experiments.synthetic.formats.workbook import Row, write_workbook

HEADER = "PersonID,DateAuthored,DocumentName,DocumentText\n"
ANSWERS: Row = (
    "PersonID", "ActualStartDate", "DocumentName", "SectionName", "QuestionMarker", "QuestionText",
    "AnswerText",
)  # fmt: skip
DAY = date(2021, 2, 3)


def read_csv(folder: Path, content: str | bytes, types: dict[str, str] | None = None) -> DocumentSource:
    path = folder / "some notes.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_documents(path, types or {})


def test_a_row_is_a_document(tmp_path: Path) -> None:
    read = read_csv(
        tmp_path,
        HEADER
        + '123.0,03/02/2021,(c) Contact / Referral v2.1,"Mum said ""no""."\n'
        + "124,2021-02-03 10:15:00,CONTACT /  REFERRAL,<p>x</p>\n"
        + "124,2021-02-03,Letter,y\n",
        {"Contact / Referral (3.0)": "referral_form"},
    )
    assert read.documents.select("person_id", "authored_date", "document_type", "text").rows() == [
        ("123", DAY, "referral_form", 'Mum said "no".'),
        ("124", DAY, "referral_form", "x"),
        ("124", DAY, "letter", "y"),
    ]
    assert read.documents.schema == pl.Schema(TABLES["documents"].schema)
    assert read.rejects.is_empty()
    assert read.counts["unmapped_names"] == 1
    assert read.notes == ("1 names of documents have no type and became types of their own.",)


@pytest.mark.parametrize(
    "header",
    [
        "person id,DATE,Type,text",
        "LAchildID,Document Date,form_name,Case Note",
        "Child ID,date-written,Document Type,Note Text",
        "pErSoNiD,ActualStartDate,DocumentName,BODY",
    ],
)
def test_columns_are_told_whatever_they_are_called(tmp_path: Path, header: str) -> None:
    read = read_csv(tmp_path, f"other,{header}\nz,P1,03/02/2021,Note,said\n")
    assert read.documents.select("person_id", "authored_date", "document_type", "text").row(0) == (
        "P1", DAY, "note", "said",
    )  # fmt: skip


def test_no_name_may_stand_for_two_columns() -> None:
    names = [name for known in NAMES.values() for name in known]
    assert len({name.lower() for name in names}) == len(names)


def test_rows_that_cannot_be_used_are_set_aside_by_their_place(tmp_path: Path) -> None:
    rows = [
        ",2021-02-03,Note,a", "P1,soon,Note,a", "P1,2021-02-03,,a", "P1,2021-02-03,Note,",
        "P1,2021-02-03,Note,&nbsp;", "P1,2021-02-03,!!!,a", "P1,2021-02-03,Note,a", "P1,2021-02-03,Note,a",
        "P1,2021-02-03,Note,b",
    ]  # fmt: skip
    read = read_csv(tmp_path, HEADER + "\n".join(rows))
    assert read.documents["text"].to_list() == ["a", "b"]
    assert sorted(read.rejects.rows(), key=lambda reject: reject[1]) == [
        ("documents", 1, "person_id", "missing"),
        ("documents", 2, "authored_date", "not a date"),
        ("documents", 3, "document_type", "missing"),
        ("documents", 4, "text", "missing"),
        ("documents", 5, "text", "missing"),
        ("documents", 6, "document_type", "not a code of its code set"),
        ("documents", 8, "document_id", "said before"),
    ]


def test_copies_under_siblings_are_kept_and_counted(tmp_path: Path) -> None:
    rows = [f"P{child},2021-02-03,Note,{text}\n" for text in ("same", "other") for child in (1, 2, 3)]
    read = read_csv(tmp_path, HEADER + "".join(rows) + "P1,2021-02-04,Note,alone\n")
    assert read.documents.height == 7
    assert read.counts["copied_texts"] == 2


def test_identifiers_are_the_given_ones_or_made(tmp_path: Path) -> None:
    documents = [("X1", "P1", "a"), ("", "P1", "b"), ("", "P1", "c"), ("", "P2", "b"), ("X1", "P2", "a")]
    rows = [f"{document},{person},2021-02-03,Note,{text}" for document, person, text in documents]
    read = read_csv(tmp_path, "DocumentID," + HEADER + "\n".join(rows))
    given = read.documents["document_id"].to_list()
    assert given[0] == given[4] == "X1"
    assert all(made.startswith("P1-2021-02-03-note-") for made in given[1:3])
    assert len({*given}) == 4
    assert read.counts["shared_ids"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_texts_in_the_encodings_of_exports(tmp_path: Path, encoding: str) -> None:
    text = "Seán’s “home” – £50"
    read = read_csv(tmp_path, f"{HEADER}P1,2021-02-03,Note,{text}\n".encode(encoding))
    assert read.documents["text"].to_list() == [text]


def test_a_text_of_a_million_characters_is_whole(tmp_path: Path) -> None:
    text = "said so\n" * 125_000
    read = read_csv(tmp_path, f'{HEADER}P1,2021-02-03,Note,"{text}"\n')
    assert read.documents["text"].item() == text.strip()


def test_a_name_with_two_types_is_refused() -> None:
    with pytest.raises(ConfigError, match="one name two types"):
        type_documents(pl.Series(["x"]), {"(c) Note v1": "a", "NOTE": "b"})


WORD = st.text(alphabet="abcXYZ/&'-é", min_size=1, max_size=8).filter(lambda word: word.strip("-"))
BARE = st.lists(WORD, min_size=1, max_size=4).map(" ".join).map(lambda name: f"A{name}z")


MARKS = st.sampled_from(["", "(c) ", "(C)", " (c)  (c) "])
VERSIONS = st.sampled_from(["", " v2.1", " (3.0)", " - v4", " (v2)", "_v12", " Version 3", " v1.2.3 "])


@given(BARE, MARKS, VERSIONS)
def test_marks_and_versions_are_stripped_and_nothing_else(name: str, mark: str, version: str) -> None:
    assert strip_names(pl.Series([mark + name + version])).item() == name


@pytest.mark.parametrize(
    "name",
    [
        "Section (47)",
        "Section 47",
        "Plan (2024)",
        "CP1",
        "Form 2",
        "Contact (child)",
        "V for child",
        "v2",
        "Rev1",
    ],
)
def test_what_is_no_version_stays(name: str) -> None:
    assert strip_names(pl.Series([name])).item() == name


def workbooks(folder: Path, rows: list[Row], per_workbook: int) -> Path:
    for number, start in enumerate(range(0, len(rows), per_workbook), start=1):
        part = rows[start : start + per_workbook]
        write_workbook(folder / f"Form answers {number}.xlsx", {"Sheet1": [ANSWERS, *part]})
    return folder


def test_answers_are_joined_under_their_headings(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("P1", DAY, "(c) Form v1.0", "Family", "Q1", "Who is at home?", "Mum"),
        ("P1", DAY, "(c) Form v1.0", "Family", "Q1", "Who is at home?", "Dad"),
        ("P1", DAY, "(c) Form v1.0", "Family", "Q2", "Who else?", None),
        ("P1", DAY, "(c) Form v1.0", "Risk", "Q3", "What is known?", "Nothing.<br/>So far."),
        ("P2", DAY, "(c) Form v1.0", "Family", "Q1", "Who is at home?", "Nan"),
        ("P3", DAY, "Form v1.0", "Family", "Q1", "Who is at home?", " "),
    ]
    read = read_documents(workbooks(tmp_path, rows, 100), {"form": "assessment"})
    assert read.documents.select("person_id", "document_type", "text").rows() == [
        ("P1", "assessment", "Family\nWho is at home?\nMum\nDad\n\nRisk\nWhat is known?\nNothing.\nSo far."),
        ("P2", "assessment", "Family\nWho is at home?\nNan"),
    ]
    assert read.rejects.rows() == [("documents", 6, "text", "missing")]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 12), st.integers(1, 13))
def test_documents_are_whole_however_workbooks_part_them(
    tmp_path_factory: pytest.TempPathFactory, questions: int, per_workbook: int
) -> None:
    rows: list[Row] = [
        (f"P{child}", DAY, "Form v1.0", "S", f"Q{number}", f"Asked {number}?", f"Said {child} {number}.")
        for child in range(3)
        for number in range(questions)
    ]
    folder = workbooks(tmp_path_factory.mktemp("answers"), rows, per_workbook)
    texts = [
        "S\n" + "\n\n".join(f"Asked {number}?\nSaid {child} {number}." for number in range(questions))
        for child in range(3)
    ]
    assert read_documents(folder, {}).documents["text"].to_list() == texts


def test_a_workbook_that_was_saved_twice_counts_once(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("P1", DAY, "Form", "S", "Q", "Asked?", "Said."),
        ("P2", DAY, "Form", "S", "Q", "Asked?", "So."),
    ]
    workbooks(tmp_path, rows, 1)
    write_workbook(tmp_path / "Form answers 2 (copy).xlsx", {"Sheet1": [ANSWERS, rows[1]]})
    read = read_documents(tmp_path, {})
    assert read.documents["text"].to_list() == ["S\nAsked?\nSaid.", "S\nAsked?\nSo."]
    assert read.counts["repeated_tables"] == 1


def test_a_day_in_two_spellings_is_one_day_and_two_times_are_two_documents(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("P1", DAY, "Form", "S", "Q1", "A?", "one"),
        ("P1", "03/02/2021 00:00:00", "Form", "S", "Q2", "B?", "two"),
        ("P2", "03/02/2021 10:15", "Form", "S", "Q1", "A?", "early"),
        ("P2", "03/02/2021 17:30", "Form", "S", "Q1", "A?", "late"),
    ]
    read = read_documents(workbooks(tmp_path, rows, 1), {})
    assert read.documents["text"].to_list() == ["S\nA?\none\n\nB?\ntwo", "S\nA?\nearly", "S\nA?\nlate"]


def test_a_header_below_a_title_and_a_sheet_about_the_export(tmp_path: Path) -> None:
    head: Row = ("Person ID", "Date", "Type", None, "Text")
    sheets: dict[str, list[Row]] = {
        "About": [("Made on", DAY), ("By", "somebody")],
        "Data": [("Case notes",), (), head, ("P1", DAY, "Note", "?", "said")],
    }
    path = write_workbook(tmp_path / "notes.xlsx", sheets)
    read = read_documents(path, {})
    assert read.documents.select("person_id", "authored_date", "text").rows() == [("P1", DAY, "said")]


def test_tables_of_two_layouts_are_refused(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(HEADER + "P1,2021-02-03,Note,a\n")
    write_workbook(tmp_path / "2.xlsx", {"S": [ANSWERS, ("P1", DAY, "Form", "S", "Q", "Asked?", "Said.")]})
    with pytest.raises(UnreadableInputError, match="a row for a document, others"):
        read_documents(tmp_path, {})


def test_a_form_that_asks_its_first_question_again_is_another_form() -> None:
    asked = {"person_id": "P1", "authored_date": "2021-02-01", "document_type": "Referral"}
    said = [
        ("Who?", "Mum."), ("Who?", "Dad."), ("Why?", "Noise."),
        ("Who?", "Nan."), ("Why?", "Quiet."),
    ]  # fmt: skip
    rows = [
        {**asked, "row": number, "question": question, "answer": answer}
        for number, (question, answer) in enumerate(said, start=1)
    ]
    found = join_answers(pl.DataFrame(rows))
    assert found["row"].to_list() == [1, 4]
    assert found["text"].to_list() == ["Who?\nMum.\nDad.\n\nWhy?\nNoise.", "Who?\nNan.\n\nWhy?\nQuiet."]
    # Sorted by question, nothing tells the two apart.
    together = join_answers(pl.DataFrame(rows).sort("question", "row", descending=[True, False]))
    assert together.height == 1
