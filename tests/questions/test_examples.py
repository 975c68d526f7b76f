"""Every question says of the children beside it what their table says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from csc_experiments.config import choices, compose_experiment, conf_folder
from csc_experiments.history.events import build_history
from csc_experiments.questions.cohort import consider
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.questions.examples import Example, read_examples, read_table
from csc_experiments.records import RECORD_TABLES, Records

QUESTIONS = choices("question")
FILES = {name: conf_folder() / "question" / f"{name}.txt" for name in QUESTIONS}
EXAMPLES = [
    pytest.param(name, example, id=f"{name}: {example.title}")
    for name, path in FILES.items()
    for example in read_examples(path.read_text(encoding="utf-8"))[1]
]
Draw = Callable[..., Records]
ASKED = {name: compose_experiment([f"question={name}"]).question for name in QUESTIONS}
Verdicts = Counter[tuple[str, ...]]


def verdicts(question: QuestionConfig, records: Records) -> Verdicts:
    """Say of each child the day and the outcome, or the criterion, for every index event."""
    names = records["ssd_person"]["pers_person_id"].to_list()
    # What nothing is drawn of did not happen here; whether a table was extracted is another test.
    history = replace(build_history(records), tables=frozenset(RECORD_TABLES))
    considered, _ = consider(question, history)
    return Counter(verdict(names[row["subject_id"]], row) for row in considered.iter_rows(named=True))


def verdict(child: str, row: dict[str, object]) -> tuple[str, ...]:
    if row["left_out"]:
        return child, "out", f"{row['left_out']}"
    said = f"outcome {row['outcome_time']:%Y-%m-%d}" if row["outcome"] else "no outcome"
    return child, f"{row['prediction_time']:%Y-%m-%d}", said


def everyone(example: Example) -> str:
    """Draw the children, those too of whom no birth is drawn, in the order of their names."""
    born = {row["child"]: row for row in read_table(example.tables.get("children", "child\n"))}
    named = {
        row["child"] for drawn in (*example.tables.values(), example.verdicts) for row in read_table(drawn)
    }
    lines = [
        " | ".join(
            [f"{child}", *(f"{born.get(child, {}).get(cell) or ''}" for cell in ("born", "due", "died"))]
        )
        for child in sorted(named)
    ]
    return "\n".join(["child | born | due | died", *lines])


def drawn(example: Example) -> dict[str, str]:
    """Give each child a row of its own, as the tables of other tests have it."""
    tables = {}
    for title, text in example.tables.items():
        rows = read_table(text)
        lines = [" | ".join(cell or "" for cell in row.values()) for row in rows]
        tables[title] = "\n".join([" | ".join(rows[0]), *lines])
    return tables | {"children": everyone(example)}


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_a_question_says_of_its_examples_what_their_table_says(
    name: str, example: Example, drawn_records: Draw
) -> None:
    coverage = {"coverage": example.coverage} if example.coverage else {}
    wanted = Counter(tuple(list(row.values())[:3]) for row in read_table(example.verdicts))
    assert verdicts(ASKED[name], drawn_records(**coverage, **drawn(example))) == wanted


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_examples_of_a_question_show_both_answers_and_every_criterion_that_it_has(
    name: str, drawn_records: Draw
) -> None:
    said, examples = read_examples(FILES[name].read_text(encoding="utf-8"))
    assert said
    assert len({example.title for example in examples}) == len(examples)
    told = {row["verdict"] for example in examples for row in read_table(example.verdicts)}
    empty = replace(build_history(drawn_records()), tables=frozenset(RECORD_TABLES))
    _, flow = consider(ASKED[name], empty)
    assert set(flow["criterion"][1:]) <= told
    assert "no outcome" in told
    assert any(verdict and verdict.startswith("outcome 20") for verdict in told)


def test_a_question_and_its_examples_stand_side_by_side() -> None:
    assert {path.stem for path in (conf_folder() / "question").glob("*.txt")} == set(QUESTIONS)


def test_verdicts_are_told_of_every_index_event(drawn_records: Draw) -> None:
    """Of the two closings of one child, one is left out and the other is not."""
    records = drawn_records(
        children="child | born\nA |",
        referrals="child | referred | nfa\nA | 2017-12-31 | Y\nA | 2018-01-01 | Y",
    )
    assert verdicts(ASKED["closed_nfa_rereferred"], records) == Counter(
        [("A", "out", "before the records begin"), ("A", "2018-01-01", "no outcome")]
    )
