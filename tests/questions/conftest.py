"""Random histories of three children, in which many things happen on one day or just a year apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import strategies as st

from csc_experiments.history.events import EVENT_SCHEMA, TIME, History
from csc_experiments.records import Extract

Happening = tuple[int, str, int, int]
"""Child, code, day, and how many days later it was known."""

START = datetime(2018, 1, 1)  # noqa: DTZ001 - days of records have no time zone
LAST = 1500
# How often each happens: index events and open cases often, what loses a child from sight seldom.
CODES = {
    "ASSESSMENT//AUTHORISED": 20,
    "REFERRAL//START": 15,
    "REFERRAL//END": 8,
    "REFERRAL//NEED//N1": 2,
    "REFERRAL//NFA": 8,
    "REFERRAL//CLOSE//RC8": 8,
    "REFERRAL//CLOSE//RC5": 2,
    "REFERRAL//CLOSE//RC2": 1,
    "REFERRAL//CLOSE//RC1": 1,
    "MEDS_DEATH": 1,
    "CP_PLAN//START": 5,
    "CP_PLAN//END": 8,
    "CP_PLAN//CATEGORY//NEG": 2,
    "CLA//START": 5,
    "CLA//END": 8,
    "CLA//SHORT_BREAK": 2,
}
YEARS_APART = (0, 1, 364, 365, 366, 367, 730, 731, 1134, 1135, 1136, LAST)
DAYS = st.sampled_from(YEARS_APART) | st.integers(0, LAST)


_DELAYS = (0, 1, 40, 200)


def _random_happenings(seed: int, size: int) -> list[Happening]:
    rng = np.random.default_rng(seed)
    some = np.concatenate([np.array(YEARS_APART), rng.integers(0, LAST, len(YEARS_APART))])
    codes = rng.choice(np.repeat(list(CODES), list(CODES.values())), size).tolist()
    children, days = rng.integers(0, 3, size).tolist(), rng.choice(some, size).tolist()
    # What a question is asked at is known on the day; the end of a spell may be typed in late.
    late = [
        int(delay) * code.endswith("//END")
        for code, delay in zip(codes, rng.choice(_DELAYS, size), strict=True)
    ]
    return list(zip(children, codes, days, late, strict=True))


@pytest.fixture(scope="session")
def happenings() -> st.SearchStrategy[list[Happening]]:
    return st.builds(_random_happenings, seed=st.integers(0, 2**32 - 1), size=st.integers(1, 60))


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
