"""What is given as events joins a history as it was said, and changes nothing of a history without it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from csc_experiments.history import events as making
from csc_experiments.history.events import EVENT_SCHEMA, History, build_history
from csc_experiments.history.rules import BIRTH, RULES
from csc_experiments.records import RECORD_TABLES, Records

Draw = Callable[..., Records]
Strategy = st.SearchStrategy[Records]
FEW = settings(max_examples=8, deadline=None)
PARTS = ("events", "subjects", "characteristics", "documents")


def with_events(records: Records, drawn: str) -> Records:
    """Add events that are drawn as lines of person, time, code, value and known time; `-` is nothing."""
    rows = [[None if cell == "-" else cell for cell in line.split()] for line in drawn.strip().splitlines()]
    text = pl.DataFrame(rows, ["person_id", "time", "code", "numeric_value", "known_time"], orient="row")
    times = pl.col("time", "known_time").cast(pl.String)
    moment = pl.when(times.str.len_chars() == len("2020-01-01")).then(times + "T00:00").otherwise(times)
    frame = text.with_columns(
        moment.str.to_datetime("%Y-%m-%dT%H:%M", time_unit="us"),
        pl.col("numeric_value").cast(pl.Float32),
        text_value=pl.lit(None, pl.String),
    ).select(*RECORD_TABLES["events"].columns)
    return Records(records.extract, {**records.tables, "events": frame})


def same(first: History, second: History) -> bool:
    alike = [getattr(first, part).write_csv() == getattr(second, part).write_csv() for part in PARTS]
    return all(alike) and (first.linked, first.tables) == (second.linked, second.tables)


@FEW
@given(st.data())
def test_records_without_events_have_the_history_that_they_always_had(
    any_records: Strategy, data: st.DataObject
) -> None:
    records = data.draw(any_records)
    history = build_history(records)
    empty = pl.DataFrame(schema=RECORD_TABLES["events"].schema)
    assert same(history, build_history(Records(records.extract, {**records.tables, "events": empty})))
    keys = making._subjects(records).select("person_id", "subject_id")
    sources, last = making._sources(records), records.extract.extract_date
    applied = [making._apply(rule, sources[rule.table], keys, last) for rule in RULES]
    plain = pl.concat([making._people(records, keys), *applied])
    assert history.events.write_csv() == plain.sort("subject_id", "time", "code", "known_time").write_csv()
    assert history.documents.write_csv() == making._documents(records, keys).write_csv()


@FEW
@given(st.data())
def test_events_of_others_change_nothing_but_the_numbers(any_records: Strategy, data: st.DataObject) -> None:
    records = data.draw(any_records)
    alone, beside = build_history(records), build_history(with_events(records, "~ 2020-01-02 FINE 2 -"))
    # The last in the order of identifiers, so that nobody's number moves.
    stranger = beside.subjects["subject_id"].max()
    for part in PARTS:
        kept = getattr(beside, part).filter(pl.col("subject_id") != stranger)
        assert_frame_equal(kept, getattr(alone, part))
    assert beside.events.filter(pl.col("subject_id") == stranger)["code"].to_list() == ["FINE"]


def test_events_are_known_when_it_is_said_but_never_before_they_happen(drawn_records: Draw) -> None:
    records = with_events(
        drawn_records(),
        """
        A  2020-01-01  LOAN//START  -    -
        A  2020-01-03  LOAN//END    -    2020-01-08
        A  2020-01-05  FINE         2.5  2020-01-04
        A  -           MEMBER       -    2020-01-04
        B  2020-01-05  FINE         1    -
        B  2020-01-05  FINE         -    -
        """,
    )
    history = build_history(records)
    assert dict(history.events.schema) == EVENT_SCHEMA
    day = {number: datetime(2020, 1, number) for number in (1, 3, 5, 8)}  # noqa: DTZ001 - times have no zone
    assert history.events.drop("text_value").rows() == [
        (0, None, "MEMBER", None, None),
        (0, day[1], "LOAN//START", None, day[1]),
        (0, day[3], "LOAN//END", None, day[8]),
        (0, day[5], "FINE", 2.5, day[5]),
        (1, day[5], "FINE", None, day[5]),
        (1, day[5], "FINE", 1.0, day[5]),
    ]
    assert history.tables == {"events"}
    mixed = records["events"].sample(fraction=1, shuffle=True, seed=1)
    assert same(history, build_history(Records(records.extract, {**records.tables, "events": mixed})))


def test_a_birth_among_the_events_is_a_birth_and_a_table_of_people_goes_before_it(
    drawn_records: Draw,
) -> None:
    records = with_events(
        drawn_records(children="child | born\nA | 2010-05-01\nB |"),
        f"""
        A  2011-01-01  {BIRTH}     -  -
        B  2012-01-01  {BIRTH}     -  -
        B  2011-06-01  {BIRTH}     -  -
        C  2013-01-01  {BIRTH}     -  -
        D  2020-01-01  MEDS_DEATH  -  -
        """,
    )
    births = build_history(records).subjects["birth"].to_list()
    assert [f"{birth:%Y-%m-%d}" if birth else None for birth in births] == [
        "2010-05-01", "2011-06-01", "2013-01-01", None,
    ]  # fmt: skip


@pytest.mark.parametrize(("time", "known"), [("2020-01-05T10:00", "23:59:59"), ("2020-01-05", "00:00:00")])
def test_where_events_have_a_time_of_day_what_has_a_day_is_known_at_its_end(
    time: str, known: str, drawn_records: Draw
) -> None:
    """A letter of the afternoon must not help to foretell what happened at noon."""
    drawn = drawn_records(
        documents="child | type | authored | text\nA | note | 2020-01-05 | words",
        referrals="child | referred\nA | 2020-01-05",
    )
    history = build_history(with_events(drawn, f"A {time} FINE - -"))
    assert f"{history.documents['known_time'][0]:%Y-%m-%d %H:%M:%S}" == f"2020-01-05 {known}"
    told = dict(history.events.select("code", "known_time").iter_rows())
    assert f"{told['REFERRAL//START']:%Y-%m-%d %H:%M:%S}" == f"2020-01-05 {known}"
    assert told["FINE"] == history.events.filter(pl.col("code") == "FINE")["time"][0]
