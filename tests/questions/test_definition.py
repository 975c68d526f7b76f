"""A question is refused unless a history can answer it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from csc_experiments.config import choices, compose_experiment
from csc_experiments.errors import ConfigError
from csc_experiments.history.rules import PLAIN_CODES
from csc_experiments.questions.checking import LONGEST_HORIZON
from csc_experiments.questions.definition import (
    SPELLS,
    EligibilityConfig,
    IndexConfig,
    OutcomeConfig,
    QuestionConfig,
)
from csc_experiments.questions.moments import begins

GOOD = QuestionConfig(
    "q", "Question", "Q", IndexConfig(["REFERRAL//NFA"]), outcome=OutcomeConfig(["CLA//START"], 365)
)


@pytest.mark.parametrize("name", choices("question"))
def test_every_question_is_about_children_can_be_asked_and_can_be_told_from_the_others(name: str) -> None:
    question = compose_experiment([f"question={name}"]).question
    question.check()
    assert question.name == name
    assert question.outcome.within_days in {365, 730}
    assert question.eligibility.under_age == 18
    assert question.eligibility.history_days == 0
    assert question.label.endswith("?")
    others = [compose_experiment([f"question={other}"]).question for other in choices("question")]
    assert sum(other.short_label == question.short_label for other in others) == 1


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
        (replace(GOOD, hidden_codes=["WORKER"]), "question.hidden_codes: unknown code WORKER"),
        (replace(GOOD, decision_codes=["REFERRAL//NF"]), "question.decision_codes: unknown code"),
        (
            replace(GOOD, index=IndexConfig(["REFERRAL//NFA"], all=["X"])),
            "question.index.all: unknown code X",
        ),
        (replace(GOOD, outcome=OutcomeConfig(["CLA"], 9, none=["X"])), "question.outcome.none: unknown code"),
        (replace(GOOD, index=IndexConfig(["REFERRAL//NFA"], first_in="HOUSE")), "question.index.first_in"),
        # Nothing goes on where no code column adds a part, and no code set holds this part.
        (replace(GOOD, outcome=OutcomeConfig(["CLA//START//S"], 9)), "unknown code CLA//START//S"),
        (replace(GOOD, index=IndexConfig(["REFERRAL//CLOSE//RC88"])), "REFERRAL//CLOSE//RC8"),
        (replace(GOOD, document_days=-1), "question.document_days must lie"),
        (replace(GOOD, outcome=OutcomeConfig(["CLA"], 9, at_least=0)), "question.outcome.at_least must lie"),
        (replace(GOOD, outcome=OutcomeConfig(["CLA"], 9, at_least=10)), "question.outcome.at_least asks"),
        (replace(GOOD, outcome=OutcomeConfig(["CLA"], 9, -1)), "question.outcome.not_before_days must lie"),
        (
            replace(GOOD, outcome=OutcomeConfig(["CLA"], 9, 10)),
            "question.outcome.not_before_days lies",
        ),
        (
            replace(GOOD, outcome=OutcomeConfig(["CLA//START"], 9, none=["CLA"])),
            "outcome.none forbids",
        ),
        (replace(GOOD, index=IndexConfig(["S47"], ["CLA//END"], ["CLA"])), "question.index.none forbids"),
        (
            replace(GOOD, eligibility=EligibilityConfig(open=["CLA"], not_open=["CLA"])),
            "question.eligibility.open and question.eligibility.not_open both name CLA",
        ),
        (
            replace(
                GOOD,
                index=IndexConfig(["S47"], first_in="CLA"),
                eligibility=EligibilityConfig(not_open=["CLA"]),
            ),
            "question.index.first_in asks while a spell is open",
        ),
        (replace(GOOD, eligibility=EligibilityConfig(from_age=17.1)), "question.eligibility.from_age leaves"),
        (replace(GOOD, eligibility=EligibilityConfig(under_age=0)), "question.eligibility.under_age must"),
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


def test_what_lies_just_inside_its_bounds_can_be_asked() -> None:
    outcome = OutcomeConfig(["CLA//START"], 9, not_before_days=9, at_least=9, none=["CLA//END"])
    eligible = EligibilityConfig(from_age=16.9, open=["CLA"], not_open=["CP_PLAN"])
    index = IndexConfig(["S47", "CLA//END"], none=["CLA"], first_in="CLA")
    replace(GOOD, index=index, outcome=outcome, eligibility=eligible, document_days=0).check()


def test_an_unknown_key_of_a_question_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"question\.outcome\.before_days"):
        compose_experiment(["+question.outcome.before_days=3"])


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
