"""The files of children looked-after returns in a folder: which file each is, and of which year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from csc_experiments.errors import MissingColumnError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.csv_text import read_csv
from csc_experiments.records.places import require_folder
from csc_experiments.records.ssda903.layouts import (
    LAYOUTS,
    NEEDED,
    YEARS,
    table_of_columns,
    table_of_name,
    year_of_name,
)


@dataclass(frozen=True, slots=True)
class ReturnFile:
    """One file of one year's return.

    Attributes
    ----------
    path : pathlib.Path
    year : int
        In which the collection ends.
    table : str
        A key of `LAYOUTS`.
    text : polars.DataFrame
        Its known columns as text, and `row`, the line after the header, from 1.
    unknown : int
        How many columns no layout has; they are not read.
    """

    path: Path
    year: int
    table: str
    text: pl.DataFrame
    unknown: int


def find_return_files(folder: Path) -> tuple[list[ReturnFile], int]:
    """Read the files in a folder and in its folders as text, and count those that are of no return.

    Raises
    ------
    RecordsNotFoundError
        If there is no such folder, or no file of a return in it.
    UnreadableInputError
        If a file is not what its name says, says no year, or stands there twice.
    MissingColumnError
        If a file lacks a column without which it cannot be used.
    """
    require_folder(folder, "ssda903", "the folder with the CSV files of the returns")
    paths = sorted(path for pattern in ("*", "*/*") for path in folder.glob(pattern) if path.is_file())
    files = [file for path in paths if path.suffix.lower() == ".csv" for file in _read(path, folder)]
    if not files:
        raise RecordsNotFoundError(
            f"{folder} holds no file of a children looked-after return among its {len(paths)} files.",
            todo="They are CSV files; a file is told by its columns, such as CHILD, DECOM, RNE for episodes.",
        )
    first: dict[tuple[int, str], Path] = {}
    for file in files:
        earlier = first.setdefault((file.year, file.table), file.path)
        if earlier != file.path:
            raise UnreadableInputError(
                f"{earlier} and {file.path} are both the {file.table} of {file.year}.",
                todo="Leave one of them.",
            )
    return sorted(files, key=lambda file: file.year), len(paths) - len(files)


def _read(path: Path, folder: Path) -> Iterator[ReturnFile]:
    """Yield the file if it is one of a return."""
    try:
        text = read_csv(path)
    except OSError:
        raise UnreadableInputError(f"{path} cannot be read as a file.") from None
    names = {name: re.sub(r"[ -]+", "_", name.strip().upper()) for name in text.columns}
    found, named = table_of_columns(names.values()), table_of_name(path.stem)
    if len(found) > 1 or (named is not None and found != (named,)):
        said = " and ".join(found) or "no file of the return"
        raise UnreadableInputError(
            f"{path}: its columns are those of {said}" + (f", its name says {named}." if named else "."),
            todo="The first line must name the columns as the guide to the return does.",
        )
    if found:
        _check_names(path, found[0], list(names.values()))
        kept = {name: plain for name, plain in names.items() if plain in LAYOUTS[found[0]]}
        text = text.rename(names).with_row_index("row", offset=1).select("row", *kept.values())
        # A blank line says nothing.
        text = text.filter(~pl.all_horizontal(pl.exclude("row").is_null()))
        yield ReturnFile(path, _year(path, folder), found[0], text, len(names) - len(kept))


def _year(path: Path, folder: Path) -> int:
    said, around = year_of_name(path.stem), year_of_name(path.absolute().parent.name)
    if said is not None and around is not None and said != around and path.parent != folder:
        raise UnreadableInputError(f"{path}: the file says another year than its folder.", todo=YEARS)
    year = said or around
    if year is None:
        raise UnreadableInputError(
            f"{path}: neither the file nor its folder has a year in its name.", todo=YEARS
        )
    return year


def _check_names(path: Path, table: str, names: list[str]) -> None:
    plain = [re.sub(r"_DUPLICATED_\d+$", "", name) for name in names]
    if any(plain.count(name) > 1 for name in LAYOUTS[table]) or len(set(names)) < len(names):
        raise UnreadableInputError(f"{path}: a column stands there twice.", todo="Leave one of them.")
    missing = ", ".join(f"'{name}'" for name in sorted(NEEDED.get(table, frozenset()) - set(names)))
    if missing:
        raise MissingColumnError(f"{path}: missing {missing}.", todo=f"The {table} cannot be used without.")
