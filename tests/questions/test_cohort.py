"""A cohort is what a slow and obvious reading of each child's events finds, and looks no further ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.config import choices, compose_experiment
from csc_experiments.errors import EmptyCohortError, LeakError
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import ask, consider
from csc_experiments.questions.definition import (
    EligibilityConfig,
    IndexConfig,
    OutcomeConfig,
    QuestionConfig,
)
from csc_experiments.records import Records

Happenings = Callable[[QuestionConfig], st.SearchStrategy[list[tuple[int, str, int, int]]]]
Births = st.SearchStrategy[list[int | None]]
Make = Callable[..., History]
Row = tuple[int, datetime, datetime | None]
Event = tuple[datetime, str, datetime]
CLOSED = "closed_nfa_rereferred"
CANARY = "ZZCANARY"
MANY = settings(max_examples=8, deadline=None)
START = datetime(2018, 1, 1)  # noqa: DTZ001 - days of records have no time zone
# What no file says yet.
BESIDE = QuestionConfig(
    "beside",
    "Beside",
    "Beside",
    IndexConfig(["CP_PLAN"], all=["ASSESSMENT//START"], none=["CLA//END"]),
    EligibilityConfig(from_age=15.0),
    OutcomeConfig(["S47//START", "CP_PLAN"], 365, all=["ASSESSMENT//START"], none=["CLA//END"]),
)
FIRST = QuestionConfig(
    "first",
    "First",
    "First",
    IndexConfig(["ASSESSMENT//START"], first_in="REFERRAL"),
    EligibilityConfig(from_age=2.5, under_age=17.0),
    OutcomeConfig(["CONTACT//START"], 365, not_before_days=14, at_least=2),
)
QUESTIONS = {name: compose_experiment([f"question={name}"]).question for name in choices("question")}
QUESTIONS |= {question.name: question for question in (BESIDE, FIRST)}
NAMES = list(QUESTIONS)


def asked(question: QuestionConfig, history: History) -> set[Row]:
    """Rows of a cohort; none if the question refuses because nobody is left."""
    try:
        rows = ask(question, history).rows
    except EmptyCohortError:
        return set()
    assert rows["outcome"].equals(rows["outcome_time"].is_not_null())
    return set(rows.select("subject_id", "prediction_time", "outcome_time").iter_rows())


def needing(days: int, question: QuestionConfig) -> QuestionConfig:
    """Return the question, asked only where so many days before it are on record."""
    return replace(question, eligibility=replace(question.eligibility, history_days=days))


def is_one_of(code: str, codes: list[str]) -> bool:
    return any(code.split("//")[: len(one.split("//"))] == one.split("//") for one in codes)


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data())
def test_a_cohort_is_what_a_slow_reading_finds(
    *,
    name: str,
    data: st.DataObject,
    happenings: Happenings,
    births: Births,
    make_history: Make,
    slowly: Callable[[QuestionConfig, History], set[Row]],
) -> None:
    history = make_history(data.draw(happenings(QUESTIONS[name])), data.draw(births))
    days = data.draw(st.sampled_from([0, 0, 1, 363, 364, 365]))
    question = needing(days, QUESTIONS[name])
    found = asked(question, history)
    assert found == slowly(question, history)
    horizon = timedelta(question.outcome.within_days)
    least = timedelta(max(1, question.outcome.not_before_days))
    assert all(came is None or day + least <= came <= day + horizon for _, day, came in found)


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data(), cut=st.integers(0, 1000))
def test_what_happens_after_the_horizon_moves_nothing(
    *, name: str, data: st.DataObject, cut: int, happenings: Happenings, births: Births, make_history: Make
) -> None:
    """Of all rows asked by the cut: other events, more or none after the cut and a horizon, the same rows."""
    question, born = QUESTIONS[name], data.draw(births)
    happened, other = data.draw(happenings(question)), data.draw(happenings(question))
    horizon = question.outcome.within_days
    seen = [one for one in happened if one[2] <= cut + horizon]
    later = [one for one in other if one[2] > cut + horizon]
    rows = [
        {row for row in asked(question, make_history(story, born)) if row[1] <= START + timedelta(cut)}
        for story in (happened, seen, seen + later)
    ]
    assert rows[0] == rows[1] == rows[2]


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data(), cut=st.integers(0, 1000))
def test_the_future_decides_on_outcomes_and_on_who_was_lost_from_sight_and_on_nothing_else(
    *, name: str, data: st.DataObject, cut: int, happenings: Happenings, births: Births, make_history: Make
) -> None:
    """Without a future, every row asked by the cut is in; with one, only those are out who were lost.

    Or whose outcome came too early for the question.
    """
    question, born, at_cut = QUESTIONS[name], data.draw(births), START + timedelta(cut)
    horizon, early = question.outcome.within_days, question.outcome.not_before_days
    happened = data.draw(happenings(question))
    past = [one for one in happened if one[2] <= cut]
    rows = {row[:2] for row in asked(question, make_history(happened, born)) if row[1] <= at_cut}
    futureless = {row[:2] for row in asked(question, make_history(past, born))}
    assert rows <= futureless
    reasons = {
        (child, START + timedelta(day), horizon if code not in question.outcome.any else early)
        for child, code, day, _ in happened
        if day > cut and is_one_of(code, ["MEDS_DEATH", *question.ends, *question.outcome.any])
    }
    for child, day in futureless - rows:
        assert any(child == who and when <= day + timedelta(reach) for who, when, reach in reasons)


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data(), days=st.integers(-4000, 4000))
def test_a_history_that_is_moved_by_some_days_has_the_cohort_moved_by_them(
    *, name: str, data: st.DataObject, days: int, happenings: Happenings, make_history: Make
) -> None:
    """Births are not recorded here: how many days 18 years have depends on the year."""
    history, by = make_history(data.draw(happenings(QUESTIONS[name])), [None] * 3), timedelta(days)
    extract = replace(
        history.extract,
        coverage_from=history.extract.coverage_from + by,
        coverage_to=history.extract.coverage_to + by,
    )
    events = history.events.with_columns(pl.col("time", "known_time") + by)
    moved = asked(QUESTIONS[name], replace(history, extract=extract, events=events))
    assert moved == {
        (child, day + by, came and came + by) for child, day, came in asked(QUESTIONS[name], history)
    }


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data())
def test_every_index_event_is_in_the_cohort_or_left_out_by_one_criterion(
    *, name: str, data: st.DataObject, happenings: Happenings, births: Births, make_history: Make
) -> None:
    history = make_history(data.draw(happenings(QUESTIONS[name])), data.draw(births))
    considered, flow = consider(QUESTIONS[name], history)
    criteria, removed, remaining = flow.get_columns()
    assert criteria.is_unique().all()
    assert removed[0] == 0
    assert remaining[0] == considered.height
    assert remaining[-1] == considered["left_out"].null_count()
    assert (remaining[:-1] - removed[1:] == remaining[1:]).all()
    said = Counter(considered["left_out"].drop_nulls())
    assert said == Counter({name: count for name, count, _ in flow.iter_rows() if count})


def test_rows_stand_in_the_order_of_their_days_with_their_families(
    make_history: Make, questions: dict[str, QuestionConfig]
) -> None:
    happened = [(2, "REFERRAL//NFA", 5, 0), (0, "REFERRAL//NFA", 9, 0), (1, "REFERRAL//NFA", 5, 0)]
    cohort = ask(questions[CLOSED], make_history(happened, [None, None, None]))
    assert cohort.rows["subject_id"].to_list() == [1, 2, 0]
    assert cohort.rows["family_id"].to_list() == [1, 1, 0]
    assert cohort.rows.select("subject_id", "prediction_time").is_unique().all()
    assert cohort.horizon == timedelta(days=365)


def test_a_question_must_not_be_asked_at_an_event_that_was_known_later(
    drawn_records: Callable[..., Records],
) -> None:
    question = QuestionConfig(
        "late", "Late", "Late", IndexConfig(["REFERRAL//NEED"]), outcome=OutcomeConfig(["CLA//START"], 365)
    )
    records = drawn_records(
        referrals=f"child | referred | need\n{CANARY} | 2020-01-01 | N1",
        care="child | started\nB | 2020-01-01",
    )
    history = build_history(records)
    with pytest.raises(LeakError, match=r"1 index events were not yet known") as refused:
        ask(question, history)
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("name", ["closed_nfa_rereferred", "open_case_escalates"])
def test_a_question_that_nobody_answers_says_why_and_names_nobody(
    name: str, drawn_records: Callable[..., Records], questions: dict[str, QuestionConfig]
) -> None:
    records = drawn_records(
        children=f"child | born\n{CANARY} | 1980-01-01",
        referrals=f"child | referred | nfa | need | reason\n{CANARY} | 2020-01-01 | Y | {CANARY} | {CANARY}",
        assessments=f"child | started | authorised\n{CANARY} | 2020-01-01 | 2020-01-02",
        protection=f"child | started\n{CANARY} | 2021-01-01",
        care=f"child | started\n{CANARY} | 2021-01-01",
    )
    with pytest.raises(EmptyCohortError, match="too old within the horizon: 1") as refused:
        ask(questions[name], build_history(records))
    assert CANARY not in str(refused.value)
    assert "1980" not in str(refused.value)


def test_a_case_whose_past_is_not_on_record_is_not_asked_about_if_the_question_says_so(
    drawn_records: Callable[..., Records], questions: dict[str, QuestionConfig]
) -> None:
    """The records begin on 1 January 2018; 1 January 2019 is the first day with 365 days before it."""
    history = build_history(
        drawn_records(
            referrals="""
                child | referred   | nfa
                A     | 2017-12-31 | Y
                B     | 2018-01-01 | Y
                C     | 2018-12-31 | Y
                D     | 2019-01-01 | Y
                E     | 2020-01-01 | Y""",
            protection="child | started\nF | 2018-01-01",
            care="child | started\nF | 2018-01-01",
        )
    )
    everyone = ask(needing(0, questions[CLOSED]), history)
    assert everyone.rows["subject_id"].to_list() == [1, 2, 3, 4]
    assert not [name for name in everyone.flow["criterion"] if "days of records" in name]
    later = ask(needing(365, questions[CLOSED]), history)
    assert later.rows["subject_id"].to_list() == [3, 4]
    assert later.flow.rows()[:3] == [
        ("index events", 0, 5),
        ("before the records begin", 1, 4),
        ("less than 365 days of records before it", 2, 2),
    ]


def test_a_plan_whose_end_was_typed_in_later_was_open_as_far_as_anybody_knew(
    make_history: Make, questions: dict[str, QuestionConfig]
) -> None:
    plans = [(child, "CP_PLAN//START", 100, 0) for child in range(3)]
    ends = [(0, "CP_PLAN//END", 400, 99), (1, "CP_PLAN//END", 400, 100), (2, "CP_PLAN//END", 400, 101)]
    closed = [(child, "REFERRAL//NFA", 500, 0) for child in range(3)]
    cohort = ask(questions[CLOSED], make_history([*plans, *ends, *closed], [None] * 3))
    assert cohort.rows["subject_id"].to_list() == [0, 1]
