"""A workbook holds the cells that were put in, in the same bytes each time."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree

from csc_experiments.synthetic.formats.workbook import (
    LONGEST_TEXT,
    Cell,
    Failure,
    Formula,
    read_workbook,
    serial_of,
    write_workbook,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20)
DAYS = st.dates(date(1900, 3, 1), date(2099, 12, 31))
CELLS: st.SearchStrategy[Cell] = st.one_of(
    TEXTS,
    DAYS,
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.5),
    st.booleans(),
    st.just(Failure("#N/A")),
    st.builds(Formula, st.just("H2+5"), DAYS),
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6)


@given(sheets=st.dictionaries(st.sampled_from(["List 1", "A & B", 'Say "x"']), ROWS, min_size=1))
@hypothesis_settings(max_examples=50, deadline=None)
def test_what_is_written_is_read_and_written_again_the_same(sheets: dict[str, list[list[Cell]]]) -> None:
    with TemporaryDirectory() as folder:
        first, second = (write_workbook(Path(folder) / name, sheets) for name in ("a.xlsx", "b.xlsx"))
        assert read_workbook(first) == sheets
        assert first.read_bytes() == second.read_bytes()


def test_a_workbook_is_a_package_of_well_formed_parts_without_today(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"List 1": [["x", date(2024, 2, 29)]], "List 2": []})
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            etree.fromstring(archive.read(part))
            assert part.date_time == (1980, 1, 1, 0, 0, 0)
        types = archive.read("[Content_Types].xml").decode()
        for part in archive.namelist():
            assert part in types or part.endswith((".rels", "[Content_Types].xml"))


def test_a_cell_holds_what_a_spreadsheet_can_hold(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", {"S": [["x" * 40_000, "a\x00b", "a\r\nb", " y ", None, 1]]})
    assert read_workbook(path)["S"] == [["x" * LONGEST_TEXT, "ab", "a\nb", " y ", None, 1]]


def test_days_are_numbered_as_spreadsheets_number_them() -> None:
    assert [serial_of(day) for day in (date(1900, 3, 1), date(2024, 3, 31))] == [61, 45382]
