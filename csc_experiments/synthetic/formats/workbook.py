"""Workbooks (XLSX) with the same bytes for the same cells, and back.

An Office Open XML workbook is a zip archive of XML parts (ECMA-376). Dates are written as numbers in a date
style, texts as shared strings, formulas with the value that was last computed: as spreadsheet programs do.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

LONGEST_TEXT = 32_767
"""Characters that a cell can hold; spreadsheet programs cut off the rest."""

_ZERO = date(1899, 12, 30)
_SAME_TIME = (1980, 1, 1, 0, 0, 0)
_COMPRESSION = 6
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_PROPERTIES = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created></cp:coreProperties>'
)
_DOCUMENT_PARTS = {
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "xl/styles.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml",
    "xl/sharedStrings.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}
_SHEET_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, without the sign of equality, and the value that it had when the workbook was saved."""

    text: str
    value: str | float | date | None


@dataclass(frozen=True, slots=True)
class Failure:
    """A value that is an error, such as ``#N/A``."""

    code: str


Cell = str | bool | int | float | date | Formula | Failure | None
Row = Sequence[Cell]


def write_workbook(path: Path, sheets: Mapping[str, Iterable[Row]]) -> Path:
    """Write a workbook.

    Parameters
    ----------
    path : pathlib.Path
        Replaced if it is there.
    sheets : Mapping[str, iterable of rows]
        By name, in order. A text longer than `LONGEST_TEXT` is cut; characters that XML forbids are dropped.

    Returns
    -------
    pathlib.Path
        The path.
    """
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as archive:
        for name, content in _fixed_parts(list(sheets)):
            archive.writestr(_part(name), content)
        for number, rows in enumerate(sheets.values(), start=1):
            with archive.open(_part(f"xl/worksheets/sheet{number}.xml"), "w") as part:
                part.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                for at, row in enumerate(rows, start=1):
                    part.write(_row(at, row, strings).encode())
                part.write(b"</sheetData></worksheet>")
        items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
        archive.writestr(_part("xl/sharedStrings.xml"), f'{_HEAD}<sst xmlns="{_MAIN}">{items}</sst>')
    return path


def read_workbook(path: Path) -> dict[str, list[list[Cell]]]:
    """Read a workbook that `write_workbook` wrote; trailing empty cells of a row are not there.

    This is not a reader of workbooks in general: those of other programs hold more than it knows.
    """
    with zipfile.ZipFile(path) as archive:
        shared = _parse(archive, "xl/sharedStrings.xml")
        strings = [item.findtext(f"{{{_MAIN}}}t") or "" for item in shared]
        names = [
            sheet.get("name", "") for sheet in _parse(archive, "xl/workbook.xml").iter(f"{{{_MAIN}}}sheet")
        ]
        return {
            name: [_read_row(row, strings) for row in _parse(archive, _sheet(at)).iter(f"{{{_MAIN}}}row")]
            for at, name in enumerate(names, start=1)
        }


@cache
def column_name(number: int) -> str:
    """Return the letters of a column.

    Examples
    --------
    >>> column_name(1), column_name(26), column_name(27)
    ('A', 'Z', 'AA')
    """
    letters = ""
    while number:
        number, at = divmod(number - 1, 26)
        letters = chr(ord("A") + at) + letters
    return letters


def serial_of(day: date) -> int:
    """Return the number that a spreadsheet keeps for a day.

    Examples
    --------
    >>> serial_of(date(2020, 9, 16))
    44090
    """
    return (day - _ZERO).days


def _part(name: str) -> zipfile.ZipInfo:
    """Name a part of the archive, as if it were always written at one time."""
    part = zipfile.ZipInfo(name, _SAME_TIME)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _sheet(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _fixed_parts(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield every part but the sheets and the texts."""
    kinds = _DOCUMENT_PARTS | {_sheet(at): _SHEET_KIND for at in range(1, len(names) + 1)}
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in kinds.items()
    )
    default = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    types = f'<Types xmlns="{_PACKAGE}/content-types">{default}{overrides}</Types>'
    yield "[Content_Types].xml", _HEAD + types
    properties = f"{_PACKAGE}/relationships/metadata/core-properties"
    yield (
        "_rels/.rels",
        _relations((f"{_RELATIONS}/officeDocument", "xl/workbook.xml"), (properties, "docProps/core.xml")),
    )
    sheets = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{at}" r:id="rId{at}"/>'
        for at, name in enumerate(names, start=1)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
    )
    parts = [(f"{_RELATIONS}/worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)]
    others = [(f"{_RELATIONS}/{kind}", f"{kind}.xml") for kind in ("styles", "sharedStrings")]
    yield "xl/_rels/workbook.xml.rels", _relations(*parts, *others)
    yield "xl/styles.xml", _HEAD + _STYLES
    yield "docProps/core.xml", _HEAD + _PROPERTIES


def _relations(*targets: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{at}" Type="{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _row(at: int, row: Row, strings: dict[str, int]) -> str:
    cells = "".join(
        _cell(f"{column_name(column)}{at}", cell, strings)
        for column, cell in enumerate(row, start=1)
        if cell is not None
    )
    return f'<row r="{at}">{cells}</row>'


def _cell(place: str, cell: Cell, strings: dict[str, int]) -> str:
    """Write a cell; what is asked for first is what there is most of."""
    if isinstance(cell, str):
        text = _FORBIDDEN.sub("", cell.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_TEXT]
        return f'<c r="{place}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{place}" s="1"><v>{serial_of(cell)}</v></c>'
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, Failure):
        return f'<c r="{place}" t="e"><v>{escape(cell.code)}</v></c>'
    if isinstance(cell, Formula):
        return _formula(place, cell)
    return f'<c r="{place}"><v>{cell!r}</v></c>'


def _formula(place: str, cell: Formula) -> str:
    said = f"<f>{escape(cell.text)}</f>"
    if isinstance(cell.value, str):
        return f'<c r="{place}" t="str">{said}<v>{escape(cell.value)}</v></c>'
    if isinstance(cell.value, date):
        return f'<c r="{place}" s="1">{said}<v>{serial_of(cell.value)}</v></c>'
    value = "" if cell.value is None else f"<v>{cell.value!r}</v>"
    return f'<c r="{place}">{said}{value}</c>'


def _parse(archive: zipfile.ZipFile, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(archive.read(name), parser)


def _read_row(row: etree._Element, strings: list[str]) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row:
        letters = (cell.get("r") or "").rstrip("0123456789")
        while column_name(len(cells) + 1) != letters:
            cells.append(None)
        cells.append(_read_cell(cell, strings))
    return cells


def _read_cell(cell: etree._Element, strings: list[str]) -> Cell:
    formula, value = (cell.findtext(f"{{{_MAIN}}}{tag}") for tag in ("f", "v"))
    known = _read_value(cell.get("t"), cell.get("s"), value, strings)
    if formula is None:
        return known
    return Formula(formula, None if isinstance(known, bool | Formula | Failure) else known)


def _read_value(kind: str | None, style: str | None, value: str | None, strings: list[str]) -> Cell:
    if value is None or kind == "str":
        return value
    if kind == "s":
        return strings[int(value)]
    if kind == "e":
        return Failure(value)
    if kind == "b":
        return value == "1"
    if style == "1":
        return _ZERO + timedelta(days=int(value))
    return float(value) if "." in value or "e" in value else int(value)
