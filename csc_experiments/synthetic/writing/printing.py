"""What an authority's system makes of answers: names of documents, headings and layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from csc_experiments.synthetic.writing.composer import Answer
from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.forms import forms

_TITLES: Final[Mapping[str, str]] = {"SYSTEM_C": "(c) {{}} v{}", "MOSAIC": "{{}} ({}.0)", "ECLIPSE": "{{}}"}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is printed."""

    section: str
    question: str
    question_id: str


@dataclass(frozen=True, slots=True)
class Print:
    """A form as one authority's system prints it.

    Attributes
    ----------
    name, review_name : str
        What the form is called, and the one for a review.
    title : str
        How the system writes the name of a form that has been filled in: a format.
    questions : Mapping[str, Question]
        By the name of the part.
    layout : callable
        From a name and answers to a text.
    """

    name: str
    review_name: str
    title: str
    questions: Mapping[str, Question]
    layout: Callable[[Print, str, Sequence[Answer]], str]

    def text(self, name: str, answers: Sequence[Answer]) -> str:
        """Return a document as one text."""
        return self.layout(self, self.title.format(name), answers)


@lru_cache(maxsize=256)
def print_of(authority: str, system: str, kind: str) -> Print:
    """Return how an authority's system prints a type of document; it does not depend on any seed.

    Parameters
    ----------
    system : str
        SYSTEM_C, MOSAIC or ECLIPSE.
    kind : str
        Type of document.
    """
    dice, form = Dice("print", authority, kind), forms()[kind]
    which = dice.below(len(form.names))
    version = 1 + dice.below(6)
    sections = {part.section: dice.pick(part.section) for part in form.parts}
    questions = {
        part.name: Question(
            sections[part.section], dice.pick(part.question), _question_id(system, form.code, place)
        )
        for place, part in enumerate(form.parts, start=1)
    }
    return Print(
        form.names[which],
        form.review_names[which],
        _TITLES[system].format(version),
        questions,
        _note if kind == "case_note" else _LAYOUTS[system],
    )


def _question_id(system: str, code: str, place: int) -> str:
    forms_of_id = {
        "SYSTEM_C": f"{code}{place:03}",
        "MOSAIC": f"{4100 + 7 * place}",
        "ECLIPSE": f"q_{code.lower()}_{place}",
    }
    return forms_of_id[system]


def _capitals(printed: Print, name: str, answers: Sequence[Answer]) -> str:
    """Print questions in capitals, with a colon."""
    asked = (printed.questions[answer.part].question.upper() for answer in answers)
    said = (f"\n{question}:\n{answer.text}" for question, answer in zip(asked, answers, strict=True))
    return "\n".join([name, *said])


def _numbered(printed: Print, name: str, answers: Sequence[Answer]) -> str:
    """Number sections and the questions in them."""
    parts, section, at, below = [name], "", 0, 0
    for answer in answers:
        question = printed.questions[answer.part]
        if question.section != section:
            section, at, below = question.section, at + 1, 0
            parts.append(f"\n{at}. {section}")
        below += 1
        parts.append(f"{at}.{below} {question.question}\n{answer.text}")
    return "\n".join(parts)


def _asked(printed: Print, name: str, answers: Sequence[Answer]) -> str:
    """Print question and answer as such."""
    parts, section = [f"Form: {name}"], ""
    for answer in answers:
        question = printed.questions[answer.part]
        if question.section != section:
            section = question.section
            parts.append(f"\n== {section} ==")
        parts.append(f"Question: {question.question}\nAnswer: {answer.text}")
    return "\n".join(parts)


def _note(printed: Print, name: str, answers: Sequence[Answer]) -> str:  # noqa: ARG001 - a layout like the others
    """Print a note without headings."""
    return "\n".join(answer.text for answer in answers)


_LAYOUTS: Final[Mapping[str, Callable[[Print, str, Sequence[Answer]], str]]] = {
    "SYSTEM_C": _capitals, "MOSAIC": _numbered, "ECLIPSE": _asked,
}  # fmt: skip
