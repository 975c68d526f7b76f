"""What the knobs of an invented authority that take a name may be called."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from csc_experiments.errors import ConfigError

Choice = TypeVar("Choice", bound=StrEnum)


class System(StrEnum):
    """Whose habits the authority's case management system has."""

    SYSTEM_C = "SYSTEM_C"
    MOSAIC = "MOSAIC"
    ECLIPSE = "ECLIPSE"


class Leak(StrEnum):
    """A fault of recording or extraction through which records tell of what was still to come."""

    NONE = "none"
    CLOSURE_KNOWN_EARLY = "closure_known_early"
    """The closing form is opened with the referral: a closure on that day, with the reason of later."""
    LATER_RETURN_OVERWRITES = "later_return_overwrites"
    """A child's assessments all carry the factors of the latest, and those that a later plan named."""
    TEXT_NAMES_OUTCOME = "text_names_outcome"
    """Somebody adds to a document what became of the case, and its date stays."""
    SIBLING_COPIES = "sibling_copies"
    """Siblings are not linked in the records of half of the families, and share their documents."""
    PRESCIENT_DURATION = "prescient_duration"
    """For each month that a case stays open, the system enters a contact on its first day."""
    WORKER_SET_LATER = "worker_set_later"
    """The team that a case reached by way of a plan or care stands in the records from the referral on."""
    BACKDATED_ASSESSMENT = "backdated_assessment"
    """What was assessed before a plan or care is authorised, in the records, on the day it began."""
    TITLE_NAMES_OUTCOME = "title_names_outcome"
    """Documents are filed anew under the name of what the case became."""


class Group(StrEnum):
    """Children whom an authority may record less well than others; ethnicities as in the census."""

    NONE = "none"
    WHITE = "white"
    MIXED = "mixed"
    ASIAN = "asian"
    BLACK = "black"
    OTHER = "other"
    GIRLS = "girls"
    BOYS = "boys"
    DISABLED = "disabled"


def read_choice(kind: type[Choice], key: str, name: str) -> Choice:
    """Return the choice of a name, in whichever case it is written.

    Raises
    ------
    ConfigError
        If there is none; the message names the key.

    Examples
    --------
    >>> read_choice(System, "system", "mosaic").value
    'MOSAIC'
    """
    for choice in kind:
        if choice.value.lower() == name.lower():
            return choice
    raise ConfigError(f"synthetic.{key} is not known.", todo=f"One of {', '.join(kind)}.")
