from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.errors import LeakError
from csc_experiments.representations.knowledge import known_before
from csc_experiments.representations.text.selection import select_documents
from csc_experiments.representations.text.settings import Part

DAY_ZERO = datetime(2020, 1, 1)  # noqa: DTZ001 - records know days, not zones
CODES = ["REFERRAL//START", "CONTACT//START", "REFERRAL//END"]
Fact = tuple[int, int, int, str]  # child, day, days until it was known, code
Choice = tuple[Part, int | None, int | None]  # part, lookback_days, most_recent
TIMES = {"time": pl.Datetime("us"), "known_time": pl.Datetime("us")}

facts = st.lists(
    st.tuples(st.integers(0, 1), st.integers(-60, 20), st.integers(0, 9), st.sampled_from(CODES)), max_size=15
)
predictions = st.lists(st.tuples(st.integers(0, 1), st.integers(-20, 20)), min_size=1, max_size=4)
choices = st.tuples(
    st.sampled_from(list(Part)), st.none() | st.integers(0, 40), st.none() | st.integers(1, 3)
)


def day(number: float) -> datetime:
    return DAY_ZERO + timedelta(days=number)


def pairs(predicted: list[tuple[int, int]], said: list[Fact]) -> pl.DataFrame:
    rows = pl.DataFrame(
        [(child, day(when)) for child, when in predicted],
        schema={"subject_id": pl.Int64, "prediction_time": pl.Datetime("us")},
        orient="row",
    )
    told = [(child, day(at), day(at + late), code, n) for n, (child, at, late, code) in enumerate(said)]
    schema = {"subject_id": pl.Int64, **TIMES, "code": pl.String, "document": pl.UInt32}
    return known_before(rows, pl.DataFrame(told, schema=schema, orient="row"))


def selected_by(
    predicted: list[tuple[int, int]], written: list[Fact], events: list[Fact], choice: Choice
) -> pl.DataFrame:
    part, lookback, most = choice
    documents, begun = pairs(predicted, written), pairs(predicted, events)
    return select_documents(documents, begun, part=part, lookback_days=lookback, most_recent=most)


def chosen(
    predicted: list[tuple[int, int]],
    written: list[Fact],
    events: list[Fact],
    choice: Choice,
) -> set[tuple[int, Fact]]:
    selected = selected_by(predicted, written, events, choice)
    return {(row, written[document]) for row, document in selected.select("row", "document").iter_rows()}


def read_slowly(
    asked: tuple[int, int],
    written: list[Fact],
    events: list[Fact],
    choice: Choice,
) -> set[int]:
    child, when = asked
    part, lookback, most = choice
    starts = {
        code: [at for who, at, late, said in events if (who, said) == (child, code) and at + late <= when]
        for code in CODES
    }
    begun = max(starts[CODES[0]] or starts[CODES[1]], default=10**6)
    read = [
        (at, at + late, number)
        for number, (who, at, late, _) in enumerate(written)
        if who == child
        and at + late <= when
        and (part is Part.ALL or (at >= begun) == (part is Part.CURRENT))
        and (lookback is None or when - at <= lookback)
    ]
    return {number for _, _, number in sorted(read, reverse=True)[:most]}


@given(predictions, facts, facts, choices)
def test_what_is_read_is_what_the_obvious_loop_reads(
    predicted: list[tuple[int, int]],
    written: list[Fact],
    events: list[Fact],
    choice: Choice,
) -> None:
    selected = selected_by(predicted, written, events, choice)
    expected = {
        (row, number)
        for row, asked in enumerate(predicted)
        for number in read_slowly(asked, written, events, choice)
    }
    found = list(selected.select("row", "document").iter_rows())
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert selected.columns == pairs(predicted, written).columns


@given(predictions, facts, facts, facts, choices)
def test_what_becomes_known_later_moves_nothing(
    predicted: list[tuple[int, int]],
    written: list[Fact],
    events: list[Fact],
    later: list[Fact],
    choice: Choice,
) -> None:
    last = max(when for _, when in predicted)

    def known(said: list[Fact]) -> list[Fact]:
        return [fact for fact in said if fact[1] + fact[2] <= last]

    future = [(child, at + 90, late, code) for child, at, late, code in later]
    assert chosen(predicted, [*written, *future], [*events, *future], choice) == chosen(
        predicted, known(written), known(events), choice
    )


def test_an_episode_that_starts_in_the_afternoon_holds_the_documents_of_its_day() -> None:
    asked = pl.DataFrame({"subject_id": [1], "prediction_time": [day(0.9)]})
    written = pl.DataFrame({"subject_id": [1, 1], "time": [day(-1), day(0)], "document": [0, 1]})
    started = pl.DataFrame({"subject_id": [1], "time": [day(0.6)], "code": ["REFERRAL//START"]})
    documents, events = (
        known_before(asked, said.with_columns(known_time="time")) for said in (written, started)
    )
    for part, number in ((Part.CURRENT, 1), (Part.PREVIOUS, 0)):
        assert select_documents(documents, events, part=part)["document"].to_list() == [number]


def test_what_was_not_known_is_refused() -> None:
    told = pairs([(0, 5)], [(0, 0, 0, CODES[0])])
    late = told.with_columns(known_time=pl.lit(day(6)))
    with pytest.raises(LeakError):
        select_documents(late, told, part=Part.CURRENT)
    with pytest.raises(LeakError):
        select_documents(told, late, part=Part.CURRENT)
