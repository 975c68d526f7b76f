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
NEEDED = ("question.index.any", "question.outcome.any")
"""The keys without a code of which there is no question."""


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
    history_days : int
        Index events in so many first days of the extract's coverage are not asked about. What came before
        the coverage is not recorded, so early index events look as if they came to calmer children; with 365
        each has a year of records before it. The price is that year's cases: fewer to learn from, and none
        at all where an extract holds one year. 0 asks at all of them, and leaves early histories shorter.
    """

    under_age: float = 18.0
    open: list[str] = field(default_factory=list)
    not_open: list[str] = field(default_factory=list)
    history_days: int = 0


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

    @property
    def codes(self) -> dict[str, list[str]]:
        """The codes that the question names, by configuration key."""
        return {
            "question.index.any": self.index.any,
            "question.outcome.any": self.outcome.any,
            "question.ends": self.ends,
        }

    @property
    def spells(self) -> dict[str, list[str]]:
        """The spells that the question names, by configuration key."""
        return {
            "question.eligibility.open": self.eligibility.open,
            "question.eligibility.not_open": self.eligibility.not_open,
        }

    def check(self) -> None:
        """Refuse what no history can answer.

        Raises
        ------
        ConfigError
            If a code or spell is unknown, a list is empty, the horizon is not positive, or a number of days
            is longer than a childhood.
        """
        for key in NEEDED:
            if not self.codes[key]:
                raise ConfigError(f"{key} is empty.", todo="Name at least one code.")
        for key, codes in self.codes.items():
            _check_codes(key, codes)
        for key, spells in self.spells.items():
            _check_spells(key, spells)
        for key, days, least in (
            ("question.outcome.within_days", self.outcome.within_days, 1),
            ("question.eligibility.history_days", self.eligibility.history_days, 0),
        ):
            if not least <= days <= LONGEST_HORIZON:
                raise ConfigError(f"{key} must lie between {least} and {LONGEST_HORIZON}.")


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
