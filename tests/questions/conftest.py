"""Random histories of three children, in which many things happen on one day or just a year apart."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np
import polars as pl
import pytest
from hypothesis import strategies as st

from csc_experiments.history.events import EVENT_SCHEMA, TIME, History
from csc_experiments.questions.definition import IndexConfig, OutcomeConfig, QuestionConfig
from csc_experiments.records import Extract

Row = tuple[int, datetime, datetime | None]
Event = tuple[datetime, str, datetime]
Happening = tuple[int, str, int, int]
"""Child, code, day, and how many days later it was known."""

START = datetime(2018, 1, 1)  # noqa: DTZ001 - days of records have no time zone
LAST = 1500
SIDES = ("START", "END")
ALWAYS = [
    "REFERRAL//START",
    "REFERRAL//END",
    "REFERRAL//NEED//N1",
    "CLA//SHORT_BREAK",
    "CP_PLAN//CATEGORY//NEG",
]
YEARS_APART = (0, 1, 13, 14, 15, 364, 365, 366, 367, 378, 379, 730, 731, 1134, 1135, 1136, LAST)
DAYS = st.sampled_from(YEARS_APART) | st.integers(0, LAST)
GAPS = (0, 0, 0, 1, 13, 14, 15, 100, 365, 366, 730)
_DELAYS = (0, 1, 40, 200)


def codes_of(question: QuestionConfig) -> list[str]:
    """List what may happen, as often as it should: what loses a child from sight seldom."""
    sides = [f"{spell}//{side}" for spells in question.spells.values() for spell in spells for side in SIDES]
    index, outcome = question.index, question.outcome
    often = [*index.any, *outcome.any, *sides] * 3 + [
        *index.all,
        *outcome.all,
        *index.none,
        *outcome.none,
    ] * 2
    return [*index.any * 6, *often * 2, *question.ends, "MEDS_DEATH", *ALWAYS]


def _random_happenings(question: QuestionConfig, seed: int, size: int) -> list[Happening]:
    rng = np.random.default_rng(seed)
    some = np.concatenate([np.array(YEARS_APART), rng.integers(0, LAST, len(YEARS_APART))])
    codes = rng.choice(codes_of(question), size).tolist()
    children, days = rng.integers(0, 3, size).tolist(), rng.choice(some, size).tolist()
    # Half of what happens follows something else by a time on which a question may turn.
    for place in range(1, size):
        if rng.random() < 0.5:
            earlier = int(rng.integers(place))
            children[place] = children[earlier]
            days[place] = min(days[earlier] + int(rng.choice(GAPS)), LAST)
    # What a question is asked at is known on the day; the end of a spell may be typed in late.
    late = [
        int(delay) * (code.endswith("//END") and code not in question.index.any)
        for code, delay in zip(codes, rng.choice(_DELAYS, size), strict=True)
    ]
    return list(zip(children, codes, days, late, strict=True))


@pytest.fixture(scope="session")
def happenings() -> Callable[[QuestionConfig], st.SearchStrategy[list[Happening]]]:
    """Return what makes a strategy for what may happen that a question is about."""

    def of(question: QuestionConfig) -> st.SearchStrategy[list[Happening]]:
        seeds = st.integers(0, 2**32 - 1)
        return st.builds(partial(_random_happenings, question), seed=seeds, size=st.integers(1, 60))

    return of


@pytest.fixture(scope="session")
def births() -> st.SearchStrategy[list[int | None]]:
    """When each of three children turns 18, in days from the start; some births are not recorded."""
    return st.lists(st.none() | DAYS | st.just(4000) | st.just(4000), min_size=3, max_size=3)


@pytest.fixture(scope="session")
def make_history() -> Callable[[Sequence[Happening], Sequence[int | None]], History]:
    def make(happened: Sequence[Happening], births: Sequence[int | None]) -> History:
        days = [START + timedelta(days=day) for _, _, day, _ in happened]
        events = pl.DataFrame(
            {
                "subject_id": [child for child, _, _, _ in happened],
                "time": days,
                "code": [code for _, code, _, _ in happened],
                "known_time": [
                    day + timedelta(days=late) for day, (_, _, _, late) in zip(days, happened, strict=True)
                ],
            },
            schema_overrides={"subject_id": pl.Int64, "time": TIME, "code": pl.String, "known_time": TIME},
        ).with_columns(numeric_value=pl.lit(None, pl.Float32), text_value=pl.lit(None, pl.String))
        subjects = pl.DataFrame(
            {
                "subject_id": [0, 1, 2],
                "family_id": [0, 1, 1],
                "birth": [
                    None if day is None else _eighteen_years_before(START + timedelta(days=day))
                    for day in births
                ],
            },
            schema={"subject_id": pl.Int64, "family_id": pl.Int64, "birth": TIME},
        )
        extract = Extract("la1", date(2022, 2, 9), date(2018, 1, 2), date(2022, 2, 9), ("drawn",))
        nothing = pl.DataFrame()
        ordered = events.select(EVENT_SCHEMA.keys()).sort("subject_id", "time", "code", "known_time")
        return History(extract, ordered, subjects, nothing, nothing)

    return make


def _eighteen_years_before(day: datetime) -> datetime:
    return day.replace(year=day.year - 18, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _read_slowly(question: QuestionConfig, history: History) -> Iterator[Row]:
    """Read the events of one child after another."""
    for subject, birth in history.subjects.select("subject_id", "birth").iter_rows():
        mine = history.events.filter(pl.col("subject_id") == subject)
        events = list(mine.select("time", "code", "known_time").iter_rows())
        times = sorted({known for _, _, known in these(question.index, events, hindsight=False)})
        for day in times:
            eligible = is_eligible(question, day, birth, history) and is_first(question, day, times, events)
            came = is_open_as_asked(question, day, events) and eligible and outcome_of(question, day, events)
            if came is not False:
                yield subject, day, came


def these(said: IndexConfig | OutcomeConfig, events: list[Event], *, hindsight: bool) -> Iterator[Event]:
    for time, code, known in events:
        that_day = [
            other
            for when, other, told in events
            if when.date() == time.date() and (hindsight or told <= known)
        ]
        wanted = all(any(is_one_of(other, [one]) for other in that_day) for one in said.all)
        if (
            is_one_of(code, said.any)
            and wanted
            and not any(is_one_of(other, said.none) for other in that_day)
        ):
            yield time, code, known


def is_eligible(question: QuestionConfig, day: datetime, birth: datetime | None, history: History) -> bool:
    eligible, end = question.eligibility, day + timedelta(question.outcome.within_days)
    first = history.extract.coverage_from + timedelta(eligible.history_days)
    covered = first <= day.date() and end.date() <= history.extract.coverage_to
    if birth is None or not covered:
        return covered
    youngest = eligible.from_age is None or day.date() >= birthday(birth.date(), eligible.from_age)
    return youngest and end.date() < birthday(birth.date(), eligible.under_age)


def is_open_as_asked(question: QuestionConfig, day: datetime, events: list[Event]) -> bool:
    eligible = question.eligibility
    return all(is_open(spell, day, events) for spell in eligible.open) and not any(
        is_open(spell, day, events) for spell in eligible.not_open
    )


def is_first(question: QuestionConfig, day: datetime, times: list[datetime], events: list[Event]) -> bool:
    """Whether the spell is open and, between any earlier time of asking and now, was not."""
    spell = question.index.first_in
    if not spell:
        return True
    moments = sorted({known for _, _, known in events} | set(times))
    return is_open(spell, day, events) and all(
        any(not is_open(spell, moment, events) for moment in moments if earlier <= moment <= day)
        for earlier in times
        if earlier < day
    )


def outcome_of(question: QuestionConfig, day: datetime, events: list[Event]) -> datetime | bool | None:
    """When the outcome came, None if it did not, False if nobody can say or it came too early."""
    outcome, end = question.outcome, day + timedelta(question.outcome.within_days)
    came = sorted({time for time, _, _ in these(outcome, events, hindsight=True) if day < time <= end})
    last = came[outcome.at_least - 1] if len(came) >= outcome.at_least else None
    lost = [
        time
        for time, code, _ in events
        if (code == "MEDS_DEATH" and time <= end) or (is_one_of(code, question.ends) and day <= time <= end)
    ]
    if lost and (last is None or min(lost) < last):
        return False
    return False if last and last < day + timedelta(outcome.not_before_days) else last


def is_one_of(code: str, codes: list[str]) -> bool:
    return any(code.split("//")[: len(one.split("//"))] == one.split("//") for one in codes)


def is_open(spell: str, day: datetime, events: list[tuple[datetime, str, datetime]]) -> bool:
    known = [code for _, code, known in events if known <= day]
    return known.count(f"{spell}//START") > known.count(f"{spell}//END")


def birthday(birth: date, years: float) -> date:
    """Count in months, and to the last day of a month that is too short."""
    months = birth.month - 1 + round(12 * years)
    year, month = birth.year + months // 12, months % 12 + 1
    return date(year, month, min(birth.day, monthrange(year, month)[1]))


@pytest.fixture(scope="session")
def slowly() -> Callable[[QuestionConfig, History], set[Row]]:
    """Return the obvious way to find who is in a cohort, and when their outcomes came."""
    return lambda question, history: set(_read_slowly(question, history))
