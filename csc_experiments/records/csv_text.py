"""CSV files in the encodings that databases and spreadsheets export."""

from __future__ import annotations

import codecs
from pathlib import Path

import polars as pl

from csc_experiments.errors import UnreadableInputError


def read_csv(path: Path) -> pl.DataFrame:
    """Read a CSV file whose first line names the columns; every column as text.

    Raises
    ------
    UnreadableInputError
        If the file is not a text, or not one that commas part.
    """
    raw = decode(path).encode()
    try:
        return pl.read_csv(raw, infer_schema=False)
    except pl.exceptions.PolarsError:
        raise UnreadableInputError(
            f"{path} cannot be read as CSV.",
            todo="Columns are separated by commas, texts stand in double quotes.",
        ) from None


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
