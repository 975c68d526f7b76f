"""CSV files in the encodings that databases and spreadsheets export."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final

import polars as pl

from csc_experiments.errors import UnreadableInputError

_SEPARATORS: Final = (",", "\t", ";", "|")
_REPEATED: Final = re.compile(r"(.*)_duplicated_\d+")
_QUOTED: Final = re.compile(r'"[^"]*"')


def read_csv(path: Path) -> pl.DataFrame:
    """Read a CSV file whose first line names the columns; every column as text.

    Columns are parted by commas, tabs, semicolons or bars: by what parts the names in the first line.

    Raises
    ------
    UnreadableInputError
        If the file is not a text, or not one of columns.
    """
    text = decode(path)
    head, _, rest = text.partition("\n")
    separator = separator_of(head)
    try:
        frame = pl.read_csv(text.encode(), infer_schema=False, separator=separator)
    except pl.exceptions.PolarsError:
        raise UnreadableInputError(
            f"{path} cannot be read as CSV.",
            todo="The first line names the columns, and no line has more of them; a text with a comma, a line"
            " end or a quote stands in double quotes.",
        ) from None
    _check_end(path, rest, len(frame.columns), separator)
    again = sum(bool(found[1].strip()) for found in map(_REPEATED.fullmatch, frame.columns) if found)
    if again:
        raise UnreadableInputError(
            f"{path}: {again} columns have a heading that stands there twice.", todo="Leave one of each."
        )
    return frame


def _check_end(path: Path, rest: str, width: int, separator: str) -> None:
    """Refuse a file that was cut: its last line is not ended, and shorter than the first."""
    last = rest[rest.rfind("\n") + 1 :]
    if last.strip("\0\r ") and '"' not in last and last.count(separator) < width - 1:
        raise UnreadableInputError(f"{path} ends in the middle of a line.", todo="Export it again.")


def separator_of(head: str) -> str:
    """Tell what parts the columns of a line; a comma where nothing does.

    Examples
    --------
    >>> separator_of('child;"born, if known"')
    ';'
    """
    plain = _QUOTED.sub("", head)
    return max(_SEPARATORS, key=plain.count)


def decode(path: Path) -> str:
    """Read a text in the encodings that databases and spreadsheets export.

    Raises
    ------
    UnreadableInputError
        If it is in none of them.
    """
    raw = path.read_bytes()
    first = "utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    for encoding in (first, "windows-1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableInputError(
        f"{path} is not a text in UTF-8, UTF-16 or Windows-1252.", todo="Export it again."
    )
