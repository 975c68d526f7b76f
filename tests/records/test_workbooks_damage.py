"""What is no workbook, or no longer one, is refused before it can take the process with it."""

from __future__ import annotations

import random
import re
import struct
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from csc_experiments.errors import CscError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.workbooks import read_sheets
from csc_experiments.synthetic.formats.workbook import write_workbook

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


def lie_about_sizes(path: Path) -> Path:
    """Say of every part that it is a byte long when unpacked."""
    raw = bytearray(path.read_bytes())
    for found in re.finditer(rb"PK\x03\x04|PK\x01\x02", bytes(raw)):
        at = found.start() + (22 if found[0] == b"PK\x03\x04" else 24)
        raw[at : at + 4] = struct.pack("<I", 1)
    path.write_bytes(raw)
    return path


def lock(path: Path) -> Path:
    """Say of every part that it is encrypted."""
    raw = bytearray(path.read_bytes())
    for found in re.finditer(rb"PK\x03\x04|PK\x01\x02", bytes(raw)):
        raw[found.start() + (6 if found[0] == b"PK\x03\x04" else 8)] |= 1
    path.write_bytes(raw)
    return path


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DAMAGE = {
    "nothing": b"",
    "text": CANARY.encode(),
    "head of a zip": b"PK\x03\x04" + CANARY.encode(),
    "empty zip": b"PK\x05\x06" + bytes(18),
    "older kind": OLD,
    "password": OLD + "EncryptedPackage".encode("utf-16-le"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_is_no_workbook_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "what.xlsx"
    path.write_bytes(DAMAGE[kind])
    refuse(path, "password" if kind == "password" else "older" if kind == "older kind" else "is no workbook")


def refuse(path: Path, word: str) -> None:
    with pytest.raises(UnreadableInputError, match=word) as refused:
        read_sheets(path)
    assert str(path) in str(refused.value)
    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_folder_a_document_and_an_absent_file(tmp_path: Path) -> None:
    refuse(tmp_path, "cannot be read as a file")
    refuse(pack(tmp_path / "letter.docx", {"word/document.xml": b"<w/>"}), "is no workbook")
    with pytest.raises(RecordsNotFoundError):
        read_sheets(tmp_path / "absent.xlsx")


def test_a_workbook_that_is_cut_lied_about_or_locked_is_refused(plain: Path) -> None:
    locked = plain.with_name("locked.xlsx")
    locked.write_bytes(plain.read_bytes())
    refuse(lock(locked), "password")
    cut = plain.with_name("cut.xlsx")
    cut.write_bytes(plain.read_bytes()[:-200])
    refuse(cut, "is no workbook")
    refuse(lie_about_sizes(plain), "is no workbook")


def test_a_bomb_is_refused_before_it_is_unpacked(plain: Path) -> None:
    bomb = pack(plain.with_name("b.xlsx"), {**parts_of(plain), "xl/worksheets/sheet9.xml": bytes(1 << 25)})
    refuse(bomb, "MB when it is unpacked")


def test_two_parts_of_one_name_are_refused(plain: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(plain, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    refuse(plain, "is no workbook")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r = "XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZZZZ99999999999"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="XFDXFDXFD1"><v>1</v></c></row>',
        '<row r="1048576">' + "<c><v>7</v></c>" * 1500 + "</row>",
    ],
)
def test_a_cell_far_away_is_refused_before_room_is_made_for_what_lies_between(plain: Path, rows: str) -> None:
    refuse(with_sheet(plain, rows), "valid place|spans")


@pytest.mark.parametrize("claim", ["99999999999", "+99999999999", "&#57;9999999999"])
def test_room_is_not_made_for_texts_that_are_only_claimed(plain: Path, claim: str) -> None:
    parts = parts_of(plain)
    head = f"<sst count=\"{claim}\" uniqueCount = '{claim}' ".encode()
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b"<sst ", head)
    assert read_sheets(pack(plain.with_name("claim.xlsx"), parts))["One"].equals(read_sheets(plain)["One"])


def test_a_day_that_the_parser_gives_up_on_is_damage(plain: Path) -> None:
    refuse(with_sheet(plain, '<row r="1"><c r="A1" s="1"><v>-1e300</v></c></row>'), "damaged")


def test_a_sheet_that_stands_elsewhere_is_measured_too(plain: Path) -> None:
    parts = parts_of(plain)
    named = "xl/_rels/workbook.xml.rels"
    parts[named] = parts[named].replace(b"worksheets/sheet1.xml", b"other/part.xml")
    elsewhere = {**parts, "xl/other/part.xml": parts.pop(SHEET)}
    path = pack(plain.with_name("elsewhere.xlsx"), elsewhere)
    assert read_sheets(path)["One"].shape == (3, 2)
    far = elsewhere["xl/other/part.xml"].replace(b'r="A3"', b'r="XFD1048576"')
    refuse(pack(path, {**elsewhere, "xl/other/part.xml": far}), "spans")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1" t="s"><v>99999</v></c></row>',
        f'<row r="1"><c r="A1"><{CANARY}></v></c></row>',
    ],
)
def test_what_the_parser_says_of_a_damaged_sheet_is_not_repeated(plain: Path, rows: str) -> None:
    with pytest.raises(UnreadableInputError, match="damaged") as refused:
        read_sheets(with_sheet(plain, rows))
    assert CANARY not in str(refused.value)


def test_any_damage_is_read_or_refused(plain: Path) -> None:
    rng = random.Random(7)  # noqa: S311 - damage, not a secret
    whole, parts = plain.read_bytes(), parts_of(plain)
    path = plain.with_name("damaged.xlsx")
    read = 0
    for turn in range(200):
        # A damaged archive hardly ever opens, so every other time a part of a sound one is damaged.
        name = rng.choice(sorted(parts))
        content = bytearray(parts[name] if turn % 2 else whole)
        for _ in range(rng.randint(1, 4)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        if turn % 2:
            pack(path, {**parts, name: bytes(content)})
        else:
            path.write_bytes(content)
        with suppress(CscError):
            read += len(read_sheets(path)) > 0
    assert 20 < read < 180
