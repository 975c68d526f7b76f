"""Whether records hold the tables that a question needs."""

from __future__ import annotations

from csc_experiments.errors import MissingTableError
from csc_experiments.history.events import History
from csc_experiments.history.rules import missing_tables
from csc_experiments.questions.definition import NEEDED, QuestionConfig


def refuse_missing_tables(question: QuestionConfig, history: History) -> None:
    """Refuse a question if a code or spell that it names could not have been recorded.

    Without the table that tells of care, "care did not follow" would be said of every child. A table that is
    empty is treated as one that was not extracted, even if all others are full: a records folder cannot tell
    the two apart, and to refuse an authority in which nothing of the kind ever happened costs it a question
    without an answer, while to go on would cost any other one a wrong answer.

    Deaths are not asked for: where `ssd_person` holds none, nobody is known to have died.

    Raises
    ------
    MissingTableError
        Names each configuration key, code and table, and how the question would read without them.
    """
    missing: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for key, code, start in _named(question):
        if tables := missing_tables(start, history.tables):
            missing.setdefault((key, tables), []).append(code)
    if missing:
        listed = "; ".join(
            f"{key} needs {' and '.join(tables)} for {', '.join(codes)}"
            for (key, tables), codes in missing.items()
        )
        raise MissingTableError(
            f"The records of {history.extract.authority} cannot answer question {question.name}, because"
            f" tables are empty or were not extracted: {listed}.",
            todo=_advice(question, {(key, code) for (key, _), codes in missing.items() for code in codes}),
        )


def _named(question: QuestionConfig) -> list[tuple[str, str, str]]:
    """List every key with each code or spell that it names, and the code that must be known for it."""
    codes = [(key, code, code) for key, codes in question.codes.items() for code in codes]
    spells = [(key, spell, f"{spell}//START") for key, spells in question.spells.items() for spell in spells]
    return codes + spells


def _advice(question: QuestionConfig, missing: set[tuple[str, str]]) -> str:
    said = {**question.codes, **question.spells}
    left = {key: [code for code in said[key] if (key, code) not in missing] for key, _ in sorted(missing)}
    if any(key in NEEDED and not codes for key, codes in left.items()):
        return "Import the tables, or choose another question."
    overrides = " ".join(f"{key}=[{','.join(codes)}]" for key, codes in left.items())
    return (
        "Import the tables, choose another question, or take the codes out, which makes it another question:"
        f" {overrides}"
    )
