"""Oddities of whole files, and how files become grids and grids files again."""

from __future__ import annotations

import codecs
import csv
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from csc_experiments.synthetic.formats.dirt_grids import Grid, soil_grid
from csc_experiments.synthetic.formats.dirt_hand import Hand
from csc_experiments.synthetic.formats.workbook import Cell, Row, read_workbook, write_workbook

# What an export can do without and still be one.
_MAY_BE_MISSING = frozenset(
    {"missing", "reviews", "uasc", "ssd_missing", "ssd_disability", "ssd_early_help_episodes"}
)
_LONE_BYTE = b"\x92"
"""A curly apostrophe in Windows-1252; in UTF-8 it is nothing."""
_TITLE = "Annex A - child level data"


@dataclass(slots=True)
class _File:
    """A CSV file to be: its grid, and how it is written."""

    path: Path
    grid: Grid
    separator: str = ","
    encoding: str = "utf-8"
    finish: Callable[[bytes], bytes] = bytes


def soil_csv_files(paths: list[Path], hand: Hand) -> None:
    """Soil CSV files: cells, rows and headers of each, then what befalls whole files, to one file each."""
    kept = _without_a_module(paths, hand)
    files = [_File(path, _read(path)) for path in kept]
    for file in files:
        soil_grid(file.grid, hand)
    _soil_whole(files, hand)
    for file in files:
        file.path.write_bytes(_written(file))


def _without_a_module(paths: list[Path], hand: Hand) -> list[Path]:
    gone = hand.choose_one("missing module", [path for path in paths if path.stem in _MAY_BE_MISSING])
    for path in gone:
        path.unlink()
    return [path for path in paths if path not in gone]


def _read(path: Path) -> Grid:
    header, *rows = csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))
    return Grid(path.stem.lower(), header, [list[Cell](row) for row in rows])


def _soil_whole(files: list[_File], hand: Hand) -> None:
    """Plant what a file can have once; a file that has had one is left to itself."""
    free = [file for file in files if file.grid.rows]
    for oddity, befall in _BEFALLS.items():
        for file in hand.choose_one(oddity, [file for file in free if _can(oddity, file)]):
            befall(file)
            free.remove(file)


def _can(oddity: str, file: _File) -> bool:
    """Tell whether every character can be written in one byte, if each must."""
    if oddity != "one-byte encoding":
        return True
    try:
        _text(file).encode("windows-1252")
    except UnicodeEncodeError:
        return False
    return True


def _separate(separator: str) -> Callable[[_File], None]:
    def befall(file: _File) -> None:
        file.separator = separator

    return befall


def _mark(file: _File) -> None:
    file.finish = lambda raw: codecs.BOM_UTF8 + raw


def _one_byte(file: _File) -> None:
    file.encoding = "windows-1252"


def _mix(file: _File) -> None:
    file.finish = lambda raw: raw.removesuffix(b"\r\n") + _LONE_BYTE + b"\r\n"


def _truncate(file: _File) -> None:
    def cut(raw: bytes) -> bytes:
        last = raw.removesuffix(b"\r\n").rfind(b"\r\n") + 2
        return raw[: last + (len(raw) - last) // 2]

    file.finish = cut


_BEFALLS: dict[str, Callable[[_File], None]] = {
    "byte order mark": _mark,
    "one-byte encoding": _one_byte,
    "semicolons": _separate(";"),
    "tabs": _separate("\t"),
    "mixed encodings": _mix,
    "truncated last row": _truncate,
}


def _text(file: _File) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=file.separator, lineterminator="\r\n")
    writer.writerow(file.grid.header)
    writer.writerows(file.grid.rows)
    return buffer.getvalue()


def _written(file: _File) -> bytes:
    return file.finish(_text(file).encode(file.encoding))


def soil_workbooks(paths: list[Path], hand: Hand) -> None:
    """Soil workbooks: every sheet as a file is; then one has a title above it, and one is not there."""
    for path in paths:
        grids = {name: _grid(name, rows) for name, rows in read_workbook(path).items()}
        for grid in grids.values():
            soil_grid(grid, hand)
        titled = hand.choose_one("title row", list(grids))
        gone = hand.choose_one(
            "missing module", [name for name in grids if len(grids) > 1 and name not in titled]
        )
        write_workbook(
            path, {name: _rows(grid, name in titled) for name, grid in grids.items() if name not in gone}
        )


def _grid(name: str, rows: list[list[Cell]]) -> Grid:
    header = [str(cell) for cell in rows[0]]
    return Grid(name.lower(), header, [row + [None] * (len(header) - len(row)) for row in rows[1:]])


def _rows(grid: Grid, titled: bool) -> list[Row]:  # noqa: FBT001 - whether one more row stands above
    return [*([[_TITLE]] if titled else []), grid.header, *grid.rows]


def spoil_workbooks(paths: list[Path], hand: Hand) -> None:
    """Add a copy of one workbook under another name, and one that breaks off, beside the others."""
    for path in hand.choose_one("duplicated workbook", paths):
        shutil.copyfile(path, path.with_name(f"{path.stem} - Copy.xlsx"))
    for path in hand.choose_one("corrupt workbook", paths):
        raw = path.read_bytes()
        path.with_name(f"{path.stem} (damaged).xlsx").write_bytes(raw[: len(raw) // 2])
