"""How many cells a sheet spans, told from its XML before a parser makes room for them."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

MOST_CELLS = 20_000_000
"""Cells from the first row and column to the last that a sheet may span; about a gigabyte of memory."""

# As spreadsheet programs never write it; a parser may read it all the same.
_SPACED = re.compile(rb"\sr(?:\s+=\s*|=\s+)[\"']")
_ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_MOST_LETTERS, _MOST_DIGITS = 3, 7
_LETTERS, _DIGITS = 26, 10
_UPPER = np.uint8(0xDF)
_FEW = 1_000
_PIECE = 1 << 20


def count_cells(sheet: bytes) -> int | None:
    """Count the cells from the first to the last place of a sheet, or give more than there are.

    Parameters
    ----------
    sheet : bytes
        The XML of the sheet. Its cells and rows say where they are in an attribute `r`; those that do not
        stand next to the one before.

    Returns
    -------
    int or None
        None if a place is none that a sheet has.

    Examples
    --------
    >>> count_cells(b'<row r="2"><c r="C2"><v>1</v></c></row>')
    6
    >>> count_cells(b'<row r="2"><c r="ABCD2"><v>1</v></c></row>') is None
    True
    """
    data = np.frombuffer(sheet, dtype=np.uint8)
    at = _find(data, ord("r"))
    at = at[data[at - 1] <= ord(" ")]
    after = data.take(at + 1, mode="clip"), data.take(at + 2, mode="clip")
    blank = (after[0] <= ord(" ")) | (after[1] <= ord(" "))
    if blank.any() and _SPACED.search(sheet):
        return None
    at = at[(after[0] == ord("=")) & ~blank]
    columns, rows, valid = _places(data, at + 3)
    if not valid.all():
        return None
    return _span(sheet, len(at), int(columns.max(initial=0)), int(rows.max(initial=0)))


def _find(data: npt.NDArray[np.uint8], byte: int) -> npt.NDArray[np.int64]:
    """Return where a byte stands; piece by piece, so that each stays in the processor's cache."""
    starts = range(0, len(data), _PIECE)
    found = [np.flatnonzero(data[start : start + _PIECE] == byte) + start for start in starts]
    return np.concatenate([np.empty(0, np.int64), *found])


def _places(
    data: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Read the column and the row that stand at each position, and whether nothing else does."""
    column, row = np.zeros(len(at), np.int32), np.zeros(len(at), np.int32)
    for _ in range(_MOST_LETTERS):
        # Bytes before the first letter wrap round to high numbers.
        letter = (data.take(at, mode="clip") & _UPPER) - np.uint8(ord("A"))
        found = letter < _LETTERS
        column = np.where(found, column * _LETTERS + letter + 1, column)
        at = at + found
    for _ in range(_MOST_DIGITS):
        digit = data.take(at, mode="clip") - np.uint8(ord("0"))
        found = digit < _DIGITS
        row = np.where(found, row * _DIGITS + digit, row)
        at = at + found
    closing = data.take(at, mode="clip")
    return column, row, (closing == ord('"')) | (closing == ord("'"))


def _span(sheet: bytes, placed: int, columns: int, rows: int) -> int:
    """Add what does not say where it is: at most as much as there is of it."""
    # A name may have a prefix, but hardly any does: then a count of colons is enough, and far quicker.
    prefixed = sheet.count(b":")
    if prefixed > _FEW:
        prefixed = sheet.count(b":c") + sheet.count(b":row")
    starts = sheet.count(b"<c") + sheet.count(b"<row") + prefixed
    unplaced = max(0, starts - placed)
    if unplaced > _FEW:
        rows += len(_ROW.findall(sheet))
        columns += max(len(_CELL.findall(row)) for row in _ROW.split(sheet))
    else:
        rows, columns = rows + unplaced, columns + unplaced
    return rows * columns
