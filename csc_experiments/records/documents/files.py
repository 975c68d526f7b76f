"""A folder of documents as files, with an index that says whose each is, of which day and type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from csc_experiments.errors import UnreadableInputError
from csc_experiments.records.columns import plain_text
from csc_experiments.records.documents.file_texts import read_text
from csc_experiments.records.rejects import Reason, rejects_frame

_TABLE = "documents"


@dataclass(frozen=True, slots=True)
class FileTexts:
    """What an index and its files hold.

    Attributes
    ----------
    frame : polars.DataFrame
        The rows of the index whose file could be read, with its `text`.
    rejects : polars.DataFrame
        table, row, column, reason: the others.
    unnamed : int
        Files that the index does not name.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame
    unnamed: int


def read_files(folder: Path, index: pl.DataFrame, files: Sequence[Path]) -> FileTexts:
    """Read the files that an index names, each once.

    Parameters
    ----------
    folder : pathlib.Path
    index : polars.DataFrame
        `row` and `file`: a file's name, or its path below the folder; case does not count.
    files : sequence of pathlib.Path
        The files below the folder. No other is ever opened, whatever the index says.

    Raises
    ------
    ConfigError
        If the library that reads a kind of file is not installed.
    """
    places = _places(folder, files)
    wanted = [places.get(_plain(name)) if name else None for name in plain_text(index["file"])]
    texts = {path: _read(path) for path in dict.fromkeys(wanted) if path is not None}
    found = [None if path is None else texts[path] for path in wanted]
    reasons = [
        None if text is not None else Reason.FILE_ABSENT if path is None else Reason.FILE_UNREADABLE
        for path, text in zip(wanted, found, strict=True)
    ]
    rejects = [
        (_TABLE, row, "text", reason) for row, reason in zip(index["row"], reasons, strict=True) if reason
    ]
    frame = index.drop("file").with_columns(text=pl.Series(found, dtype=pl.String()))
    read = pl.Series([reason is None for reason in reasons], dtype=pl.Boolean())
    return FileTexts(frame.filter(read), rejects_frame(rejects), len(set(files) - texts.keys()))


def _places(folder: Path, files: Sequence[Path]) -> dict[str, Path]:
    """Map what an index may call a file to the file: its path, or its name if no other has it."""
    names = Counter(_plain(path.name) for path in files)
    alone = {_plain(path.name): path for path in files if names[_plain(path.name)] == 1}
    return alone | {_plain(path.relative_to(folder).as_posix()): path for path in files}


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").strip().casefold()


def _read(path: Path) -> str | None:
    try:
        return read_text(path)
    except UnreadableInputError:
        return None
