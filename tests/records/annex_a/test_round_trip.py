"""An invented authority, handed over as Annex A and read back, has the history that the lists can carry."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.history.events import build_history
from csc_experiments.records import TABLES, Extract, Records, conform
from csc_experiments.records.annex_a.books import AnnexA, read_annex_a
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.export import export
from csc_experiments.synthetic.formats.dirt import HARMLESS, soil
from csc_experiments.synthetic.simulation import simulate_lives

SETTINGS = AuthoritySettings(
    authority="la1", children=300, years=6, share_care=0.5, share_s47=0.6, share_icpc=0.6
)
SEED = 1
TODAY, HALF_YEAR_AGO = date(2025, 3, 31), date(2024, 9, 30)
Event = tuple[str, object, str]


@pytest.fixture(scope="module")
def invented() -> Records:
    return records_of(simulate_lives(SETTINGS, SEED).standard_tables())


@pytest.fixture(scope="module")
def annex(tmp_path_factory: pytest.TempPathFactory) -> AnnexA:
    folder = tmp_path_factory.mktemp("annex") / "out"
    places = export("annex_a", SETTINGS, SEED, folder).places
    return read_annex_a([Path(place) for place in places])


def records_of(tables: dict[str, pl.DataFrame]) -> Records:
    empty = {name: pl.DataFrame(schema=table.schema) for name, table in TABLES.items()}
    whole = {name: conform(name, (empty | tables)[name], name) for name in TABLES}
    return Records(Extract("la1", TODAY, date(2019, 4, 1), TODAY, ("invented",)), whole)


def events_of(records: Records) -> pl.DataFrame:
    history = build_history(records)
    people = [
        records[name].get_column(column)
        for name, table in TABLES.items()
        for column in table.columns
        if column.endswith("person_id")
    ]
    names = pl.concat([column.rename("person") for column in people]).drop_nulls().unique().sort()
    return history.events.join(
        names.to_frame().with_row_index("subject_id").cast({"subject_id": pl.Int64}), on="subject_id"
    )


def rows_of(events: pl.DataFrame, *codes: str) -> list[Event]:
    chosen = events.filter(pl.any_horizontal(pl.col("code").str.starts_with(code) for code in codes))
    return sorted(chosen.select("person", "time", "code").rows())


def not_over(ends: str) -> pl.Expr:
    return pl.col(ends).is_null() | (pl.col(ends) >= HALF_YEAR_AGO)


def carried(records: Records) -> Records:
    """What the lists can tell of what is dated, in the words of Ofsted's guidance."""
    cases = records["ssd_cin_episodes"].filter(not_over("cine_close_date"))
    cases = cases.filter(pl.col("cine_referral_nfa").ne_missing("Y"))
    # List 6 holds the latest case of a child, so only that one's need and closure are known.
    latest = cases.sort("cine_referral_date", "cine_referral_id").unique("cine_person_id", keep="last")
    is_case = pl.col("cine_referral_id").is_in(latest["cine_referral_id"].implode())
    # List 3 holds the referrals of six months, so only their sources are known.
    recent = pl.col("cine_referral_date") >= HALF_YEAR_AGO
    of_case = ("cine_cin_primary_need_code", "cine_close_date", "cine_close_reason")
    referrals = records["ssd_cin_episodes"].filter(recent | is_case)
    referrals = referrals.with_columns(
        pl.when(recent).then("cine_referral_source_code").alias("cine_referral_source_code"),
        *(pl.when(is_case).then(column).alias(column) for column in of_case),
    )
    enquiries = records["ssd_s47_enquiry"].filter(not_over("s47e_s47_end_date"))
    # List 7 holds the latest plan of a child, with its latest review.
    plans = records["ssd_cp_plans"].filter(not_over("cppl_cp_plan_end_date"))
    plans = plans.sort("cppl_cp_plan_start_date").unique("cppl_person_id", keep="last")
    reviews = records["ssd_cp_reviews"].join(plans, left_on="cppr_cp_plan_id", right_on="cppl_cp_plan_id")
    return records_of(
        {
            "ssd_person": records["ssd_person"],
            # List 1 does not say what came of a contact.
            "ssd_contacts": records["ssd_contacts"]
            .filter(pl.col("cont_contact_date") >= HALF_YEAR_AGO)
            .with_columns(cont_contact_outcome_json=None),
            "ssd_early_help_episodes": records["ssd_early_help_episodes"].filter(
                not_over("earl_episode_end_date")
            ),
            "ssd_cin_episodes": referrals,
            "ssd_cin_assessments": records["ssd_cin_assessments"].filter(
                not_over("cina_assessment_auth_date")
            ),
            # List 5 has no date on which an enquiry ended.
            "ssd_s47_enquiry": enquiries.with_columns(s47e_s47_end_date=None),
            # Conferences stand in it beside their enquiries.
            "ssd_initial_cp_conference": records["ssd_initial_cp_conference"].join(
                enquiries, left_on="icpc_s47_enquiry_id", right_on="s47e_s47_enquiry_id", how="semi"
            ),
            "ssd_cp_plans": plans,
            "ssd_cp_reviews": reviews.sort("cppr_cp_review_date").unique("cppr_cp_plan_id", keep="last"),
        }
    )


@pytest.mark.parametrize(
    "code", ["CONTACT", "EARLY_HELP", "REFERRAL", "ASSESSMENT", "S47", "ICPC", "CP_PLAN", "CP_REVIEW"]
)
def test_what_the_lists_date_is_read_back_as_it_was(invented: Records, annex: AnnexA, code: str) -> None:
    wanted = rows_of(events_of(carried(invented)), code)
    assert wanted
    assert rows_of(events_of(records_of(annex.tables)), code) == wanted


def test_of_care_the_latest_period_placement_and_legal_status_are_known(
    invented: Records, annex: AnnexA
) -> None:
    read = events_of(records_of(annex.tables))
    codes = ("CLA//", "PLACEMENT//", "LEGAL_STATUS//")
    told = rows_of(read, *codes)
    assert set(told) <= set(rows_of(events_of(invented), *codes))
    # List 8 holds each child once, who is in care or left it in six months.
    ends = events_of(invented).filter(pl.col("code") == "CLA//END").group_by("person").agg(pl.max("time"))
    starts = events_of(invented).filter(pl.col("code") == "CLA//START").group_by("person").agg(pl.max("time"))
    spells = starts.join(ends, on="person", how="left", suffix="_end")
    left = (pl.col("time_end") >= pl.col("time")) & (pl.col("time_end") < pl.lit(HALF_YEAR_AGO))
    in_care = sorted(spells.filter(~left.fill_null(value=False))["person"])
    for code in ("CLA//START", "PLACEMENT//START", "LEGAL_STATUS//"):
        assert [person for person, _, _ in rows_of(read, code)] == in_care
    since = [row for row in rows_of(events_of(invented), "CLA//END") if row[1].date() >= HALF_YEAR_AGO]
    assert set(rows_of(read, "CLA//END")) == {row for row in since if row[0] in in_care}


def test_children_are_born_on_the_day_that_they_were_and_no_list_tells_of_deaths(
    invented: Records, annex: AnnexA
) -> None:
    read, told = events_of(records_of(annex.tables)), annex.tables["ssd_person"]["pers_person_id"]
    births = [row for row in rows_of(events_of(invented), "MEDS_BIRTH") if row[0] in set(told)]
    assert rows_of(read, "MEDS_BIRTH") == births
    assert rows_of(read, "MEDS_DEATH") == []
    assert told.is_unique().all()


def test_disabilities_are_known_but_not_which_and_only_from_list_4_on(
    invented: Records, annex: AnnexA
) -> None:
    codes = invented["ssd_disability"].filter(pl.col("disa_disability_code") != "NONE")
    disabled = set(codes["disa_person_id"])
    said = dict(annex.tables["ssd_disability"].select("disa_person_id", "disa_disability_code").rows())
    assert {"DDA", "NONE"} == set(said.values())
    assert {child for child, code in said.items() if code == "DDA"} == disabled & said.keys()


def test_factors_plans_workers_and_missing_episodes_are_not_in_annex_a(annex: AnnexA) -> None:
    told = {name for name, frame in annex.tables.items() if not frame.is_empty()}
    absent = {"ssd_assessment_factors", "ssd_cin_plans", "ssd_involvements", "ssd_missing", "ssd_family"}
    assert not told & absent
    assert len(told) == 13


def test_nothing_of_a_clean_workbook_is_set_aside(annex: AnnexA) -> None:
    assert annex.rejects.is_empty()
    assert not any("not read" in note and "sheets" in note for note in annex.notes)


READABLE = {"two-digit year", "serial date", "date as text", "label for code", "title row"}


def test_the_dirt_of_real_workbooks_changes_nothing(tmp_path: Path) -> None:
    clean = [Path(place) for place in export("annex_a", SETTINGS, 3, tmp_path / "clean").places]
    dirty = [Path(place) for place in export("annex_a", SETTINGS, 3, tmp_path / "dirty").places]
    planted = soil("annex_a", dirty, 3, [*HARMLESS - {"duplicated workbook"}, *READABLE])
    assert {"title row", "duplicate row", "not available", "no-break space", "header case"} <= planted.keys()
    wanted, read = read_annex_a(clean), read_annex_a(dirty)
    for name, frame in wanted.tables.items():
        assert read.tables[name].sort(pl.all()).equals(frame.sort(pl.all())), name
    assert set(read.rejects["reason"]) == {"said before"}
    copied = read_annex_a([*dirty, *clean])
    assert all(copied.tables[name].height == frame.height for name, frame in wanted.tables.items())
