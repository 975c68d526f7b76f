"""Every knob of an invented authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from csc_experiments.errors import ConfigError
from csc_experiments.synthetic.choices import Group, Leak, System, read_choice
from csc_experiments.synthetic.limits import check_settings

SIGNALS: Mapping[str, float] = MappingProxyType({"none": 0.0, "modest": 1.0, "strong": 2.0})
"""What a configuration may write for `signal` instead of a number."""
_CHOICES: Mapping[str, type[System | Leak | Group]] = MappingProxyType(
    {"system": System, "leak": Leak, "bias": Group}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySettings:
    """What makes one invented authority differ from another.

    Shares that describe decisions are shares of families' cases. Defaults stay near the median authority of
    the Department for Education, Characteristics of children in need 2024, and Children looked after 2024.

    Attributes
    ----------
    authority : str
        Its code, for example ``"la1"``.
    lea : str
        Its number in returns, three digits. The invented authorities are 961 to 966: no English authority
        has a number above 941, and 970 to 999 stand for other things in some returns.
    child_population : int
        Children of 0 to 17 who live there on a day half-way through the coverage.
    children : int, optional
        About how many children are ever known (a contact or more) over the years. If given, it sets the size
        instead of `child_population`, which then follows from it, so that every rate stays.
    years : int
        Length of the coverage; it ends on `last_day`.
    last_day : date
        Extract date and end of coverage.
    signal : float
        How far latent need drives everything: 0 means that nothing predicts, 1 is the modest default, 2 is
        strong.
    drift : float
        How far practice changes half-way through the coverage: referrals per contact rise by this share, and
        no further action falls by it.
    leak : Leak
        A fault through which records tell of what was still to come.
    bias : Group
        Children of whom half is not recorded that no decision hangs on.
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
    harm_effect : float
        Weight, beside need, of a family's lasting tendency to harm in decisions on protection and care.
    service_effect : float
        By how much a plan lowers need while it lasts, in standard deviations; half as much for a year after.
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
    share_transferred_in : float
        Of assessed referrals, those of a family that comes with a plan from another authority.
    share_cin_plan : float
        Of referrals found in need, those with a child in need plan.
    share_care : float
        Of referrals found in need, those in which a child becomes looked after.
    share_transferred : float
        Closures by a move to another authority (RC5), after which the family is not seen again.
    share_long_open : float
        Of disabled children found in need, those whose case stays open for years; of others a sixth of it.
    unaccompanied_rate : float
        Unaccompanied asylum-seeking children who arrive, per 10,000 of the child population and year.
    median_working_days : float
        Half of the assessments take at most so many working days.
    share_late_assessment : float
        Assessments that take more than 45 working days.
    largest_family : int
        Most children of one family.
    share_siblings : float
        Chance that a sibling is named beside the first child of a contact.
    share_disabled : float
        Children with a recorded disability.
    ethnicity : str or mapping of str to float
        A mix of `csc_experiments.synthetic.ethnicity.MIXES`, or shares by code of the census.
    share_missing_need, share_missing_factors, share_missing_outcome : float
        Referrals whose primary need was not stated; assessments without factors; contacts without outcome.
    share_late_closure : float
        Cases that the system closes weeks after the work has ended.
    system : System
        Whose habits documents and exports have.
    notes_per_quarter : float
        Case notes per child and quarter of an open case.
    share_abbreviated : float
        Documents written in abbreviations.
    share_copied : float
        Documents that repeat the text of a sibling.
    document_words : float
        Length of documents, as a multiple of the usual.

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
    lea: str = "961"
    child_population: int = 6000
    children: int | None = None
    years: int = 6
    last_day: date = date(2025, 3, 31)
    signal: float = 1.0
    drift: float = 0.0
    leak: Leak = Leak.NONE
    bias: Group = Group.NONE
    contact_rate: float = 0.26
    need_effect: float = 1.7
    share_lasting: float = 0.85
    need_persistence: float = 0.9
    worker_error: float = 1.1
    harm_effect: float = 1.2
    service_effect: float = 0.4
    share_referred: float = 0.46
    share_nfa: float = 0.047
    share_not_in_need: float = 0.32
    share_early_help: float = 0.3
    share_s47: float = 0.44
    share_icpc: float = 0.37
    share_cp_plan: float = 0.86
    share_transferred_in: float = 0.003
    share_cin_plan: float = 0.42
    share_care: float = 0.115
    share_transferred: float = 0.04
    share_long_open: float = 0.6
    unaccompanied_rate: float = 4.5
    median_working_days: float = 34.0
    share_late_assessment: float = 0.156
    largest_family: int = 6
    share_siblings: float = 0.88
    share_disabled: float = 0.075
    ethnicity: str | Mapping[str, float] = "england"
    share_missing_need: float = 0.026
    share_missing_factors: float = 0.03
    share_missing_outcome: float = 0.01
    share_late_closure: float = 0.05
    system: System = System.SYSTEM_C
    notes_per_quarter: float = 1.0
    share_abbreviated: float = 0.5
    share_copied: float = 0.2
    document_words: float = 1.0

    def __post_init__(self) -> None:
        """Refuse what no authority could be."""
        check_settings({field.name: getattr(self, field.name) for field in fields(self)})
        if type(self.last_day) is not date:
            raise ConfigError("synthetic.last_day must be a date.", todo="Write it like 2025-03-31.")
        for name, kind in _CHOICES.items():
            if not isinstance(getattr(self, name), kind):
                raise ConfigError(
                    f"synthetic.{name} must be a {kind.__name__}.", todo=f"One of {', '.join(kind)}."
                )

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
        Names of attributes of `AuthoritySettings` with their values; dates may be ISO text, `signal` may be
        one of `SIGNALS`; `system`, `leak` and `bias` are names.

    Raises
    ------
    ConfigError
        If a key is unknown or its value impossible.

    Examples
    --------
    >>> settings_from("la2", {"children": 500, "last_day": "2024-03-31", "signal": "none"}).signal
    0.0
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
    for name, reader in (("last_day", _as_date), ("signal", _as_signal)):
        if isinstance(read.get(name), str):
            read[name] = reader(read[name])
    for name, kind in _CHOICES.items():
        if isinstance(read.get(name), str):
            read[name] = read_choice(kind, name, read[name])
    if isinstance(read.get("ethnicity"), Mapping):
        read["ethnicity"] = dict(read["ethnicity"])
    return AuthoritySettings(authority=authority, **read)


def _as_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError("synthetic.last_day must be a date.", todo="Write it like 2025-03-31.") from None


def _as_signal(text: str) -> float:
    if text not in SIGNALS:
        raise ConfigError(
            "synthetic.signal must be a number or a name.", todo=f"The names: {', '.join(SIGNALS)}."
        )
    return SIGNALS[text]
