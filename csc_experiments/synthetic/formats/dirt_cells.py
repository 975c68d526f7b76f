"""Oddities of cells: which cells each suits, and what it makes of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from csc_experiments.synthetic.formats.dirt_hand import Hand
from csc_experiments.synthetic.formats.workbook import Cell, Failure, Formula, serial_of

_NO_BREAK = "\N{NO-BREAK SPACE}"
_BETWEEN_WORDS = re.compile(r"(?<=[A-Za-z]) (?=[A-Za-z])")
_UK_DATE = re.compile(r"\d{2}/\d{2}/\d{4}")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: 00:00:00\.000)?")
_YES = ("Y", "Yes", "true", "a) Yes", "1")
_NO = ("N", "No", "false", "b) No", "0")
_RESPELT = (("true", "TRUE", "1", "Yes", "Y"), ("false", "FALSE", "0", "No", "N"))
# Columns of 0 and 1 that answer yes or no; others of 0 and 1 may count.
_ANSWERED_IN_DIGITS = frozenset(
    {
        "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE",
        "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED", "MOTHER", "FOSTER_CARE",
    }
)  # fmt: skip
_SEXES = frozenset({"SEX", "PERS_SEX", "GENDER"})
_LABELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "M": ("a) Male", "Male"), "F": ("b) Female", "Female"), "1": ("a) Male", "Male"),
        "2": ("b) Female", "Female"), "a) Male": ("Male", "M"), "b) Female": ("Female", "F"),
    }
)  # fmt: skip
_OTHER_YEARS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "SEX": {"M": "1", "F": "2", "1": "M", "2": "F"},
        "PLACE": {"H5": "K3", "K3": "H5", "P2": "K3", "Z1": "Z11"},
        "REC": {"E45": "E43", "E46": "E43", "E47": "E44", "E48": "E44"},
        "ACTIV": {"F4": "F3", "F5": "F3", "P4": "P3", "P5": "P3"},
        "CLAP_CLA_PLACEMENT_TYPE": {"H5": "K3", "K3": "H5", "P2": "K3", "Z1": "Z11"},
        "CLAE_CLA_EPISODE_CEASED_REASON": {"E45": "E43", "E46": "E43", "E47": "E44", "E48": "E44"},
        "CINE_CLOSE_REASON": {"RC9": "RC8"},
        "CINE_REFERRAL_SOURCE_CODE": {"5D": "5B"},
    }
)
_LONG = 60
_MISREAD = "\u00e2\u20ac\u2122"
_MARKUP = (("<p>", "</p>"), ("<div><br />", "</div>"), ("&nbsp;", ""), ("", "&#160;&amp;"))


class Role(StrEnum):
    """What a column holds, as far as its cells tell."""

    FLAG = "flag"
    DATE = "date"
    SEX = "sex"
    IDENTIFIER = "identifier"
    NUMBER = "number"
    TEXT = "text"
    CODE = "code"


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and cell in {"", "NULL"})


def role_of(name: str, cells: Sequence[Cell]) -> Role:
    """Return what a column holds.

    Examples
    --------
    >>> role_of("DOB", ["01/02/2020", ""]), role_of("FOSTER_CARE", ["0", "1"])
    (<Role.DATE: 'date'>, <Role.FLAG: 'flag'>)
    """
    upper = name.upper()
    filled = [cell for cell in cells if not is_empty(cell)]
    if upper in _SEXES:
        return Role.SEX
    if upper.endswith(("ID", "IDENTIFIER")) or upper in {"CHILD", "UPN"}:
        return Role.IDENTIFIER
    if filled and all(_is_date(cell) for cell in filled):
        return Role.DATE
    if filled and all(_is_answer(cell, upper) for cell in filled):
        return Role.FLAG
    if any(isinstance(cell, str) and len(cell) > _LONG for cell in filled):
        return Role.CODE if upper.endswith("_JSON") or "(" in upper else Role.TEXT
    return Role.NUMBER if filled and all(isinstance(cell, int | float) for cell in filled) else Role.CODE


def _is_date(cell: Cell) -> bool:
    written = isinstance(cell, str) and (_UK_DATE.fullmatch(cell) or _ISO_DATE.fullmatch(cell))
    return isinstance(cell, date) or bool(written)


def _is_answer(cell: Cell, column: str) -> bool:
    in_digits = column in _ANSWERED_IN_DIGITS
    return cell in _YES[: 5 if in_digits else 4] or cell in _NO[: 5 if in_digits else 4]


@dataclass(frozen=True, slots=True)
class CellOddity:
    """An oddity of single cells.

    Attributes
    ----------
    name : str
    roles : frozenset of Role
        Of the columns in which it occurs.
    suits : callable
        Given the column's name and a cell, tells whether it can be planted there.
    spoil : callable
        Given the same and a hand, returns what becomes of the cell.
    """

    name: str
    roles: frozenset[Role]
    suits: Callable[[str, Cell], bool]
    spoil: Callable[[str, Cell, Hand], Cell]


def _is_text(_column: str, cell: Cell) -> bool:
    return isinstance(cell, str) and not is_empty(cell)


def _is_written_date(_column: str, cell: Cell) -> bool:
    return isinstance(cell, str) and _is_date(cell)


def _respell(_column: str, cell: Cell, hand: Hand) -> Cell:
    spellings = _RESPELT[0] if cell in _YES else _RESPELT[1]
    return hand.pick([spelling for spelling in spellings if spelling != cell])


def _day(cell: Cell) -> date:
    text = str(cell)[:10]
    return datetime.strptime(text, "%d/%m/%Y" if "/" in text else "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone


def _with_time(_column: str, cell: Cell, hand: Hand) -> Cell:
    text = str(cell)[:10]
    return text + hand.pick((" 00:00", " 00:00:00") if "/" in text else ("T00:00:00", " 00:00:00"))


def _as_text(_column: str, cell: Cell, _hand: Hand) -> Cell:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def _label(_column: str, cell: Cell, hand: Hand) -> Cell:
    return hand.pick(_LABELS[str(cell)])


def _of_another_year(column: str, cell: Cell, _hand: Hand) -> Cell:
    return _OTHER_YEARS[column.upper()][str(cell)]


def _unbroken(_column: str, cell: Cell, _hand: Hand) -> Cell:
    """Put it between words, or at the end where there are none."""
    text = str(cell)
    between = _BETWEEN_WORDS.sub(_NO_BREAK, text)
    return between if between != text else text + _NO_BREAK


def _marked_up(_column: str, cell: Cell, hand: Hand) -> Cell:
    before, after = hand.pick(_MARKUP)
    return f"{before}{cell}{after}"


def _curled(_column: str, cell: Cell, _hand: Hand) -> Cell:
    return str(cell).replace("'", "\u2019").replace(" - ", " \u2013 ").replace('"', "\u201d")


def _computed(_column: str, cell: Cell, hand: Hand) -> Cell:
    known = cell if isinstance(cell, int | float | date) else None
    return Formula(f"H{2 + hand.pick(range(40))}+{hand.pick((1, 5, 13))}", known)


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_SHORT = _roles(Role.FLAG, Role.DATE, Role.SEX, Role.IDENTIFIER, Role.CODE)
CELL_ODDITIES = (
    CellOddity("label for code", _roles(Role.SEX), lambda _, cell: cell in _LABELS, _label),
    CellOddity(
        "code of another year", _roles(Role.SEX, Role.CODE),
        lambda column, cell: cell in _OTHER_YEARS.get(column.upper(), {}), _of_another_year,
    ),
    CellOddity("flag spelling", _roles(Role.FLAG), _is_text, _respell),
    CellOddity(
        "two-digit year", _roles(Role.DATE), _is_written_date, lambda _, cell, __: f"{_day(cell):%d/%m/%y}"
    ),
    CellOddity(
        "serial date", _roles(Role.DATE), _is_written_date, lambda _, cell, __: str(serial_of(_day(cell)))
    ),
    CellOddity("date with time", _roles(Role.DATE), _is_written_date, _with_time),
    CellOddity("date as text", _roles(Role.DATE), lambda _, cell: isinstance(cell, date), _as_text),
    CellOddity(
        "formula", _roles(Role.DATE, Role.NUMBER),
        lambda _, cell: isinstance(cell, int | float | date), _computed,
    ),
    CellOddity(
        "not available", _roles(Role.DATE, Role.CODE, Role.FLAG, Role.SEX), lambda _, cell: is_empty(cell),
        lambda _, cell, __: Failure("#N/A") if cell is None else "#N/A",
    ),
    CellOddity("typographic marks", _roles(Role.TEXT), lambda _, cell: "'" in str(cell), _curled),
    CellOddity(
        "encoding debris", _roles(Role.TEXT), lambda _, cell: "'" in str(cell),
        lambda _, cell, __: str(cell).replace("'", _MISREAD),
    ),
    CellOddity("markup debris", _roles(Role.TEXT), _is_text, _marked_up),
    CellOddity("no-break space", _SHORT, _is_text, _unbroken),
    CellOddity("trailing space", _SHORT, _is_text, lambda _, cell, __: f"{cell} "),
)  # fmt: skip
"""Every oddity of cells; the rarest places are taken first."""
