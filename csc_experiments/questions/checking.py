"""Whether a question can be asked of any history at all: its codes, its numbers, and its contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from csc_experiments.errors import ConfigError
from csc_experiments.history.rules import BIRTH, DEATH, PLAIN_CODES, STANDARD_CODES

if TYPE_CHECKING:
    from csc_experiments.questions.definition import EventConfig, QuestionConfig

_STARTS, _ENDS = (
    {code.removesuffix(f"//{side}") for code in PLAIN_CODES if code.endswith(f"//{side}")}
    for side in ("START", "END")
)
SPELLS = tuple(sorted(_STARTS & _ENDS))
"""What has a start and an end, and so can be open."""
STANDARD, GIVEN = "standard", "events"
"""Whose codes a question may name: those that standard tables tell of, or those of given events, too."""
NEEDED = ("question.index.any", "question.outcome.any")
"""The keys without a code of which there is no question."""
LONGEST_HORIZON = 10_000
"""Days; no childhood is longer."""
DAYS_PER_YEAR = 365.25
_KNOWN = frozenset(
    "//".join(parts[:end])
    for parts in (code.split("//") for code in STANDARD_CODES | {BIRTH, DEATH})
    for end in range(1, 1 + len(parts))
)
"""Every dated code that standard tables can tell of, and every beginning of one."""
_OTHERS = f"For codes of given events set question.vocabulary={GIVEN}."


def check_question(question: QuestionConfig) -> None:
    """Refuse what no history can answer.

    Raises
    ------
    ConfigError
        Names the key, and the nearest codes that are known.
    """
    if question.vocabulary not in (STANDARD, GIVEN):
        raise ConfigError(f"question.vocabulary must be {STANDARD} or {GIVEN}.")
    for key in NEEDED:
        if not question.codes[key]:
            raise ConfigError(f"{key} is empty.", todo="Name at least one code.")
    if question.vocabulary == STANDARD:
        for key, codes in (question.codes | question.unseen).items():
            _check_codes(key, codes)
        for key, spells in question.spells.items():
            _check_spells(key, spells)
    _check_numbers(question)
    for said in (*_event_contradictions(question), *_window_contradictions(question)):
        raise ConfigError(said)


def nearest(code: str, known: Iterable[str]) -> list[str]:
    """List the codes nearest to one: those that begin with the same part, or else look alike.

    Examples
    --------
    >>> nearest("CLA//STAR", ["CLA//START", "CLA//END", "CP_PLAN//START"])
    ['CLA//END', 'CLA//START']
    >>> nearest("REFERAL", ["REFERRAL", "CONTACT"])
    ['REFERRAL']
    """
    known = sorted(known)
    same = [one for one in known if one.split("//")[0] == code.split("//", maxsplit=1)[0]]
    return same or get_close_matches(code, known, cutoff=0.5)


def _check_codes(key: str, codes: list[str]) -> None:
    """A code is known if some history could hold it or one that it begins."""
    for code in codes:
        if code not in _KNOWN:
            plain = next((plain for plain in sorted(PLAIN_CODES) if code.startswith(f"{plain}//")), "")
            parts = sorted(one for one in STANDARD_CODES if one.startswith(f"{plain}//")) if plain else []
            known = parts or nearest(code, PLAIN_CODES) or sorted(PLAIN_CODES)
            raise ConfigError(f"{key}: unknown code {code}.", todo=f"Known: {', '.join(known)}. {_OTHERS}")


def _check_spells(key: str, spells: list[str]) -> None:
    unknown = sorted(set(spells) - set(SPELLS))
    if unknown:
        raise ConfigError(
            f"{key}: unknown spell {', '.join(unknown)}.", todo=f"Known: {', '.join(SPELLS)}. {_OTHERS}"
        )


def _check_numbers(question: QuestionConfig) -> None:
    outcome = question.outcome
    for key, number, least in (
        ("question.outcome.within_days", outcome.within_days, 1),
        ("question.outcome.not_before_days", outcome.not_before_days, 0),
        ("question.outcome.at_least", outcome.at_least, 1),
        ("question.eligibility.history_days", question.eligibility.history_days, 0),
        ("question.document_days", question.document_days or 0, 0),
    ):
        if not least <= number <= LONGEST_HORIZON:
            raise ConfigError(f"{key} must lie between {least} and {LONGEST_HORIZON}.")
    if not question.eligibility.under_age > 0:
        raise ConfigError("question.eligibility.under_age must be positive.")


def _event_contradictions(question: QuestionConfig) -> Iterator[str]:
    for key, event in (("question.index", question.index), ("question.outcome", question.outcome)):
        if _cannot_be(event):
            yield f"{key}.none forbids what {key}.any and {key}.all ask for."


def _cannot_be(event: EventConfig) -> bool:
    barred = [_is_one_of(code, event.none) for code in event.any]
    return all(barred) or any(_is_one_of(code, event.none) for code in event.all)


def _is_one_of(code: str, codes: list[str]) -> bool:
    return any(code == one or code.startswith(f"{one}//") for one in codes)


def _window_contradictions(question: QuestionConfig) -> Iterator[str]:
    outcome, eligible = question.outcome, question.eligibility
    if outcome.not_before_days > outcome.within_days:
        yield "question.outcome.not_before_days lies beyond question.outcome.within_days."
    if outcome.at_least > outcome.within_days:
        yield "question.outcome.at_least asks for more days than question.outcome.within_days holds."
    if both := sorted({*eligible.open} & {*eligible.not_open}):
        yield f"question.eligibility.open and question.eligibility.not_open both name {', '.join(both)}."
    if question.index.first_in in eligible.not_open:
        yield (
            "question.index.first_in asks while a spell is open that question.eligibility.not_open forbids:"
            f" {question.index.first_in}."
        )
    youngest = eligible.from_age
    if youngest is not None:
        years = outcome.within_days / DAYS_PER_YEAR
        if youngest + years >= eligible.under_age:
            yield (
                "question.eligibility.from_age leaves nobody whose horizon ends before"
                " question.eligibility.under_age."
            )
