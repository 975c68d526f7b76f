"""Every knob of an invented authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any

from csc_experiments.errors import ConfigError

FEWEST_CHILDREN = 20
"""Families have two children on average, and ten families are the fewest that can be told apart."""

_RANGES: Mapping[str, tuple[float, float]] = {
    "children": (FEWEST_CHILDREN, 2_000_000),
    "years": (2, 30),
    "contact_rate": (0.02, 20.0),
    "need_effect": (0.0, 3.0),
    "need_persistence": (0.0, 0.999),
    "worker_error": (0.0, 10.0),
    "signal": (0.0, 3.0),
    "notes_per_quarter": (0.0, 30.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySettings:
    """What makes one invented authority differ from another.

    Shares that describe decisions are shares of families. Defaults stay near the national figures of the
    Department for Education, Characteristics of children in need 2024, and Children looked after 2024.

    Attributes
    ----------
    authority : str
        Its code, for example ``"la1"``.
    children : int
        About how many children are ever known (a contact or more) over the years.
    years : int
        Length of the coverage; it ends on `last_day`.
    last_day : date
        Extract date and end of coverage.
    signal : float
        How far latent need drives everything: 0 means that nothing predicts, 1 is the modest default.
    contact_rate : float
        Contacts per family and year, on average over all families whether ever known or not.
    need_effect : float
        Change in the logarithm of the contact rate per standard deviation of need.
    share_lasting : float
        Share of the variance of need that lies between families and never changes.
    need_persistence : float
        Correlation of the changing part of need with itself a quarter later.
    worker_error : float
        Standard deviation of a worker's error, in standard deviations of need.
    share_referred : float
        Contacts that meet the threshold for a referral, if the family's case is not open already.
    share_nfa : float
        Referrals with no further action.
    share_not_in_need : float
        Of assessed referrals, those closed after assessment (RC8, RC9).
    share_early_help : float
        Of those closed after assessment, referred to early help (RC9); of other contacts a fifth of it.
    share_s47, share_icpc, share_cp_plan : float
        Assessed referrals with an enquiry; enquiries with a conference; conferences with a plan.
    share_cin_plan : float
        Of referrals found in need, those with a child in need plan.
    share_care : float
        Of referrals found in need, those in which a child becomes looked after.
    share_transferred : float
        Closures by a move to another authority (RC5), after which the family is not seen again.
    share_late_assessment : float
        Assessments that take more than 45 working days.
    share_siblings : float
        Chance that a sibling is named beside the first child of a contact.
    share_disabled : float
        Children with a recorded disability.
    notes_per_quarter : float
        Case notes per child and quarter of an open case.
    share_abbreviated : float
        Documents written in abbreviations.
    share_copied : float
        Documents that repeat the text of a sibling.

    Raises
    ------
    ConfigError
        If a value is impossible; the message names the key.

    Examples
    --------
    >>> AuthoritySettings(authority="la1", children=200).first_day
    datetime.date(2019, 4, 1)
    >>> AuthoritySettings(authority="la1", share_nfa=1.4)
    Traceback (most recent call last):
    ...
    csc_experiments.errors.ConfigError: synthetic.share_nfa must be a number from 0.0 to 1.0. ...
    """

    authority: str
    children: int = 2000
    years: int = 6
    last_day: date = date(2025, 3, 31)
    signal: float = 1.0
    contact_rate: float = 0.16
    need_effect: float = 1.55
    share_lasting: float = 0.85
    need_persistence: float = 0.93
    worker_error: float = 2.0
    share_referred: float = 0.29
    share_nfa: float = 0.063
    share_not_in_need: float = 0.32
    share_early_help: float = 0.3
    share_s47: float = 0.385
    share_icpc: float = 0.32
    share_cp_plan: float = 0.86
    share_cin_plan: float = 0.47
    share_care: float = 0.085
    share_transferred: float = 0.03
    share_late_assessment: float = 0.156
    share_siblings: float = 0.88
    share_disabled: float = 0.136
    notes_per_quarter: float = 1.0
    share_abbreviated: float = 0.5
    share_copied: float = 0.2

    def __post_init__(self) -> None:
        """Refuse what no authority could be."""
        if not str(self.authority).isalnum():
            raise ConfigError(
                "synthetic.authority must be a code of letters and digits.", todo="Write it like la1."
            )
        if type(self.last_day) is not date:
            raise ConfigError("synthetic.last_day must be a date.", todo="Write it like 2025-03-31.")
        for name, value in asdict(self).items():
            if name not in {"authority", "last_day"}:
                _check_number(name, value)

    @property
    def first_day(self) -> date:
        """The day on which coverage begins."""
        after = self.last_day + timedelta(days=1)
        # Only 29 February has no like in another year, and 1 March stands for it.
        leap_day = (after.month, after.day) == (2, 29)
        day = date(after.year, 3, 1) if leap_day else after
        return day.replace(year=day.year - self.years)


def settings_from(authority: str, knobs: Mapping[str, Any]) -> AuthoritySettings:
    """Read the settings of an authority from a configuration.

    Parameters
    ----------
    authority : str
        Its code.
    knobs : Mapping[str, object]
        Names of attributes of `AuthoritySettings` with their values; dates may be ISO text.

    Raises
    ------
    ConfigError
        If a key is unknown or its value impossible.

    Examples
    --------
    >>> settings_from("la2", {"children": 500, "last_day": "2024-03-31"}).last_day
    datetime.date(2024, 3, 31)
    >>> settings_from("la2", {"childern": 500})
    Traceback (most recent call last):
    ...
    csc_experiments.errors.ConfigError: synthetic.childern is not a knob of an invented authority. ...
    """
    known = {field.name for field in fields(AuthoritySettings)} - {"authority"}
    unknown = sorted(set(map(str, knobs)) - known)
    if unknown:
        raise ConfigError(
            f"synthetic.{unknown[0]} is not a knob of an invented authority.",
            todo="csc_experiments.synthetic.AuthoritySettings lists them.",
        )
    read = dict(knobs)
    if isinstance(read.get("last_day"), str):
        read["last_day"] = _as_date(read["last_day"])
    return AuthoritySettings(authority=authority, **read)


def _as_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError("synthetic.last_day must be a date.", todo="Write it like 2025-03-31.") from None


def _check_number(name: str, value: object) -> None:
    low, high = _RANGES.get(name, (0.0, 1.0))
    whole = name in {"children", "years"}
    right_kind = isinstance(value, int | float) and not isinstance(value, bool)
    if not right_kind or (whole and not isinstance(value, int)):
        raise ConfigError(
            f"synthetic.{name} must be a {'whole ' if whole else ''}number from {low} to {high}.",
            todo="Correct it in conf/dataset.",
        )
    # The comparison is also false for a value that is not a number (nan).
    if not (isinstance(value, int | float) and low <= value <= high):
        raise ConfigError(
            f"synthetic.{name} must be a number from {low} to {high}.", todo="Correct it in conf/dataset."
        )
