"""Paragraphs that are copied forward from an earlier document, as they are or with small edits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from csc_experiments.synthetic.writing.composer import Answer
from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.forms import forms

_SHARE_COPIED, _SHARE_COPIED_TO_REVIEW = 0.35, 0.65
_SHARE_UNCHANGED = 0.55
_FEWEST_TO_SHORTEN = 2
_BEFORE: Final = (
    "As previously recorded: ",
    "(From the last report) ",
    "No change: ",
    "Taken from the earlier assessment - ",
    "",
    "",
)
_AFTER: Final = ("", " This remains the case.", " No update.", " Still relevant.", "")


_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    "single_assessment": ("single_assessment",),
    "conference_report": ("conference_report", "single_assessment"),
    "s47_record": ("contact_and_referral_form",),
}
"""From which types a type of document takes over paragraphs."""


@dataclass(slots=True)
class Earlier:
    """What earlier documents of a family say under each question."""

    _texts: dict[tuple[int, str, str], str] = field(default_factory=dict)

    def keep(self, child: int, kind: str, answers: tuple[Answer, ...]) -> None:
        """Remember a document."""
        self._texts.update({(child, kind, answer.part): answer.text for answer in answers})

    def forward(
        self, dice: Dice, child: int, kind: str, answers: tuple[Answer, ...], *, review: bool
    ) -> tuple[Answer, ...]:
        """Put in, here and there, what an earlier document of the child says under the same question."""
        share = _SHARE_COPIED_TO_REVIEW if review else _SHARE_COPIED
        made: list[Answer] = []
        for answer in answers:
            earlier = self._earlier(child, kind, answer.part)
            copied = earlier and dice.chance(share)
            made.append(Answer(answer.part, edited(dice, earlier)) if copied else answer)
        return tuple(made)

    def _earlier(self, child: int, kind: str, part: str) -> str:
        """Return what may be copied under a question; empty if there is nothing."""
        if part not in _copyable(kind):
            return ""
        found = (self._texts.get((child, source, part), "") for source in _FROM.get(kind, ()))
        return next(filter(None, found), "")


@cache
def _copyable(kind: str) -> frozenset[str]:
    return frozenset(part.name for part in forms()[kind].parts if part.copy)


def edited(dice: Dice, text: str) -> str:
    """Return a paragraph as somebody hands it on: unchanged, or with a sentence less and a word more."""
    if dice.chance(_SHARE_UNCHANGED):
        return text
    sentences = text.split(". ")
    if len(sentences) > _FEWEST_TO_SHORTEN:
        sentences.pop(dice.below(len(sentences) - 1))
    return f"{dice.pick(_BEFORE)}{'. '.join(sentences)}{dice.pick(_AFTER)}"
