"""Which sheet of a workbook is which list of Annex A, and where its columns are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from csc_experiments.errors import MissingColumnError, UnreadableInputError
from csc_experiments.records.annex_a.lists import LISTS
from csc_experiments.records.annex_a.parts import AnnexList, Field
from csc_experiments.records.columns import plain_ids

_HIGHEST_HEADER = 30
_FEWEST_OF_ITS_OWN = 2
_NAME = re.compile(r"(?<!check)list[\s_.:#-]*(?:no|number)?[\s_.:#-]*0*(1[01]|[1-9])(?![0-9])")
_NIL = r"(?i)^\W*(nil|none|no (children|cases|data|records|returns?)|nothing to report)\b[\w ]{0,40}\W*$"
_COMMON = frozenset({"child", "sex", "ethnicity", "born", "age", "disabled"})
_APOSTROPHE = re.compile("['`\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}]")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class ListSheet:
    """The rows of a list.

    Attributes
    ----------
    cells : polars.DataFrame
        A text column for each field of the list; null where the sheet has no such column.
    lines : polars.Series
        Which line after the header each row is, from 1; lines that say nothing are left out.
    headings : Mapping[str, str]
        How the sheet names the columns of fields that it has.
    """

    cells: pl.DataFrame
    lines: pl.Series
    headings: Mapping[str, str]


@lru_cache(maxsize=4096)
def plain_words(heading: str) -> str:
    r"""Return the words of a heading: lower case, without marks and without what stands in brackets.

    Examples
    --------
    >>> plain_words("Date of\nReferral  (see guidance)"), plain_words("Child's Legal-Status:")
    ('date of referral', 'childs legal status')
    """
    said = _BRACKETS.sub(" ", heading.lower())
    return " ".join(re.sub(r"[^a-z0-9]+", " ", _APOSTROPHE.sub("", said)).split())


def find_lists(path: Path, sheets: Mapping[str, pl.DataFrame]) -> tuple[dict[int, ListSheet], int]:
    """Find the lists among the sheets of a workbook, by their names or else by their columns.

    Parameters
    ----------
    path : pathlib.Path
        To name in an error.
    sheets : Mapping[str, polars.DataFrame]
        As `csc_experiments.records.workbooks.read_sheets` gives them.

    Returns
    -------
    lists : dict of int to ListSheet
    others : int
        How many filled sheets are no list.

    Raises
    ------
    UnreadableInputError
        If there is no list, a list stands there twice, or a heading stands twice in one.
    MissingColumnError
        If a list lacks a column without which it cannot be used.
    """
    numbers: dict[int, int] = {}
    for at, (name, cells) in enumerate(sheets.items(), start=1):
        number = _by_name(name) or _by_columns(cells)
        if number is None:
            continue
        if number in numbers:
            raise UnreadableInputError(
                f"{path}: sheets {numbers[number]} and {at} are both list {number}.",
                todo="Leave one of them, and give the workbook of another day as a file of its own.",
            )
        numbers[number] = at
    if not numbers:
        raise UnreadableInputError(
            f"{path} holds no list of Annex A among its {len(sheets)} sheets.",
            todo="Sheets are named List 1 to List 11, or have the headings of one.",
        )
    frames = list(sheets.values())
    lists = {number: _read(path, number, frames[at - 1]) for number, at in sorted(numbers.items())}
    return lists, sum(not cells.is_empty() for cells in frames) - sum(
        not frames[at - 1].is_empty() for at in numbers.values()
    )


def has_list_names(names: Iterable[str]) -> bool:
    """Tell whether any of a workbook's sheets is named as a list of Annex A.

    Examples
    --------
    >>> has_list_names(["Contents", "List_3 Referrals"]), has_list_names(["Documents", "Price list"])
    (True, False)
    """
    return any(_by_name(name) is not None for name in names)


def _by_name(name: str) -> int | None:
    found = _NAME.search(name.lower())
    return int(found[1]) if found else None


def _by_columns(cells: pl.DataFrame) -> int | None:
    """Return the list of whose own columns most are there, if one has more than any other."""
    scores: dict[int, int] = {}
    for number, known in LISTS.items():
        _, places = _header(cells, known)
        own = places.keys() - _COMMON
        if all(one.name in places for one in known.required) and len(own) >= _FEWEST_OF_ITS_OWN:
            scores[number] = len(own)
    best = [number for number, score in scores.items() if score == max(scores.values())]
    return best[0] if len(best) == 1 else None


def _header(cells: pl.DataFrame, known: AnnexList) -> tuple[int, dict[str, list[int]]]:
    """Return the row that holds most of a list's headings, and where each of them stands."""
    best: tuple[int, dict[str, list[int]]] = (0, {})
    for at, row in enumerate(cells.head(_HIGHEST_HEADER).iter_rows()):
        words = [plain_words(cell or "") for cell in row]
        found = {one.name: _places(one, words) for one in known.fields}
        places = {name: where for name, where in found.items() if where}
        if len(places) > len(best[1]):
            best = (at, places)
    return best


def _places(one: Field, words: list[str]) -> list[int]:
    """Return the columns with Ofsted's own heading, or else the one that says least beside it."""
    exact = [at for at, said in enumerate(words) if said == plain_words(one.heading)]
    if exact:
        return exact
    near = [said for said in words if re.search(one.words, said)]
    shortest = min(near, key=len, default=None)
    return [at for at, said in enumerate(words) if said == shortest]


def _without_nil(cells: pl.DataFrame) -> pl.DataFrame:
    """Empty the lines that say that there is nothing to say; a sheet of nothing else has no line."""
    alone = pl.sum_horizontal(pl.all().is_not_null()) == 1
    nil = alone & pl.coalesce(pl.all()).str.contains(_NIL)
    said = cells.with_columns(pl.when(~nil).then(pl.all()))
    return said if said.select(pl.any_horizontal(pl.all().is_not_null().any())).item() else said.clear()


def _read(path: Path, number: int, cells: pl.DataFrame) -> ListSheet:
    known = LISTS[number]
    cells = cells if cells.is_empty() else _without_nil(cells)
    at, found = _header(cells, known)
    if cells.is_empty():
        empty = pl.DataFrame(schema={one.name: pl.String() for one in known.fields})
        return ListSheet(empty, pl.Series(dtype=pl.Int64()), {})
    lacking = [one.heading for one in known.required if one.name not in found]
    if lacking:
        raise MissingColumnError(
            f"{path}: the sheet of list {number} has no column '{lacking[0]}'.",
            todo="Each column has its own heading, in one cell, in one row above the first child.",
        )
    row = cells.row(at)
    headings = {name: " ".join((row[where[0]] or "").split()) for name, where in found.items()}
    twice = [one for one in known.fields if len(found.get(one.name, ())) > 1]
    if twice:
        said = headings[twice[0].name]
        official = "" if said == twice[0].heading else f" ({twice[0].heading})"
        raise UnreadableInputError(
            f"{path}: the sheet of list {number} has two columns '{said}'{official}.",
            todo="Leave one of them.",
        )
    places = {name: where[0] for name, where in found.items()}
    return _select(cells.slice(at + 1), known, places, headings)


def _select(
    rows: pl.DataFrame, known: AnnexList, places: Mapping[str, int], headings: Mapping[str, str]
) -> ListSheet:
    names = rows.columns
    chosen = rows.select(
        (pl.col(names[places[one.name]]) if one.name in places else pl.lit(None, pl.String())).alias(one.name)
        for one in known.fields
    ).with_row_index("line", offset=1)
    # As the reader of standard tables writes identifiers, because others are made of them.
    chosen = chosen.with_columns(plain_ids(chosen["child"]))
    filled = chosen.filter(~pl.all_horizontal(pl.all().exclude("line").is_null()))
    return ListSheet(filled.drop("line"), filled["line"].cast(pl.Int64), headings)
