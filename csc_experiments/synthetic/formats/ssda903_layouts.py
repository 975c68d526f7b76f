"""Which files the children looked-after return has had, with which columns and codes, year by year.

Source: Department for Education, Children looked-after return, guides of 2017 to 2018 until 2025 to 2026
(https://www.gov.uk/guidance/children-looked-after-return).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csc_experiments.records.ssda903.layouts import COLUMNS

GUARDIANSHIP, SOCIAL_WORKERS, SEX, OTHER_PLACEMENTS = 2019, 2024, 2025, 2026
"""First collection years of: special guardianship told in four codes, social workers, letters for `SEX` with
supported accommodation as a placement, and other placements told in four codes."""

_NAMES = {
    "placed for adoption": "placed_adoption",
    "previous permanence": "previous_permanence",
    "social workers": "social_worker",
}
_NOT_INVENTED = "deprivation of liberty"
FILES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        _NAMES.get(name, name): tuple(columns.split())
        for name, columns in COLUMNS.items()
        if name != _NOT_INVENTED
    }
)
"""Every file with its columns, in order."""

_SUPPORTED = frozenset({"K3", "H5", "P2"})
WITH_PROVIDER_NUMBER = _SUPPORTED | {
    "A3", "A4", "A5", "A6", "U1", "U2", "U3", "U4", "U5", "U6", "K1", "K2", "R3", "S1",
}  # fmt: skip
"""Placements whose provider is registered with Ofsted: agencies for adoption and fostering, homes, and today
supported accommodation too."""


def files_of_year(year: int) -> tuple[str, ...]:
    """Return the files of a collection year's return.

    Parameters
    ----------
    year : int
        In which the collection ends: 2025 stands for April 2024 to March 2025.

    Examples
    --------
    >>> set(files_of_year(2024)) - set(files_of_year(2023))
    {'social_worker'}
    """
    return tuple(name for name in FILES if name != "social_worker" or year >= SOCIAL_WORKERS)


def numbered_in_year(year: int) -> frozenset[str]:
    """Return the recorded placements of which a collection year's return gives the provider's number.

    Supported accommodation has one since it is a placement of its own.

    Examples
    --------
    >>> sorted(numbered_in_year(2025) - numbered_in_year(2024))
    ['H5', 'K3', 'P2']
    """
    return WITH_PROVIDER_NUMBER if year >= SEX else WITH_PROVIDER_NUMBER - _SUPPORTED


def codes_of_year(year: int) -> Mapping[str, Mapping[str, str]]:
    """Return the codes that a year wrote otherwise, by column: what is recorded, and what is written.

    A child whose sex is not known had no code before 2025, and is written as male.

    Examples
    --------
    >>> codes_of_year(2024)["SEX"]["F"], codes_of_year(2024)["PLACE"]["K3"]
    ('2', 'H5')
    >>> codes_of_year(2025)["PLACE"]["H5"]
    'K3'
    """
    supported = {"H5": "K3", "P2": "K3"} if year >= SEX else {"K3": "H5"}
    split = {"Z1": "Z14"} if year >= OTHER_PLACEMENTS else dict.fromkeys(("Z11", "Z12", "Z13", "Z14"), "Z1")
    before = year < GUARDIANSHIP
    return {
        "SEX": {} if year >= SEX else {"M": "1", "F": "2", "U": "1"},
        "PLACE": supported | split,
        "REC": {"E45": "E43", "E46": "E43", "E47": "E44", "E48": "E44"}
        if before
        else {"E43": "E46", "E44": "E48"},
    }
