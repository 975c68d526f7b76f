"""Working days in England: Monday to Friday, without bank holidays."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

_YEARS = range(1990, 2061)
_MONDAY, _SATURDAY, _SUNDAY = 0, 5, 6

# Proclaimed for one year only, https://www.gov.uk/bank-holidays; a holiday that was moved, with its new day.
_ONCE = (
    date(1999, 12, 31), date(2002, 6, 3), date(2011, 4, 29), date(2012, 6, 5), date(2022, 6, 3),
    date(2022, 9, 19), date(2023, 5, 8),
)  # fmt: skip
_MOVED = {
    date(1995, 5, 1): date(1995, 5, 8),
    date(2002, 5, 27): date(2002, 6, 4),
    date(2012, 5, 28): date(2012, 6, 4),
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}


def easter(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar.

    Examples
    --------
    >>> easter(2024)
    datetime.date(2024, 3, 31)
    """
    # The anonymous Gregorian computus, as in J. Meeus, Astronomical Algorithms (1991), chapter 8.
    golden = year % 19
    century, rest = divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def bank_holidays(year: int) -> tuple[date, ...]:
    """Return the bank holidays of England in a year.

    Parameters
    ----------
    year : int
        From 1996, when the days were as they are now.

    Examples
    --------
    >>> [f"{day:%d %b}" for day in bank_holidays(2021)]
    ['01 Jan', '02 Apr', '05 Apr', '03 May', '31 May', '30 Aug', '27 Dec', '28 Dec']
    """
    sunday = easter(year)
    days = [
        _not_at_weekend(date(year, 1, 1)),
        sunday - timedelta(days=2),
        sunday + timedelta(days=1),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
        *_christmas(year),
        *(day for day in _ONCE if day.year == year),
    ]
    return tuple(sorted(_MOVED.get(day, day) for day in days))


def _monday_from(day: date) -> date:
    """Return the first Monday from a day on."""
    return day + timedelta(days=-day.weekday() % 7)


def _not_at_weekend(day: date) -> date:
    return _monday_from(day) if day.weekday() >= _SATURDAY else day


def _christmas(year: int) -> tuple[date, date]:
    """Return Christmas Day and Boxing Day; one that falls on a weekend is kept on the next free weekday."""
    kept = {_SATURDAY: (27, 28), _SUNDAY: (26, 27), _SATURDAY - 1: (25, 28)}
    first, second = kept.get(date(year, 12, 25).weekday(), (25, 26))
    return date(year, 12, first), date(year, 12, second)


@cache
def working_calendar() -> np.busdaycalendar:
    """Return the calendar that NumPy counts English working days by, 1990 to 2060."""
    days = [day for year in _YEARS for day in bank_holidays(year)]
    return np.busdaycalendar(holidays=np.array(days, dtype="datetime64[D]"))
