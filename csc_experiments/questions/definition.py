"""What a question says: its index event, who is eligible, and the outcome."""

from __future__ import annotations

from dataclasses import dataclass, field

from omegaconf import MISSING

from csc_experiments.errors import ConfigError
from csc_experiments.history.rules import PLAIN_CODES

_STARTS, _ENDS = (
    {code.removesuffix(f"//{side}") for code in PLAIN_CODES if code.endswith(f"//{side}")}
    for side in ("START", "END")
)
LONGEST_HORIZON = 10_000
"""Days; no childhood is longer."""
SPELLS = tuple(sorted(_STARTS & _ENDS))
"""What has a start and an end, and so can be open."""


@dataclass
class IndexConfig:
    """The event at which the question is asked.

    Attributes
    ----------
    any : list of str
        Codes; one stands for itself and for all that it begins, `CP_PLAN` for `CP_PLAN//START//NEG`.
    """

    any: list[str] = MISSING


@dataclass
class EligibilityConfig:
    """Who may be asked about.

    Attributes
    ----------
    under_age : float
        Years, to the month; the whole horizon must end before the birthday. A child whose birth is not
        recorded is asked about.
    open, not_open : list of str
        Spells (`REFERRAL`, `CP_PLAN`, `CLA`) that must, or must not, be open at the prediction time.
    """

    under_age: float = 18.0
    open: list[str] = field(default_factory=list)
    not_open: list[str] = field(default_factory=list)


@dataclass
class OutcomeConfig:
    """What is predicted.

    Attributes
    ----------
    any : list of str
        Codes, as in the index.
    within_days : int
        The horizon: the outcome must come strictly after the prediction time and at most so many days later.
    """

    any: list[str] = MISSING
    within_days: int = MISSING


@dataclass
class QuestionConfig:
    """One outcome question, independent of any authority.

    Attributes
    ----------
    name, label, short_label : str
        For file names, tables and figures.
    ends : list of str
        Events after which the outcome can no longer be seen (a move to another authority). A child who meets
        one on the day of the prediction or inside the horizon, without the outcome before it, is left out and
        counted; so is one who has died by the end of the horizon.
    document_types : list of str
        Documents that a text representation may use; those that record the decision itself are left out.
    """

    name: str = MISSING
    label: str = MISSING
    short_label: str = MISSING
    index: IndexConfig = field(default_factory=IndexConfig)
    eligibility: EligibilityConfig = field(default_factory=EligibilityConfig)
    outcome: OutcomeConfig = field(default_factory=OutcomeConfig)
    ends: list[str] = field(default_factory=list)
    document_types: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Refuse what no history can answer.

        Raises
        ------
        ConfigError
            If a code or spell is unknown, a list is empty or the horizon is not positive.
        """
        for key, codes in (
            ("question.index.any", self.index.any),
            ("question.outcome.any", self.outcome.any),
        ):
            if not codes:
                raise ConfigError(f"{key} is empty.", todo="Name at least one code.")
        for key, codes in (
            ("question.index.any", self.index.any),
            ("question.outcome.any", self.outcome.any),
            ("question.ends", self.ends),
        ):
            _check_codes(key, codes)
        _check_spells("question.eligibility.open", self.eligibility.open)
        _check_spells("question.eligibility.not_open", self.eligibility.not_open)
        if not 1 <= self.outcome.within_days <= LONGEST_HORIZON:
            raise ConfigError(f"question.outcome.within_days must lie between 1 and {LONGEST_HORIZON}.")


def _check_codes(key: str, codes: list[str]) -> None:
    """A code is known if it begins a plain code, or continues one that takes a part."""
    for code in codes:
        if not any(plain == code or plain.startswith(f"{code}//") for plain in PLAIN_CODES) and not any(
            code.startswith(f"{plain}//") for plain in PLAIN_CODES
        ):
            near = [plain for plain in sorted(PLAIN_CODES) if plain.split("//")[0] == code.split("//")[0]]
            raise ConfigError(
                f"{key}: unknown code {code}.", todo=f"Known: {', '.join(near or sorted(PLAIN_CODES))}."
            )


def _check_spells(key: str, spells: list[str]) -> None:
    unknown = sorted(set(spells) - set(SPELLS))
    if unknown:
        raise ConfigError(f"{key}: unknown spell {', '.join(unknown)}.", todo=f"Known: {', '.join(SPELLS)}.")
