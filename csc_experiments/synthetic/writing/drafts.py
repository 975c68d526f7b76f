"""What is to be written: the types of documents, and what each one reports."""

from __future__ import annotations

from typing import Final, NamedTuple

TYPES: Final = (
    "contact_and_referral_form",
    "single_assessment",
    "s47_record",
    "conference_report",
    "case_note",
    "management_decision",
)
FORM, ASSESSMENT, ENQUIRY, CONFERENCE, NOTE, DECISION = range(len(TYPES))
OUTCOMES: Final = (
    "", "s47.outcome.substantiated", "s47.outcome.not", "conf.decision.plan", "conf.decision.none",
    "review.decision.plan", "decision.nfa", "decision.assessment", "decision.strategy", "decision.close",
    "decision.early_help", "decision.cin", "decision.cp", "decision.open", "decision.continue",
    "decision.closure", "decision.moved",
)  # fmt: skip
"""What a document may record as decided, by the heading of its sentences in the grammar."""
STATUSES: Final = ("", "cp", "cin", "care")


class Draft(NamedTuple):
    """What is to be written: one document.

    Attributes
    ----------
    number : int
        Its place among all documents, by day.
    family, rank, child, case : int
        Positions; `rank` counts the families that have documents; `case` is -1 for a mere contact.
    event : int
        Number of the contact, which siblings share.
    kind, ordinal : int
        Position in `TYPES`; which of its kind it is within the case.
    day, recorded : int
        When it was written, and when it reached the system.
    source : int
        Position in `csc_experiments.synthetic.contacts.SOURCES`.
    truth : int
        What is true of the child: a bit for each of `FACTORS`.
    status, outcome : int
        Positions in `STATUSES` and `OUTCOMES`.
    earlier, since : int
        Day of the last earlier referral, and of the start of a plan; -1 if there is none.
    words : int
        About how many.
    fate, fated : int
        What the document is made to tell of the future, and when that came; 0 unless a leak is planted.
    """

    number: int
    family: int
    rank: int
    child: int
    case: int
    event: int
    kind: int
    ordinal: int
    day: int
    recorded: int
    source: int
    truth: int
    status: int
    outcome: int
    earlier: int
    since: int
    words: int
    fate: int = 0
    fated: int = 0

    @property
    def key(self) -> tuple[int, ...]:
        """What tells it from every other document, and stays the same whatever else happens."""
        return self.child, self.case, self.event, self.kind, self.ordinal, self.outcome
