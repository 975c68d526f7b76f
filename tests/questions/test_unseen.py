"""What a question keeps from every representation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest

from csc_experiments.history.events import build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.questions.unseen import Unseen, unseen_by
from csc_experiments.records import Records
from csc_experiments.representations.build import Representations
from csc_experiments.representations.settings import StructuredConfig
from csc_experiments.representations.store import BlockStore

DAY = datetime(2020, 1, 10)  # noqa: DTZ001 - days of records have no time zone
PAIRS = pl.DataFrame(
    [
        (code, DAY.replace(day=day), DAY)
        for code in ("CLA//START", "CLA//CEASED//E4A", "CLAIM")
        for day in (8, 9, 10)
    ],
    schema=["code", "known_time", "prediction_time"],
    orient="row",
).with_columns(time=pl.col("known_time"))


def left(unseen: Unseen) -> list[tuple[str, int]]:
    pairs = unseen.without_codes(PAIRS)
    return [(code, known.day) for code, known in pairs.select("code", "known_time").rows()]


def test_nothing_is_kept_back_unless_the_question_says_so() -> None:
    assert Unseen().without_codes(PAIRS).equals(PAIRS)
    assert Unseen().without_documents(PAIRS).equals(PAIRS)


def test_a_hidden_code_is_never_seen() -> None:
    assert {code for code, _ in left(Unseen(hidden_codes=("CLA",)))} == {"CLAIM"}


def test_a_decision_is_not_seen_on_its_day_and_is_seen_before() -> None:
    said = left(Unseen(decision_codes=("CLA//CEASED",)))
    assert [day for code, day in said if code.startswith("CLA//CEASED")] == [8, 9]
    assert len(said) == 8


def test_documents_are_read_of_so_many_days() -> None:
    days = Unseen(document_days=1).without_documents(PAIRS)["time"].dt.day()
    assert set(days) == {9, 10}
    assert set(Unseen(document_days=0).without_documents(PAIRS)["time"].dt.day()) == {10}


@pytest.mark.parametrize("hidden", [[], ["REFERRAL//SOURCE"]])
def test_no_column_and_no_matrix_holds_what_is_hidden(
    hidden: list[str],
    drawn_records: Callable[..., Records],
    questions: dict[str, QuestionConfig],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    rows = [f"{child} | 2019-01-{child:02} | {source} | Y" for child, source in enumerate(["6", "3A"] * 6, 1)]
    spells = dict.fromkeys(("care", "protection"), "child | started\n99 | 2018-01-01")
    history = build_history(
        drawn_records(referrals="\n".join(["child | referred | source | nfa", *rows]), **spells)
    )
    question = replace(questions["closed_nfa_rereferred"], hidden_codes=hidden)
    cohort = ask(question, history)
    store = BlockStore(tmp_path_factory.mktemp("blocks"))
    described = Representations(history, cohort, [], store, unseen_by(question))
    everyone = cohort.rows.with_row_index()["index"].to_numpy()
    matrix = described.matrix({"structured": StructuredConfig()}, everyone, everyone, 1)
    assert any("REFERRAL//SOURCE" in name for name in matrix.names) is not bool(hidden)
