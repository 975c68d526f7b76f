"""Each census return of an invented authority is read back to what the authority's records said."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.records import Records
from csc_experiments.records.cin_census.census import read_cin_census
from csc_experiments.records.store import conform
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.formats.cin_census import write_cin_census
from csc_experiments.synthetic.simulation import simulate_lives

Tables = dict[str, pl.DataFrame]
Row = dict[str, object]
Said = dict[str, Counter[tuple[object, ...]]]

# Until these years, other codes stood for these.
FACTORS = {2021: {"18B": "18A", "18C": "18A", "19B": "19A", "19C": "19A"}, 2022: {"24A": "20"}}
SOURCES, REASONS = {2023: {"5D": "5B"}}, {2023: {"RC9": "RC8"}}


def lives_of(chosen: AuthoritySettings, seed: int) -> Tables:
    lives = simulate_lives(chosen, seed).tables
    return {name: conform(name, frame, name) for name, frame in lives.items()}


def invented(last_year: int = 2025, seed: int = 1, children: int = 150) -> tuple[AuthoritySettings, Tables]:
    chosen = AuthoritySettings(
        authority="la1", children=children, years=3, last_day=date(last_year, 3, 31), share_nfa=0.2
    )
    return chosen, lives_of(chosen, seed)


class Clerk:
    """Walks through the records row by row, and notes what the return of a year must say."""

    def __init__(self, tables: Tables, year: int) -> None:
        self.rows = {name: list(frame.iter_rows(named=True)) for name, frame in tables.items()}
        self.year, self.first, self.end = year, date(year - 1, 4, 1), date(year, 3, 31)
        self.said: Said = {}
        self.places: dict[str, tuple[str, date]] = {}

    def note(self, what: str, *row: object) -> None:
        self.said.setdefault(what, Counter())[row] += 1

    def by_then(self, day: date | None) -> date | None:
        return day if day is not None and day <= self.end else None

    def going_on(self, begins: date, ended: date | None) -> bool:
        return begins <= self.end and (ended is None or ended >= self.first)

    def earlier(self, code: str | None, changes: dict[int, dict[str, str]]) -> str | None:
        for first_year, codes in changes.items():
            if self.year < first_year and code is not None:
                code = codes.get(code, code)
        return code

    def walk(self) -> Said:
        for row in self.rows["ssd_cin_episodes"]:
            self.referral(row)
        self.people()
        self.assessments()
        self.enquiries()
        self.plans()
        return self.said

    def referral(self, row: Row) -> None:
        referred, nfa = row["cine_referral_date"], row["cine_referral_nfa"] == "Y"
        if not self.going_on(referred, referred if nfa else row["cine_close_date"]):
            return
        self.places[row["cine_referral_id"]] = (row["cine_person_id"], referred)
        closed = self.by_then(row["cine_close_date"])
        self.note(
            "referral",
            row["cine_person_id"],
            referred,
            self.earlier(row["cine_referral_source_code"] or "10", SOURCES),
            row["cine_cin_primary_need_code"] or (None if nfa else "N0"),
            row["cine_referral_nfa"],
            closed,
            closed and self.earlier(row["cine_close_reason"], REASONS),
        )

    def people(self) -> None:
        people = {person for person, _ in self.places.values()}
        for row in self.rows["ssd_person"]:
            if row["pers_person_id"] in people:
                born, died = self.by_then(row["pers_dob"]), self.by_then(row["pers_death_date"])
                sex = row["pers_sex"] if born else "U"
                self.note("child", row["pers_person_id"], born, sex, row["pers_ethnicity"] or "NOBT", died)
        disabled = {row["disa_person_id"] for row in self.rows["ssd_disability"]}
        for person in people - disabled:
            self.note("disability", person, "NONE")
        for row in self.rows["ssd_disability"]:
            if row["disa_person_id"] in people:
                self.note("disability", row["disa_person_id"], row["disa_disability_code"])

    def assessments(self) -> None:
        factors = {
            row["cinf_assessment_id"]: json.loads(row["cinf_assessment_factors_json"])
            for row in self.rows["ssd_assessment_factors"]
        }
        for row in self.rows["ssd_cin_assessments"]:
            place, starts = self.places.get(row["cina_referral_id"]), row["cina_assessment_start_date"]
            if place and self.going_on(starts, row["cina_assessment_auth_date"]):
                authorised = self.by_then(row["cina_assessment_auth_date"])
                self.note("assessment", *place, starts, authorised)
                found = factors.get(row["cina_assessment_id"]) if authorised else None
                if found:
                    codes = dict.fromkeys(self.earlier(code, FACTORS) for code in found)
                    self.note("factors", *place, starts, tuple(codes))

    def enquiries(self) -> None:
        held = {}
        for row in self.rows["ssd_initial_cp_conference"]:
            held[row["icpc_s47_enquiry_id"]] = row
            place, day = self.places.get(row["icpc_referral_id"]), row["icpc_icpc_date"]
            moved_in = row["icpc_s47_enquiry_id"] is None
            if moved_in and place and self.first <= day <= self.end:
                # On the referral itself a return has no place for the day by which it was due.
                self.note("conference", *place, day, None)
        for row in self.rows["ssd_s47_enquiry"]:
            place, meeting = self.places.get(row["s47e_referral_id"]), held.get(row["s47e_s47_enquiry_id"])
            day = meeting and meeting["icpc_icpc_date"]
            if place and self.going_on(row["s47e_s47_start_date"], day or row["s47e_s47_end_date"]):
                self.note("enquiry", *place, row["s47e_s47_start_date"])
                if meeting and self.by_then(day):
                    self.note("conference", *place, day, meeting["icpc_icpc_target_date"])

    def plans(self) -> None:
        for row in self.rows["ssd_cin_plans"]:
            place, starts = self.places.get(row["cinp_referral_id"]), row["cinp_cin_plan_start_date"]
            ends = row["cinp_cin_plan_end_date"]
            if place and self.year >= 2022 and self.going_on(starts, ends):
                self.note("plan", *place, starts, self.by_then(ends))
        plans = {}
        for row in self.rows["ssd_cp_plans"]:
            place, starts = self.places.get(row["cppl_referral_id"]), row["cppl_cp_plan_start_date"]
            ends, category = row["cppl_cp_plan_end_date"], row["cppl_cp_plan_initial_category"]
            if place and self.going_on(starts, ends):
                plans[row["cppl_cp_plan_id"]] = (*place, starts)
                self.note("protection", *place, starts, self.by_then(ends), category)
        for row in self.rows["ssd_cp_reviews"]:
            if row["cppr_cp_plan_id"] in plans and self.by_then(row["cppr_cp_review_date"]):
                self.note("review", *plans[row["cppr_cp_plan_id"]], row["cppr_cp_review_date"])


def read_back(path: Path) -> Said:
    census = read_cin_census(path)
    assert census.rejects.is_empty()
    assert census.ignored == 0
    assert census.reference_date == date(census.year, 3, 31)
    tables = census.tables
    referrals = tables["ssd_cin_episodes"].select(
        "cine_referral_id", person="cine_person_id", referred="cine_referral_date"
    )

    def rows(name: str, prefix: str, *columns: str) -> Counter[tuple[object, ...]]:
        placed = tables[name].join(referrals, left_on=f"{prefix}_referral_id", right_on="cine_referral_id")
        return Counter(placed.select("person", "referred", *columns).rows())

    factors = tables["ssd_assessment_factors"].join(
        tables["ssd_cin_assessments"], left_on="cinf_assessment_id", right_on="cina_assessment_id"
    )
    factors = factors.join(referrals, left_on="cina_referral_id", right_on="cine_referral_id")
    reviews = tables["ssd_cp_reviews"].join(
        tables["ssd_cp_plans"], left_on="cppr_cp_plan_id", right_on="cppl_cp_plan_id"
    )
    reviews = reviews.join(referrals, left_on="cppl_referral_id", right_on="cine_referral_id")
    return {
        "child": Counter(
            tables["ssd_person"]
            .select("pers_person_id", "pers_dob", "pers_sex", "pers_ethnicity", "pers_death_date")
            .rows()
        ),
        "disability": Counter(
            tables["ssd_disability"].select("disa_person_id", "disa_disability_code").rows()
        ),
        "referral": Counter(
            tables["ssd_cin_episodes"]
            .select(
                "cine_person_id", "cine_referral_date", "cine_referral_source_code",
                "cine_cin_primary_need_code", "cine_referral_nfa", "cine_close_date", "cine_close_reason",
            )
            .rows()
        ),
        "assessment": rows(
            "ssd_cin_assessments", "cina", "cina_assessment_start_date", "cina_assessment_auth_date"
        ),
        "factors": Counter(
            (person, referred, start, tuple(json.loads(codes)))
            for person, referred, start, codes in factors.select(
                "person", "referred", "cina_assessment_start_date", "cinf_assessment_factors_json"
            ).iter_rows()
        ),
        "plan": rows("ssd_cin_plans", "cinp", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
        "enquiry": rows("ssd_s47_enquiry", "s47e", "s47e_s47_start_date"),
        "conference": rows("ssd_initial_cp_conference", "icpc", "icpc_icpc_date", "icpc_icpc_target_date"),
        "protection": rows(
            "ssd_cp_plans", "cppl",
            "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "cppl_cp_plan_initial_category",
        ),
        "review": Counter(
            reviews.select("person", "referred", "cppl_cp_plan_start_date", "cppr_cp_review_date").rows()
        ),
    }  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2019, 2026))
def test_each_return_tells_what_the_records_told_on_its_31_march(
    tmp_path_factory: pytest.TempPathFactory, seed: int, last_year: int
) -> None:
    chosen, tables = invented(last_year, seed, children=80)
    paths = write_cin_census(tables, chosen, seed, tmp_path_factory.mktemp("census"))
    for path in paths:
        expected, said = Clerk(tables, int(path.stem[-4:])).walk(), read_back(path)
        assert {what: rows for what, rows in said.items() if rows} == expected


def test_every_kind_of_fact_is_there_to_be_compared(tmp_path: Path) -> None:
    chosen, tables = invented(children=400)
    said = [read_back(path) for path in write_cin_census(tables, chosen, 1, tmp_path)]
    for what in said[0]:
        assert sum(one[what].total() for one in said) > 5, what


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_the_records_hold_the_returns_are_read(
    tmp_path_factory: pytest.TempPathFactory, any_records: st.SearchStrategy[Records], data: st.DataObject
) -> None:
    records = data.draw(any_records)
    chosen = AuthoritySettings(authority="la1", years=5, last_day=records.extract.coverage_to)
    folder = tmp_path_factory.mktemp("census")
    # Coverage ends in December, so the last whole year is the one before.
    for path in write_cin_census(records.tables, chosen, 1, folder):
        assert read_cin_census(path).ignored == 0
