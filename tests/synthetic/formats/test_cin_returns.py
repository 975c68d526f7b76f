"""What belongs in the census return of a year, and how it is written."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from lxml import etree

from csc_experiments.records import TABLES
from csc_experiments.records.store import conform
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.formats.cin_census import write_cin_census
from csc_experiments.synthetic.formats.cin_facts import EXPECTED_WITHIN
from csc_experiments.synthetic.simulation import simulate_lives

Tables = dict[str, pl.DataFrame]

ORDER = {
    "Message": "Header Children",
    "Header": "CollectionDetails Source",
    "CollectionDetails": "Collection Year ReferenceDate",
    "Source": "SourceLevel LEA SoftwareCode Release SerialNo DateTime",
    "Children": "Child",
    "Child": "ChildIdentifiers ChildCharacteristics CINdetails",
    "ChildIdentifiers": "LAchildID UPN FormerUPN UPNunknown PersonBirthDate ExpectedPersonBirthDate "
    "GenderCurrent Sex PersonDeathDate",
    "ChildCharacteristics": "Ethnicity Disabilities",
    "Disabilities": "Disability",
    "CINdetails": "CINreferralDate ReferralSource PrimaryNeedCode CINclosureDate ReasonForClosure "
    "DateOfInitialCPC Assessments CINPlanDates Section47 ReferralNFA ChildProtectionPlans",
    "Assessments": "AssessmentActualStartDate AssessmentInternalReviewDate AssessmentAuthorisationDate "
    "FactorsIdentifiedAtAssessment",
    "FactorsIdentifiedAtAssessment": "AssessmentFactors",
    "CINPlanDates": "CINPlanStartDate CINPlanEndDate",
    "Section47": "S47ActualStartDate InitialCPCtarget DateOfInitialCPC ICPCnotRequired",
    "ChildProtectionPlans": "CPPstartDate CPPendDate InitialCategoryOfAbuse LatestCategoryOfAbuse "
    "NumberOfPreviousCPP Reviews",
    "Reviews": "CPPreviewDate",
}


def lives_of(chosen: AuthoritySettings, seed: int) -> Tables:
    lives = simulate_lives(chosen, seed).tables
    return {name: conform(name, frame, name) for name, frame in lives.items()}


def invented(last_year: int = 2025, seed: int = 1, children: int = 150) -> tuple[AuthoritySettings, Tables]:
    chosen = AuthoritySettings(
        authority="la1", children=children, years=3, last_day=date(last_year, 3, 31), share_nfa=0.2
    )
    return chosen, lives_of(chosen, seed)


@pytest.mark.parametrize("last_year", [2019, 2022, 2026])
def test_elements_stand_in_the_order_and_codes_of_the_year(tmp_path: Path, last_year: int) -> None:
    chosen, tables = invented(last_year, children=400)
    for path in write_cin_census(tables, chosen, 1, tmp_path):
        year = int(path.stem[-4:])
        root = etree.parse(str(path)).getroot()
        for element in root.iter():
            order = ORDER.get(element.tag, "").split()
            places = [order.index(part.tag) for part in element]
            assert places == sorted(places)
        tags = {element.tag for element in root.iter()}
        assert ("Sex" in tags, "GenderCurrent" in tags) == (year >= 2025, year < 2025)
        assert ("CINPlanDates" in tags) == (year >= 2022)
        sexes = {sex.text for sex in root.iter("Sex", "GenderCurrent")}
        assert sexes <= ({"M", "F", "U"} if year >= 2025 else {"0", "1", "2"})
        codes = {factor.text for factor in root.iter("AssessmentFactors")}
        assert "18A" not in codes if year >= 2021 else not codes & {"18B", "18C", "19B", "19C"}
        assert year >= 2022 or "24A" not in codes
        assert year >= 2023 or "RC9" not in {reason.text for reason in root.iter("ReasonForClosure")}
        assert year >= 2023 or "5D" not in {source.text for source in root.iter("ReferralSource")}
        for identifier in root.iter("LAchildID"):
            assert identifier.text.isalnum()
            assert len(identifier.text) <= 20


def test_a_return_is_the_same_whatever_happens_afterwards(tmp_path: Path) -> None:
    chosen, tables = invented(2025, children=400)
    end = date(2024, 3, 31)
    begins = {
        "ssd_cin_episodes": "cine_referral_date",
        "ssd_cin_assessments": "cina_assessment_start_date",
        "ssd_cin_plans": "cinp_cin_plan_start_date",
        "ssd_s47_enquiry": "s47e_s47_start_date",
        "ssd_initial_cp_conference": "icpc_icpc_date",
        "ssd_cp_plans": "cppl_cp_plan_start_date",
        "ssd_cp_reviews": "cppr_cp_review_date",
    }
    forgotten = dict(tables)
    for name, begin in begins.items():
        # The day by which a conference is due is known before it.
        happened = pl.col(pl.Date).exclude("icpc_icpc_target_date")
        by_then = tables[name].filter(pl.col(begin) <= end)
        forgotten[name] = by_then.with_columns(pl.when(happened <= end).then(happened))
    forgotten["ssd_cp_plans"] = forgotten["ssd_cp_plans"].with_columns(
        cppl_cp_plan_latest_category=pl.when(pl.col("cppl_cp_plan_end_date").is_not_null())
        .then("cppl_cp_plan_latest_category")
        .otherwise(pl.lit("MUL"))
    )
    forgotten["ssd_cin_episodes"] = forgotten["ssd_cin_episodes"].with_columns(
        cine_close_reason=pl.when(pl.col("cine_close_date").is_not_null()).then("cine_close_reason")
    )
    known = write_cin_census(tables, chosen, 1, tmp_path / "known")
    then = write_cin_census(forgotten, chosen, 1, tmp_path / "then")
    assert [path.name for path in known[:2]] == ["CIN_census_2023.xml", "CIN_census_2024.xml"]
    for ours, theirs in zip(known[:2], then[:2], strict=True):
        assert ours.read_bytes() == theirs.read_bytes()
    assert known[2].read_bytes() != then[2].read_bytes()


def test_no_day_but_an_expected_one_lies_after_31_march(tmp_path: Path) -> None:
    chosen, tables = invented(children=400)
    for path in write_cin_census(tables, chosen, 1, tmp_path):
        end = f"{path.stem[-4:]}-03-31"
        for element in etree.parse(str(path)).getroot().iter():
            if "Date" in element.tag and element.tag not in {"ExpectedPersonBirthDate", "DateTime"}:
                assert element.text is None or element.text.strip() <= end


def drawn(name: str, **columns: list[object]) -> pl.DataFrame:
    return conform(name, pl.DataFrame(columns), name)


def empty_tables() -> Tables:
    return {name: conform(name, pl.DataFrame(schema=table.schema), name) for name, table in TABLES.items()}


def test_one_case_in_two_returns(tmp_path: Path) -> None:
    """Referred in February, assessed by March, enquiry, conference and plan in April, reviewed in July."""
    tables = empty_tables()
    tables |= {
        "ssd_person": drawn("ssd_person", pers_person_id=["P1"], pers_dob=[date(2015, 5, 1)], pers_sex=["F"]),
        "ssd_cin_episodes": drawn(
            "ssd_cin_episodes", cine_referral_id=["R1"], cine_person_id=["P1"],
            cine_referral_date=[date(2023, 2, 1)], cine_referral_nfa=["N"], cine_close_date=[None],
        ),
        "ssd_cin_assessments": drawn(
            "ssd_cin_assessments", cina_assessment_id=["A1"], cina_person_id=["P1"], cina_referral_id=["R1"],
            cina_assessment_start_date=[date(2023, 2, 2)], cina_assessment_auth_date=[date(2023, 3, 9)],
        ),
        "ssd_assessment_factors": drawn(
            "ssd_assessment_factors", cinf_table_id=["F1"], cinf_assessment_id=["A1"],
            cinf_assessment_factors_json=['["21", "3B", "3B"]'],
        ),
        "ssd_s47_enquiry": drawn(
            "ssd_s47_enquiry", s47e_s47_enquiry_id=["S1"], s47e_person_id=["P1"], s47e_referral_id=["R1"],
            s47e_s47_start_date=[date(2023, 3, 27)], s47e_s47_end_date=[date(2023, 4, 12)],
        ),
        "ssd_initial_cp_conference": drawn(
            "ssd_initial_cp_conference", icpc_icpc_id=["I1"], icpc_s47_enquiry_id=["S1"],
            icpc_person_id=["P1"], icpc_referral_id=["R1"], icpc_icpc_date=[date(2023, 4, 12)],
        ),
        "ssd_cp_plans": drawn(
            "ssd_cp_plans", cppl_cp_plan_id=["K1"], cppl_person_id=["P1"], cppl_referral_id=["R1"],
            cppl_cp_plan_start_date=[date(2023, 4, 12)], cppl_cp_plan_initial_category=["NEG"],
            cppl_cp_plan_latest_category=["EMO"],
        ),
        "ssd_cp_reviews": drawn(
            "ssd_cp_reviews", cppr_cp_review_id=["V1"], cppr_person_id=["P1"], cppr_cp_plan_id=["K1"],
            cppr_cp_review_date=[date(2023, 7, 4)],
        ),
    }  # fmt: skip
    chosen = AuthoritySettings(authority="la1", years=3, last_day=date(2024, 4, 15))
    first, second = write_cin_census(tables, chosen, 1, tmp_path)
    assert written_of(first, "CINdetails") == [
        "CINreferralDate 2023-02-01", "ReferralSource 10", "PrimaryNeedCode N0",
        "AssessmentActualStartDate 2023-02-02", "AssessmentAuthorisationDate 2023-03-09",
        "AssessmentFactors 3B", "S47ActualStartDate 2023-03-27", "ICPCnotRequired 0", "ReferralNFA 0",
    ]  # fmt: skip
    assert written_of(second, "CINdetails") == [
        "CINreferralDate 2023-02-01", "ReferralSource 10", "PrimaryNeedCode N0",
        "S47ActualStartDate 2023-03-27", "DateOfInitialCPC 2023-04-12", "ICPCnotRequired 0", "ReferralNFA 0",
        "CPPstartDate 2023-04-12", "InitialCategoryOfAbuse NEG", "LatestCategoryOfAbuse NEG",
        "NumberOfPreviousCPP 0", "CPPreviewDate 2023-07-04",
    ]  # fmt: skip


def test_the_conference_of_a_child_who_moved_in_stands_on_the_referral_in_its_own_year(
    tmp_path: Path,
) -> None:
    tables = empty_tables()
    tables |= {
        "ssd_person": drawn("ssd_person", pers_person_id=["P1"], pers_dob=[date(2015, 5, 1)]),
        "ssd_cin_episodes": drawn(
            "ssd_cin_episodes", cine_referral_id=["R1"], cine_person_id=["P1"],
            cine_referral_date=[date(2023, 2, 1)], cine_referral_nfa=["N"],
        ),
        "ssd_initial_cp_conference": drawn(
            "ssd_initial_cp_conference", icpc_icpc_id=["I1"], icpc_person_id=["P1"], icpc_referral_id=["R1"],
            icpc_icpc_transfer_in=["Y"], icpc_icpc_date=[date(2023, 2, 9)],
        ),
    }  # fmt: skip
    chosen = AuthoritySettings(authority="la1", years=2, last_day=date(2024, 3, 31))
    first, second = write_cin_census(tables, chosen, 1, tmp_path)
    assert "DateOfInitialCPC 2023-02-09" in written_of(first, "CINdetails")
    assert [part.split(" ")[0] for part in written_of(second, "CINdetails")] == [
        "CINreferralDate", "ReferralSource", "PrimaryNeedCode", "ReferralNFA",
    ]  # fmt: skip


def test_a_conference_held_early_keeps_the_later_day_by_which_it_was_due(tmp_path: Path) -> None:
    tables = empty_tables()
    tables |= {
        "ssd_person": drawn("ssd_person", pers_person_id=["P1"], pers_dob=[date(2015, 5, 1)]),
        "ssd_cin_episodes": drawn(
            "ssd_cin_episodes", cine_referral_id=["R1"], cine_person_id=["P1"],
            cine_referral_date=[date(2024, 3, 11)], cine_referral_nfa=["N"],
        ),
        "ssd_s47_enquiry": drawn(
            "ssd_s47_enquiry", s47e_s47_enquiry_id=["S1"], s47e_person_id=["P1"], s47e_referral_id=["R1"],
            s47e_s47_start_date=[date(2024, 3, 12)],
        ),
        "ssd_initial_cp_conference": drawn(
            "ssd_initial_cp_conference", icpc_icpc_id=["I1"], icpc_s47_enquiry_id=["S1"],
            icpc_person_id=["P1"], icpc_referral_id=["R1"], icpc_icpc_date=[date(2024, 3, 26)],
            icpc_icpc_target_date=[date(2024, 4, 2)],
        ),
    }  # fmt: skip
    chosen = AuthoritySettings(authority="la1", years=2, last_day=date(2024, 3, 31))
    (only,) = write_cin_census(tables, chosen, 1, tmp_path)
    assert written_of(only, "Section47") == [
        "S47ActualStartDate 2024-03-12", "InitialCPCtarget 2024-04-02", "DateOfInitialCPC 2024-03-26",
        "ICPCnotRequired 0",
    ]  # fmt: skip


def test_a_child_known_before_birth_has_an_expected_day_near_it(tmp_path: Path) -> None:
    """Referred in March, born on 1 June; whether it is a girl is not known before."""
    born = date(2023, 6, 1)
    tables = empty_tables()
    tables |= {
        "ssd_person": drawn("ssd_person", pers_person_id=["P1"], pers_dob=[born], pers_sex=["F"]),
        "ssd_cin_episodes": drawn(
            "ssd_cin_episodes", cine_referral_id=["R1"], cine_person_id=["P1"],
            cine_referral_date=[date(2023, 3, 1)], cine_referral_nfa=["N"],
        ),
    }  # fmt: skip
    chosen = AuthoritySettings(authority="la1", years=2, last_day=date(2024, 3, 31))
    first, second = write_cin_census(tables, chosen, 1, tmp_path)
    before = dict(part.split(" ") for part in written_of(first, "ChildIdentifiers"))
    expected = date.fromisoformat(before.pop("ExpectedPersonBirthDate"))
    assert abs(expected - born) <= timedelta(EXPECTED_WITHIN)
    assert before == {"LAchildID": "P1", "UPNunknown": "UN1", "GenderCurrent": "0"}
    assert written_of(second, "ChildIdentifiers") == [
        "LAchildID P1", "UPNunknown UN1", "PersonBirthDate 2023-06-01", "GenderCurrent 2",
    ]  # fmt: skip


def written_of(path: Path, name: str) -> list[str]:
    """List the elements that hold something, in their order."""
    found = etree.parse(str(path)).getroot().iter(name)
    return [f"{part.tag} {part.text}" for element in found for part in element.iter() if not len(part)]


@pytest.mark.parametrize(
    ("last_day", "years"),
    [(date(2025, 3, 31), [2024, 2025]), (date(2025, 3, 30), [2024]), (date(2024, 12, 31), [2023, 2024])],
)
def test_only_a_year_that_is_covered_wholly_has_a_return(
    tmp_path: Path, last_day: date, years: list[int]
) -> None:
    chosen = AuthoritySettings(authority="la1", children=200, years=2, last_day=last_day)
    paths = write_cin_census(lives_of(chosen, 1), chosen, 1, tmp_path)
    whole = [year for year in years if chosen.first_day <= date(year - 1, 4, 1)]
    assert [path.name for path in paths] == [f"CIN_census_{year}.xml" for year in whole]


def test_the_same_seed_writes_the_same_bytes_and_another_other_numbers(tmp_path: Path) -> None:
    chosen, tables = invented()
    again = [write_cin_census(tables, chosen, 1, tmp_path / name)[-1].read_bytes() for name in "ab"]
    assert again[0] == again[1]
    assert write_cin_census(tables, chosen, 2, tmp_path / "c")[-1].read_bytes() != again[0]


def test_a_year_in_which_nobody_is_known_has_no_return(tmp_path: Path) -> None:
    chosen, tables = invented()
    empty = {name: frame.clear() for name, frame in tables.items()}
    assert write_cin_census(empty, chosen, 1, tmp_path) == []
