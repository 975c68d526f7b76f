"""Children looked-after returns say what the authority knew on 31 March, in the layout of the year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from csc_experiments.records import TABLES, conform
from csc_experiments.records.codes import (
    CARE_END_REASON,
    ETHNICITY,
    LEGAL_STATUS,
    PLACEMENT_CHANGE_REASON,
    PLACEMENT_PROVIDER,
    PLACEMENT_TYPE,
    WORKER_CHANGE_REASON,
)
from csc_experiments.records.tables import Kind
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.formats.ssda903 import write_ssda903
from csc_experiments.synthetic.formats.ssda903_layouts import FILES, files_of_year
from csc_experiments.synthetic.formats.upn import check_letter
from csc_experiments.synthetic.simulation import simulate_lives

SETTINGS = AuthoritySettings(authority="la1", children=300, years=6, share_care=0.7)
YEARS = range(2020, 2026)
Return = dict[str, pl.DataFrame]
DATES = {
    "DOB", "MC_DOB", "DECOM", "DEC", "DUC", "DATE_INT", "DATE_MATCH", "DATE_PLACED", "DATE_PLACED_CEASED",
    "REVIEW", "DATE_PERM", "MIS_START", "MIS_END", "SW_DECOM", "SW_DEC",
}  # fmt: skip


def without_documents(settings: AuthoritySettings, seed: int) -> dict[str, pl.DataFrame]:
    lives = simulate_lives(settings, seed)
    documents = pl.DataFrame(schema=TABLES["documents"].schema)
    return {name: conform(name, {**lives.tables, "documents": documents}[name], name) for name in TABLES}


@cache
def tables() -> dict[str, pl.DataFrame]:
    return without_documents(SETTINGS, 1)


def read_return(folder: Path) -> Return:
    """Read the files of a year as text; dates must be dd/mm/yyyy."""
    files: Return = {}
    for path in folder.iterdir():
        frame = pl.read_csv(path, infer_schema=False)
        days = [pl.col(name).str.to_date("%d/%m/%Y") for name in frame.columns if name in DATES]
        files[path.stem] = frame.with_columns(days)
    return files


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Return]:
    folder = tmp_path_factory.mktemp("returns")
    write_ssda903(tables(), SETTINGS, 1, folder)
    return {year: read_return(folder / f"{year}") for year in YEARS}


def test_every_year_has_every_file_of_its_layout(returns: dict[int, Return]) -> None:
    for year, files in returns.items():
        assert set(files) == set(files_of_year(year))
        for name, frame in files.items():
            assert tuple(frame.columns) == FILES[name]
    assert "social_worker" not in returns[2023]
    assert returns[2024]["social_worker"].height > 0


@pytest.mark.parametrize("name", [name for name in FILES if name != "uasc"])
def test_every_file_says_something_in_some_year(returns: dict[int, Return], name: str) -> None:
    assert sum(files[name].height for files in returns.values() if name in files) > 0


def test_nothing_in_a_return_is_after_its_31_march(returns: dict[int, Return]) -> None:
    for year, files in returns.items():
        for frame in files.values():
            # The 18th birthday, on which a status is to end, is known before.
            for column in (DATES - {"DUC"}) & set(frame.columns):
                assert (frame[column].drop_nulls() <= date(year, 3, 31)).all()


def as_known(year: int) -> dict[str, pl.DataFrame]:
    """Cut every table to what had happened by a 31 March: the slow way to a year's return."""
    last = date(year, 3, 31)
    cut: dict[str, pl.DataFrame] = {}
    for name, table in tables().items():
        days = [column for column, kind in TABLES[name].columns.items() if kind is Kind.DATE]
        ends = "clae_cla_episode_ceased_date" if name == "ssd_cla_episodes" else "".join(days[-1:])
        if name == "ssd_person" or not days:
            cut[name] = table
            continue
        told = [column for column in table.columns if column.endswith(("ceased_reason", "change_reason"))]
        over = pl.col(ends).is_null() | (pl.col(ends) <= last)
        cut[name] = table.filter(pl.col(days[0]) <= last).with_columns(
            pl.when(over).then(pl.col(ends, *told))
        )
    return cut


@pytest.mark.parametrize("year", YEARS)
def test_a_return_is_made_of_what_was_known(returns: dict[int, Return], tmp_path: Path, year: int) -> None:
    settings = AuthoritySettings(authority="la1", years=2, last_day=date(year, 3, 31))
    write_ssda903(as_known(year), settings, 1, tmp_path)
    known = read_return(tmp_path / f"{year}")
    for name, frame in returns[year].items():
        # A plan for adoption leaves no trace in standard tables until it has succeeded or come to nothing.
        if name != "placed_adoption":
            assert_frame_equal(known[name], frame)


def test_the_children_of_a_year_are_those_looked_after_at_any_time(returns: dict[int, Return]) -> None:
    for year, files in returns.items():
        first, last = date(year - 1, 4, 1), date(year, 3, 31)
        there = {
            person
            for person, start, end in tables()["ssd_cla_episodes"]
            .select("clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date")
            .iter_rows()
            if start <= last and (end is None or end >= first)
        }
        assert set(files["episodes"]["CHILD"]) == there
        assert set(files["header"]["CHILD"]) == there | set(files["oc3"]["CHILD"])
        still = files["episodes"].filter(pl.col("DEC").is_null())["CHILD"]
        assert not set(still) & set(files["oc3"]["CHILD"])
        assert files["header"]["CHILD"].is_unique().all()


def test_everybody_in_a_file_is_in_the_header_with_the_same_birth(returns: dict[int, Return]) -> None:
    for files in returns.values():
        births = dict(files["header"].select("CHILD", "DOB").iter_rows())
        for name, frame in files.items():
            if "DOB" in frame.columns:
                assert all(
                    births[child] == born for child, born in frame.select("CHILD", "DOB").iter_rows()
                ), name


def chain(frame: pl.DataFrame) -> None:
    """Check that each episode begins when the last one ended, for the reasons that it gives."""
    for (_,), rows in frame.sort("CHILD", "DECOM").group_by("CHILD", maintain_order=True):
        spells = rows.to_dicts()
        for now, then in pairwise(spells):
            assert now["DEC"] is not None
            assert now["DEC"] <= then["DECOM"]
            follows = now["REC"] == "X1"
            assert follows == (then["RNE"] != "S")
            if follows:
                assert now["DEC"] == then["DECOM"]
                assert (now["LS"] != then["LS"]) == (then["RNE"] in "LBU")
                assert (now["PL_POST"] != then["PL_POST"]) == (then["RNE"] in "PB")
                assert (now["REASON_PLACE_CHANGE"] is not None) == (then["RNE"] != "L")
        assert spells[-1]["REC"] != "X1" or spells[-1]["DEC"] is None
        assert all((spell["DEC"] is None) == (spell["REC"] is None) for spell in spells)


def test_episodes_are_chained(returns: dict[int, Return]) -> None:
    for files in returns.values():
        chain(files["episodes"])


def codes_of(returns: Mapping[int, Return], years: range, name: str, column: str) -> set[str]:
    frames = [returns[year][name][column].drop_nulls() for year in years]
    return set(pl.concat(frames).to_list())


def test_codes_are_those_of_the_year(returns: dict[int, Return]) -> None:
    assert codes_of(returns, range(2020, 2025), "header", "SEX") == {"1", "2"}
    assert codes_of(returns, range(2025, 2026), "header", "SEX") <= {"M", "F", "U"}
    assert not codes_of(returns, range(2020, 2025), "episodes", "PLACE") & {"K3"}
    assert not codes_of(returns, range(2025, 2026), "episodes", "PLACE") & {"H5", "P2"}
    known = {
        "ETHNIC": ("header", ETHNICITY),
        "LS": ("episodes", LEGAL_STATUS),
        "PLACE": ("episodes", PLACEMENT_TYPE),
        "PLACE_PROVIDER": ("episodes", PLACEMENT_PROVIDER),
        "REC": ("episodes", CARE_END_REASON),
        "REASON_PLACE_CHANGE": ("episodes", PLACEMENT_CHANGE_REASON),
        "RNE": ("episodes", frozenset("SLPTBU")),
        "MISSING": ("missing", frozenset("MA")),
    }
    for column, (name, codes) in known.items():
        assert codes_of(returns, YEARS, name, column) <= codes, column
    assert codes_of(returns, range(2024, 2026), "social_worker", "SW_REASON") <= WORKER_CHANGE_REASON


def test_numbers_and_postcodes_have_the_right_form(returns: dict[int, Return]) -> None:
    form = r"^Z[TWXY][0-9]{1,2} [0-9][ABD-HJLNP-UW-Z]{2}$"
    for files in returns.values():
        episodes, numbers = files["episodes"], files["header"]["UPN"].to_list()
        for column in ("HOME_POST", "PL_POST"):
            assert episodes[column].str.contains(form).all()
        assert episodes["URN"].drop_nulls().str.contains("^(SC[0-9]{6}|[0-9]{7})$").all()
        assert all(number == "UN1" or check_letter(number[1:]) == number[0] for number in numbers)


def test_a_provider_that_is_registered_has_a_number_and_no_other_has(returns: dict[int, Return]) -> None:
    for year, files in returns.items():
        without = {"P1", "P3", "R1", "R2", "R5"} | ({"H5", "P2"} if year < 2025 else set())
        for place, number in files["episodes"].select("PLACE", "URN").iter_rows():
            assert (number is None) == (place in without), (year, place)


def test_a_child_keeps_what_does_not_change(returns: dict[int, Return]) -> None:
    for year in YEARS[:-1]:
        now, then = returns[year], returns[year + 1]
        numbers = dict(then["header"].select("CHILD", "UPN").iter_rows())
        for child, number in now["header"].select("CHILD", "UPN").iter_rows():
            assert number in {"UN1", numbers.get(child, number)}
        still = now["episodes"].filter(pl.col("DEC").is_null()).select("CHILD", "DECOM", "PL_POST")
        assert still.join(then["episodes"], on=["CHILD", "DECOM", "PL_POST"]).height == still.height


def test_health_is_told_of_children_who_were_there_for_twelve_months(returns: dict[int, Return]) -> None:
    stays = tables()["ssd_cla_episodes"].group_by("clae_cla_id").agg(
        pl.first("clae_person_id"),
        pl.min("clae_cla_episode_start_date").alias("start"),
        pl.col("clae_cla_episode_ceased_date").is_null().any().alias("open"),
        pl.max("clae_cla_episode_ceased_date").alias("end"),
    )  # fmt: skip
    for year, files in returns.items():
        first, last = date(year - 1, 4, 1), date(year, 3, 31)
        long = {
            row["clae_person_id"]
            for row in stays.iter_rows(named=True)
            if row["start"] <= first and (row["open"] or row["end"] >= last)
        }
        assert set(files["oc2"]["CHILD"]) == long
        for row in files["oc2"].iter_rows(named=True):
            assert row["SDQ_SCORE"] is None or row["SDQ_REASON"] is None
            assert (row["INTERVENTION_RECEIVED"] is not None) == (row["SUBSTANCE_MISUSE"] == "1")
            assert (row["INTERVENTION_OFFERED"] is not None) == (row["INTERVENTION_RECEIVED"] == "0")
            born = row["DOB"]
            age = year - born.year - ((born.month, born.day) > (3, 31))
            assert (row["CONVICTED"] is not None) == (age >= 10)
            assert (row["HEALTH_CHECK"] is not None) == (age < 5)


def test_care_leavers_turn_17_to_21_in_the_year(returns: dict[int, Return]) -> None:
    for year, files in returns.items():
        for born, touch, home in files["oc3"].select("DOB", "IN_TOUCH", "ACCOM").iter_rows():
            turns = year - born.year - ((born.month, born.day) > (3, 31))
            assert 17 <= turns <= 21
            assert (home != "0") == (touch == "YES")
            # Staying put with the former foster carers begins at 18.
            assert not (turns == 17 and home == "Z1")


def test_adoptions_are_told_in_the_year_of_the_order(returns: dict[int, Return]) -> None:
    for files in returns.values():
        adopted = files["episodes"].filter(pl.col("REC").is_in(["E11", "E12"]))
        assert set(files["ad1"]["CHILD"]) <= set(adopted["CHILD"])
        assert (files["ad1"]["DATE_INT"] <= files["ad1"]["DATE_MATCH"]).all()
        pairs = files["ad1"].select("NB_ADOPTR", "SEX_ADOPTR").rows()
        assert all((number == "1") == (sex in {"M1", "F1"}) for number, sex in pairs)


def test_reviews_are_held_while_looked_after_and_say_who_spoke(returns: dict[int, Return]) -> None:
    for files in returns.values():
        held = files["reviews"].join(files["episodes"].select("CHILD", "DECOM", "DEC"), on="CHILD")
        inside = (pl.col("REVIEW") >= pl.col("DECOM")) & (
            pl.col("REVIEW") <= pl.col("DEC").fill_null(date.max)
        )
        there = held.filter(inside).select("CHILD", "REVIEW").unique()
        assert there.height == files["reviews"].select("CHILD", "REVIEW").unique().height
        young = pl.col("REVIEW") < pl.col("DOB").dt.offset_by("4y")
        assert files["reviews"].select((pl.col("REVIEW_CODE") == "PN0") == young).to_series().all()


@given(seed=st.integers(0, 2**32), share_care=st.sampled_from([0.0, 0.5]), years=st.integers(2, 4))
@hypothesis_settings(max_examples=4, deadline=None)
def test_small_authorities_write_the_same_bytes_twice(
    tmp_path_factory: pytest.TempPathFactory, seed: int, share_care: float, years: int
) -> None:
    settings = AuthoritySettings(authority="la2", children=60, years=years, share_care=share_care)
    made, folder = without_documents(settings, seed), tmp_path_factory.mktemp("small")
    first, second = (write_ssda903(made, settings, seed, folder / name) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert {path.parent.name for path in first} == {f"{2025 - back}" for back in range(years)}
    for path in first:
        if path.stem == "episodes":
            chain(read_return(path.parent)["episodes"])


def test_only_whole_years_are_returned(tmp_path: Path) -> None:
    settings = AuthoritySettings(authority="la1", children=60, years=2, last_day=date(2024, 12, 31))
    write_ssda903(without_documents(settings, 1), settings, 1, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["2024"]
