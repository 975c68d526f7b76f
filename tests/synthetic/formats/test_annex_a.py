"""The Annex A workbook holds what its eleven lists ask for, as of the last day of the records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from csc_experiments.records import TABLES, conform
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.formats.annex_a import FILE, write_annex_a
from csc_experiments.synthetic.formats.annex_a_labels import LISTS
from csc_experiments.synthetic.formats.ssda903 import write_ssda903
from csc_experiments.synthetic.formats.workbook import Cell, read_workbook
from csc_experiments.synthetic.simulation import simulate_lives

SETTINGS = AuthoritySettings(
    authority="la1", children=1200, years=6, share_care=0.5, share_s47=0.6, share_icpc=0.6
)
TODAY, HALF_YEAR_AGO, YEAR_AGO = date(2025, 3, 31), date(2024, 9, 30), date(2024, 3, 31)
Record = dict[str, Cell]
# Days that are yet to come, or that were before the records began, are told of nobody here.
MAY_BE_LATER = {"Date of Birth"}


def without_documents(settings: AuthoritySettings, seed: int) -> dict[str, pl.DataFrame]:
    lives = simulate_lives(settings, seed)
    documents = pl.DataFrame(schema=TABLES["documents"].schema)
    return {name: conform(name, {**lives.tables, "documents": documents}[name], name) for name in TABLES}


@cache
def tables() -> dict[str, pl.DataFrame]:
    return without_documents(SETTINGS, 1)


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Record]]:
    folder = tmp_path_factory.mktemp("annex")
    write_annex_a(tables(), SETTINGS, 1, folder)
    return records_of(folder / FILE)


def records_of(path: Path) -> dict[int, list[Record]]:
    sheets = read_workbook(path)
    assert list(sheets) == [f"List {number}" for number in range(1, 12)]
    read: dict[int, list[Record]] = {}
    for number, (header, *rows) in enumerate(sheets.values(), start=1):
        assert tuple(header) == LISTS[number]
        names = [str(name) for name in header]
        read[number] = [dict.fromkeys(names) | dict(zip(names, row, strict=False)) for row in rows]
    return read


def children(rows: Iterable[Record]) -> list[Cell]:
    return sorted((row["Child Unique ID"] for row in rows), key=str)


def persons(name: str, begins: str, ends: str | None, person: str) -> list[str]:
    """Return, row by row, who had something begin or go on in six months."""
    columns = [person, begins, *([ends] if ends else [])]
    found = [
        who
        for who, start, *end in tables()[name].select(columns).iter_rows()
        if (start >= HALF_YEAR_AGO if not ends else end[0] is None or end[0] >= HALF_YEAR_AGO)
    ]
    return sorted(found)


@pytest.mark.parametrize("number", LISTS)
def test_every_list_says_something(lists: dict[int, list[Record]], number: int) -> None:
    assert lists[number]


@pytest.mark.parametrize(
    ("number", "where"),
    [
        (1, ("ssd_contacts", "cont_contact_date", None, "cont_person_id")),
        (
            2,
            ("ssd_early_help_episodes", "earl_episode_start_date", "earl_episode_end_date", "earl_person_id"),
        ),
        (3, ("ssd_cin_episodes", "cine_referral_date", None, "cine_person_id")),
        (
            4,
            (
                "ssd_cin_assessments",
                "cina_assessment_start_date",
                "cina_assessment_auth_date",
                "cina_person_id",
            ),
        ),
        (5, ("ssd_s47_enquiry", "s47e_s47_start_date", "s47e_s47_end_date", "s47e_person_id")),
    ],
)
def test_activity_lists_have_a_row_for_everything_in_six_months(
    lists: dict[int, list[Record]], number: int, where: tuple[str, str, str | None, str]
) -> None:
    assert children(lists[number]) == persons(*where)


def test_lists_of_children_have_one_row_each(lists: dict[int, list[Record]]) -> None:
    plans = persons("ssd_cp_plans", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "cppl_person_id")
    assert children(lists[7]) == sorted(set(plans))
    stays = persons(
        "ssd_cla_episodes", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date", "clae_person_id"
    )
    assert children(lists[8]) == sorted(set(stays))
    need = tables()["ssd_cin_episodes"].filter(
        (pl.col("cine_close_date").is_null() | (pl.col("cine_close_date") >= HALF_YEAR_AGO))
        & (pl.col("cine_referral_nfa") == "N")
    )
    assert children(lists[6]) == sorted(set(need["cine_person_id"]))


def test_nothing_is_dated_after_the_day_of_the_workbook(lists: dict[int, list[Record]]) -> None:
    for number, rows in lists.items():
        for row in rows:
            days = [cell for name, cell in row.items() if isinstance(cell, date) and name not in MAY_BE_LATER]
            assert all(day <= TODAY for day in days), number


def test_ages_are_whole_years_and_the_unborn_are_minus_one(lists: dict[int, list[Record]]) -> None:
    for rows in lists.values():
        for row in rows:
            born, age = row.get("Date of Birth"), row.get("Age of Child (Years)")
            if isinstance(born, date) and born > TODAY:
                assert age == -1
            elif isinstance(born, date):
                assert age == 2025 - born.year - ((born.month, born.day) > (3, 31))


def test_referrals_count_those_of_the_twelve_months_before(lists: dict[int, list[Record]]) -> None:
    every = tables()["ssd_cin_episodes"].select("cine_person_id", "cine_referral_date").rows()
    for row in lists[3]:
        day = row["Date of referral"]
        assert isinstance(day, date)
        before = [
            other
            for person, other in every
            if person == row["Child Unique ID"] and day.replace(year=day.year - 1) <= other < day
        ]
        assert row["Number of Referrals in Last 12 Months"] == len(before)


def test_the_status_of_an_open_case_is_its_weightiest_service(lists: dict[int, list[Record]]) -> None:
    here = {row["Child Unique ID"] for row in lists[8] if row["Date Ceased to be Looked After"] is None}
    planned = {row["Child Unique ID"] for row in lists[7] if row["Child Protection Plan End Date"] is None}
    for row in lists[6]:
        child, status = row["Child Unique ID"], row["Case Status"]
        if row["CIN Closure Date"] is not None:
            assert status == "e) Closed episode"
            assert row["Reason for Closure"] is not None
        elif child in here:
            assert status == "a) Looked after child"
        elif child in planned:
            assert status == "b) Child Protection plan"
        else:
            assert status in {"c) Child in need plan", "d) Open assessment"}


def test_a_conference_stands_beside_the_enquiry_that_led_to_it(lists: dict[int, list[Record]]) -> None:
    for row in lists[5]:
        met = row["Date of Initial Child Protection Conference"]
        result = row["Did the Initial Child Protection Conference Result in a Child Protection Plan"]
        assert (met is None) == (result is None)
        if met is not None:
            assert row["Was an Initial Child Protection Conference deemed unnecessary?"] in {None, "b) No"}


def test_care_leavers_are_of_16_to_24(lists: dict[int, list[Record]]) -> None:
    expected = {True: {"b) Former relevant child"}, False: {"a) Relevant child", "d) Eligible child"}}
    for row in lists[9]:
        age = row["Age of Child (Years)"]
        assert isinstance(age, int)
        assert 16 <= age < 25
        assert row["Eligibility Category"] in expected[age >= 18]


def test_adopters_are_the_families_of_the_children_who_were_matched(lists: dict[int, list[Record]]) -> None:
    matched = {
        row["Family identifier"]
        for row in lists[10]
        if row["Date of Matching Child and Prospective Adopters"] is not None
    }
    stayed = [row for row in lists[11] if row["Date of leaving adoption process"] is None]
    assert {row["Family identifier"] for row in stayed} == matched
    for row in lists[11]:
        days = [row[name] for name in LISTS[11] if name.startswith("Date") and row[name] is not None]
        assert days == sorted(days, key=str)
        assert (row["Reason for leaving adoption process"] is None) == (row in stayed)


def test_placements_are_those_of_the_children_looked_after_return(
    lists: dict[int, list[Record]], tmp_path: Path
) -> None:
    write_ssda903(tables(), SETTINGS, 1, tmp_path)
    returned = pl.read_csv(tmp_path / "2025" / "episodes.csv", infer_schema=False)
    places = set(returned.select("CHILD", "PL_POST", "URN").rows())
    for row in lists[8]:
        assert (row["Child Unique ID"], row["Placement postcode"], row["URN of Placement"]) in places


@given(seed=st.integers(0, 2**32), share_care=st.sampled_from([0.0, 0.5]))
@hypothesis_settings(max_examples=3, deadline=None)
def test_small_authorities_write_the_same_bytes_twice(
    tmp_path_factory: pytest.TempPathFactory, seed: int, share_care: float
) -> None:
    settings = AuthoritySettings(authority="la2", children=60, years=2, share_care=share_care)
    made, folder = without_documents(settings, seed), tmp_path_factory.mktemp("small")
    (first,), (second,) = (write_annex_a(made, settings, seed, folder / name) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    records_of(first)
