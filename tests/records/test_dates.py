"""A day is the same day however it is spelt, and nothing else is a day."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.records.dates import FIRST_YEAR, LAST_YEAR, parse_dates, parse_iso_date


@given(st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)))
def test_a_day_is_the_same_day_in_every_spelling(day: date) -> None:
    texts = [
        day.isoformat(),
        f"{day.isoformat()} 09:30:00",
        f"{day:%d/%m/%Y}",
        f"{day.day}/{day.month}/{day.year}",
    ]
    assert parse_dates(pl.Series("day", texts)).to_list() == [day] * 4


@given(st.text(alphabet="0123456789-/: TZ", max_size=12))
def test_a_day_is_read_only_from_a_text_that_spells_it(text: str) -> None:
    found = parse_dates(pl.Series("day", [text])).item()
    if found is not None:
        spreadsheet = (
            [int(part) for part in text.split(" ", maxsplit=1)[0].split("/")[::-1]] if "/" in text else None
        )
        assert text.startswith(found.isoformat()) or spreadsheet == [found.year, found.month, found.day]


@given(
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{1,8})?(Z|[+][0-9]{2}:[0-9]{2})?", fullmatch=True)
)
def test_one_date_and_a_column_of_dates_are_read_alike(text: str) -> None:
    assert parse_dates(pl.Series("day", [text])).item() == parse_iso_date(text)
