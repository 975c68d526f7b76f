"""Somebody else's events are read whatever file they stand in, and what cannot be used is counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from csc_experiments.errors import (
    CscError,
    InvalidDateError,
    MissingColumnError,
    RecordsNotFoundError,
    UnreadableInputError,
)
from csc_experiments.records import RECORD_TABLES, read_records
from csc_experiments.records.event_files.columns import NAMES
from csc_experiments.records.event_files.reading import read_events
from csc_experiments.records.importing import import_records
from csc_experiments.records.recognising import kind_of
from csc_experiments.records.sources import read_source

CANARY = "ZZCANARY"
COVERS = (date(2019, 1, 1), date(2022, 12, 31))
FEW = settings(max_examples=25, deadline=None)
Moment = datetime | None
Event = tuple[str, Moment, str, float | None, str | None, Moment]
moments = st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(  # noqa: DTZ001 - times have no zone
    lambda time: time.replace(microsecond=0)
)
events_of = st.lists(
    st.tuples(
        st.integers(1, 9).map(str),
        st.none() | moments,
        st.sampled_from(["LOAN//START", "LOAN//END", "fine_9", "MEDS_BIRTH", "ICD10CM//E11.9", "a:b-c"]),
        st.none() | st.floats(-1e6, 1e6, width=32),
        st.none() | st.sampled_from(["late", "7 days", "Überfällig"]),
        st.none() | st.just(0) | st.integers(1, 400),
    ).map(lambda event: (*event[:5], None if None in (event[1], event[5]) else _later(event[1], event[5]))),
    min_size=1,
    max_size=20,
)


def _later(time: Moment, days: int | None) -> Moment:
    return time + timedelta(days=days) if time is not None and days is not None else None


def as_events(events: list[Any]) -> pl.DataFrame:
    return pl.DataFrame(events, schema=RECORD_TABLES["events"].schema, orient="row")


def write_meds(folder: Path, shards: dict[str, pl.DataFrame]) -> Path:
    """Write a data set as https://medical-event-data-standard.github.io lays it out."""
    (folder / "metadata").mkdir(parents=True)
    pl.DataFrame({"code": ["FINE"], "description": ["a fine"]}).write_parquet(
        folder / "metadata" / "codes.parquet"
    )
    (folder / "metadata" / "dataset.json").write_text("{}")
    for name, frame in shards.items():
        path = folder / "data" / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        typed = {"subject_id": pl.Int64(), "numeric_value": pl.Float32()}
        frame.rename({"person_id": "subject_id"}).cast(typed).write_parquet(path)
    return folder


@FEW
@given(events_of, events_of)
def test_a_meds_data_set_is_read_whole_in_the_order_of_its_shards(
    tmp_path_factory: pytest.TempPathFactory, first: list[Event], second: list[Event]
) -> None:
    shards = {"train/0": as_events(first), "train/1": as_events(second)}
    place = write_meds(tmp_path_factory.mktemp("events") / "meds", shards)
    assert kind_of(place) == "events"
    read = read_events(place)
    assert_frame_equal(read.events, _expected(pl.concat(shards.values())))
    assert read.rejects.is_empty()


def _expected(frame: pl.DataFrame) -> pl.DataFrame:
    """A time from which a fact is known counts where it is later than that at which it happened."""
    return frame.with_columns(
        known_time=pl.when(pl.col("known_time") > pl.col("time")).then(pl.col("known_time"))
    )


@FEW
@given(events_of, st.sampled_from(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S"]))
def test_the_same_events_in_csv_and_parquet_are_one_table(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event], written: str
) -> None:
    folder, frame = tmp_path_factory.mktemp("events"), as_events(events)
    frame.write_parquet(folder / "a.parquet")
    # A spreadsheet has no year below 1000 to pad.
    frame.with_columns(pl.col("time", "known_time").dt.strftime(written)).write_csv(folder / "a.csv")
    typed, text = read_events(folder / "a.parquet"), read_events(folder / "a.csv")
    assert kind_of(folder / "a.csv") == kind_of(folder / "a.parquet") == "events"
    assert_frame_equal(typed.events, _expected(frame))
    assert_frame_equal(text.events, typed.events)


@pytest.mark.parametrize(
    ("column", "name"), [(column, name) for column, names in NAMES.items() for name in names]
)
def test_every_usual_name_of_a_column_is_known(column: str, name: str, tmp_path: Path) -> None:
    row = {"person_id": "7", "time": "2020-01-02", "code": "FINE", "numeric_value": "2.5"}
    row |= {"text_value": "late", "known_time": "2020-01-05"}
    for spelling in (name, name.upper(), name.replace("_", " ").title()):
        names = [spelling if said == column else said for said in row]
        path = tmp_path / "events.csv"
        path.write_text(f"{','.join(names)}\n{','.join(row.values())}\n")
        assert kind_of(path) == "events"
        read = read_events(path).events.row(0)
        expected = ("7", _day(2020, 1, 2), "FINE", 2.5, "late", _day(2020, 1, 5))
        assert read == expected


def _day(year: int, month: int, day: int, *clock: int) -> datetime:
    return datetime(year, month, day, *clock)  # noqa: DTZ001 - times have no zone


def test_what_cannot_be_used_is_counted_by_place_and_the_rest_stands(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(
        "subject_id,time,code,value,known_time\n"
        "1,2020-01-01,LOAN//START,,\n"
        ",2020-01-01,LOAN//START,,\n"
        "2,2020-02-31,LOAN//START,,\n"
        "2,9999-12-31,LOAN//START,,\n"
        "2,01/02/2020 24:10,LOAN//START,,\n"
        "2,2020-01-01,,,\n"
        "2,2020-01-01,Mrs Smith,,\n"
        f"2,2020-01-01,{'x' * 65},,\n"
        "2,2020-01-01,'=1+1,,\n"
        "3,2020-01-01,FINE,2.50,soon\n"
        "3,01/02/2020 9:05,FINE,2.50,2020-01-31\n"
        "3,2020-02-01T09:05:30.25+01:00,FINE,n/a,2020-02-03\n"
        "3,,MEMBER//ADULT,inf,\n"
        "3,,MEMBER//ADULT,inf,\n"
    )
    read = read_events(path)
    assert sorted(row[1:] for row in read.rejects.rows()) == [
        (2, "person_id", "missing"),
        (3, "time", "not a date"),
        (4, "time", "not a date"),
        (5, "time", "not a date"),
        (6, "code", "missing"),
        (7, "code", "not built like a code"),
        (8, "code", "not built like a code"),
        (9, "code", "not built like a code"),
        (10, "known_time", "not a date"),
        (13, "numeric_value", "not a number that can be kept"),
        (14, "numeric_value", "not a number that can be kept"),
    ]
    assert read.events.rows() == [
        ("1", _day(2020, 1, 1), "LOAN//START", None, None, None),
        ("3", _day(2020, 2, 1, 9, 5), "FINE", 2.5, None, None),
        ("3", _day(2020, 2, 1, 9, 5, 30, 250_000), "FINE", None, "n/a", _day(2020, 2, 3)),
        ("3", None, "MEMBER//ADULT", None, None, None),
        ("3", None, "MEMBER//ADULT", None, None, None),
    ]
    assert [note.split()[0] for note in read.notes] == ["1", "2", "1"]


def test_no_number_and_no_word_for_one_is_lost(tmp_path: Path) -> None:
    values = ['"1,000"', '"-1,234,567.5"', "high", "high", "1e39", '"1,00"', "NULL"]
    texts = ["", "", "", "very", "", "", ""]
    rows = [f"1,2020-01-01,A,{value},{text}" for value, text in zip(values, texts, strict=True)]
    (tmp_path / "a.csv").write_text("\n".join(["person,date,code,value,text", *rows]))
    read = read_events(tmp_path / "a.csv")
    assert read.events["numeric_value"].to_list() == [1000, -1234567.5, None, None, None, None, None]
    assert read.events["text_value"].to_list() == [None, None, "high", "very", None, "1,00", None]
    assert [row[1:3] for row in read.rejects.rows()] == [(4, "numeric_value"), (5, "numeric_value")]
    (note,) = read.notes
    assert note.startswith("2 values of events are no numbers")


@pytest.mark.parametrize("left", [(), ("data",), ("data/train",), ("metadata/codes.parquet",)])
def test_a_data_set_without_data_is_said_to_be_one(left: tuple[str, ...], tmp_path: Path) -> None:
    place = tmp_path / "meds"
    (place / "metadata").mkdir(parents=True)
    for name in left:
        if name.endswith(".parquet"):
            pl.DataFrame({"code": ["A"]}).write_parquet(place / name)
        else:
            (place / name).mkdir(parents=True)
    for said in (f"{place}", f"events:{place}"):
        with pytest.raises(RecordsNotFoundError, match=r"no Parquet file lies below .*data\."):
            read_source(said)


def test_a_moved_date_of_a_data_set_that_was_made_anonymous_is_a_date(tmp_path: Path) -> None:
    times = [_day(2150, 3, 1, 7, 30), _day(9999, 12, 31), _day(2150, 3, 2)]
    pl.DataFrame({"subject_id": [1, 1, 1], "time": times, "code": ["A", "B", "C"]}).write_parquet(
        tmp_path / "a.parquet"
    )
    read = read_events(tmp_path / "a.parquet")
    assert read.events["time"].to_list() == [times[0], times[2]]
    assert read.rejects.rows() == [("events", 2, "time", "not a date")]


def test_a_time_zone_is_dropped_and_the_clock_stays(tmp_path: Path) -> None:
    aware = pl.Series("time", [_day(2020, 7, 1, 9)]).dt.replace_time_zone("Europe/London")
    pl.DataFrame([pl.Series("subject_id", [1]), aware, pl.Series("code", ["A"])]).write_parquet(
        tmp_path / "a.parquet"
    )
    assert read_events(tmp_path / "a.parquet").events["time"].to_list() == [_day(2020, 7, 1, 9)]


def test_other_columns_and_tables_are_counted_and_not_read(tmp_path: Path) -> None:
    place = tmp_path / "loans"
    place.mkdir()
    (place / "a.csv").write_text(f"person_id,date,code,branch,shelf\n1,2020-01-01,A,{CANARY},{CANARY}\n")
    (place / "b.csv").write_text("branch,opened\n1,2020-01-01\n")
    (place / "c.csv").write_bytes("person_id,date,code\r\n2,2020-01-02,B\r\n".encode("utf-16"))
    read = read_events(place)
    assert read.events["person_id"].to_list() == ["1", "2"]
    assert read.notes == (
        "2 columns of a table are of no use here and were not read.",
        "1 tables hold no events and were not read.",
    )


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (f"subject_id,time\n{CANARY},2020-01-01\n", MissingColumnError),
        (f"subject_id,time,code\n1,{CANARY},A\n", InvalidDateError),
        (f"subject_id,time,code,known_time\n1,2020-01-01,A,{CANARY}\n", InvalidDateError),
        (f'subject_id,time,code\n"{CANARY},1,2\n3,4,5', UnreadableInputError),
        (f"\n{CANARY}", MissingColumnError),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_without_its_values(
    content: str, error: type[CscError], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(error) as refused:
        read_events(tmp_path / "a.csv")
    assert CANARY not in str(refused.value)
    assert "a.csv" in str(refused.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_parts_the_columns_of_a_csv_makes_no_difference(separator: str, tmp_path: Path) -> None:
    rows = [("subject_id", "time", "code", "value"), ("7", "2020-01-02", "FINE", "2.5")]
    (tmp_path / "a.csv").write_text("\n".join(map(separator.join, rows)))
    assert kind_of(tmp_path) == "events"
    assert read_events(tmp_path).events.row(0)[:4] == ("7", _day(2020, 1, 2), "FINE", 2.5)


def test_damaged_and_nested_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + CANARY.encode())
    with pytest.raises(UnreadableInputError, match=r"a\.parquet"):
        read_events(tmp_path / "a.parquet")
    nested = pl.DataFrame({"subject_id": [[1]], "time": [_day(2020, 1, 1)], "code": [{"a": CANARY}]})
    nested.write_parquet(tmp_path / "b.parquet")
    with pytest.raises(UnreadableInputError, match=r"b\.parquet") as refused:
        read_events(tmp_path / "b.parquet")
    assert CANARY not in str(refused.value)
    (tmp_path / "none").mkdir()
    with pytest.raises(RecordsNotFoundError, match="no table of events"):
        read_events(tmp_path / "none")


def test_documents_with_a_column_called_code_are_still_documents(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("person_id,document_type,date,code,text\n1,note,2020-01-01,X,words\n")
    assert kind_of(path) == "documents"


def test_events_documents_and_families_become_one_set_of_records(tmp_path: Path) -> None:
    frame = as_events([("1", _day(2020, 1, 1, 9), "FINE", 2.5, None, None)])
    place = write_meds(tmp_path / "meds", {"0": frame})
    (tmp_path / "notes.csv").write_text("person_id,document_type,date,text\n1,note,2020-01-01,words\n")
    (tmp_path / "families.csv").write_text("person_id,family_id\n1,F\n2,F\n")
    (tmp_path / "more.csv").write_text(f"subject_id,time,code\n2,2020-01-02,FINE\n2,2020-01-02,{CANARY} x\n")
    sources = [place, tmp_path / "notes.csv", tmp_path / "families.csv", f"events:{tmp_path / 'more.csv'}"]
    report = import_records(sources, tmp_path / "x", authority="x", covers=COVERS)
    assert report.rows == {"ssd_family": 2, "documents": 1, "events": 2}
    assert report.rejected == {("events", "code", "not built like a code"): 1}
    assert CANARY not in repr(report)
    kept = read_records(tmp_path / "x")["events"]
    assert kept.schema == RECORD_TABLES["events"].schema
    assert kept["person_id"].to_list() == ["1", "2"]
    assert report.extract.sources == ("event files", "documents", "family links", "event files")
