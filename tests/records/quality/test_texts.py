"""Documents are counted by type and year, and measured in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from csc_experiments.records import Records
from csc_experiments.records.quality import count_reach, count_texts, measure_lengths, measure_texts

Draw = Callable[..., Records]
COVERAGE = (date(2020, 1, 1), date(2021, 12, 31))
DOCUMENTS = """
    child | type           | authored   | text
    A     | case_note      | 2020-01-01 | Seen at home today
    A     | case_note      | 2020-01-02 | Seen at home today
    B     | case_note      | 2021-01-01 | Seen at school
    A     | s47_record     | 2021-01-01 | Seen at school
    C     | s47_record     | 2021-01-01 |
    D     | letter to Jane | 2031-01-01 | One two"""


def test_documents_are_counted_by_type_and_by_year_and_unknown_types_are_not_named(
    drawn_records: Draw,
) -> None:
    measured = measure_texts(drawn_records(COVERAGE, documents=DOCUMENTS))
    # Columns: documents, children, empty, with the text of another child's.
    assert count_texts(measured, "type").rows() == [
        ("case_note", 3, 2, 0, 1),
        ("other", 1, 1, 0, 0),
        ("s47_record", 2, 2, 1, 1),
    ]
    assert count_texts(measured, "type", "year").rows() == [
        ("case_note", "2020", 2, 1, 0, 0),
        ("case_note", "2021", 1, 1, 0, 1),
        ("other", "other", 1, 1, 0, 0),
        ("s47_record", "2021", 2, 2, 1, 1),
    ]


def test_a_type_that_a_question_names_is_named(drawn_records: Draw) -> None:
    measured = measure_texts(drawn_records(COVERAGE, documents=DOCUMENTS), ["letter to Jane"])
    assert set(measured["type"]) == {"letter to Jane", "other"}


def test_lengths_are_words_of_documents_that_are_not_empty(drawn_records: Draw) -> None:
    lengths = measure_lengths(measure_texts(drawn_records(COVERAGE, documents=DOCUMENTS)))
    assert lengths.select("type", "children", "median").rows() == [
        ("case_note", 2, 4.0),
        ("other", 1, 2.0),
        ("s47_record", 1, 3.0),
    ]


def test_children_and_referrals_with_a_document_are_counted(drawn_records: Draw) -> None:
    records = drawn_records(
        COVERAGE,
        children="child | born\nA | 2010-01-01\nB | 2010-01-01\nC | 2010-01-01",
        referrals="child | referred\nA | 2020-01-01\nC | 2020-01-01\nC | 2020-02-01",
        documents=DOCUMENTS,
    )
    assert count_reach(records).rows() == [
        ("children", 2, 3),
        ("children with a referral", 1, 2),
        ("referrals", 0, 3),
    ]
