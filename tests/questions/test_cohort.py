"""A cohort is what a slow and obvious reading of each child's events finds, and looks no further ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.errors import EmptyCohortError, LeakError
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import IndexConfig, OutcomeConfig, QuestionConfig
from csc_experiments.records import Records

Happenings = st.SearchStrategy[list[tuple[int, str, int, int]]]
Births = st.SearchStrategy[list[int | None]]
Make = Callable[..., History]
Row = tuple[int, datetime, datetime | None]
NAMES = ("closed_nfa_rereferred", "open_case_escalates")
CANARY = "ZZCANARY"
MANY = settings(max_examples=15, deadline=None)
HORIZON = timedelta(days=365)
START = datetime(2018, 1, 1)  # noqa: DTZ001 - days of records have no time zone


def asked(question: QuestionConfig, history: History) -> set[Row]:
    """Rows of a cohort; none if the question refuses because nobody is left."""
    try:
        rows = ask(question, history).rows
    except EmptyCohortError:
        return set()
    assert rows["outcome"].equals(rows["outcome_time"].is_not_null())
    return set(rows.select("subject_id", "prediction_time", "outcome_time").iter_rows())


def slowly(question: QuestionConfig, history: History) -> Iterator[Row]:
    """Read the events of one child after another."""
    for subject, birth in history.subjects.select("subject_id", "birth").iter_rows():
        mine = history.events.filter(pl.col("subject_id") == subject)
        events = list(mine.select("time", "code", "known_time").iter_rows())
        for day in {time for time, code, _ in events if is_one_of(code, question.index.any)}:
            end = day + HORIZON
            first = history.extract.coverage_from + timedelta(question.eligibility.history_days)
            covered = first <= day.date() and end.date() <= history.extract.coverage_to
            if not covered or (birth and end.date() >= eighteenth_birthday(birth.date())):
                continue
            if not all(is_open(spell, day, events) for spell in question.eligibility.open):
                continue
            if any(is_open(spell, day, events) for spell in question.eligibility.not_open):
                continue
            came = [
                time
                for time, code, _ in events
                if is_one_of(code, question.outcome.any) and day < time <= end
            ]
            lost = [
                time
                for time, code, _ in events
                if (code == "MEDS_DEATH" and time <= end)
                or (is_one_of(code, question.ends) and day <= time <= end)
            ]
            if not lost or (came and min(came) <= min(lost)):
                yield subject, day, min(came, default=None)


def needing(days: int, question: QuestionConfig) -> QuestionConfig:
    """Return the question, asked only where so many days before it are on record."""
    return replace(question, eligibility=replace(question.eligibility, history_days=days))


def is_one_of(code: str, codes: list[str]) -> bool:
    return any(code.split("//")[: len(one.split("//"))] == one.split("//") for one in codes)


def is_open(spell: str, day: datetime, events: list[tuple[datetime, str, datetime]]) -> bool:
    known = [code for _, code, known in events if known <= day]
    return known.count(f"{spell}//START") > known.count(f"{spell}//END")


def eighteenth_birthday(birth: date) -> date:
    try:
        return birth.replace(year=birth.year + 18)
    except ValueError:
        return date(birth.year + 18, 2, 28)


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
    questions: dict[str, QuestionConfig],
) -> None:
    history = make_history(data.draw(happenings), data.draw(births))
    days = data.draw(st.sampled_from([0, 0, 1, 363, 364, 365]))
    question = needing(days, questions[name])
    assert asked(question, history) == set(slowly(question, history))


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data(), cut=st.integers(0, 1000))
def test_what_happens_after_the_horizon_moves_nothing(
    *,
    name: str,
    data: st.DataObject,
    cut: int,
    happenings: Happenings,
    births: Births,
    make_history: Make,
    questions: dict[str, QuestionConfig],
) -> None:
    """Of all rows asked by the cut: other events, more or none after the cut and a horizon, the same rows."""
    happened, other, born = data.draw(happenings), data.draw(happenings), data.draw(births)
    seen = [one for one in happened if one[2] <= cut + HORIZON.days]
    later = [one for one in other if one[2] > cut + HORIZON.days]
    rows = [
        {row for row in asked(questions[name], make_history(story, born)) if row[1] <= START + timedelta(cut)}
        for story in (happened, seen, seen + later)
    ]
    assert rows[0] == rows[1] == rows[2]


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data(), cut=st.integers(0, 1000))
def test_the_future_decides_on_outcomes_and_on_who_was_lost_from_sight_and_on_nothing_else(
    *,
    name: str,
    data: st.DataObject,
    cut: int,
    happenings: Happenings,
    births: Births,
    make_history: Make,
    questions: dict[str, QuestionConfig],
) -> None:
    """Without a future, every row asked by the cut is in; with one, only those are out who were lost."""
    question, born, at_cut = questions[name], data.draw(births), START + timedelta(cut)
    happened = data.draw(happenings)
    past = [one for one in happened if one[2] <= cut]
    rows = {row[:2] for row in asked(question, make_history(happened, born)) if row[1] <= at_cut}
    futureless = {row[:2] for row in asked(question, make_history(past, born))}
    lost = {
        (child, START + timedelta(day))
        for child, code, day, _ in happened
        if day > cut and is_one_of(code, ["MEDS_DEATH", *question.ends])
    }
    assert rows <= futureless
    for child, day in futureless - rows:
        assert any(child == who and when <= day + HORIZON for who, when in lost)


@pytest.mark.parametrize("name", NAMES)
@MANY
@given(data=st.data())
def test_the_flow_adds_up_to_the_rows(
    *,
    name: str,
    data: st.DataObject,
    happenings: Happenings,
    births: Births,
    make_history: Make,
    questions: dict[str, QuestionConfig],
) -> None:
    # A fourth thing that surely happens leaves somebody to ask about.
    sure = [
        (0, "REFERRAL//START", 500, 0),
        (0, "REFERRAL//NFA", 501, 0),
        (0, "ASSESSMENT//AUTHORISED", 501, 0),
    ]
    if not questions[name].eligibility.open:
        sure.append((0, "REFERRAL//END", 501, 0))
    others = [(child + 1, *rest) for child, *rest in data.draw(happenings) if child < 2]
    cohort = ask(questions[name], make_history([*sure, *others], [None, *data.draw(births)[1:]]))
    _, removed, remaining = cohort.flow.get_columns()
    assert (removed >= 0).all()
    assert removed[0] == 0
    assert remaining[0] - removed.sum() == remaining[-1] == cohort.rows.height
    assert (remaining[:-1] - removed[1:] == remaining[1:]).all()


def test_rows_stand_in_the_order_of_their_days_with_their_families(
    make_history: Make, questions: dict[str, QuestionConfig]
) -> None:
    happened = [(2, "REFERRAL//NFA", 5, 0), (0, "REFERRAL//NFA", 9, 0), (1, "REFERRAL//NFA", 5, 0)]
    cohort = ask(questions[NAMES[0]], make_history(happened, [None, None, None]))
    assert cohort.rows["subject_id"].to_list() == [1, 2, 0]
    assert cohort.rows["family_id"].to_list() == [1, 1, 0]
    assert cohort.rows.select("subject_id", "prediction_time").is_unique().all()
    assert cohort.horizon == HORIZON


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


@pytest.mark.parametrize("name", NAMES)
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
    everyone = ask(needing(0, questions[NAMES[0]]), history)
    assert everyone.rows["subject_id"].to_list() == [1, 2, 3, 4]
    assert not [name for name in everyone.flow["criterion"] if "days of records" in name]
    later = ask(needing(365, questions[NAMES[0]]), history)
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
    cohort = ask(questions[NAMES[0]], make_history([*plans, *ends, *closed], [None] * 3))
    assert cohort.rows["subject_id"].to_list() == [0, 1]
