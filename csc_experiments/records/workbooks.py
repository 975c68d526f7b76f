"""Workbooks (XLSX) as tables of text, from files that nobody vouches for.

A workbook is a zip archive of XML parts (ECMA-376). Its parts are measured before they are parsed, because
the parser gives up the whole process where it runs out of memory; only what was measured reaches it.
"""

from __future__ import annotations

import gc
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from types import MappingProxyType

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from csc_experiments.errors import RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.workbook_size import MOST_CELLS, count_cells

LARGEST_WORKBOOK = 1 << 30
"""Bytes that the parts of a workbook may have in all when they are unpacked."""
_LARGEST_RATIO = 250
_SMALL = 1 << 24
_MACROS = "xl/vbaproject.bin"
_READ_PARTS = (".xml", ".rels")
_NAMING_PARTS = ("workbook.xml", "styles.xml", ".rels")
_CELLS, _TEXTS = b"sheetData", b"sst"
# The parser makes room for as many texts as a part claims to hold; without a claim it counts them.
_MANY_TEXTS = re.compile(rb"(ount\s*=\s*[\"'])[0-9+&#x;]{8,}")
_OLD_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ERROR_VALUE = re.compile(r"#(?:N/A|NAME\?|DIV/0!|[A-Z_]{3,15}!|GETTING_DATA)")
# Spreadsheet programs have more error values by now than the parser knows: it would refuse the workbook.
_NEWER_ERROR = re.compile(rb"(v>)#(?!NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)[A-Z_]{3,15}[!?]?(?=</)")
_EXACT = 2.0**53
_SAVE_AGAIN = (
    "Open it in a spreadsheet program, save it as a workbook (.xlsx) without a password, and try again."
)

Value = str | int | float | bool | date | datetime | time | timedelta


def read_sheets(path: Path) -> dict[str, pl.DataFrame]:
    """Read every sheet of a workbook as text, as its user sees the cells.

    Dates are written as ISO dates, whole numbers without a decimal point, true and false as TRUE and FALSE.
    A formula has the value with which it was stored; it is never computed, nor is a macro ever run. An error
    value such as #N/A is empty. Of merged cells the first holds the value. No-break spaces become spaces, and
    blanks around a text are dropped. Numbers have the 15 digits that spreadsheet programs show.

    Parameters
    ----------
    path : pathlib.Path
        A workbook, with macros or without.

    Returns
    -------
    dict of str to polars.DataFrame
        By the sheets' names, in order; hidden sheets too. Columns are named A, B, C and on; a row stands
        where it stands in the sheet. An empty cell is null. No row is taken for a header.

    Raises
    ------
    RecordsNotFoundError
        If there is no such file.
    UnreadableInputError
        If it is no workbook, is damaged, has a password, or would need more memory than is safe.
    """
    packed = _repack(path, _READ_PARTS)
    with _parsing(path):
        workbook = CalamineWorkbook.from_filelike(packed)
        kinds = [sheet.typ for sheet in workbook.sheets_metadata]
        places = [at for at, kind in enumerate(kinds) if kind == SheetTypeEnum.WorkSheet]
        names = [workbook.sheet_names[at] for at in places]
        if len(set(names)) < len(names):
            raise UnreadableInputError(f"{path}: two sheets have one name.", todo=_SAVE_AGAIN)
        return {name: _frame(workbook.get_sheet_by_index(at)) for name, at in zip(names, places, strict=True)}


def sheet_names(path: Path) -> tuple[str, ...]:
    """Name the sheets of a workbook without reading them.

    Raises
    ------
    RecordsNotFoundError, UnreadableInputError
        If there is no such file, or it is no workbook.
    """
    packed = _repack(path, _NAMING_PARTS)
    with _parsing(path):
        return tuple(CalamineWorkbook.from_filelike(packed).sheet_names)


def has_macros(path: Path) -> bool:
    """Tell whether a workbook carries macros.

    Raises
    ------
    RecordsNotFoundError, UnreadableInputError
        If there is no such file, or it is no workbook.
    """
    with _opened(path) as archive:
        return _MACROS in {name.lower() for name in archive.namelist()}


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open the archive; whatever a damaged one raises, while it is open too, is one error."""
    if not path.exists():
        raise RecordsNotFoundError(f"{path} is not there.")
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError, OverflowError):
        raise UnreadableInputError(f"{path} {_what_is_wrong(path)}", todo=_SAVE_AGAIN) from None
    except (NotImplementedError, RuntimeError):
        # So says the archive reader of a password and of a compression that it does not know.
        raise UnreadableInputError(
            f"{path} has a password or is packed unusually.", todo=_SAVE_AGAIN
        ) from None


def _what_is_wrong(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError:
        return "cannot be read as a file."
    if raw.startswith(_OLD_FILE):
        return "has a password." if _ENCRYPTED in raw else "is of an older kind than .xlsx."
    return "is no workbook, or is damaged."


def _repack(path: Path, endings: tuple[str, ...]) -> io.BytesIO:
    """Copy the parts that are read, unpacked and measured, so that the parser meets nothing else."""
    packed = io.BytesIO()
    with _opened(path) as archive, zipfile.ZipFile(packed, "w") as copy:
        parts = [part for part in archive.infolist() if part.filename.lower().endswith(endings)]
        _check_sizes(path, parts)
        # The reader of the archive stops where a part is longer than it says, and fails on what it then has.
        for part in parts:
            content = archive.read(part)
            # A sheet may stand under any name: another part says which.
            if _CELLS in content:
                _check_cells(path, content)
                content = _NEWER_ERROR.sub(rb"\1#N/A", content) if b"v>#" in content else content
            if _TEXTS in content:
                content = _MANY_TEXTS.sub(rb"\g<1>0", content)
            copy.writestr(part.filename, content)
    packed.seek(0)
    return packed


def _check_sizes(path: Path, parts: Sequence[zipfile.ZipInfo]) -> None:
    names = {part.filename.lower().lstrip("/") for part in parts}
    if len(names) < len(parts) or "xl/workbook.xml" not in names:
        raise UnreadableInputError(f"{path} is no workbook, or is damaged.", todo=_SAVE_AGAIN)
    size = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if size > LARGEST_WORKBOOK or (size > _SMALL and size > _LARGEST_RATIO * packed):
        raise UnreadableInputError(
            f"{path} would be {size >> 20:,} MB when it is unpacked, out of {packed >> 20:,} MB.",
            todo="No list is that large: look at where the file comes from.",
        )


def _check_cells(path: Path, content: bytes) -> None:
    cells = count_cells(content)
    if cells is None:
        raise UnreadableInputError(f"{path}: a cell of a sheet has no valid place.", todo=_SAVE_AGAIN)
    if cells > MOST_CELLS:
        raise UnreadableInputError(
            f"{path}: a sheet spans {cells:,} cells, more than {MOST_CELLS:,}.",
            todo="Delete the rows and columns after the last that is filled, and save it again.",
        )


@contextmanager
def _parsing(path: Path) -> Iterator[None]:
    """Turn whatever the parser raises into one error; its own message, which may quote cells, is dropped."""
    refused = UnreadableInputError(f"{path} is a damaged workbook.", todo=_SAVE_AGAIN)
    try:
        yield
    except (CalamineError, OSError, ValueError, OverflowError, MemoryError):
        raise refused from None
    except BaseException as error:
        # A panic of the parser is no Exception, and its class cannot be imported.
        if type(error).__name__ == "PanicException":
            raise refused from None
        raise


def _frame(sheet: CalamineSheet) -> pl.DataFrame:
    if sheet.start is None:
        return pl.DataFrame()
    above, left = sheet.start
    with _uncollected():
        rows = sheet.to_python()
        width, cells = len(rows[0]), list(chain.from_iterable(rows))
    filled = [_as_text(cells[at::width]) for at in range(width)]
    height = above + len(filled[0])
    empty = [pl.repeat(None, height, dtype=pl.String(), eager=True)] * left
    columns = [*empty, *(pl.Series([None] * above + cells, dtype=pl.String()) for cells in filled)]
    return pl.DataFrame({column_letters(at): cells for at, cells in enumerate(columns)})


@contextmanager
def _uncollected() -> Iterator[None]:
    """Make millions of values without a look at each for garbage, of which there is none; a tenth quicker."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _as_text(cells: Sequence[Value]) -> list[str | None]:
    """Write each value once: most columns repeat a few."""
    distinct = set(cells)
    # True counts as the same value as 1, and False as 0.
    if not distinct.isdisjoint((0, 1)):
        cells = [str(cell).upper() if type(cell) is bool else cell for cell in cells]
        distinct = set(cells)
    known = {cell: _clean(_WRITTEN[type(cell)](cell)) for cell in distinct}
    return list(map(known.__getitem__, cells))


def _clean(text: str) -> str | None:
    text = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    return None if text == "" or (text.startswith("#") and _ERROR_VALUE.fullmatch(text)) else text


def _number(value: float) -> str:
    return f"{int(value)}" if value.is_integer() and abs(value) < _EXACT else f"{value:.15g}"


def _moment(value: datetime) -> str:
    return (value.date() if value.time() == time() else value).isoformat()


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


_WRITTEN: Mapping[type, Callable[..., str]] = MappingProxyType(
    {
        str: str,
        int: str,
        float: _number,
        date: date.isoformat,
        datetime: _moment,
        time: time.isoformat,
        timedelta: _duration,
    }
)


def column_letters(at: int) -> str:
    """Return the letters of a column, counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    number = at + 1
    while number:
        number, last = divmod(number - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters
