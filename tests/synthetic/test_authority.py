from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from csc_experiments.records import TABLES, read_records
from csc_experiments.records.tables import Kind
from csc_experiments.synthetic import AuthoritySettings, simulate, write_authority
from csc_experiments.synthetic.simulation import simulate_lives

LA1 = AuthoritySettings(authority="la1", children=1500, document_words=0.2)
Tables = Mapping[str, pl.DataFrame]

# Start and end of everything that lasts.
SPELLS = {
    "ssd_cin_episodes": ("cine_referral_date", "cine_close_date"),
    "ssd_cin_assessments": ("cina_assessment_start_date", "cina_assessment_auth_date"),
    "ssd_cin_plans": ("cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    "ssd_s47_enquiry": ("s47e_s47_start_date", "s47e_s47_end_date"),
    "ssd_cp_plans": ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    "ssd_cla_episodes": ("clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
    "ssd_cla_placement": ("clap_cla_placement_start_date", "clap_cla_placement_end_date"),
    "ssd_legal_status": ("lega_legal_status_start_date", "lega_legal_status_end_date"),
    "ssd_early_help_episodes": ("earl_episode_start_date", "earl_episode_end_date"),
    "ssd_missing": ("miss_missing_episode_start_date", "miss_missing_episode_end_date"),
    "ssd_involvements": ("invo_involvement_start_date", "invo_involvement_end_date"),
    "documents": ("authored_date", "recorded_date"),
}
NEVER_TWO_AT_ONCE = [
    ["ssd_cin_episodes"],
    ["ssd_cin_plans", "ssd_cp_plans"],
    ["ssd_cla_episodes"],
    ["ssd_cla_placement"],
]
OWN_ID = {name: next(iter(table.columns)) for name, table in TABLES.items() if name != "ssd_family"}


def person_column(name: str) -> str:
    return next(column for column in TABLES[name].columns if column.endswith("person_id"))


def referral_column(name: str) -> str | None:
    return next((column for column in TABLES[name].columns if column.endswith("referral_id")), None)


@cache
def la1(seed: int = 1) -> Tables:
    return simulate(LA1, seed)


@cache
def undocumented(seed: int) -> Tables:
    return simulate_lives(LA1, seed).tables


def spells(tables: Tables, name: str) -> pl.DataFrame:
    start, end = SPELLS[name]
    return tables[name].select(person=person_column(name), start=start, end=end)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_conforms_and_has_rows(name: str) -> None:
    table = la1()[name]
    assert dict(table.schema) == TABLES[name].schema
    assert table.height > 0
    filled = TABLES[name].required - {"pers_dob"}  # the unborn have none
    assert sum(table[column].null_count() for column in filled) == 0


@pytest.mark.parametrize(("name", "column"), OWN_ID.items())
def test_every_id_is_unique(name: str, column: str) -> None:
    assert la1()[name][column].is_duplicated().sum() == 0


@pytest.mark.parametrize("name", [name for name in TABLES if name != "ssd_assessment_factors"])
def test_everybody_is_in_the_person_table_and_in_a_family(name: str) -> None:
    people = la1()[name][person_column(name)]
    assert people.is_in(la1()["ssd_person"]["pers_person_id"].implode()).all()
    assert people.is_in(la1()["ssd_family"]["fami_person_id"].implode()).all()


@pytest.mark.parametrize("name", [name for name in TABLES if referral_column(name)])
def test_what_belongs_to_a_referral_is_of_its_child_and_inside_it(name: str) -> None:
    start = SPELLS[name][0] if name in SPELLS else "icpc_icpc_date"
    rows = la1()[name].select(referral=referral_column(name), person=person_column(name), start=start)
    episodes = la1()["ssd_cin_episodes"].select(
        referral="cine_referral_id",
        child="cine_person_id",
        opened="cine_referral_date",
        closed="cine_close_date",
    )
    # A form about a contact that opened no case belongs to none.
    joined = rows.drop_nulls("referral").join(episodes, on="referral", how="left")
    assert joined["child"].equals(joined["person"])
    assert (joined["start"] >= joined["opened"]).all()
    assert (joined["start"] <= joined["closed"].fill_null(LA1.last_day)).all()


@pytest.mark.parametrize(
    ("name", "column", "other", "key"),
    [
        ("ssd_assessment_factors", "cinf_assessment_id", "ssd_cin_assessments", "cina_assessment_id"),
        ("ssd_initial_cp_conference", "icpc_s47_enquiry_id", "ssd_s47_enquiry", "s47e_s47_enquiry_id"),
        ("ssd_cp_plans", "cppl_icpc_id", "ssd_initial_cp_conference", "icpc_icpc_id"),
        ("ssd_cp_reviews", "cppr_cp_plan_id", "ssd_cp_plans", "cppl_cp_plan_id"),
        ("ssd_cla_placement", "clap_cla_id", "ssd_cla_episodes", "clae_cla_id"),
    ],
)
def test_every_reference_leads_somewhere(name: str, column: str, other: str, key: str) -> None:
    assert la1()[name][column].is_in(la1()[other][key].implode()).all()


@pytest.mark.parametrize("name", SPELLS)
def test_nothing_ends_before_it_starts(name: str) -> None:
    rows = spells(la1(), name).drop_nulls()
    assert (rows["end"] >= rows["start"]).all()


@pytest.mark.parametrize("names", NEVER_TWO_AT_ONCE, ids=" and ".join)
def test_a_child_never_has_two_at_once(names: list[str]) -> None:
    rows = pl.concat(spells(la1(), name) for name in names).sort("person", "start", "end")
    rows = rows.with_columns(following=pl.col("start").shift(-1).over("person"))
    assert rows.filter(pl.col("following") < pl.col("end").fill_null(date.max)).height == 0


def test_nothing_happens_after_the_last_day() -> None:
    for name, table in TABLES.items():
        for column in (column for column, kind in table.columns.items() if kind is Kind.DATE):
            if column not in {"pers_expected_dob", "icpc_icpc_target_date"}:
                assert (la1()[name][column].drop_nulls() <= LA1.last_day).all(), column


def test_nothing_happens_after_death_or_the_18th_birthday() -> None:
    grown = pl.col("pers_dob").dt.offset_by("18y")
    ends = la1()["ssd_person"].select("pers_person_id", limit=pl.min_horizontal(grown, "pers_death_date"))
    for name in TABLES:
        dates = [c for c, kind in TABLES[name].columns.items() if kind is Kind.DATE]
        # A target is a date in the future, and a document may reach the system late.
        dates = [c for c in dates if c not in {"icpc_icpc_target_date", "recorded_date"}]
        if name == "ssd_person" or not dates:
            continue
        rows = la1()[name].join(ends, left_on=person_column(name), right_on="pers_person_id", how="left")
        assert rows.filter(pl.max_horizontal(dates) > pl.col("limit")).height == 0, name


def test_the_unborn_have_an_expected_date_and_no_sex() -> None:
    persons = pl.concat(undocumented(seed)["ssd_person"] for seed in (1, 2))
    unborn = persons.filter(pl.col("pers_dob").is_null())
    assert 0 < unborn.height < 0.03 * persons.height
    assert (unborn["pers_expected_dob"] > LA1.last_day).all()
    assert set(unborn["pers_sex"]) == {"U"}
    assert persons.filter(pl.col("pers_dob").is_not_null())["pers_expected_dob"].null_count() == (
        persons.height - unborn.height
    )
    assert 0 < persons["pers_death_date"].count() < 0.01 * persons.height


def test_closing_after_assessment_needs_one_and_allows_no_plan() -> None:
    episodes = la1()["ssd_cin_episodes"]
    closed = episodes.filter(pl.col("cine_close_reason").is_in(["RC8", "RC9"]))["cine_referral_id"]
    assessed = la1()["ssd_cin_assessments"].filter(pl.col("cina_assessment_auth_date").is_not_null())
    assert closed.is_in(assessed["cina_referral_id"].implode()).all()
    refused = episodes.filter(pl.col("cine_referral_nfa") == "Y")["cine_referral_id"]
    assert not refused.is_in(la1()["ssd_cin_assessments"]["cina_referral_id"].implode()).any()
    for name in ("ssd_s47_enquiry", "ssd_cin_plans", "ssd_cp_plans", "ssd_cla_episodes"):
        column = la1()[name][referral_column(name)].implode()
        assert not pl.concat([closed, refused]).is_in(column).any()
    both = episodes.select(pl.col("cine_close_date").is_null() == pl.col("cine_close_reason").is_null())
    assert both.to_series().all()


def test_factors_are_known_only_when_authorised_and_21_stands_alone() -> None:
    tables = la1()
    authorised = tables["ssd_cin_assessments"].filter(pl.col("cina_assessment_auth_date").is_not_null())
    found = set(tables["ssd_assessment_factors"]["cinf_assessment_id"])
    assert found <= set(authorised["cina_assessment_id"])
    assert 0.92 < len(found) / authorised.height < 1  # some assessments are completed without any
    lists = tables["ssd_assessment_factors"]["cinf_assessment_factors_json"].str.json_decode(
        pl.List(pl.String)
    )
    assert (lists.list.len() > 0).all()
    assert lists.list.n_unique().equals(lists.list.len())
    assert (lists.filter(lists.list.contains("21")).list.len() == 1).all()


def test_families_have_up_to_six_children_and_some_are_linked_by_a_half_sibling() -> None:
    sizes = la1()["ssd_family"].group_by("fami_family_id").len()["len"]
    assert sizes.max() <= 8
    assert sizes.quantile(0.99) <= 6
    families = la1()["ssd_family"].group_by("fami_person_id").len()["len"]
    assert 0 < (families > 1).sum() < 0.05 * families.len()


def test_siblings_are_mostly_referred_together() -> None:
    family = la1()["ssd_family"].unique("fami_person_id").select("fami_person_id", "fami_family_id")
    born = la1()["ssd_person"].select("pers_person_id", "pers_dob")
    rows = la1()["ssd_cin_episodes"].join(family, left_on="cine_person_id", right_on="fami_person_id")
    together = rows.group_by("fami_family_id", "cine_referral_date").len("named")
    of_age = pl.col("pers_dob").is_between(
        pl.col("cine_referral_date").dt.offset_by("-17y"), pl.col("cine_referral_date")
    )
    could = (
        together.join(family, on="fami_family_id")
        .join(born, left_on="fami_person_id", right_on="pers_person_id")
        .filter(of_age)
        .group_by("fami_family_id", "cine_referral_date")
        .agg(pl.first("named"), could=pl.len())
        .filter(pl.col("could") > 1)
    )
    assert could["named"].sum() / could["could"].sum() > 0.7


@given(seed=st.integers(0, 2**40), children=st.integers(20, 80), signal=st.floats(0, 2))
@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_same_seed_gives_the_same_authority(seed: int, children: int, signal: float) -> None:
    small = AuthoritySettings(authority="la1", children=children, years=2, signal=signal)
    first, second = simulate(small, seed), simulate(small, seed)
    for name in TABLES:
        assert_frame_equal(first[name], second[name])


def test_the_same_seed_writes_the_same_files_and_another_seed_other_children(tmp_path: Path) -> None:
    small = replace(LA1, children=60, years=2)
    written = [write_authority(small, seed, tmp_path / f"{n}") for n, seed in enumerate((7, 7, 8))]
    assert written[0] == written[1] == read_records(tmp_path / "0").extract
    said = [yaml.safe_load((tmp_path / f"{n}" / "extract.yaml").read_text()) for n in (0, 1)]
    assert said[0]["tables"] == said[1]["tables"]
    assert written[0].sources[0].startswith("invented authority, seed 7, recipe ")
    assert (written[0].coverage_from, written[0].coverage_to) == (small.first_day, small.last_day)
    assert written[2].tables["ssd_person"] != written[0].tables["ssd_person"]


def test_what_stands_there_is_left_and_anything_else_is_made_anew(tmp_path: Path) -> None:
    small = replace(LA1, children=60, years=2)
    first = write_authority(small, 7, tmp_path / "la1")
    made = (tmp_path / "la1" / "extract.yaml").stat().st_mtime_ns
    assert write_authority(small, 7, tmp_path / "la1") == first
    assert (tmp_path / "la1" / "extract.yaml").stat().st_mtime_ns == made
    assert write_authority(replace(small, signal=0.0), 7, tmp_path / "la1").sources != first.sources
    assert write_authority(small, 7, tmp_path / "la1") == first
    (tmp_path / "la1" / "documents.parquet").write_bytes(b"damaged")
    write_authority(small, 7, tmp_path / "la1")
    assert read_records(tmp_path / "la1").extract == first
    (tmp_path / "la1" / "gold" / "spans.parquet").unlink()
    write_authority(small, 7, tmp_path / "la1")
    assert (tmp_path / "la1" / "gold" / "spans.parquet").is_file()


def test_a_change_in_the_text_moves_nothing_else() -> None:
    other = simulate(replace(LA1, share_abbreviated=0.0, share_copied=1.0), 1)
    for name in TABLES:
        if name != "documents":
            assert_frame_equal(other[name], la1()[name])
    assert_frame_equal(other["documents"].drop("text"), la1()["documents"].drop("text"))
    assert not other["documents"]["text"].equals(la1()["documents"]["text"])


@pytest.mark.parametrize(
    "knobs",
    [
        {"share_nfa": 1.0},
        {"share_referred": 0.0},
        {"share_s47": 1.0, "share_icpc": 1.0, "share_cp_plan": 1.0},
        {"share_not_in_need": 1.0},
        {"share_care": 1.0, "share_s47": 0.0},
        {"notes_per_quarter": 0.0, "share_siblings": 0.0},
        {"share_transferred": 1.0, "share_disabled": 1.0},
    ],
    ids=str,
)
def test_extreme_authorities_are_still_authorities(knobs: dict[str, float]) -> None:
    tables = simulate(replace(LA1, children=200, years=3, **knobs), 3)
    for name in SPELLS:
        rows = spells(tables, name).drop_nulls()
        assert (rows["end"] >= rows["start"]).all(), name
    assert tables["ssd_contacts"].height > 0


def test_about_as_many_children_are_known_as_wished() -> None:
    known = sum(undocumented(seed)["ssd_person"].height for seed in (1, 2, 3)) / 3
    assert 0.85 * LA1.children < known < 1.15 * LA1.children


def test_no_case_opens_before_the_last_one_closed_and_some_open_before_the_first_day() -> None:
    episodes = la1()["ssd_cin_episodes"]
    assert (episodes["cine_close_date"].fill_null(LA1.last_day) >= LA1.first_day).all()
    early = (episodes["cine_referral_date"] < LA1.first_day).sum()
    assert 0 < early < 0.2 * episodes.height  # some stay open for years
    assert (la1()["ssd_contacts"]["cont_contact_date"] >= LA1.first_day).all()
    assert (la1()["documents"]["recorded_date"] - la1()["documents"]["authored_date"]).max() <= timedelta(10)
