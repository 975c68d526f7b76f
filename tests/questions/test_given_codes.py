"""A question may name codes of given events; whether there are any is found out when it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest

from csc_experiments.errors import ConfigError, LeakError, MissingTableError
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import (
    EligibilityConfig,
    IndexConfig,
    OutcomeConfig,
    QuestionConfig,
)
from csc_experiments.records import RECORD_TABLES, Records

Draw = Callable[..., Records]
LOANS = """
    A  2020-01-01T09:00  LOAN//START//BOOK  2020-01-01T09:00
    A  2020-01-01T15:00  LOAN//END          2020-01-01T15:00
    A  2020-02-01T09:00  LOAN//START//BOOK  2020-02-01T09:05
    A  2020-02-01T15:00  FINE//LATE         2020-02-01T15:00
    B  2020-03-01T10:00  LOAN//START//DISC  2020-03-01T10:00
    B  2020-03-01T11:00  LOAN//START//BOOK  2020-03-01T11:00
    B  2020-08-01T11:00  FINE//LATE         2020-08-01T11:00
"""
FINED = QuestionConfig(
    "fined",
    "Is a fine due?",
    "Fined",
    IndexConfig(["LOAN//START"]),
    outcome=OutcomeConfig(["FINE"], 90),
    vocabulary="events",
)


def given(drawn: str, records: Records) -> History:
    rows = [line.split() for line in drawn.strip().splitlines()]
    frame = pl.DataFrame(rows, ["person_id", "time", "code", "known_time"], orient="row").with_columns(
        pl.col("time", "known_time").str.to_datetime("%Y-%m-%dT%H:%M", time_unit="us"),
        numeric_value=pl.lit(None, pl.Float32),
        text_value=pl.lit(None, pl.String),
    )
    events = frame.select(*RECORD_TABLES["events"].columns)
    return build_history(Records(records.extract, {**records.tables, "events": events}))


def test_a_question_about_given_events_is_asked_at_the_time_at_which_each_is_known(
    drawn_records: Draw,
) -> None:
    FINED.check()
    rows = ask(FINED, given(LOANS, drawn_records())).rows
    said = [
        (f"{at:%m-%d %H:%M}", outcome) for at, outcome in rows.select("prediction_time", "outcome").rows()
    ]
    assert said == [
        ("01-01 09:00", True),
        ("02-01 09:05", True),  # the fine of the same afternoon is after the prediction
        ("03-01 10:00", False),
        ("03-01 11:00", False),
    ]


@pytest.mark.parametrize(
    ("eligible", "left"),
    [
        (EligibilityConfig(open=["LOAN"]), ["01-01 09:00", "02-01 09:05", "03-01 10:00", "03-01 11:00"]),
        (EligibilityConfig(not_open=["FINE"]), []),
    ],
)
def test_any_code_with_a_start_and_an_end_is_a_spell(
    eligible: EligibilityConfig, left: list[str], drawn_records: Draw
) -> None:
    question = replace(FINED, eligibility=eligible)
    question.check()
    history = given(LOANS, drawn_records())
    if not left:
        with pytest.raises(ConfigError, match=r"question\.eligibility\.not_open: FINE\. .*X//END"):
            ask(question, history)
        return
    rows = ask(question, history).rows
    assert [f"{at:%m-%d %H:%M}" for at in rows["prediction_time"]] == left


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (replace(FINED, index=IndexConfig(["LOANS"])), "question.index.any: LOANS."),
        (replace(FINED, outcome=OutcomeConfig(["FINE//L"], 9)), "question.outcome.any: FINE//L."),
        (replace(FINED, ends=["LEFT", "FINE"]), "question.ends: LEFT."),
    ],
)
def test_a_code_that_begins_no_event_is_refused_with_its_key(
    question: QuestionConfig, said: str, drawn_records: Draw
) -> None:
    question.check()
    history = given(LOANS.replace("DISC", "ZZCANARY"), drawn_records())
    with pytest.raises(ConfigError) as refused:
        ask(question, history)
    assert said in str(refused.value)
    assert "ZZCANARY" not in str(refused.value)


def test_records_without_events_are_told_what_they_lack(drawn_records: Draw) -> None:
    with pytest.raises(MissingTableError, match="Import event files"):
        ask(FINED, build_history(drawn_records(referrals="child | referred\nA | 2020-01-01")))


def test_without_the_vocabulary_of_events_their_codes_are_slips() -> None:
    with pytest.raises(ConfigError, match=r"question\.vocabulary=events"):
        replace(FINED, vocabulary="standard").check()
    with pytest.raises(ConfigError, match=r"question\.vocabulary must be standard or events"):
        replace(FINED, vocabulary="loans").check()


def test_an_index_event_that_is_known_on_a_later_day_cannot_be_asked_at(drawn_records: Draw) -> None:
    late = LOANS.replace("2020-02-01T09:05", "2020-02-02T00:05")
    with pytest.raises(LeakError, match="1 index events"):
        ask(FINED, given(late, drawn_records()))


def test_beside_events_with_a_time_of_day_a_referral_is_asked_about_at_the_end_of_its_day(
    drawn_records: Draw,
) -> None:
    records = drawn_records(referrals="child | referred\nA | 2020-02-01\nC | 2020-06-01")
    question = replace(FINED, index=IndexConfig(["REFERRAL//START"]))
    rows = ask(question, given(LOANS, records)).rows
    assert rows["prediction_time"].to_list() == [
        datetime(2020, 2, 1, 23, 59, 59, 999_999),  # noqa: DTZ001 - times have no zone
        datetime(2020, 6, 1, 23, 59, 59, 999_999),  # noqa: DTZ001 - times have no zone
    ]
    # What the fine of that afternoon came after, nobody knows.
    assert rows["outcome"].to_list() == [False, False]
