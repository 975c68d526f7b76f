"""What an authority knew, written as its returns would be and imported again, is the same history."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from csc_experiments.errors import UnreadableInputError
from csc_experiments.history.events import build_history
from csc_experiments.records import Extract, Records, read_records
from csc_experiments.records.combining import VERSIONS_SCHEMA
from csc_experiments.records.importing import VERSIONS_FILE, import_records
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.export import export
from csc_experiments.synthetic.simulation import simulate_lives

LA1 = AuthoritySettings(authority="la1", children=700, years=5)
SEED = 1
# Codes that a census of some years could not say, and what it said instead (docs/referee.md).
OLDER = {
    "REFERRAL//SOURCE//5D": "REFERRAL//SOURCE//5B", "REFERRAL//CLOSE//RC9": "REFERRAL//CLOSE//RC8",
    "FACTOR//18B": "FACTOR//18A", "FACTOR//18C": "FACTOR//18A", "FACTOR//19B": "FACTOR//19A",
    "FACTOR//19C": "FACTOR//19A", "FACTOR//24A": "FACTOR//20",
}  # fmt: skip
IN_A_CENSUS = (
    "REFERRAL", "ASSESSMENT//START", "ASSESSMENT//AUTHORISED", "FACTOR", "CIN_PLAN", "CP_PLAN", "CP_REVIEW",
    "ICPC", "S47//START",
)  # fmt: skip


@cache
def true_records() -> Records:
    extract = Extract("la1", LA1.last_day, LA1.first_day, LA1.last_day, ("invented",))
    return Records(extract, simulate_lives(LA1, SEED).standard_tables())


def events_of(records: Records) -> pl.DataFrame:
    """Events by the children's own identifiers: histories number children as they come."""
    history = build_history(records)
    births = records["ssd_person"].select(person="pers_person_id").sort("person")
    numbers = pl.concat([births, *(_people(records))]).unique().sort("person").with_row_index("subject_id")
    return history.events.join(
        numbers.with_columns(pl.col("subject_id").cast(pl.Int64)), on="subject_id"
    ).select("person", "time", pl.col("code").replace(OLDER), "known_time")


def _people(records: Records) -> list[pl.DataFrame]:
    return [
        table.select(person=column).drop_nulls()
        for table in records.tables.values()
        for column in table.columns
        if column.endswith("person_id") and not table.is_empty()
    ]


def since(events: pl.DataFrame, first: pl.Expr) -> pl.DataFrame:
    # The layouts of 2021 and before have no child in need plans.
    early_plan = pl.col("code").str.starts_with("CIN_PLAN") & (pl.col("time") < date(2021, 4, 1))
    carried = ~early_plan & pl.any_horizontal(pl.col("code").str.starts_with(code) for code in IN_A_CENSUS)
    return (
        events.filter(carried & (pl.col("time") >= first))
        .unique()
        .sort("person", "time", "code", "known_time")
    )


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returns")
    export("cin_census", LA1, SEED, folder)
    return folder


def test_the_censuses_of_five_years_say_what_happened_in_them(returns: Path, tmp_path: Path) -> None:
    report = import_records([returns], tmp_path / "la1", authority="la1")
    assert report.extract.sources == ("CIN censuses 2021 to 2025",)
    assert not report.rejected
    assert (report.extract.coverage_from, report.extract.coverage_to) == (LA1.first_day, LA1.last_day)
    first = pl.lit(LA1.first_day)
    read, true = (
        since(events_of(read_records(tmp_path / "la1")), first),
        since(events_of(true_records()), first),
    )
    assert true.height > 1000
    assert_frame_equal(read, true)


def test_what_a_later_census_changed_is_kept_with_the_return_that_said_it(
    returns: Path, tmp_path: Path
) -> None:
    import_records([returns], tmp_path / "la1", authority="la1")
    told = pl.read_parquet(tmp_path / "la1" / VERSIONS_FILE)
    assert told.schema == VERSIONS_SCHEMA
    assert told["source"].str.contains(r"^CIN census 20\d\d$").all()
    assert (told.group_by("table", "id", "column").len()["len"] > 1).all()


def test_deleting_a_later_return_changes_nothing_that_was_known_before_it(
    returns: Path, tmp_path: Path
) -> None:
    """Whoever predicts in 2023 must see the same, whatever the returns of 2024 and 2025 say."""
    # A folder for each year is as good as one for all.
    (tmp_path / "earlier" / "years").mkdir(parents=True)
    for file in returns.iterdir():
        if "2024" not in file.stem and "2025" not in file.stem:
            (tmp_path / "earlier" / "years" / file.name).write_bytes(file.read_bytes())
    import_records([returns], tmp_path / "all", authority="la1")
    report = import_records([tmp_path / "earlier"], tmp_path / "some", authority="la1")
    last = pl.lit(report.extract.coverage_to)
    # Of a case that is open at the end, the need is known with the extract.
    at_the_end = pl.col("code").str.starts_with("REFERRAL//NEED") & (pl.col("known_time") == last)
    known = [
        events_of(read_records(tmp_path / name))
        .filter((pl.col("known_time") <= last) & ~at_the_end & pl.col("time").is_not_null())
        .filter(pl.any_horizontal(pl.col("code").str.starts_with(code) for code in IN_A_CENSUS))
        .sort("person", "time", "code")
        for name in ("all", "some")
    ]
    assert known[0].height > 500
    assert_frame_equal(known[0].unique(maintain_order=True), known[1].unique(maintain_order=True))


def test_two_returns_of_a_year_and_a_year_left_out_are_refused(returns: Path, tmp_path: Path) -> None:
    files = sorted(file for file in returns.rglob("*") if file.suffix == ".xml")
    for name, chosen in (("twice", [files[0], files[0]]), ("gap", [files[0], files[2]])):
        (tmp_path / name).mkdir()
        for number, file in enumerate(chosen):
            (tmp_path / name / f"{number}.xml").write_bytes(file.read_bytes())
        with pytest.raises(UnreadableInputError, match=r"two returns of 2021|leaves out a year"):
            import_records([tmp_path / name], tmp_path / "la1", authority="la1")
