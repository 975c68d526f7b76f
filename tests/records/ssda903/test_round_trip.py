"""What returns tell of an authority is what happened in it, and nothing that they say is lost in silence."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.history.care import care_periods
from csc_experiments.history.events import _subjects, build_history
from csc_experiments.records import TABLES, Extract, Records
from csc_experiments.records.ssda903.returns import read_ssda903
from csc_experiments.synthetic.export import export
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.simulation import simulate_lives

HEADING = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
TOLD = ("CLA//START", "CLA//END", "CLA//SHORT_BREAK", "PLACEMENT//START", "LEGAL_STATUS", "MISSING//START")
Happened = Counter[tuple[object, ...]]


def events(tables: Mapping[str, pl.DataFrame], last: date) -> pl.DataFrame:
    """Return what a history holds of care: person_id, time, code, known_time."""
    whole = {name: tables.get(name, pl.DataFrame(schema=table.schema)) for name, table in TABLES.items()}
    records = Records(Extract("la1", last, date(2000, 1, 1), last, ("test",)), whole)
    people = _subjects(records).select("person_id", "subject_id")
    happened = build_history(records).events.join(people, on="subject_id")
    return happened.select("person_id", "time", "code", "known_time")


def counted(happened: pl.DataFrame, code: str, first: date, last: date) -> Happened:
    told = happened.filter(pl.col("code").str.starts_with(code), pl.col("time").is_between(first, last))
    return Counter(told.rows())


@pytest.mark.parametrize(("seed", "last_day"), [(1, date(2025, 3, 31)), (2, date(2019, 9, 30))])
def test_the_events_of_the_years_that_returns_cover_are_those_that_happened(
    tmp_path: Path, seed: int, last_day: date
) -> None:
    authority = AuthoritySettings(
        authority="la1", children=300, years=6, share_care=0.7, last_day=last_day, document_words=0.1
    )
    lived = simulate_lives(authority, seed).standard_tables()
    export("ssda903", authority, seed, tmp_path / "returns")
    found = read_ssda903(tmp_path / "returns")
    assert found.rejects.is_empty()
    assert set(found.years) == {int(path.name) for path in (tmp_path / "returns").iterdir()}
    # Returns say nothing of the days after the last of them. Of the days before the first they tell only the
    # episodes that went on into it: the start of care before those, and so the start of the placement and of
    # the legal status, is in none, and the first episode told stands for it. Inside, all is told but who went
    # missing from home: a return is about children who are looked after, on the days that they are.
    first, last = date(found.years[0] - 1, 4, 1), date(found.years[-1], 3, 31)
    happened, told = events(lived, last_day), events(found.tables, last)
    stays = (
        lived["ssd_cla_episodes"]
        .group_by("clae_cla_id")
        .agg(
            pl.first("clae_person_id").alias("person_id"),
            start=pl.min("clae_cla_episode_start_date"),
            end=pl.col("clae_cla_episode_ceased_date").fill_null(date.max).max(),
        )
    )
    in_care = (
        happened.filter(code="MISSING//START")
        .join(stays, on="person_id")
        .filter(pl.col("time").dt.date().is_between("start", "end"))
        .select(happened.columns)
        .unique()
    )
    happened = pl.concat([happened.filter(pl.col("code") != "MISSING//START"), in_care])
    for code in TOLD:
        assert counted(told, code, first, last) == counted(happened, code, first, last)
    assert counted(told, "CLA//START", first, last)
    assert counted(told, "MISSING//START", first, last)
    # Of who a child is, returns tell the same too; before 2025 they had no code for an unknown sex.
    people = found.tables["ssd_person"].join(lived["ssd_person"], on="pers_person_id")
    assert people.height == found.tables["ssd_person"].height
    assert people["pers_dob"].equals(people["pers_dob_right"])
    assert people["pers_ethnicity"].equals(people["pers_ethnicity_right"])
    assert people.filter(pl.col("pers_sex") != pl.col("pers_sex_right"), pers_sex_right="M").is_empty()


def test_a_short_break_is_no_entry_into_care_and_a_later_return_ends_what_was_open(tmp_path: Path) -> None:
    rows = {
        2023: "A,01/05/2022,S,V4,N2,U6,PR1,03/05/2022,E8,,,,\nB,01/02/2023,S,V2,N1,U6,PR1,,,,,,",
        2024: "B,01/02/2023,S,V2,N1,U6,PR1,01/05/2023,X1,,,,\nB,01/05/2023,L,C2,N1,U6,PR1,01/07/2023,E4A,,,,",
    }
    for year, told in rows.items():
        (tmp_path / f"episodes {year}.csv").write_text(f"{HEADING}\n{told}\n", encoding="utf-8")
    told = events(read_ssda903(tmp_path).tables, date(2024, 3, 31)).select("person_id", "time", "code")
    assert sorted((child, time.date(), code) for child, time, code in told.rows() if "CLA" in code) == [
        ("A", date(2022, 5, 1), "CLA//SHORT_BREAK"),
        ("B", date(2023, 2, 1), "CLA//START"),
        ("B", date(2023, 7, 1), "CLA//CEASED//E4A"),
        ("B", date(2023, 7, 1), "CLA//END"),
    ]


REASONS = st.sampled_from(["S", "L", "P", "B", "E4A", "X1"])
DAYS = st.dates(date(2021, 4, 1), date(2024, 3, 31))
ROWS = st.lists(
    st.tuples(st.sampled_from("AB"), DAYS, REASONS, st.none() | DAYS, REASONS, st.sampled_from([2023, 2024])),
    max_size=8,
)


def tell(folder: Path, rows: list[tuple[str, date, str, date | None, str, int]]) -> None:
    for year in (2023, 2024):
        told = [
            f"{child},{start:%d/%m/%Y},{why},C2,N1,U6,PR1,{end:%d/%m/%Y},{then},,,,"
            if end
            else f"{child},{start},{why},C2,N1,U6,PR1,,,,,,"
            for child, start, why, end, then, said in rows
            if said == year
        ]
        path = folder / f"episodes {year}.csv"
        path.write_text("\n".join([HEADING, *told, ""]), encoding="utf-8")


@settings(max_examples=25, deadline=None)
@given(rows=ROWS)
def test_whatever_returns_say_no_row_is_lost_in_silence_and_nothing_overlaps(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, date, str, date | None, str, int]],
) -> None:
    folder = tmp_path_factory.mktemp("returns")
    tell(folder, rows)
    found = read_ssda903(folder)
    episodes = found.tables["ssd_cla_episodes"]
    lost = found.rejects.filter(pl.col("column").is_in(["CHILD", "DECOM"]))
    kept = set(episodes.select("clae_person_id", "clae_cla_episode_start_date").rows())
    places = {year: [row[:2] for row in rows if row[5] == year] for year in (2023, 2024)}
    for year, told in places.items():
        set_aside = set(lost.filter(table=f"episodes {year}")["row"])
        assert {what for place, what in enumerate(told, 1) if place not in set_aside} <= kept
    assert episodes["clae_cla_episode_id"].is_unique().all()
    ordered = episodes.sort("clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date")
    until = ordered["clae_cla_episode_ceased_date"]
    following = ordered.select(pl.col("clae_cla_episode_start_date").shift(-1).over("clae_person_id"))
    assert not (until > following.to_series()).any()
    assert not (until < ordered["clae_cla_episode_start_date"]).any()
    # A period is what the history will take for one.
    starts = care_periods(episodes, found.tables["ssd_legal_status"])["care_start"].drop_nulls()
    assert starts.len() == episodes["clae_cla_id"].n_unique()
