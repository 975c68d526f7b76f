"""Whether records hold what a question needs: tables, or events of the codes that it names."""

from __future__ import annotations

from csc_experiments.errors import ConfigError, EmptyCohortError, MissingTableError
from csc_experiments.history.events import History
from csc_experiments.history.rules import STANDARD_CODES, missing_tables
from csc_experiments.questions.checking import nearest
from csc_experiments.questions.definition import GIVEN, NEEDED, QuestionConfig


def refuse_unanswerable(question: QuestionConfig, history: History) -> None:
    """Refuse a question if a code or spell that it names could not have been recorded.

    Raises
    ------
    MissingTableError
        If a table that would tell of it is empty or was not extracted.
    ConfigError
        If the question names codes of given events, and there is none of a code.
    """
    if question.vocabulary == GIVEN:
        refuse_unknown_codes(question, history)
    else:
        refuse_missing_tables(question, history)


def refuse_unknown_codes(question: QuestionConfig, history: History) -> None:
    """Refuse a question about given events if a code that it names begins none of them.

    Nothing says which codes a source could have used. A code of which there is no event is a slip far more
    often than something that never happened, and to go on would say of everybody that it did not.

    Raises
    ------
    MissingTableError
        If there is no such event because the records hold no table of events.
    ConfigError
        Names each configuration key with the codes and spells as they were written.
    """
    there = set(history.events["code"].unique())
    begun = {"//".join(parts[:end]) for parts in (code.split("//") for code in there)
             for end in range(1, len(parts) + 1)}  # fmt: skip
    unknown: dict[str, list[str]] = {}
    for key, codes in (question.codes | question.unseen).items():
        unknown[key] = [code for code in codes if code not in begun]
    for key, spells in question.spells.items():
        unknown[key] = [spell for spell in spells if not {f"{spell}//START", f"{spell}//END"} <= begun]
    listed = "; ".join(f"{key}: {', '.join(codes)}" for key, codes in unknown.items() if codes)
    if not listed:
        return
    if "events" not in history.tables:
        raise MissingTableError(
            f"The records of {history.extract.authority} cannot answer question {question.name}, because they"
            f" hold no events, of which it needs {listed}.",
            todo="Import event files, or choose another question.",
        )
    raise ConfigError(
        f"No event of the records of {history.extract.authority} begins with a code that question"
        f" {question.name} names: {listed}.",
        todo="Write codes as they stand in the event files; a spell X needs events X//START and X//END.",
    )


def refuse_never_recorded(question: QuestionConfig, history: History) -> None:
    """Refuse a question whose index event never happens in the records, though their tables could tell of it.

    Raises
    ------
    EmptyCohortError
        Names the key, and the nearest national codes of which there are events.
    """
    there = set(history.events.drop_nulls("time")["code"].unique())
    asked = question.index.any
    if any(f"{code}//".startswith(f"{one}//") for code in there for one in asked):
        return
    near = dict.fromkeys(code for one in asked for code in nearest(one, there & STANDARD_CODES))
    raise EmptyCohortError(
        f"question.index.any: the records of {history.extract.authority} hold no event of"
        f" {', '.join(asked)}, so question {question.name} is asked of nobody.",
        todo=f"Nearest codes in these records: {', '.join(near) or 'none'}.",
    )


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
