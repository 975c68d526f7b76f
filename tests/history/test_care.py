"""Periods of care: what starts one, what ends one, and what is a short break and none."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.history.events import build_history
from csc_experiments.records import Records

Draw = Callable[..., Records]


def care_of(records: Records) -> str:
    sides = [f"CLA//{side}" for side in ("START", "END", "SHORT_BREAK")]
    events = build_history(records).events.filter(pl.col("code").is_in(sides))
    ordered = events.sort("subject_id", "time", pl.col("code") != "CLA//END", "code")
    return "; ".join(
        f"{code.removeprefix('CLA//').lower()} {time:%Y-%m-%d}"
        for time, code in ordered.select("time", "code").iter_rows()
    )


def test_a_move_within_care_neither_ends_nor_starts_a_period(drawn_records: Draw) -> None:
    records = drawn_records(
        care="""
            child | started    | began | ceased     | why
            A     | 2020-01-01 | S     | 2020-03-01 | X1
            A     | 2020-03-01 | P     | 2020-06-01 | X1
            A     | 2020-06-01 | L     | 2020-09-01 | E4A
            A     | 2021-01-01 | S     |            |"""
    )
    assert care_of(records) == "start 2020-01-01; end 2020-09-01; start 2021-01-01"


def test_leaving_care_and_coming_back_on_one_day_are_two_periods(drawn_records: Draw) -> None:
    records = drawn_records(
        care="""
            child | started    | began | ceased     | why
            A     | 2020-01-01 | S     | 2020-03-01 | E4A
            A     | 2020-03-01 | S     | 2020-06-01 | E4A"""
    )
    assert care_of(records) == "start 2020-01-01; end 2020-03-01; start 2020-03-01; end 2020-06-01"


def test_a_period_said_to_go_on_has_ended_if_the_next_is_a_new_start(drawn_records: Draw) -> None:
    records = drawn_records(
        care="""
            child | started    | began | ceased     | why
            A     | 2020-01-01 | S     | 2020-03-01 | X1
            A     | 2020-05-01 | S     | 2020-06-01 | E4A"""
    )
    assert care_of(records) == "start 2020-01-01; end 2020-03-01; start 2020-05-01; end 2020-06-01"


def test_a_child_in_care_since_before_the_records_is_in_care(drawn_records: Draw) -> None:
    records = drawn_records(
        care="""
            child | started    | began | ceased     | why | entered
            A     | 2020-03-01 | P     | 2020-06-01 | X1  | 2012-05-05
            A     | 2020-06-01 | P     | 2020-09-01 | E4A | 2012-05-05
            B     | 2020-03-01 | P     |            |     |"""
    )
    assert care_of(records) == "start 2012-05-05; end 2020-09-01; start 2020-03-01"


def test_a_move_before_which_no_end_was_recorded_goes_on_with_the_period(drawn_records: Draw) -> None:
    records = drawn_records(
        care="""
            child | started    | began | ceased     | why
            A     | 2020-01-01 | S     |            |
            A     | 2020-03-01 | P     | 2020-06-01 | E4A"""
    )
    assert care_of(records) == "start 2020-01-01; end 2020-06-01"


def test_short_breaks_are_no_period_of_care(drawn_records: Draw) -> None:
    records = drawn_records(
        care="""
            child | started    | began | ceased     | why
            A     | 2020-01-01 | S     | 2020-01-03 | E4A
            B     | 2020-01-01 | S     | 2020-01-03 | E4A
            C     | 2020-01-01 | S     | 2020-01-03 | E4A""",
        legal="""
            child | status | started    | ended
            A     | V3     | 2020-01-01 | 2020-01-03
            B     | V4     | 2020-01-01 |
            C     | V2     | 2020-01-01 |""",
    )
    assert (
        care_of(records) == "short_break 2020-01-01; short_break 2020-01-01; start 2020-01-01; end 2020-01-03"
    )


def test_every_break_of_a_series_that_was_agreed_once_is_a_short_break(drawn_records: Draw) -> None:
    records = drawn_records(
        care="""
            child | started    | began | ceased     | why
            A     | 2020-01-10 | S     | 2020-01-12 | E4A
            A     | 2020-02-10 | S     | 2020-02-12 | E4A
            A     | 2020-06-01 | S     | 2020-09-01 | E4A""",
        legal="""
            child | status | started    | ended
            A     | V3     | 2020-01-01 | 2020-03-01
            A     | C2     | 2020-06-01 |""",
    )
    assert (
        care_of(records) == "short_break 2020-01-10; short_break 2020-02-10; start 2020-06-01; end 2020-09-01"
    )


def test_a_series_of_breaks_that_is_over_makes_no_later_care_a_break(drawn_records: Draw) -> None:
    records = drawn_records(
        care="child | started | began\nA | 2020-06-01 | S",
        legal="child | status | started | ended\nA | V4 | 2020-01-01 | 2020-03-01",
    )
    assert care_of(records) == "start 2020-06-01"


def test_of_two_legal_statuses_on_one_day_a_care_order_counts(drawn_records: Draw) -> None:
    legal = ["A | V4 | 2020-06-01", "A | C2 | 2020-06-01"]
    for rows in (legal, legal[::-1]):
        records = drawn_records(
            care="child | started | began\nA | 2020-06-01 | S",
            legal="\n".join(["child | status | started", *rows]),
        )
        assert care_of(records) == "start 2020-06-01"


def test_a_child_who_comes_into_care_from_short_breaks_starts_to_be_looked_after(drawn_records: Draw) -> None:
    records = drawn_records(
        care="""
            child | started    | began | ceased     | why
            A     | 2020-01-10 | S     | 2020-01-12 | X1
            A     | 2020-01-12 | L     | 2020-09-01 | E4A""",
        legal="""
            child | status | started    | ended
            A     | V3     | 2020-01-10 | 2020-01-12
            A     | C1     | 2020-01-12 |""",
    )
    assert care_of(records) == "short_break 2020-01-10; start 2020-01-12; end 2020-09-01"


def ceased_of(records: Records) -> list[tuple[str, str]]:
    events = build_history(records).events.filter(pl.col("code").str.starts_with("CLA//CEASED//"))
    return [(code.rpartition("//")[2], f"{at:%Y-%m-%d}") for code, at in events.select("code", "time").rows()]


def test_why_care_ceased_is_known_on_the_day_on_which_a_period_ends_and_of_no_move_within(
    drawn_records: Draw,
) -> None:
    records = drawn_records(
        care="""
            child | started    | began | ceased     | why
            A     | 2020-01-01 | S     | 2020-03-01 | X1
            A     | 2020-03-01 | P     | 2020-06-01 | E4A
            B     | 2020-01-01 | S     | 2020-03-01 | e4b
            C     | 2020-01-01 | S     | 2020-03-01 |
            D     | 2020-01-01 | S     | 2020-03-01 | at home
            E     | 2020-01-01 | S     |            |
            F     | 2020-01-10 | S     | 2020-01-12 | E4A""",
        legal="child | status | started\nF | V3 | 2020-01-10",
    )
    assert ceased_of(records) == [("E4A", "2020-06-01"), ("E4B", "2020-03-01")]


def test_a_holiday_or_a_stay_in_hospital_is_a_temporary_placement(drawn_records: Draw) -> None:
    records = drawn_records(
        placements="""
            child | started    | type
            A     | 2020-01-01 | U1
            A     | 2020-01-02 | T0
            A     | 2020-01-03 | T4
            A     | 2020-01-04 |"""
    )
    said = [(code, at.day) for code, at in build_history(records).events.select("code", "time").rows()]
    assert said == [
        ("PLACEMENT//START", 1),
        ("PLACEMENT//TEMPORARY", 2),
        ("PLACEMENT//TEMPORARY", 3),
        ("PLACEMENT//START", 4),
    ]


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_no_period_ends_that_did_not_start(
    any_records: st.SearchStrategy[Records], data: st.DataObject
) -> None:
    """At the end of each day, every child has had at least as many starts as ends."""
    history = build_history(data.draw(any_records))
    for spell in ("CLA", "CP_PLAN", "CIN_PLAN", "S47", "EARLY_HELP", "REFERRAL"):
        change = (
            pl.when(pl.col("code") == f"{spell}//START")
            .then(1)
            .when(pl.col("code") == f"{spell}//END")
            .then(-1)
        )
        days = (
            history.events.with_columns(change=change)
            .drop_nulls("change")
            .group_by("subject_id", "time")
            .agg(pl.col("change").sum())
            .sort("subject_id", "time")
        )
        open_then = days.select(pl.col("change").cum_sum().over("subject_id")).to_series()
        assert (open_then >= 0).all()
