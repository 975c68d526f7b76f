"""A question is refused unless a history can answer it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from csc_experiments.errors import ConfigError
from csc_experiments.history.rules import PLAIN_CODES
from csc_experiments.questions.cohort import begins
from csc_experiments.questions.definition import (
    LONGEST_HORIZON,
    SPELLS,
    EligibilityConfig,
    IndexConfig,
    OutcomeConfig,
    QuestionConfig,
)

GOOD = QuestionConfig(
    "q", "Question", "Q", IndexConfig(["REFERRAL//NFA"]), outcome=OutcomeConfig(["CLA//START"], 365)
)


def test_the_questions_of_the_study_can_be_asked(questions: dict[str, QuestionConfig]) -> None:
    for name, question in questions.items():
        question.check()
        assert question.name == name
        assert question.outcome.within_days == 365
        assert question.eligibility.under_age == 18
        assert {f"REFERRAL//CLOSE//{reason}" for reason in ("RC1", "RC2", "RC5")} == set(question.ends)
        assert question.eligibility.history_days == 0


@pytest.mark.parametrize(
    ("bad", "key"),
    [
        (replace(GOOD, index=IndexConfig([])), "question.index.any is empty"),
        (replace(GOOD, outcome=OutcomeConfig([], 365)), "question.outcome.any is empty"),
        (replace(GOOD, outcome=OutcomeConfig(["CLA//START"], 0)), "question.outcome.within_days"),
        (replace(GOOD, outcome=OutcomeConfig(["CLA//START"], -1)), "question.outcome.within_days"),
        (replace(GOOD, index=IndexConfig(["REFERRALS"])), "question.index.any: unknown code REFERRALS"),
        (replace(GOOD, outcome=OutcomeConfig(["CLA//STAR"], 9)), "question.outcome.any: unknown code"),
        (replace(GOOD, outcome=OutcomeConfig([""], 9)), "question.outcome.any: unknown code"),
        (replace(GOOD, eligibility=EligibilityConfig(history_days=-1)), "question.eligibility.history_days"),
        (
            replace(GOOD, eligibility=EligibilityConfig(history_days=LONGEST_HORIZON + 1)),
            "question.eligibility.history_days",
        ),
        (replace(GOOD, ends=["MOVED"]), "question.ends: unknown code MOVED"),
        (replace(GOOD, eligibility=EligibilityConfig(open=["PLAN"])), "question.eligibility.open: unknown"),
        (replace(GOOD, eligibility=EligibilityConfig(not_open=["cla"])), "question.eligibility.not_open"),
        # Going missing is recorded without an end, so nobody can say whether it is open.
        (replace(GOOD, eligibility=EligibilityConfig(not_open=["MISSING"])), "unknown spell MISSING"),
    ],
)
def test_what_no_history_can_answer_is_refused_by_its_key(bad: QuestionConfig, key: str) -> None:
    GOOD.check()
    with pytest.raises(ConfigError) as refused:
        bad.check()
    assert key in str(refused.value)


@pytest.mark.parametrize(
    "code", ["CLA", "CP_PLAN//START", "REFERRAL//CLOSE//RC8", "FACTOR//3B", "MEDS_DEATH"]
)
def test_a_code_may_be_a_path_its_beginning_or_one_that_goes_on(code: str) -> None:
    replace(GOOD, outcome=OutcomeConfig([code], 365)).check()


@pytest.mark.parametrize("days", [0, 365, LONGEST_HORIZON])
def test_any_part_of_a_childhood_may_have_to_be_on_record(days: int) -> None:
    replace(GOOD, eligibility=EligibilityConfig(history_days=days)).check()


def test_what_can_be_open_has_a_start_and_an_end() -> None:
    assert {"CLA", "CP_PLAN", "REFERRAL"} <= set(SPELLS)
    for spell in SPELLS:
        assert {f"{spell}//START", f"{spell}//END"} <= PLAIN_CODES


@pytest.mark.parametrize(
    ("code", "said", "same"),
    [
        ("CLA//START", "CLA", True),
        ("CLA", "CLA", True),
        ("CLAIM", "CLA", False),
        ("REFERRAL//CLOSE//RC8", "REFERRAL//CLOSE//RC8", True),
        ("REFERRAL//CLOSE//RC80", "REFERRAL//CLOSE//RC8", False),
        ("REFERRAL", "REFERRAL//NFA", False),
        ("", "CLA", False),
    ],
)
def test_a_code_stands_for_itself_and_all_that_it_begins(code: str, said: str, *, same: bool) -> None:
    assert pl.DataFrame({"code": [code]}).select(begins("code", ["MISSING", said])).item() is same
