"""A workbook is read as its user sees it, or refused; it never takes the process with it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.errors import UnreadableInputError
from csc_experiments.records.workbook_size import count_cells
from csc_experiments.records.workbooks import column_letters, has_macros, read_sheets, sheet_names
from csc_experiments.synthetic.formats.workbook import Cell, Failure, Formula, write_workbook

CANARY = "ZZCANARY"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, parts: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    rows = [["child", "born"], [CANARY, date(2010, 1, 1)], [1, None]]
    return write_workbook(tmp_path / "plain.xlsx", {"One": rows, "Two": [["x"]]})


def with_sheet(plain: Path, rows: str, after: str = "") -> Path:
    xml = f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>"
    return pack(plain.with_name("sheet.xlsx"), {**parts_of(plain), SHEET: xml.encode()})


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (123, "123"),
        (9212044.0, "9212044"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (6.125, "6.125"),
        (12345678901234567.0, "1.23456789012346e+16"),
        (True, "TRUE"),
        (date(2020, 9, 16), "2020-09-16"),
        (Formula("A1+1", 5.0), "5"),
        (Formula("A1", date(2020, 2, 29)), "2020-02-29"),
        (Formula("A1", "found"), "found"),
        (Formula("A1", None), None),
        (Failure("#N/A"), None),
        ("#N/A", None),
        ("#DIV/0!", None),
        ("#REF!", None),
        ("#1", "#1"),
        ("\N{NO-BREAK SPACE}a\N{NO-BREAK SPACE}b \n", "a b"),
        ("\N{NO-BREAK SPACE}", None),
        ("007", "007"),
    ],
)
def test_a_cell_is_what_its_user_sees(tmp_path: Path, cell: Cell, text: str | None) -> None:
    path = write_workbook(tmp_path / "cells.xlsx", {"S": [["first", cell, "last"]]})
    assert read_sheets(path)["S"].row(0) == ("first", text, "last")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('s="1"><v>44090.25</v>', "2020-09-16T06:00:00"),
        ('s="1"><v>0.5</v>', "12:00:00"),
        ('t="d"><v>2020-01-05</v>', "2020-01-05"),
        ('t="inlineStr"><is><t>in</t><t>line</t></is>', "inline"),
        (f't="inlineStr"><is><t>{"x" * 1_000_000}</t></is>', "x" * 1_000_000),
        *((f't="e"><v>{error}</v>', None) for error in ("#N/A", "#SPILL!", "#FIELD!", "#GETTING_DATA")),
    ],
)
def test_a_cell_of_another_program(plain: Path, cell: str, text: str | None) -> None:
    path = with_sheet(plain, f'<row r="1"><c r="A1" {cell}</c><c r="B1"><v>1</v></c></row>')
    assert read_sheets(path)["One"].row(0) == (text, "1")


def test_a_row_stands_where_it_stands_in_the_sheet(plain: Path) -> None:
    path = with_sheet(plain, '<row r="3"><c r="C3"><v>1</v></c></row>')
    assert read_sheets(path)["One"].rows() == [(None, None, None), (None, None, None), (None, None, "1")]
    assert read_sheets(path)["One"].columns == ["A", "B", "C"]


def test_cells_that_do_not_say_where_they_are_stand_next_to_one_another(plain: Path) -> None:
    rows = "<row>" + "<c><v>7</v></c>" * 3 + "</row>"
    assert read_sheets(with_sheet(plain, rows * 2000))["One"].shape == (2000, 3)


def test_of_merged_cells_the_first_holds_the_value(plain: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="C2"><v>2</v></c></row>'
    merged = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    assert read_sheets(with_sheet(plain, rows, merged))["One"].rows() == [
        ("1", None, None),
        (None, None, "2"),
    ]


def test_every_sheet_is_read_and_an_empty_one_has_no_columns(plain: Path) -> None:
    assert list(read_sheets(plain)) == ["One", "Two"]
    assert read_sheets(with_sheet(plain, ""))["One"].shape == (0, 0)


def test_sheets_are_named_without_being_read(plain: Path) -> None:
    assert sheet_names(plain) == ("One", "Two")
    assert sheet_names(with_sheet(plain, '<row r="1"><c r="ZZZZ99999999"/></row>')) == ("One", "Two")
    with pytest.raises(UnreadableInputError):
        sheet_names(pack(plain.with_name("none.xlsx"), {"a.xml": b"<a/>"}))


def test_macros_are_known_of_and_not_touched(plain: Path) -> None:
    assert not has_macros(plain)
    path = pack(plain.with_name("m.xlsm"), {**parts_of(plain), "xl/vbaProject.bin": CANARY.encode()})
    assert has_macros(path)
    assert read_sheets(path)["One"].equals(read_sheets(plain)["One"])


CELLS = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="\u2028\u2029"), max_size=8
    ),
    st.integers(-(10**9), 10**9),
    st.dates(date(1905, 1, 1), date(2099, 12, 31)),
    st.none(),
)


def written(cell: object) -> str | None:
    if isinstance(cell, str):
        return " ".join(cell.split("\N{NO-BREAK SPACE}")).strip() or None
    return None if cell is None else str(cell)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6))
def test_any_cells_come_back_as_text(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Cell]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.xlsx"
    write_workbook(path, {"S": [["a", "b", "c"], *rows, [0, 0, 0]]})
    got = read_sheets(path)["S"].rows()[1:-1]
    assert got == [tuple(written(cell) for cell in row) for row in rows]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 16384), st.integers(1, 1048576)), min_size=1, max_size=9))
def test_the_span_of_a_sheet_is_that_of_its_furthest_cells(places: list[tuple[int, int]]) -> None:
    cells = "".join(
        f'<row r="{row}"><c r="{column_letters(column - 1)}{row}" t="n"><v>1</v></c></row>'
        for column, row in places
    )
    assert count_cells(cells.encode()) == max(c for c, _ in places) * max(r for _, r in places)


@given(st.integers(0, 20_000))
def test_columns_are_lettered_as_a_spreadsheet_letters_them(at: int) -> None:
    letters = column_letters(at)
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    assert number == at + 1


def test_a_date_is_the_day_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    days = [date(1950, 1, 1) + timedelta(days=step * 97) for step in range(400)]
    path = write_workbook(tmp_path / "days.xlsx", {"S": [[day] for day in days]})
    assert read_sheets(path)["S"]["A"].to_list() == [day.isoformat() for day in days]
