"""What a question says: its index event, who is eligible, the outcome, and what may be learned from."""

from __future__ import annotations

from dataclasses import dataclass, field

from omegaconf import MISSING

from csc_experiments.questions.checking import GIVEN, NEEDED, SPELLS, STANDARD, check_question

__all__ = [
    "GIVEN",
    "NEEDED",
    "SPELLS",
    "STANDARD",
    "EligibilityConfig",
    "EventConfig",
    "IndexConfig",
    "OutcomeConfig",
    "QuestionConfig",
]


@dataclass
class IndexConfig:
    """The event at which the question is asked.

    Attributes
    ----------
    any : list of str
        An event of one of these codes; one stands for itself and for all that it begins, `CP_PLAN` for
        `CP_PLAN//START`.
    all, none : list of str
        On the same day there is an event of each of `all`, and of none of `none`, as far as is known then.
    first_in : str
        A spell: of the events while it is open only the first is asked at, and none while it is not. A spell
        that begins before another of its kind has ended goes on with it. Empty: each event is asked at.
    """

    any: list[str] = MISSING
    all: list[str] = field(default_factory=list)
    none: list[str] = field(default_factory=list)
    first_in: str = ""


@dataclass
class EligibilityConfig:
    """Who may be asked about.

    Attributes
    ----------
    from_age : float or None
        Years, to the month, at the prediction time; null asks about unborn children, too. A child whose birth
        is not recorded is asked about.
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

    from_age: float | None = None
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
    not_before_days : int
        An outcome that comes fewer days after is no outcome, and its case is left out and counted: what was
        about to happen anyway is nothing to be predicted. 0: any that comes strictly after.
    at_least : int
        On so many different days the event must come; the outcome is the last of them.
    all, none : list of str
        As in the index, whenever it became known.
    """

    any: list[str] = MISSING
    within_days: int = MISSING
    not_before_days: int = 0
    at_least: int = 1
    all: list[str] = field(default_factory=list)
    none: list[str] = field(default_factory=list)


EventConfig = IndexConfig | OutcomeConfig
"""A kind of event, told by codes."""


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
    document_days : int or None
        They may be used if written in so many days up to the prediction time; null stands for all.
    hidden_codes : list of str
        Codes that no representation may use, because they are known to leak.
    decision_codes : list of str
        Codes that no representation may use if they became known on the day of the prediction: those that
        record the decision which the prediction is made for. Those of earlier days may be used.
    vocabulary : str
        ``standard``: a code that standard tables cannot tell of is refused at once, for it is a slip.
        ``events``: any code may be named, and one that begins no event of the records is refused when the
        question is asked of them; any X is a spell of which there are X//START and X//END.
    """

    name: str = MISSING
    label: str = MISSING
    short_label: str = MISSING
    index: IndexConfig = field(default_factory=IndexConfig)
    eligibility: EligibilityConfig = field(default_factory=EligibilityConfig)
    outcome: OutcomeConfig = field(default_factory=OutcomeConfig)
    ends: list[str] = field(default_factory=list)
    document_types: list[str] = field(default_factory=list)
    document_days: int | None = None
    hidden_codes: list[str] = field(default_factory=list)
    decision_codes: list[str] = field(default_factory=list)
    vocabulary: str = STANDARD

    @property
    def codes(self) -> dict[str, list[str]]:
        """The codes without which the question cannot be answered, by configuration key."""
        return {
            "question.index.any": self.index.any,
            "question.index.all": self.index.all,
            "question.index.none": self.index.none,
            "question.outcome.any": self.outcome.any,
            "question.outcome.all": self.outcome.all,
            "question.outcome.none": self.outcome.none,
            "question.ends": self.ends,
        }

    @property
    def unseen(self) -> dict[str, list[str]]:
        """The codes that are kept from representations, by configuration key."""
        return {
            "question.hidden_codes": self.hidden_codes,
            "question.decision_codes": self.decision_codes,
        }

    @property
    def spells(self) -> dict[str, list[str]]:
        """The spells that the question names, by configuration key."""
        return {
            "question.index.first_in": [self.index.first_in] if self.index.first_in else [],
            "question.eligibility.open": self.eligibility.open,
            "question.eligibility.not_open": self.eligibility.not_open,
        }

    def check(self) -> None:
        """Refuse what no history can answer.

        Raises
        ------
        ConfigError
            If a code, spell or vocabulary is unknown, a list is empty, a number lies where it cannot, or two
            keys contradict each other.
        """
        check_question(self)
