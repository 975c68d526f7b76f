"""Unique pupil numbers of invented children, and why a child has none.

A number is a check letter, the authority, the school, the year of allocation and a serial number
(Department for Education, Unique pupil numbers, https://www.gov.uk/government/publications/unique-pupil-numbers).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from csc_experiments.seeds import seed_for

# No number above has been given out. Those of authorities that were abolished between 2009 and 2021 live on
# in the numbers of their pupils.
_LAST_GIVEN_OUT = 943
_ABOLISHED = ("820", "835", "836", "837", "875", "928")
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_FIRST_SCHOOL, _SCHOOLS, _SERIALS = 2000, 6000, 1000
_AGE_AT_ALLOCATION = 4
_SCHOOL_AGE = 5
_NEWLY_KNOWN_DAYS = 7
SHARE_OUTSIDE_STATE_SCHOOLS = 0.02
"""Of children of school age, those who never went to a state school."""


def check_letter(digits: str) -> str:
    """Return the letter that a number must begin with.

    Parameters
    ----------
    digits : str
        The twelve digits after the letter; the first is weighed 2, the last 13.

    Examples
    --------
    >>> check_letter("820432112001")
    'K'
    """
    return _LETTERS[sum(int(digit) * weight for weight, digit in enumerate(digits, start=2)) % len(_LETTERS)]


def pupil_numbers(persons: pl.DataFrame, authority: str, seed: int) -> dict[str, str]:
    """Give each child that has been born a number of its own.

    Parameters
    ----------
    persons : polars.DataFrame
        `ssd_person`; a child's number depends on its identifier, its year of birth and the seed.
    authority : str
        The three digits of the authority. Where they have never been given out, its schools bear those of an
        authority that was abolished, for otherwise no pupil number would be valid.
    seed : int
        0 or more.
    """
    issuer = authority if int(authority) <= _LAST_GIVEN_OUT else _ABOLISHED[int(authority) % len(_ABOLISHED)]
    numbers: dict[str, str] = {}
    taken: set[tuple[int, int]] = set()
    born = persons.drop_nulls("pers_dob").sort("pers_person_id")
    for person, birth in born.select("pers_person_id", "pers_dob").iter_rows():
        year = (birth.year + _AGE_AT_ALLOCATION) % 100
        slot = seed_for(seed, "pupil number", person) % (_SCHOOLS * _SERIALS)
        while (year, slot) in taken:
            slot = (slot + 1) % (_SCHOOLS * _SERIALS)
        taken.add((year, slot))
        school, serial = divmod(slot, _SERIALS)
        digits = f"{issuer}{_FIRST_SCHOOL + school}{year:02}{serial:03}"
        numbers[person] = check_letter(digits) + digits
    return numbers


def add_pupil_numbers(
    children: pl.DataFrame, numbers: Mapping[str, str], seed: int, reference_date: date
) -> pl.DataFrame:
    """Add `UPN`, or the reason `UPNunknown` why a child has none in a year's return.

    Parameters
    ----------
    children : polars.DataFrame
        `person`; `PersonBirthDate`, null before birth; `referred`, the first day of a referral that led to
        more, null if none did.
    numbers : Mapping[str, str]
        As `pupil_numbers` gives them.
    """
    starts_school = date(reference_date.year - 1 - _SCHOOL_AGE, 8, 31)
    newly_known = pl.lit(reference_date).dt.offset_by(f"-{_NEWLY_KNOWN_DAYS}d")
    reason = (
        pl.when(pl.col("PersonBirthDate").is_null() | (pl.col("PersonBirthDate") > starts_school))
        .then(pl.lit("UN1"))
        .when(pl.col("referred").is_null())
        .then(pl.lit("UN7"))
        .when(pl.col("referred") > newly_known)
        .then(pl.lit("UN4"))
        .when(
            pl.Series(
                [_outside_state_schools(person, seed) for person in children["person"]], dtype=pl.Boolean
            )
        )
        .then(pl.lit("UN2"))
    )
    number = pl.col("person").replace_strict(numbers, default=None, return_dtype=pl.String)
    return children.with_columns(UPNunknown=reason).with_columns(
        UPN=pl.when(pl.col("UPNunknown").is_null()).then(number)
    )


def _outside_state_schools(person: str, seed: int) -> bool:
    return seed_for(seed, "outside state schools", person) < SHARE_OUTSIDE_STATE_SCHOOLS * 2**32
