"""Planted leaks and under-recording: each changes what it says, and nothing else moves."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from csc_experiments.errors import ConfigError
from csc_experiments.records import TABLES
from csc_experiments.synthetic import AuthoritySettings, settings_from
from csc_experiments.synthetic.choices import Group, Leak
from csc_experiments.synthetic.leaks import escalation
from csc_experiments.synthetic.recording import SHARE_NOT_RECORDED, members
from csc_experiments.synthetic.simulation import Simulation, simulate_lives
from csc_experiments.synthetic.writing import Written, write_documents
from csc_experiments.synthetic.writing.telling import TOLD_DAYS

SEED = 4
CLEAN = AuthoritySettings(authority="la1", children=2500, years=4, document_words=0.03, notes_per_quarter=0.2)
CHANGED = {
    Leak.CLOSURE_KNOWN_EARLY: "ssd_cin_episodes",
    Leak.LATER_RETURN_OVERWRITES: "ssd_assessment_factors",
    Leak.SIBLING_COPIES: "ssd_family",
    Leak.PRESCIENT_DURATION: "ssd_contacts",
    Leak.WORKER_SET_LATER: "ssd_involvements",
    Leak.BACKDATED_ASSESSMENT: "ssd_cin_assessments",
}
IN_TEXT = sorted(set(Leak) - set(CHANGED) - {Leak.NONE})
DAY = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}")


@cache
def lives(leak: Leak = Leak.NONE, bias: Group = Group.NONE) -> Simulation:
    return simulate_lives(replace(CLEAN, leak=leak, bias=bias), SEED)


@cache
def documents(leak: Leak = Leak.NONE) -> pl.DataFrame:
    settings = replace(CLEAN, leak=leak)
    written = list(write_documents(settings, SEED, lives(leak), workers=1))
    return pl.concat(part.documents for part in written).sort("document_id")


def differing(one: Simulation, other: Simulation) -> set[str]:
    return {name for name in one.tables if not one.tables[name].equals(other.tables[name])}


@pytest.mark.parametrize("leak", list(Leak))
def test_a_leak_changes_its_own_table_or_the_text_and_nothing_else(leak: Leak) -> None:
    assert differing(lives(), lives(leak)) == ({CHANGED[leak]} if leak in CHANGED else set())
    for name, table in lives(leak).standard_tables().items():
        assert table.schema == TABLES[name].schema
    assert_frame_equal(documents(leak).drop("text"), documents().drop("text"))
    copies = leak is Leak.SIBLING_COPIES
    assert documents(leak)["text"].equals(documents()["text"]) == (leak not in IN_TEXT and not copies)


@pytest.mark.parametrize("leak", CHANGED)
def test_identifiers_stay_unique(leak: Leak) -> None:
    name = CHANGED[leak]
    assert not lives(leak).tables[name][next(iter(TABLES[name].columns))].is_duplicated().any()


def test_closing_forms_stand_beside_open_cases_and_tell_how_they_end() -> None:
    planted = lives(Leak.CLOSURE_KNOWN_EARLY).tables["ssd_cin_episodes"]
    clean = lives().tables["ssd_cin_episodes"]
    assert_frame_equal(planted[: clean.height], clean)
    added = planted[clean.height :]
    assert (added["cine_close_date"] == added["cine_referral_date"]).all()
    true = clean.select("cine_person_id", "cine_referral_date", right="cine_close_reason")
    both = added.join(true, on=["cine_person_id", "cine_referral_date"], how="inner")
    assert both.height == added.height > 300
    assert (both["cine_close_reason"] == both["right"]).all()


def test_a_later_return_gives_every_assessment_of_a_child_the_same_factors() -> None:
    def kinds(known: Simulation) -> pl.Series:
        said = known.tables["ssd_assessment_factors"].join(
            known.tables["ssd_cin_assessments"], left_on="cinf_assessment_id", right_on="cina_assessment_id"
        )
        several = said.filter(pl.len().over("cina_person_id") > 1)
        return several.group_by("cina_person_id").agg(
            pl.col("cinf_assessment_factors_json").n_unique().alias("kinds")
        )["kinds"]

    assert (kinds(lives(Leak.LATER_RETURN_OVERWRITES)) == 1).all()
    assert (kinds(lives()) > 1).mean() > 0.5


def test_some_siblings_are_no_longer_linked_and_have_the_same_texts() -> None:
    def shared(known: Simulation, texts: pl.DataFrame) -> int:
        family = known.tables["ssd_family"].unique("fami_person_id")
        # Short notes are alike by chance.
        long = texts.filter(pl.col("document_type") == "single_assessment")
        said = long.join(family, left_on="person_id", right_on="fami_person_id")
        in_families = said.group_by("text").agg(pl.col("fami_family_id").n_unique().alias("families"))
        return int((in_families["families"] > 1).sum())

    planted = shared(lives(Leak.SIBLING_COPIES), documents(Leak.SIBLING_COPIES))
    assert planted > 50
    assert planted > 10 * shared(lives(), documents())
    clean = lives().tables["ssd_family"]["fami_family_id"].n_unique()
    assert lives(Leak.SIBLING_COPIES).tables["ssd_family"]["fami_family_id"].n_unique() > 1.2 * clean


def test_planned_contacts_count_the_months_of_a_case() -> None:
    clean = lives().tables["ssd_contacts"]
    added = lives(Leak.PRESCIENT_DURATION).tables["ssd_contacts"][clean.height :]
    counted = added.group_by("cont_person_id", "cont_contact_date").len()
    closed = (
        lives()
        .tables["ssd_cin_episodes"]
        .join(
            counted,
            left_on=["cine_person_id", "cine_referral_date"],
            right_on=["cont_person_id", "cont_contact_date"],
        )
        .drop_nulls("cine_close_date")
    )
    months = (closed["cine_close_date"] - closed["cine_referral_date"]).dt.total_days() // 30
    assert closed.height > 300
    assert (closed["len"].cast(pl.Int64) == months.clip(0, 24)).all()


def test_the_later_team_stands_in_the_cases_that_escalate_and_in_no_other() -> None:
    clean = lives().tables["ssd_involvements"]
    added = lives(Leak.WORKER_SET_LATER).tables["ssd_involvements"][clean.height :]
    cases = lives().cases
    case = added["invo_referral_id"].str.slice(1).cast(pl.Int64).to_numpy()
    last = (CLEAN.last_day - date(1970, 1, 1)).days
    day = escalation(cases)
    expected = np.flatnonzero(day <= np.minimum(cases.way.close, last))
    assert sorted(case) == expected.tolist()
    assert len(case) > 50
    assert (added["invo_involvement_start_date"] == lives().tables["ssd_cin_episodes"][case, 2]).all()


def test_assessments_are_backdated_where_a_plan_or_care_came_after_them_and_nowhere_else() -> None:
    clean = lives().tables["ssd_cin_assessments"]
    planted = lives(Leak.BACKDATED_ASSESSMENT).tables["ssd_cin_assessments"]
    moved = (clean["cina_assessment_auth_date"] != planted["cina_assessment_auth_date"]).fill_null(
        value=False
    )
    case = clean["cina_referral_id"].filter(moved).str.slice(1).cast(pl.Int64).to_numpy()
    assert len(case) > 30
    assert (escalation(lives().cases)[case] > lives().cases.way.authorised[case]).all()
    backdated = planted.filter(moved)
    assert (backdated["cina_assessment_auth_date"] == backdated["cina_assessment_start_date"]).all()


@cache
def told(leak: Leak) -> pl.DataFrame:
    """What was added to documents, each beside the first plan, care or referral that came after it."""
    both = documents(leak).join(documents().select("document_id", clean="text"), on="document_id")
    added = both.filter(pl.col("text") != pl.col("clean"))
    tables = lives().tables
    starts = pl.concat(
        tables[name].select(person_id=person, start=day)
        for name, person, day in (
            ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date"),
            ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date"),
            ("ssd_cin_episodes", "cine_person_id", "cine_referral_date"),
        )
    )
    after = added.select("document_id", "person_id", "authored_date").join(starts, on="person_id")
    first = (
        after.filter(pl.col("start") > pl.col("authored_date"))
        .group_by("document_id")
        .agg(pl.col("start").min())
    )
    return added.join(first, on="document_id", how="left")


@pytest.mark.parametrize("leak", IN_TEXT)
def test_only_documents_of_children_whose_case_goes_on_within_a_year_tell_of_it(leak: Leak) -> None:
    found = told(leak)
    assert found.height > 100
    days = (found["start"] - found["authored_date"]).dt.total_days()
    assert days.null_count() == 0
    assert (days <= TOLD_DAYS).all()


def test_what_a_text_tells_is_dated_after_it() -> None:
    found = told(Leak.TEXT_NAMES_OUTCOME)
    for text, clean in found.select("text", "clean").iter_rows():
        start = next((at for at, (a, b) in enumerate(zip(text, clean, strict=False)) if a != b), len(clean))
        assert text.startswith(clean[:start])
        assert re.search(r"Update:|Since writing:|Added later", text[start - 30 :])
    assert found["text"].str.contains(DAY.pattern).mean() > 0.5


def test_a_title_tells_in_the_first_line_and_nowhere_else() -> None:
    found = told(Leak.TITLE_NAMES_OUTCOME)
    kinds = set(found["document_type"])
    assert "single_assessment" in kinds
    assert "case_note" not in kinds
    for text, clean in found.select("text", "clean").iter_rows():
        assert text.partition("\n")[2] == clean.partition("\n")[2]
        assert re.search(r"- (child protection|looked after child|re-referral)", text.partition("\n")[0])


def test_spans_move_with_what_is_told() -> None:
    settings = replace(CLEAN, leak=Leak.TITLE_NAMES_OUTCOME)
    written = list(write_documents(settings, SEED, lives(Leak.TITLE_NAMES_OUTCOME), workers=1))
    clean = list(write_documents(CLEAN, SEED, lives(), workers=1))

    def said(parts: list[Written]) -> pl.DataFrame:
        spans = pl.concat(part.spans for part in parts)
        texts = pl.concat(part.documents for part in parts).select("document_id", "text")
        found = pl.col("text").str.slice("start", pl.col("end") - pl.col("start"))
        return spans.join(texts, on="document_id", maintain_order="left").select(
            "document_id", "kind", "role", found
        )

    assert_frame_equal(said(written), said(clean))


@pytest.mark.parametrize("group", [group for group in Group if group is not Group.NONE])
def test_half_is_not_recorded_of_the_group_and_nothing_of_others_is_lost(group: Group) -> None:
    clean, biased = lives(), lives(Leak.NONE, group)
    own = members(group, clean.tables).implode()
    lost = {"ssd_contacts", "ssd_early_help_episodes", "ssd_missing", "ssd_assessment_factors"}
    assert differing(clean, biased) <= lost
    before, after = clean.tables["ssd_contacts"], biased.tables["ssd_contacts"]
    theirs = pl.col("cont_person_id").is_in(own)
    assert_frame_equal(after.filter(~theirs), before.filter(~theirs))
    led = pl.col("cont_contact_outcome_json").str.contains('"NEW_REFERRAL_FLAG":"Y"').fill_null(value=False)
    assert_frame_equal(after.filter(theirs & led), before.filter(theirs & led))
    mere = before.filter(theirs & ~led).height
    kept = after.filter(theirs & ~led).height
    assert abs(kept - (1 - SHARE_NOT_RECORDED) * mere) < 4 * np.sqrt(mere / 4) + 1
    assert mere > 5


@pytest.mark.parametrize(("key", "value"), [("leak", "everything"), ("bias", "everybody"), ("leak", 1)])
def test_an_unknown_leak_or_group_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(ConfigError, match=rf"synthetic\.{key} "):
        settings_from("la1", {key: value})


def test_names_are_read_from_a_configuration() -> None:
    settings = settings_from("la1", {"leak": "prescient_duration", "bias": "black"})
    assert (settings.leak, settings.bias) == (Leak.PRESCIENT_DURATION, Group.BLACK)
