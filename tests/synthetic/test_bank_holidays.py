"""England's bank holidays against the dates published at https://www.gov.uk/bank-holidays."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.synthetic.bank_holidays import bank_holidays, easter
from csc_experiments.synthetic.draws import working_days_after, working_days_between

PUBLISHED = {
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_days_are_the_published_ones(year: int) -> None:
    assert " ".join(f"{day:%m-%d}" for day in bank_holidays(year)) == PUBLISHED[year]


@given(year=st.integers(1996, 2060))
def test_eight_days_or_more_all_of_them_weekdays(year: int) -> None:
    days = bank_holidays(year)
    assert 8 <= len(set(days)) == len(days) <= 10
    assert all(day.weekday() < 5 and day.year == year for day in days)
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def as_day(text: str) -> np.ndarray:
    return np.array([text], dtype="datetime64[D]").astype(np.int64)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2024-03-28", 1, "2024-04-02"),  # Good Friday, a weekend and Easter Monday between
        ("2024-12-24", 2, "2024-12-30"),  # Christmas Day, Boxing Day and a weekend between
        ("2024-12-25", 0, "2024-12-27"),  # the first working day on or after it
        ("2024-06-03", 5, "2024-06-10"),
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(start: str, count: int, end: str) -> None:
    later = working_days_after(as_day(start), np.array([count]))
    assert later.tolist() == as_day(end).tolist()
    assert working_days_between(as_day(start), later).tolist() == [count]
