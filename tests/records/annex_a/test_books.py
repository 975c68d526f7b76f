"""Annex A is read in any layout and spelling, and what several workbooks tell of is one row."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.errors import (
    CscError,
    InvalidDateError,
    MissingColumnError,
    RecordsNotFoundError,
    UnreadableInputError,
)
from csc_experiments.records.annex_a.books import AnnexA, read_annex_a
from csc_experiments.records.annex_a.lists import LISTS
from csc_experiments.records.annex_a.sheets import find_lists
from csc_experiments.records.tables import TABLES
from csc_experiments.records.workbooks import read_sheets
from csc_experiments.synthetic.formats.annex_a_labels import LISTS as OFFICIAL
from csc_experiments.synthetic.formats.workbook import Cell, write_workbook

CANARY = "ZZCANARY"
CHILD = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
CONTACTS = (*CHILD, "Date of Contact", "Contact Source")
REFERRALS = (*CHILD, "Date of referral", "Referral Source", "Referral NFA?")
CASES = (
    *CHILD, "CIN Start Date", "Primary Need Code", "CIN Closure Date", "Reason for Closure", "Case Status"
)  # fmt: skip
PLANS = (
    *CHILD, "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
    "Date of latest review conference", "Child Protection Plan End Date",
)  # fmt: skip
BORN = date(2012, 5, 1)
MARCH, APRIL, MAY, JUNE = date(2022, 3, 1), date(2022, 4, 1), date(2022, 5, 1), date(2022, 6, 1)
Grid = list[Sequence[Cell]]


def of(child: Cell, *cells: Cell) -> list[Cell]:
    return [child, "b) Female", "a) WBRI", BORN, 9.9, *cells]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., AnnexA]:
    """Write a workbook of each argument, the sheets by their names, and read them together."""

    def write_and_read(*workbooks: dict[str, Grid]) -> AnnexA:
        paths = [write_workbook(tmp_path / f"{at}.xlsx", sheets) for at, sheets in enumerate(workbooks)]
        return read_annex_a(paths)

    return write_and_read


def rows_of(annex: AnnexA, table: str, *columns: str) -> list[tuple[object, ...]]:
    return annex.tables[table].select(columns).rows()


def test_the_official_headings_are_those_of_their_lists() -> None:
    for number, known in LISTS.items():
        ours = [one.heading for one in known.fields if number > 3 or one.name != "disabled"]
        assert set(ours) <= set(OFFICIAL[number])


@pytest.mark.parametrize("number", LISTS)
def test_each_list_is_known_by_its_columns_alone(tmp_path: Path, number: int) -> None:
    sheet = pl.DataFrame([pl.Series(f"{at}", [name]) for at, name in enumerate(OFFICIAL[number])])
    found, others = find_lists(tmp_path, {"Sheet1": sheet, "Notes": pl.DataFrame({"A": ["Hello"]})})
    assert list(found) == [number]
    assert others == 1


@pytest.mark.parametrize(
    "name", ["List 3", "list3", "LIST_03", "List 3 - Referrals", "AnnexA List no. 3", "Refs"]
)
def test_a_list_is_known_by_its_name_in_any_spelling(read: Callable[..., AnnexA], name: str) -> None:
    annex = read({name: [REFERRALS, of("P1", MAY, "6", "No")]})
    assert annex.tables["ssd_cin_episodes"].height == 1


MARKS = st.sampled_from(
    ["", " ", ":", "*", " (see guidance)", "\n", " [DD/MM/YYYY]", "\N{NO-BREAK SPACE}", "?"]
)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_headings_are_known_in_any_case_order_and_punctuation(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from(sorted(LISTS)))
    named = data.draw(st.permutations(OFFICIAL[number]))
    change = st.sampled_from([str.upper, str.lower, str.title, lambda text: text.replace(" ", "  ")])
    spelt = [data.draw(MARKS) + data.draw(change)(name) + data.draw(MARKS) for name in named]
    above: Grid = [["Annex A"], []][: data.draw(st.integers(0, 2))]
    path = tmp_path_factory.mktemp("headings") / "a.xlsx"
    write_workbook(path, {"List": [*above, spelt, list(named)]})
    found, _ = find_lists(path, read_sheets(path))
    # The row below holds the headings as they are, so each field must have found its own.
    assert list(found) == [number]
    wanted = {one.name: one.heading for one in LISTS[number].fields if one.heading in OFFICIAL[number]}
    assert {name: cell for name, cell in found[number].cells.row(0, named=True).items() if cell} == wanted


def test_a_cell_that_says_not_applicable_is_empty(read: Callable[..., AnnexA]) -> None:
    annex = read({"List 3": [REFERRALS, of(1, MAY, "N/A", "n/a"), of(2, MAY, "-", "NA")]})
    assert (
        rows_of(annex, "ssd_cin_episodes", "cine_referral_source_code", "cine_referral_nfa")
        == [(None, None)] * 2
    )
    assert annex.rejects.is_empty()


def test_what_cannot_be_used_is_counted_at_its_line_of_the_sheet(read: Callable[..., AnnexA]) -> None:
    rows: Grid = [
        ["Contacts of half a year"], [], CONTACTS,
        of("P1", MAY, "q) 6: Police"), [], of(None, MAY, "6"), of("P2", "soon", "6"), of("P3", MAY, CANARY),
        of("P1", MAY, "q) 6: Police"), of("P4", JUNE, "6"), of("P5", JUNE, "6"),
    ]  # fmt: skip
    annex = read({"List 1": rows})
    assert annex.rejects.sort("row").rows() == [
        ("ssd_contacts", 3, "cont_person_id", "missing"),
        ("ssd_contacts", 4, "cont_contact_date", "not a date"),
        ("ssd_contacts", 5, "cont_contact_source_code", "not a code of its code set"),
        ("ssd_contacts", 6, "cont_contact_id", "said before"),
    ]
    assert annex.tables["ssd_contacts"]["cont_person_id"].to_list() == ["P1", "P3", "P4", "P5"]
    assert CANARY not in str(annex.tables) + str(annex.notes) + str(annex.rejects.rows())


def test_people_of_all_lists_stand_there_once_and_an_unborn_child_is_expected(
    read: Callable[..., AnnexA],
) -> None:
    unborn = ["P2", "U", None, date(2022, 12, 1), -1]
    annex = read(
        {
            "List 1": [CONTACTS, of(1.0, MAY, "6"), of("1", JUNE, "6"), [*unborn, MAY, "6"]],
            "List 7": [PLANS, ["P2", None, "AOTH", None, None, JUNE, "NEG", "NEG"]],
        }
    )
    columns = ("pers_person_id", "pers_sex", "pers_ethnicity", "pers_dob", "pers_expected_dob")
    assert rows_of(annex, "ssd_person", *columns) == [
        ("1", "F", "WBRI", BORN, None),
        ("P2", "U", "AOTH", None, date(2022, 12, 1)),
    ]


def test_of_several_workbooks_the_latest_counts_whatever_their_order(read: Callable[..., AnnexA]) -> None:
    early = {
        "List 1": [CONTACTS, of("P1", MARCH, "6"), of("P2", APRIL, "6")],
        "List 7": [PLANS, of("P1", MARCH, "NEG", "NEG", APRIL, None)],
    }
    late = {
        "List 1": [CONTACTS, of("P2", APRIL, "10"), of("P3", JUNE, "6")],
        "List 7": [PLANS, of("P1", MARCH, "NEG", "EMO", MAY, JUNE)],
    }
    forth, back = read(early, late), read(late, early)
    for annex in (forth, back):
        assert sorted(rows_of(annex, "ssd_contacts", "cont_person_id", "cont_contact_source_code")) == [
            ("P1", "6"), ("P2", "10"), ("P3", "6")
        ]  # fmt: skip
        columns = ("cppl_cp_plan_id", "cppl_cp_plan_end_date", "cppl_cp_plan_latest_category")
        assert rows_of(annex, "ssd_cp_plans", *columns) == [("P-P1-2022-03-01", JUNE, "EMO")]
        # Each workbook tells of the latest review alone.
        assert rows_of(annex, "ssd_cp_reviews", "cppr_cp_plan_id", "cppr_cp_review_date") == [
            ("P-P1-2022-03-01", APRIL), ("P-P1-2022-03-01", MAY)
        ]  # fmt: skip
    assert "0.xlsx, 1.xlsx" in "".join(forth.notes)
    assert "1.xlsx, 0.xlsx" in "".join(back.notes)


def test_the_same_workbook_twice_tells_nothing_more(read: Callable[..., AnnexA]) -> None:
    book = {
        "List 1": [CONTACTS, of("P1", MARCH, "6"), of("P1", MARCH, "4")],
        "List 3": [REFERRALS, of(1, MAY, 6, 0)],
    }
    once, twice = read(book), read(book, book)
    assert all(once.tables[name].equals(twice.tables[name]) for name in once.tables)
    assert once.tables["ssd_contacts"].height == 2


def test_a_case_closes_the_referral_that_it_came_from(read: Callable[..., AnnexA]) -> None:
    annex = read(
        {
            "List 3": [
                REFERRALS,
                of("P1", APRIL, "6", "No"),
                of("P2", APRIL, "6", "No"),
                of("P3", APRIL, "6", "Yes"),
                of("P4", MARCH, "6", "No"),
                of("P4", APRIL, "4", "No"),
            ],
            "List 6": [
                CASES,
                of("P1", APRIL, "N1 - Abuse or neglect", JUNE, "RC8 - Case closed", "e) Closed episode"),
                of("P2", date(2022, 4, 20), "N4", None, None, "c) Child in need plan"),
                of("P3", MAY, "N5", None, None, "d) Open assessment"),
                of("P4", date(2022, 4, 2), "N2", None, None, "d) Open assessment"),
                of("P5", date(2015, 1, 1), "N2", None, None, "a) Looked after child"),
            ],
        }
    )  # fmt: skip
    columns = (
        "cine_person_id",
        "cine_referral_date",
        "cine_referral_source_code",
        "cine_cin_primary_need_code",
    )
    assert sorted(rows_of(annex, "ssd_cin_episodes", *columns, "cine_close_reason"), key=str) == [
        ("P1", APRIL, "6", "N1", "RC8"),
        ("P2", APRIL, "6", "N4", None),
        ("P3", APRIL, "6", None, None),
        ("P3", MAY, None, "N5", None),
        ("P4", MARCH, "6", None, None),
        ("P4", APRIL, "4", "N2", None),
        ("P5", date(2015, 1, 1), None, "N2", None),
    ]
    assert "2 cases of list 6 have no referral in list 3" in "".join(annex.notes)


def refuse(error: type[CscError], words: str, read: Callable[..., AnnexA], book: dict[str, Grid]) -> None:
    with pytest.raises(error, match=words) as refused:
        read(book)
    assert "0.xlsx" in str(refused.value)
    assert CANARY not in str(refused.value)


def test_a_workbook_that_cannot_be_used_says_why(read: Callable[..., AnnexA]) -> None:
    row = of(CANARY, MAY, "6")
    merged = [*CONTACTS[:5], "Contact", None]
    swapped = [*CHILD, "Contact Source", "Date of Contact"]
    refuse(UnreadableInputError, "no list", read, {CANARY: [["Hello", "World"], [1, 2]]})
    refuse(
        UnreadableInputError,
        "sheets 1 and 2 are both list 1",
        read,
        {"List 1": [CONTACTS], "List 1 (2)": [CONTACTS]},
    )
    refuse(MissingColumnError, "list 1 has no column 'Date of Contact'", read, {"List 1": [merged, row]})
    refuse(MissingColumnError, "list 3 has no column 'Date of referral'", read, {"List 3": [CONTACTS, row]})
    refuse(
        UnreadableInputError,
        "two columns 'Date of Contact'",
        read,
        {"List 1": [[*CONTACTS, "Date of contact"], row]},
    )
    refuse(InvalidDateError, "column 'Date of Contact'", read, {"List 1": [swapped, row]})
    with pytest.raises(RecordsNotFoundError):
        read()


def test_lists_without_a_standard_table_are_counted_and_absent_ones_named(
    read: Callable[..., AnnexA],
) -> None:
    annex = read({"List 1": [CONTACTS], "List 11": [OFFICIAL[11], ["A1"], ["A2"]], "List 9": []})
    assert "List 11 (prospective adopters): 2 rows; no standard table tells of them." in annex.notes
    assert "List 2 (early help assessments) is in no workbook." in annex.notes
    assert not any("List 9" in note or "List 1 " in note for note in annex.notes)
    assert annex.tables["ssd_person"].is_empty()
    assert all(frame.schema == pl.Schema(TABLES[name].schema) for name, frame in annex.tables.items())


def test_damage_inside_the_sheets_is_read_or_refused(tmp_path: Path) -> None:
    source = write_workbook(
        tmp_path / "a.xlsx", {"List 1": [CONTACTS, of("P1", MAY, "6"), of(2, JUNE, "q) 6: Police")]}
    )
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    rng = random.Random(11)  # noqa: S311 - damage, not a secret
    path, read = tmp_path / "damaged.xlsx", 0
    for _ in range(80):
        name = rng.choice(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
        content = bytearray(parts[name])
        content[rng.randrange(len(content))] = rng.randrange(256)
        with zipfile.ZipFile(path, "w") as archive:
            for part, whole in parts.items():
                archive.writestr(part, bytes(content) if part == name else whole)
        with suppress(CscError):
            read += len(read_annex_a([path]).tables) > 0
    assert 8 < read < 72


@pytest.mark.parametrize("said", ["Nil return", "NIL RETURN.", "none", "No children this time", " Nil "])
@pytest.mark.parametrize("with_header", [True, False])
def test_a_list_that_says_it_is_empty_is_empty(tmp_path: Path, said: str, *, with_header: bool) -> None:
    header = ("Child Unique ID", "Date of Contact", "Contact Source")
    rows: list[Sequence[Cell]] = [("List 1: contacts",), header, (said,)] if with_header else [(said,)]
    sheets = {"List 1": rows, "List 3": [("Child Unique ID", "Date of referral"), ("C1", date(2024, 5, 1))]}
    found = read_annex_a([write_workbook(tmp_path / "annex.xlsx", sheets)])
    assert found.tables["ssd_contacts"].is_empty()
    assert found.rejects.is_empty()
    assert found.tables["ssd_cin_episodes"].height == 1
