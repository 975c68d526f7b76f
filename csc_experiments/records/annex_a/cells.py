"""Cells of Annex A as people spell them, in the spellings that the standard tables' reader knows.

What no rule recognises stays as it is, so that the reader sets it aside and counts it. Labels are those of
the Department for Education's guides to the children in need census and the children looked-after return.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from types import MappingProxyType

import polars as pl

from csc_experiments.records.codes import CODE_SETS, SPELLINGS
from csc_experiments.records.tables import Kind

_ABSENT = re.compile(r"n[./]?a\.?|-+|\.+|not applicable", re.IGNORECASE)
# As before Female in "b) Female", and up to zz) where there are many.
_LETTER = re.compile(r"[a-z]{1,2}[0-9]?\s*\)\s*", re.IGNORECASE)
_FIRST_WORD = re.compile(r"[A-Za-z0-9]+")
_LAST_IN_BRACKETS = re.compile(r"[(\[]([A-Za-z0-9]+)[)\]]$")
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[\s./-]+([0-9]{1,2}|[a-z]{3,9})\.?[\s./,-]+([0-9]{4}|[0-9]{2})"
    r"(?:[ t][0-9:.]+)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"([0-9]{4})[./]([0-9]{1,2})[./]([0-9]{1,2})(?:[ t][0-9:.]+)?", re.IGNORECASE)
_SERIAL = re.compile(r"([1-7][0-9]{4})(?:\.[0-9]+)?")
_APOSTROPHE = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")
_ZERO = date(1899, 12, 30)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: at for at, name in enumerate(_MONTH_NAMES, start=1)}
# As spreadsheet programs read two digits.
_FIRST_OF_LAST_CENTURY = 30
_YES_NO = re.compile(r"(?:(y|yes|true|t|1)|(?:n|no|false|f|0))\b", re.IGNORECASE)

Labels = tuple[tuple[str, str], ...]


def spell(cells: pl.Series, kind: Kind, column: str) -> pl.Series:
    """Respell cells that fill a standard column.

    Parameters
    ----------
    cells : polars.Series of str
    kind : Kind
        Of the standard column.
    column : str
        Its name.

    Returns
    -------
    polars.Series of str
        Named as the standard column.

    Examples
    --------
    >>> spell(pl.Series(["16-Sep-20", "44090", "soon"]), Kind.DATE, "cont_contact_date").to_list()
    ['2020-09-16', '2020-09-16', 'soon']
    >>> spell(pl.Series(["q) 6: Police", "police", "N/A"]), Kind.CODE, "cont_contact_source_code").to_list()
    ['6', '6', None]
    """
    rules: dict[Kind, Callable[[str], str]] = {
        Kind.DATE: iso_day,
        Kind.FLAG: yes_or_no,
        Kind.CODE: partial(code_in, column=column),
    }
    respell = rules.get(kind, str)
    # Columns repeat a few values, so each is looked at once.
    said = cells.drop_nulls().unique()
    spelt = [None if _ABSENT.fullmatch(cell) else respell(cell) for cell in said]
    changed = pl.Series(spelt, dtype=pl.String())
    return cells.replace_strict(said, changed, default=None, return_dtype=pl.String()).alias(column)


def iso_day(cell: str) -> str:
    """Write a day as ISO 8601 does, whatever the style; the day stands before the month.

    Examples
    --------
    >>> iso_day("16/9/2020 00:00"), iso_day("16th September 2020"), iso_day("44090.0"), iso_day("9/31/2020")
    ('2020-09-16', '2020-09-16', '2020-09-16', '2020-31-09')
    """
    serial = _SERIAL.fullmatch(cell)
    if serial:
        return (_ZERO + timedelta(days=int(serial[1]))).isoformat()
    first = _DAY_FIRST.fullmatch(cell)
    year_first = _YEAR_FIRST.fullmatch(cell)
    if first:
        day, month, year = first.groups()
    elif year_first:
        year, month, day = year_first.groups()
    else:
        return cell
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
    full_year = int(year) if len(year) > 2 else _in_century(int(year))  # noqa: PLR2004 - two digits
    return f"{full_year:04}-{number:02}-{int(day):02}"


def _in_century(year: int) -> int:
    return year + (1900 if year >= _FIRST_OF_LAST_CENTURY else 2000)


def yes_or_no(cell: str) -> str:
    """Write an answer as Y or N.

    Examples
    --------
    >>> yes_or_no("a) Yes"), yes_or_no("No - not needed"), yes_or_no("perhaps")
    ('Y', 'N', 'perhaps')
    """
    found = _YES_NO.match(_LETTER.sub("", cell, count=1) or cell)
    if found is None:
        return cell
    return "Y" if found[1] else "N"


def code_in(cell: str, column: str) -> str:
    """Return the code of a column's code set that a cell names, by the code itself or else by its label.

    Examples
    --------
    >>> code_in("N1 - Abuse or neglect", "cine_cin_primary_need_code"), code_in("b) Female", "pers_sex")
    ('N1', 'F')
    >>> code_in("Somebody", "cine_referral_source_code")
    'Somebody'
    """
    known, spellings = CODE_SETS[column], SPELLINGS.get(column, {})
    said = _LETTER.sub("", cell, count=1) or cell
    for found in (_FIRST_WORD.match(said), _LAST_IN_BRACKETS.search(said)):
        word = found[found.lastindex or 0].upper() if found else ""
        if word in known or word in spellings:
            return word
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", _APOSTROPHE.sub("", said.lower())).split())
    return next((code for code, label in _LABELS.get(column, ()) if re.search(label, plain)), cell)


_SOURCE: Labels = (
    ("1A", r"family|relative|carer"), ("1B", r"acquaintance|neighbour"), ("1C", r"^(individual )?self$"),
    ("3C", r"school nurse"), ("2A", r"^schools?$"), ("2B", r"^education( services?)?$"), ("3A", r"^gp$"),
    ("3B", r"health visitor"), ("3D", r"other primary health"), ("3E", r"^a( and)? e$|emergency department"),
    ("3F", r"^other health"), ("4", r"^housing"), ("5D", r"early help"), ("6", r"^police"),
    ("7", r"legal agency|courts?\b|probation|cafcass|prison"), ("9", r"anonym"),
    ("10", r"unknown|not known"), ("8", r"^other$"),
)  # fmt: skip
_NEED: Labels = (
    ("N9", r"other than child"), ("N3", r"parent.*(disab|illness)"), ("N2", r"disab"),
    ("N1", r"abuse|neglect"), ("N4", r"acute stress"), ("N5", r"dysfunction"), ("N6", r"socially unaccept"),
    ("N7", r"low income"), ("N8", r"absent parent"), ("N0", r"not stated"),
)  # fmt: skip
_HARM = r"neglect|physical|sexual|emotional"
_ABUSE: Labels = (
    ("MUL", rf"multiple|({_HARM})\b.*\b(?!\1)({_HARM})"), ("NEG", r"neglect"), ("PHY", r"physical"),
    ("SAB", r"sexual"), ("EMO", r"emotional"),
)  # fmt: skip
_LABELS: Mapping[str, Labels] = MappingProxyType(
    {
        "pers_sex": (
            ("M", r"^(male|boy)\b"), ("F", r"^(female|girl)\b"),
            ("U", r"not (stated|recorded|known)|unknown|indeterminate|neither|unborn"),
        ),
        # In this order: a longer label holds a shorter one.
        "pers_ethnicity": (
            ("MWBC", r"white.*black caribbean"), ("MWBA", r"white.*black african"), ("MWAS", r"white.*asian"),
            ("MOTH", r"mixed"), ("WIRT", r"travell?er"), ("WROM", r"gypsy|roma"), ("WIRI", r"irish"),
            ("WBRI", r"white.*(british|english)"), ("WOTH", r"white"), ("AIND", r"\bindian"),
            ("APKN", r"pakistani"), ("ABAN", r"bangladeshi"), ("CHNE", r"chinese"), ("AOTH", r"asian"),
            ("BCRB", r"caribbean"), ("BAFR", r"african"), ("BOTH", r"black"), ("REFU", r"refus"),
            ("NOBT", r"not (yet )?(obtained|stated|known|recorded)|unknown|unborn"),
            ("OOTH", r"^(any )?other( ethnic)?( group| background)?$"),
        ),
        "cont_contact_source_code": _SOURCE,
        "cine_referral_source_code": _SOURCE,
        "cine_cin_primary_need_code": _NEED,
        "clae_cla_primary_need_code": _NEED,
        "cine_close_reason": (
            ("RC8", r"no further action"), ("RC9", r"early help"), ("RC1", r"^adopted"), ("RC2", r"^died"),
            ("RC4", r"special guardianship"), ("RC3", r"child arrangements? order|residence order"),
            ("RC6", r"adult (social|care)"), ("RC5", r"another (la|local authority)"),
            ("RC7", r"any other reason|no longer in need"),
        ),
        "cppl_cp_plan_initial_category": _ABUSE,
        "cppl_cp_plan_latest_category": _ABUSE,
        "lega_legal_status": (
            ("C1", r"^(interim care order|ico)\b"), ("C2", r"^(full care order|fco)\b"),
            ("E1", r"^placement order"), ("V2", r"^single period"), ("L1", r"^police protection"),
            ("L2", r"^(emergency protection order|epo)\b"),
        ),
        "clap_cla_placement_provider": (
            ("PR1", r"^own provision"), ("PR4", r"^private"), ("PR5", r"^voluntary|^third sector"),
        ),
    }
)  # fmt: skip
