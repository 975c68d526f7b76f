"""A census file says the same in the standard tables as it does in XML."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from csc_experiments.errors import InvalidDateError, UnreadableInputError
from csc_experiments.records.cin_census.census import CinCensus, read_cin_census
from csc_experiments.records.tables import TABLES

Read = Callable[[str | bytes], CinCensus]

SAMPLES = Path(__file__).parents[2] / "data" / "cin_census"
CANARY = "ZZCANARY"
HEADER = (
    "<Header><CollectionDetails><Collection>CIN</Collection><Year>2022</Year>"
    "<ReferenceDate>2022-03-31</ReferenceDate></CollectionDetails><Source><LEA>999</LEA></Source></Header>"
)


def details(date_of_referral: str | None = "2021-05-04", inside: str = "") -> str:
    referred = (
        f"<CINreferralDate>{date_of_referral}</CINreferralDate>" if date_of_referral is not None else ""
    )
    return f"<CINdetails>{referred}{inside}</CINdetails>"


def child(
    identifier: str = "C1",
    identifiers: str = "<PersonBirthDate>2010-01-02</PersonBirthDate><GenderCurrent>2</GenderCurrent>",
    traits: str = "<Ethnicity>WBRI</Ethnicity>",
    episodes: str | None = None,
) -> str:
    return (
        f"<Child><ChildIdentifiers><LAchildID>{identifier}</LAchildID>{identifiers}</ChildIdentifiers>"
        f"<ChildCharacteristics>{traits}</ChildCharacteristics>"
        f"{details() if episodes is None else episodes}</Child>"
    )


def message(*children: str, header: str = HEADER) -> str:
    return f"<Message>{header}<Children>{''.join(children)}</Children></Message>"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(content: str | bytes) -> CinCensus:
        path = tmp_path / "census.xml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_cin_census(path)

    return _read


def set_aside(census: CinCensus) -> list[tuple[object, ...]]:
    return census.rejects.rows()


@pytest.mark.parametrize("name", ["CIN2rows.xml", "CIN_Census_2021.xml", "fake_CIN_data.xml"])
def test_every_element_of_a_sample_is_in_a_table(name: str) -> None:
    census = read_cin_census(SAMPLES / name)
    root = ET.parse(SAMPLES / name).getroot()  # noqa: S314 - a file of this repository
    said = Counter(element.tag for element in root.iter())
    tables = {table: frame.height for table, frame in census.tables.items()}
    assert tables["ssd_person"] == said["Child"]
    assert tables["ssd_cin_episodes"] == said["CINdetails"]
    assert tables["ssd_cin_assessments"] == said["Assessments"]
    assert tables["ssd_assessment_factors"] == said["FactorsIdentifiedAtAssessment"]
    assert tables["ssd_cin_plans"] == said["CINPlanDates"]
    assert tables["ssd_s47_enquiry"] == said["Section47"]
    assert tables["ssd_initial_cp_conference"] == said["DateOfInitialCPC"]
    assert tables["ssd_cp_plans"] == said["ChildProtectionPlans"]
    assert tables["ssd_cp_reviews"] == said["CPPreviewDate"]
    assert tables["ssd_disability"] == sum(
        len({element.text for element in one.iter("Disability")}) for one in root.iter("Child")
    )


def test_the_large_sample_says_the_same_as_a_slow_reader() -> None:
    path = SAMPLES / "fake_CIN_data.xml"
    census = read_cin_census(path)
    slow = [
        (
            one.findtext(".//LAchildID"),
            date.fromisoformat(episode.findtext("CINreferralDate", "")),
            episode.findtext("PrimaryNeedCode"),
            episode.findtext("ReferralSource"),
            {"true": "Y", "false": "N"}[episode.findtext("ReferralNFA", "")],
            episode.findtext("ReasonForClosure"),
            episode.findtext("CINclosureDate"),
        )
        for one in ET.parse(path).getroot().iter("Child")  # noqa: S314 - a file of this repository
        for episode in one.iter("CINdetails")
    ]
    fast = census.tables["ssd_cin_episodes"].select(
        "cine_person_id",
        "cine_referral_date",
        "cine_cin_primary_need_code",
        "cine_referral_source_code",
        "cine_referral_nfa",
        "cine_close_reason",
        pl.col("cine_close_date").cast(pl.String),
    )
    assert len(slow) == 402
    assert census.tables["ssd_person"].height == 332
    assert fast.rows() == slow
    assert (census.authority, census.year, census.reference_date) == ("975", 2022, date(2022, 7, 21))


def test_every_module_of_the_full_sample_lands_where_it_belongs() -> None:
    census = read_cin_census(SAMPLES / "CIN_Census_2021.xml")
    tables = census.tables
    assert tables["ssd_person"].row(0, named=True) == {
        "pers_person_id": "DfEX0000001",
        "pers_sex": "M",
        "pers_gender": "1",
        "pers_ethnicity": "WBRI",
        "pers_dob": date(1965, 3, 27),
        "pers_expected_dob": None,
        "pers_death_date": date(1980, 10, 8),
        "pers_upn_unknown": "UN3",
    }
    assert tables["ssd_cin_episodes"]["cine_referral_nfa"].to_list() == ["N"]
    assert tables["ssd_assessment_factors"].row(0) == ("F000001-1-1", "A000001-1-1", '["2A", "2B"]')
    assert tables["ssd_initial_cp_conference"].select(
        "icpc_s47_enquiry_id", "icpc_icpc_transfer_in", "icpc_icpc_target_date", "icpc_icpc_date"
    ).rows() == [
        (None, "Y", None, date(1970, 12, 6)),
        ("S000001-1-1", "N", date(1970, 6, 23), date(1970, 6, 17)),
    ]
    assert tables["ssd_cp_reviews"].row(0) == (
        "CPR000001-1-1-1",
        "DfEX0000001",
        "CP000001-1-1",
        date(1971, 2, 15),
    )
    # 1066 is no year in which a child was expected.
    assert set_aside(census) == [("ssd_person", 1, "pers_expected_dob", "not a date")]


def test_tables_have_the_standard_columns(read: Read) -> None:
    tables = read(message(child())).tables
    assert {name: dict(frame.schema) for name, frame in tables.items()} == {
        name: table.schema for name, table in TABLES.items()
    }
    assert tables["ssd_family"].is_empty()


@pytest.mark.parametrize(
    ("element", "sex", "gender"),
    [
        ("<GenderCurrent>1</GenderCurrent>", "M", "1"),
        ("<GenderCurrent>2</GenderCurrent>", "F", "2"),
        ("<GenderCurrent>9</GenderCurrent>", "U", "9"),
        ("<Sex>F</Sex>", "F", None),
        ("<Sex> m </Sex>", "M", None),
        ("", None, None),
    ],
)
def test_sex_is_comparable_between_the_layouts_of_before_and_after_2025(
    read: Read, element: str, sex: str | None, gender: str | None
) -> None:
    person = read(message(child(identifiers=element))).tables["ssd_person"]
    assert person.select("pers_sex", "pers_gender").row(0) == (sex, gender)


@pytest.mark.parametrize(
    ("text", "flag"),
    [("true", "Y"), ("TRUE", "Y"), ("1", "Y"), ("false", "N"), ("FALSE", "N"), ("0", "N")],
)
def test_booleans_of_every_spelling(read: Read, text: str, flag: str) -> None:
    census = read(message(child(episodes=details(inside=f"<ReferralNFA>{text}</ReferralNFA>"))))
    assert census.tables["ssd_cin_episodes"]["cine_referral_nfa"].to_list() == [flag]


def test_an_unborn_child_has_no_birth_date_and_is_kept(read: Read) -> None:
    unborn = "<ExpectedPersonBirthDate>2022-06-01</ExpectedPersonBirthDate><Sex>U</Sex>"
    census = read(message(child(identifiers=unborn)))
    assert census.tables["ssd_person"].select("pers_dob", "pers_expected_dob").row(0) == (
        None,
        date(2022, 6, 1),
    )
    assert census.rejects.is_empty()


def test_missing_modules_are_no_fault(read: Read) -> None:
    bare = "<Child><ChildIdentifiers><LAchildID>C1</LAchildID></ChildIdentifiers></Child>"
    census = read(message(bare))
    assert census.tables["ssd_person"].height == 1
    assert census.rejects.is_empty()


def test_a_namespace_comments_stray_text_and_cdata_change_nothing(read: Read) -> None:
    plain = read(message(child()))
    noisy = message(child("<![CDATA[C1]]>", traits="stray<Ethnicity>W<!-- x -->BRI</Ethnicity>stray"))
    noisy = noisy.replace("<Message>", '<Message xmlns="urn:census">').replace(
        "<Child>", "stray<?pi?><Child>"
    )
    same = read(noisy)
    for name, frame in plain.tables.items():
        assert frame.equals(same.tables[name])


def test_unknown_elements_are_counted_and_nothing_is_read_from_them(read: Read) -> None:
    unknown = (
        f"<PreProceedingsandFGDM><CPPstartDate>2021-01-01</CPPstartDate>{CANARY}</PreProceedingsandFGDM>"
    )
    census = read(message(child(episodes=details(inside=unknown))))
    assert census.ignored == 1
    assert census.tables["ssd_cp_plans"].is_empty()


def test_a_second_value_where_one_is_expected_is_counted(read: Read) -> None:
    census = read(message(child(traits="<Ethnicity>WBRI</Ethnicity><Ethnicity>CHNE</Ethnicity>")))
    assert census.ignored == 1
    assert census.tables["ssd_person"]["pers_ethnicity"].to_list() == ["WBRI"]


def test_a_child_without_identifier_is_set_aside_and_the_next_is_kept(read: Read) -> None:
    census = read(message(child("  "), child("C2")))
    assert census.tables["ssd_cin_episodes"]["cine_person_id"].to_list() == ["C2"]
    assert set_aside(census) == [("ssd_person", 1, "pers_person_id", "missing")]


def test_referral_identifiers_are_places_in_the_file(read: Read) -> None:
    census = read(message(child("C1", episodes=details("") + details() + details()), child("C2")))
    identifiers = census.tables["ssd_cin_episodes"]["cine_referral_id"].to_list()
    assert identifiers == ["R000001-2", "R000001-3", "R000002-1"]
    assert set_aside(census) == [("ssd_cin_episodes", 1, "cine_referral_date", "missing")]


def test_a_child_who_stands_there_twice_is_one_person_with_all_referrals(read: Read) -> None:
    census = read(message(child("C1"), child("C1")))
    assert census.tables["ssd_person"].height == 1
    assert census.tables["ssd_cin_episodes"].height == 2
    assert set_aside(census) == [("ssd_person", 2, "pers_person_id", "said before")]


@pytest.mark.parametrize("text", ["31/02/2021", "2021-02-30", "20210201", "soon", "2021-W05-1", "9999-12-31"])
def test_a_closing_date_that_is_none_is_null_and_listed(read: Read, text: str) -> None:
    census = read(message(child(episodes=details(inside=f"<CINclosureDate>{text}</CINclosureDate>"))))
    assert census.tables["ssd_cin_episodes"]["cine_close_date"].to_list() == [None]
    assert set_aside(census) == [("ssd_cin_episodes", 1, "cine_close_date", "not a date")]


@pytest.mark.parametrize("module", ["Assessments", "CINPlanDates", "Section47", "ChildProtectionPlans"])
def test_a_module_without_a_start_is_set_aside_alone(read: Read, module: str) -> None:
    census = read(message(child(episodes=details(inside=f"<{module}/>"))))
    assert census.tables["ssd_cin_episodes"].height == 1
    assert census.rejects["reason"].to_list() == ["missing"]


@pytest.mark.parametrize(
    ("element", "column"),
    [
        ("ReferralSource", "cine_referral_source_code"),
        ("PrimaryNeedCode", "cine_cin_primary_need_code"),
        ("ReasonForClosure", "cine_close_reason"),
        ("ReferralNFA", "cine_referral_nfa"),
    ],
)
def test_no_free_text_passes_as_a_code(read: Read, element: str, column: str) -> None:
    census = read(message(child(episodes=details(inside=f"<{element}>{CANARY}</{element}>"))))
    assert census.tables["ssd_cin_episodes"][column].to_list() == [None]
    assert census.rejects["column"].to_list() == [column]
    assert CANARY not in census.rejects.write_csv()


def test_factors_outside_the_code_set_are_left_out_of_the_list(read: Read) -> None:
    factors = "".join(f"<AssessmentFactors>{code}</AssessmentFactors>" for code in ["3B", CANARY, "4a", "3B"])
    assessment = (
        "<Assessments><AssessmentActualStartDate>2021-05-05</AssessmentActualStartDate>"
        f"<FactorsIdentifiedAtAssessment>{factors}</FactorsIdentifiedAtAssessment></Assessments>"
    )
    census = read(message(child(episodes=details(inside=assessment))))
    assert census.tables["ssd_assessment_factors"]["cinf_assessment_factors_json"].to_list() == [
        '["3B", "4A"]'
    ]
    assert set_aside(census) == [
        ("ssd_assessment_factors", 1, "cinf_assessment_factors_json", "not a code of its code set")
    ]


def test_more_than_half_of_the_referral_dates_must_be_dates(read: Read) -> None:
    assert read(message(child(episodes=details("bad") + details()))).rejects.height == 1
    with pytest.raises(InvalidDateError, match="2 of 3 CINdetails"):
        read(message(child(episodes=details("bad") + details("bad") + details())))


def test_the_year_comes_from_the_reference_date_if_need_be(read: Read) -> None:
    header = HEADER.replace("<Year>2022</Year>", "")
    assert read(message(child(), header=header)).year == 2022
    with pytest.raises(UnreadableInputError, match="neither a valid Year"):
        read(message(child(), header=""))
