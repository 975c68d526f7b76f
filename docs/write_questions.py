"""Write a page for each question, from its two files in conf/question: `python docs/write_questions.py`."""

from __future__ import annotations

from pathlib import Path

from csc_experiments.config import choices, compose_experiment, conf_folder
from csc_experiments.history.rules import BIRTH, DEATH
from csc_experiments.questions.definition import EventConfig, QuestionConfig
from csc_experiments.questions.examples import Example, read_examples

PAGES = Path(__file__).parent / "questions"
WORDS = {
    "ASSESSMENT//AUTHORISED": "an assessment is authorised",
    "ASSESSMENT//NFA": "an assessment is authorised that asks for no further action",
    "ASSESSMENT//START": "an assessment starts",
    "CIN_PLAN//START": "a child in need plan starts",
    "CLA//CEASED": "a period of care ceases, for any reason",
    "CLA//CEASED//E11": "a period of care ceases by adoption, unopposed",
    "CLA//CEASED//E12": "a period of care ceases by adoption, consent dispensed with",
    "CLA//CEASED//E16": "a period of care ceases because the child moved abroad",
    "CLA//CEASED//E2": "a period of care ceases because the child died",
    "CLA//CEASED//E3": "a period of care ceases because another authority took over",
    "CLA//CEASED//E4A": "a period of care ceases: home to parents or relatives, as planned",
    "CLA//CEASED//E4B": "a period of care ceases: home to parents or relatives, not as planned",
    "CLA//START": "the child starts to be looked after (short breaks do not count)",
    "CP_PLAN//END": "a protection plan ends",
    "CP_PLAN//START": "a protection plan starts",
    "EARLY_HELP//END": "early help ends",
    "PLACEMENT//START": "a placement starts that is not temporary",
    "REFERRAL//CLOSE": "a case is closed, for any reason",
    "REFERRAL//CLOSE//RC1": "a case is closed because the child was adopted",
    "REFERRAL//CLOSE//RC2": "a case is closed because the child died",
    "REFERRAL//CLOSE//RC5": "a case is closed because the child moved to another authority",
    "REFERRAL//CLOSE//RC8": "a case is closed after assessment, with no further action",
    "REFERRAL//CLOSE//RC9": "a case is closed after assessment, on to early help",
    "REFERRAL//NFA": "a referral is closed with no further action",
    "REFERRAL//START": "the child is referred",
    BIRTH: "the child is born",
    DEATH: "the child dies",
}
"""What happens when an event of a code does. Whoever names another code adds it here."""
SPELLS = {
    "CLA": "is looked after",
    "CP_PLAN": "is on a protection plan",
    "EARLY_HELP": "has early help",
    "REFERRAL": "has an open case",
}
TABLES = {
    "assessments": "Assessments",
    "care": "Episodes of care",
    "children": "Children",
    "early_help": "Early help",
    "families": "Families",
    "in_need": "Child in need plans",
    "legal": "Legal statuses",
    "placements": "Placements",
    "protection": "Protection plans",
    "referrals": "Referrals",
}
"""What a page calls a table of an example."""
VERDICTS = (
    "The verdicts are what the question says of the children drawn above them; tests hold it to that. A row"
    " of several children stands for a row of each. A case is out for the first reason that applies."
)


def page(name: str) -> str:
    """Return the page of a question."""
    question = compose_experiment([f"question={name}"]).question
    text = (conf_folder() / "question" / f"{name}.txt").read_text(encoding="utf-8")
    said, examples = read_examples(text)
    files = " and ".join(f"[`{name}.{kind}`](../../conf/question/{name}.{kind})" for kind in ("yaml", "txt"))
    parts = [
        f"# {question.short_label}",
        f"**{question.label}**",
        *said,
        f"Of its files, {files}, a run reads the first; the second holds the words above and the children.",
        *_definition(question),
        "## Children",
        VERDICTS,
        *(line for example in examples for line in _example(example)),
    ]
    return "\n\n".join(parts) + "\n"


def index() -> str:
    """Return the page that lists the questions."""
    lines = [
        "# Questions",
        "",
        "A question says when it is asked, about whom, and what the outcome is. It is the same in every",
        "authority: a file in [`conf/question`](../../conf/question), whose every key",
        "`csc_experiments.questions.definition` explains. [Counts](counts.md) says what each finds in the",
        "invented authorities. Pages are written by `python docs/write_questions.py`.",
        "",
        "| question | asks |",
        "|---|---|",
    ]
    for name in choices("question"):
        question = compose_experiment([f"question={name}"]).question
        lines.append(f"| [{name}]({name}.md) | {question.label} |")
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Return every page by its path."""
    written = {PAGES / f"{name}.md": page(name) for name in choices("question")}
    return {PAGES / "README.md": index(), **written}


def _definition(question: QuestionConfig) -> list[str]:
    outcome = question.outcome
    times = f" on {outcome.at_least} different days" if outcome.at_least > 1 else ""
    days = f"From day {outcome.not_before_days or 1} to day {outcome.within_days} after it"
    return [
        "## When it is asked",
        f"On each day on which one of these becomes known:{_listed(question.index)}",
        *([_first_in(question.index.first_in)] if question.index.first_in else []),
        "## What the outcome is",
        f"{days}, one of these happens{times}:{_listed(outcome)}",
        "## Who is left out",
        "Every case left out is counted, under the first of these that applies:",
        "\n".join(f"{place}. {name}: {why}." for place, (name, why) in enumerate(reasons(question), start=1)),
        "A child without a date of birth is asked about, whatever the age.",
        "## What may be learned from",
        _material(question),
    ]


def _first_in(spell: str) -> str:
    return f"Only the first of them counts in each unbroken time in which the child {SPELLS[spell]}."


def _listed(event: EventConfig) -> str:
    lines = [f"- {_called(code)}" for code in event.any]
    lines += [f"- and on the same day {_called(code)}" for code in event.all]
    lines += [f"- but not if on the same day {_called(code)}" for code in event.none]
    return "\n\n" + "\n".join(lines)


def _called(code: str) -> str:
    return f"{WORDS[code]} (`{code}`)"


def reasons(question: QuestionConfig) -> list[tuple[str, str]]:
    """Return the name and the meaning of each criterion, in the order in which they count."""
    eligible, outcome = question.eligibility, question.outcome
    found = [("before the records begin", "the case lies before their first day")]
    if spell := question.index.first_in:
        meaning = f"it came later in an unbroken time in which the child {SPELLS[spell]}, or outside of one"
        found.insert(0, (f"not the first in its {spell}", meaning))
    if days := eligible.history_days:
        found.append((f"less than {days} days of records before it", "too little of its past is on record"))
    past = f"the {outcome.within_days} days after it are not all on record"
    found.append(("horizon ends after the records do", past))
    if eligible.from_age is not None:
        found.append(("too young", f"the child is younger than {eligible.from_age:g}"))
    found.append(
        ("too old within the horizon", f"the child turns {eligible.under_age:g} before they are over")
    )
    found += [
        (f"{spell} not open", f"it is not known that the child {SPELLS[spell]}") for spell in eligible.open
    ]
    found += [(f"{spell} open", f"the child {SPELLS[spell]}") for spell in eligible.not_open]
    ends = "; ".join(_called(code) for code in (DEATH, *question.ends))
    lost = f"on the day itself, or later but before an outcome, {ends}"
    found.append(("no longer to be seen within the horizon", lost))
    if days := outcome.not_before_days:
        found.append((f"outcome in the first {days} days", "it was under way already"))
    return found


def _material(question: QuestionConfig) -> str:
    types = ", ".join(kind.replace("_", " ") for kind in question.document_types)
    days = "" if question.document_days is None else f" of the {question.document_days} days before"
    said = ["Everything that was known by then.", f"Of documents{days}: {types}."]
    if question.hidden_codes:
        said.append(f"Events of these codes are never used: {_codes(question.hidden_codes)}.")
    if question.decision_codes:
        decided = _codes(question.decision_codes)
        said.append(f"Of the day itself, what records the decision is not used: {decided}.")
    return " ".join(said)


def _codes(codes: list[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _example(example: Example) -> list[str]:
    parts = [f"### {example.title}", *example.said]
    if example.coverage:
        parts.append(f"The records reach from {example.coverage[0]} to {example.coverage[1]}.")
    for name, drawn in (*example.tables.items(), ("verdicts", example.verdicts)):
        parts.append(f"{TABLES.get(name, name.capitalize())}:\n\n{_table(drawn)}")
    return parts


def _table(drawn: str) -> str:
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in drawn.splitlines())
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
