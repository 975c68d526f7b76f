"""A history holds what the records say, when the authority knew it, and no name."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from csc_experiments.history.events import EVENT_SCHEMA, History, build_history
from csc_experiments.history.rules import BIRTH, DEATH, DISABILITY, RULES
from csc_experiments.records import Records
from csc_experiments.records.codes import ASSESSMENT_FACTOR, CODE_SETS

Draw = Callable[..., Records]
Strategy = st.SearchStrategy[Records]
# Each example is a crowd of children with everything that may happen to them.
FEW = settings(max_examples=8, deadline=None)


def codes_of(records: Records) -> list[str]:
    return build_history(records).events["code"].to_list()


def times_of(history: History, code: str) -> list[tuple[str, str]]:
    found = history.events.filter(pl.col("code") == code).select("time", "known_time")
    return [(f"{time:%Y-%m-%d}", f"{known:%Y-%m-%d}") for time, known in found.iter_rows()]


@FEW
@given(st.data())
def test_nothing_is_known_before_it_happens(any_records: Strategy, data: st.DataObject) -> None:
    history = build_history(data.draw(any_records))
    dated = history.events.drop_nulls("time")
    assert (dated["known_time"] >= dated["time"]).all()
    assert (history.documents["known_time"] >= history.documents["time"]).all()


@FEW
@given(st.data())
def test_a_history_is_a_sorted_table_of_the_stated_columns(
    any_records: Strategy, data: st.DataObject
) -> None:
    history = build_history(data.draw(any_records))
    assert dict(history.events.schema) == EVENT_SCHEMA
    order = history.events.select("subject_id", pl.col("time").fill_null(pl.datetime(1, 1, 1)))
    assert order.equals(order.sort("subject_id", "time"))
    assert history.subjects["subject_id"].to_list() == list(range(history.subjects.height))
    assert set(history.events["subject_id"]) <= set(history.subjects["subject_id"])
    assert set(history.documents["subject_id"]) <= set(history.subjects["subject_id"])
    assert history.subjects["family_id"].null_count() == 0
    assert history.characteristics["subject_id"].equals(history.subjects["subject_id"])


@FEW
@given(st.data(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_and_a_second_reading_make_no_difference(
    any_records: Strategy, data: st.DataObject, seed: int
) -> None:
    records = data.draw(any_records)
    mixed = {
        name: table.sample(fraction=1, shuffle=True, seed=seed + place)
        for place, (name, table) in enumerate(records.tables.items())
    }
    first, again, other = (
        build_history(records),
        build_history(records),
        build_history(Records(records.extract, mixed)),
    )
    for part in ("events", "subjects", "characteristics", "documents"):
        assert_frame_equal(getattr(first, part), getattr(again, part))
        assert_frame_equal(getattr(first, part), getattr(other, part))


@FEW
@given(st.data())
def test_every_code_is_a_path_that_the_code_sets_allow(any_records: Strategy, data: st.DataObject) -> None:
    allowed = {BIRTH, DEATH} | {f"{DISABILITY}//{code}" for code in CODE_SETS["disa_disability_code"]}
    for rule in RULES:
        parts = ASSESSMENT_FACTOR if rule.part == "factor" else CODE_SETS.get(rule.part or "", frozenset())
        allowed |= {f"{rule.code}//{part}" for part in parts} if rule.part else {rule.code}
    assert set(codes_of(data.draw(any_records))) <= allowed


@pytest.mark.parametrize(
    "cell", ["ZZCANARY", "Smith", "Anna Smith", "07700900123", "rc8; mother drinks", "X1"]
)
def test_a_name_in_a_code_cell_reaches_no_code(cell: str, drawn_records: Draw) -> None:
    records = drawn_records(
        children="child\nA",
        disabilities=f"child | code\nA | {cell}",
        contacts=f"child | day | source\nA | 2020-01-01 | {cell}",
        referrals="child | referred | source | need | closed | reason\n"
        f"A | 2020-01-01 | {cell} | {cell} | 2020-01-02 | {cell}",
        assessments="assessment | child | started | authorised\n1 | A | 2020-01-01 | 2020-01-02",
        factors=f'assessment | factors\n1 | ["{cell}"]',
        protection=f"child | started | category\nA | 2020-01-01 | {cell}",
        legal=f"child | status | started\nA | {cell} | 2020-01-01",
    )
    codes = codes_of(records)
    assert codes
    assert not [code for code in codes if cell.upper() in code.upper()]


def test_the_need_is_known_when_the_referral_has_ended_and_not_before(drawn_records: Draw) -> None:
    history = build_history(
        drawn_records(
            referrals="""
                child | referred   | need | nfa | closed
                A     | 2020-01-10 | N1   | N   | 2021-06-30
                B     | 2020-01-10 | N1   | N   |
                C     | 2020-01-10 | N1   | Y   |"""
        )
    )
    extract_day = "2022-12-31"
    assert times_of(history, "REFERRAL//NEED//N1") == [
        ("2020-01-10", "2021-06-30"),
        ("2020-01-10", extract_day),
        ("2020-01-10", extract_day),
    ]


def test_a_referral_dated_after_the_extract_is_not_known_before_it_happens(drawn_records: Draw) -> None:
    history = build_history(drawn_records(referrals="child | referred | need\nA | 2023-02-01 | N1"))
    assert times_of(history, "REFERRAL//NEED//N1") == [("2023-02-01", "2023-02-01")]


def test_two_referrals_of_one_day_and_need_stand_in_the_order_in_which_they_ended(
    drawn_records: Draw,
) -> None:
    rows = ["A | 2020-01-10 | N1 | 2020-06-30", "A | 2020-01-10 | N1 | 2020-03-31"]
    for said in (rows, rows[::-1]):
        records = drawn_records(referrals="\n".join(["child | referred | need | closed", *said]))
        needs = times_of(build_history(records), "REFERRAL//NEED//N1")
        assert needs == [("2020-01-10", "2020-03-31"), ("2020-01-10", "2020-06-30")]


def test_factors_are_known_when_the_assessment_is_authorised(drawn_records: Draw) -> None:
    history = build_history(
        drawn_records(
            assessments="""
                assessment | child | started    | authorised
                1          | A     | 2020-01-10 | 2020-03-01
                2          | A     | 2020-06-10 |""",
            factors="""
                assessment | factors
                1          | ["3B"]
                2          | ["3B"]
                9          | ["3B"]""",
        )
    )
    assert times_of(history, "FACTOR//3B") == [("2020-03-01", "2020-03-01")]


def test_a_factor_that_is_said_not_to_apply_is_no_event(drawn_records: Draw) -> None:
    said = '{"1A": "Yes", "2A": "No", "3A": "", "4A": "N", "5A": true, "6A": false, "7A": 0, "8B": null}'
    records = drawn_records(
        assessments="assessment | child | started | authorised\n1 | A | 2020-01-10 | 2020-03-01",
        factors=f"assessment | factors\n1 | {said}",
    )
    assert [code for code in codes_of(records) if "FACTOR" in code] == ["FACTOR//1A", "FACTOR//5A"]


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ('{"NFA_FLAG": "Y"}', True),
        ('{"NEW_REFERRAL_FLAG": "N", "OUTCOME_NFA_FLAG":"Yes"}', True),
        ('{"NFA_FLAG": true}', True),
        ('{"NFA_FLAG": "N"}', False),
        ('{"NFA_FLAG": "", "OTHER_FLAG": "Y"}', False),
        ('{"NOT_NFA_FLAG": "Y"}', False),
        ('["Y"]', False),
        ("", False),
    ],
)
def test_a_contact_without_further_action_says_so_in_its_outcomes(
    said: str, drawn_records: Draw, *, known: bool
) -> None:
    history = build_history(drawn_records(contacts=f"child | day | outcome\nA | 2020-01-10 | {said}"))
    assert times_of(history, "CONTACT//NFA") == [("2020-01-10", "2020-01-10")] * known


def test_a_referral_with_no_further_action_ends_when_it_is_closed_or_else_when_it_is_made(
    drawn_records: Draw,
) -> None:
    history = build_history(
        drawn_records(
            referrals="""
                child | referred   | nfa | closed
                A     | 2020-01-10 | Y   |
                B     | 2020-01-11 | Y   | 2020-01-15
                C     | 2020-01-12 | N   |
                D     | 2020-01-13 |     |
                E     | 2020-01-14 | Y   | 2019-01-14"""
        )
    )
    days = [("2020-01-10", "2020-01-10"), ("2020-01-15", "2020-01-15"), ("2020-01-14", "2020-01-14")]
    assert times_of(history, "REFERRAL//NFA") == days
    assert times_of(history, "REFERRAL//END") == days


def test_an_end_before_the_start_is_a_slip_and_ends_nothing(drawn_records: Draw) -> None:
    records = drawn_records(
        referrals="child | referred | closed | reason\nA | 2020-12-20 | 2020-01-15 | RC8",
        protection="child | started | ended\nA | 2020-12-20 | 2020-01-15",
    )
    assert codes_of(records) == ["CP_PLAN//START", "REFERRAL//START"]


def test_a_child_whom_no_person_table_names_has_a_history_without_birth(drawn_records: Draw) -> None:
    history = build_history(
        drawn_records(
            children="child | born\nA | 2010-01-01",
            contacts="child | day\nA | 2020-01-01\nB | 2020-01-02",
            documents="child | type | authored | text\nC | case_note | 2020-01-03 | Seen at home.",
        )
    )
    assert [birth is None for birth in history.subjects["birth"]] == [False, True, True]
    assert history.events.filter(pl.col("code") == "CONTACT//START")["subject_id"].to_list() == [0, 1]
    assert history.documents["subject_id"].to_list() == [2]
    assert history.characteristics["sex"].to_list() == [None, None, None]


def test_a_child_is_born_when_due_unless_the_birth_is_recorded(drawn_records: Draw) -> None:
    history = build_history(
        drawn_records(
            children="""
                child | born       | due
                A     | 2020-03-01 | 2020-03-10
                B     |            | 2020-03-10
                C     |            |"""
        )
    )
    days = [birth and f"{birth:%m-%d}" for birth in history.subjects["birth"]]
    assert days == ["03-01", "03-10", None]


def test_a_document_is_known_when_it_is_recorded(drawn_records: Draw) -> None:
    history = build_history(
        drawn_records(
            documents="""
                child | type      | authored   | recorded   | text
                A     | case_note | 2020-01-01 | 2020-02-01 | written up late
                A     | case_note | 2020-01-02 |            | written up at once
                A     | case_note | 2020-01-03 | 2019-12-01 | dated by a slip"""
        )
    )
    known = [f"{day:%Y-%m-%d}" for day in history.documents["known_time"]]
    assert known == ["2020-02-01", "2020-01-02", "2020-01-03"]


def test_characteristics_stay_out_of_the_events(drawn_records: Draw) -> None:
    records = drawn_records(
        children="child | born\nA | 2010-01-01\nB | 2010-01-01",
        disabilities="child | code\nA | AUT\nB | NONE",
    )
    history = build_history(records)
    assert history.characteristics["disabled"].to_list() == [True, False]
    assert history.characteristics.columns == ["subject_id", "sex", "ethnicity", "disabled"]
    assert history.subjects.columns == ["subject_id", "family_id", "birth"]


def test_a_history_remembers_which_tables_had_rows(drawn_records: Draw) -> None:
    history = build_history(
        drawn_records(
            children="child | born\nA | 2010-01-01",
            conferences="child | day\nA |",
            disabilities="child | code\nA | NONE",
        )
    )
    assert history.tables == {"ssd_person", "ssd_initial_cp_conference", "ssd_disability"}


def test_no_records_make_an_empty_history(drawn_records: Draw) -> None:
    history = build_history(drawn_records())
    assert not history.tables
    assert history.events.is_empty()
    assert history.subjects.is_empty()
