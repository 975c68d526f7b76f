"""How the layout of the children in need census has changed since 2017, and what stood for a later code.

Source: Department for Education, Children in need census, specifications of 2016 to 2017 until 2025 to 2026
(https://www.gov.uk/guidance/children-in-need-census).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Collection years from which: abuse by an adult and by a child are told apart; child in need plans and
# criminal exploitation are collected; early help is a source and a closure; `Sex` replaces `GenderCurrent`.
_SPLIT_ABUSE, _CIN_PLANS, _EARLY_HELP, _SEX = 2021, 2022, 2023, 2025

_GENDERS = {"M": "1", "F": "2", "U": "0"}


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of one collection year.

    Attributes
    ----------
    sex : str
        The element that holds a child's sex.
    codes : Mapping[str, Mapping[str, str]]
        By element, codes that the year did not have yet, with those that it had in their place.
    has_cin_plans : bool
        Whether child in need plans were collected.
    """

    sex: str
    codes: Mapping[str, Mapping[str, str]]
    has_cin_plans: bool


def layout_of(year: int) -> Layout:
    """Return the layout of a collection year; before 2017 and after 2026 the nearest.

    Physical and sexual abuse were one code each before 2021. Before 2022, criminal exploitation was "other".
    Before 2023, an early help service was "other internal", and a closure to early help one after assessment.

    Parameters
    ----------
    year : int
        In which the collection ends: 2025 stands for April 2024 to March 2025.

    Examples
    --------
    >>> layout_of(2024).sex, layout_of(2025).sex
    ('GenderCurrent', 'Sex')
    >>> layout_of(2020).codes["AssessmentFactors"]["18C"]
    '18A'
    """
    factors = {"24A": "20"} if year < _CIN_PLANS else {}
    if year < _SPLIT_ABUSE:
        factors |= {"18B": "18A", "18C": "18A", "19B": "19A", "19C": "19A"}
    without_early_help = year < _EARLY_HELP
    sex = "Sex" if year >= _SEX else "GenderCurrent"
    codes = {
        sex: {} if year >= _SEX else _GENDERS,
        "AssessmentFactors": factors,
        "ReferralSource": {"5D": "5B"} if without_early_help else {},
        "ReasonForClosure": {"RC9": "RC8"} if without_early_help else {},
    }
    return Layout(sex, MappingProxyType(codes), has_cin_plans=year >= _CIN_PLANS)
