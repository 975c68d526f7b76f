"""What a question asks about must have been recorded; drawn tables are taken away, one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from csc_experiments.config import compose_experiment
from csc_experiments.errors import EmptyCohortError, MissingTableError
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import EligibilityConfig, IndexConfig, OutcomeConfig, QuestionConfig
from csc_experiments.records import Records

Draw = Callable[..., Records]
CANARY = "ZZCANARY"
NEED = re.compile(r"question\.(\S+) needs (\S+) for ([^;]+?)(?=;|\. )")
# One child of whom all is told; a referral that is closed with nothing more done, and one that goes on.
WHOLE = {
    "children": f"child | born\n{CANARY} | 2010-05-05",
    "contacts": f"child | day\n{CANARY} | 2019-01-02",
    "early_help": f"child | started\n{CANARY} | 2019-01-03",
    "referrals": f"child | referred | nfa | closed\n{CANARY} | 2019-02-01 | Y |\n{CANARY} | 2020-03-01 | N |",
    "assessments": f"child | started | authorised\n{CANARY} | 2020-03-02 | 2020-04-10",
    "in_need": f"child | started\n{CANARY} | 2020-04-11",
    "enquiries": f"child | started\n{CANARY} | 2020-05-02",
    "conferences": f"child | day\n{CANARY} | 2020-05-15",
    "protection": f"child | started\n{CANARY} | 2020-05-15",
    "reviews": f"child | day\n{CANARY} | 2020-08-01",
    "care": f"child | started\n{CANARY} | 2020-12-01",
    "placements": f"child | started\n{CANARY} | 2020-12-01",
    "legal": f"child | status | started\n{CANARY} | C1 | 2020-12-01",
    "missing": f"child | started\n{CANARY} | 2021-01-05",
}
REFUSALS = """
    lacking     | question              | key                  | table               | codes
    care        | closed_nfa_rereferred | eligibility.not_open | ssd_cla_episodes    | CLA
    care        | open_case_escalates   | outcome.any          | ssd_cla_episodes    | CLA//START
    care        | open_case_escalates   | eligibility.not_open | ssd_cla_episodes    | CLA
    protection  | closed_nfa_rereferred | eligibility.not_open | ssd_cp_plans        | CP_PLAN
    protection  | open_case_escalates   | outcome.any          | ssd_cp_plans        | CP_PLAN//START
    protection  | open_case_escalates   | eligibility.not_open | ssd_cp_plans        | CP_PLAN
    assessments | open_case_escalates   | index.any            | ssd_cin_assessments | ASSESSMENT//AUTHORISED
    referrals   | closed_nfa_rereferred | index.any            | ssd_cin_episodes    | REFERRAL//NFA CLOSED
    referrals   | closed_nfa_rereferred | outcome.any          | ssd_cin_episodes    | REFERRAL//START
    referrals   | closed_nfa_rereferred | ends                 | ssd_cin_episodes    | LOST
    referrals   | closed_nfa_rereferred | eligibility.not_open | ssd_cin_episodes    | REFERRAL
    referrals   | open_case_escalates   | ends                 | ssd_cin_episodes    | LOST
    referrals   | open_case_escalates   | eligibility.open     | ssd_cin_episodes    | REFERRAL"""
# Closures, where the table above has a word for them.
CLOSURES = {
    "CLOSED": {"REFERRAL//CLOSE//RC8", "REFERRAL//CLOSE//RC9"},
    "LOST": {"REFERRAL//CLOSE//RC1", "REFERRAL//CLOSE//RC2", "REFERRAL//CLOSE//RC5"},
}


def codes_in(cell: str) -> set[str]:
    return {code for word in cell.split() for code in CLOSURES.get(word, {word})}


def needs_in(said: str) -> dict[tuple[str, str], set[str]]:
    """Read a refusal: codes by configuration key (without `question.`) and table."""
    return {(key, table): set(codes.split(", ")) for key, table, codes in NEED.findall(said)}


def history_without(drawn_records: Draw, *titles: str) -> History:
    return build_history(drawn_records(**{name: WHOLE[name] for name in WHOLE if name not in titles}))


def refusal(question: QuestionConfig, history: History) -> str:
    """Return what a refusal for want of tables says; nothing if the question is answered."""
    try:
        ask(question, history)
    except MissingTableError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("lacking", ["nothing", *WHOLE])
@pytest.mark.parametrize("name", ["closed_nfa_rereferred", "open_case_escalates"])
def test_a_question_is_refused_for_want_of_the_tables_that_it_needs_and_of_no_other(
    lacking: str,
    name: str,
    drawn_records: Draw,
    drawing: Callable[[str], list[dict[str, str]]],
    questions: dict[str, QuestionConfig],
) -> None:
    said = refusal(questions[name], history_without(drawn_records, lacking))
    wanted = {
        (row["key"], row["table"]): codes_in(row["codes"])
        for row in drawing(REFUSALS)
        if (row["lacking"], row["question"]) == (lacking, name)
    }
    assert needs_in(said) == wanted
    assert CANARY not in said
    assert "\n" not in said


@pytest.mark.parametrize("name", ["closed_nfa_rereferred", "open_case_escalates"])
@pytest.mark.parametrize("lacking", ["care", "protection"])
def test_the_question_that_a_refusal_advises_can_be_asked(
    name: str, lacking: str, drawn_records: Draw, questions: dict[str, QuestionConfig]
) -> None:
    history = history_without(drawn_records, lacking)
    _, advice = refusal(questions[name], history).split("another question: ")
    other = compose_experiment([f"question={name}", *advice.split()]).question
    assert ask(other, history).rows.height == 1


def test_the_last_code_of_an_index_or_an_outcome_is_not_advised_away(
    drawn_records: Draw, questions: dict[str, QuestionConfig]
) -> None:
    question = replace(questions["open_case_escalates"], outcome=OutcomeConfig(["CLA//START"], 365))
    said = refusal(question, history_without(drawn_records, "care"))
    assert said.endswith("Import the tables, or choose another question.")


def test_care_that_is_recorded_of_anyone_makes_its_absence_mean_no(
    drawn_records: Draw, questions: dict[str, QuestionConfig]
) -> None:
    """Child A was not taken into care: without a table of care, nobody could say so."""
    drawn = {
        "referrals": "child | referred\nA | 2018-11-30",
        "assessments": "child | started | authorised\nA | 2018-12-01 | 2019-01-12",
        "protection": "child | started\nB | 2019-05-01",
    }
    question = questions["open_case_escalates"]
    assert "ssd_cla_episodes" in refusal(question, build_history(drawn_records(**drawn)))
    told = build_history(drawn_records(**drawn, care="child | started\nB | 2019-05-01"))
    assert ask(question, told).rows.select("subject_id", "outcome").rows() == [(0, False)]


def test_deaths_are_not_asked_for_unless_the_question_names_them(
    drawn_records: Draw, questions: dict[str, QuestionConfig]
) -> None:
    nobody_died = history_without(drawn_records)
    nobody_named = history_without(drawn_records, "children")
    plain = questions["closed_nfa_rereferred"]
    deaths = replace(plain, ends=["MEDS_DEATH"])
    assert not refusal(plain, nobody_named)
    assert not refusal(deaths, nobody_died)
    assert needs_in(refusal(deaths, nobody_named)) == {("ends", "ssd_person"): {"MEDS_DEATH"}}


def test_what_needs_two_tables_names_the_one_that_is_not_there(
    drawn_records: Draw, questions: dict[str, QuestionConfig]
) -> None:
    plain = replace(questions["closed_nfa_rereferred"], eligibility=EligibilityConfig())
    breaks = replace(plain, outcome=OutcomeConfig(["CLA//SHORT_BREAK"], 365))
    said = refusal(breaks, history_without(drawn_records, "legal"))
    assert needs_in(said) == {("outcome.any", "ssd_legal_status"): {"CLA//SHORT_BREAK"}}
    assert not refusal(breaks, history_without(drawn_records))


def test_an_index_event_that_never_happens_is_told_by_its_key_and_the_nearest_codes_that_do(
    drawn_records: Draw, questions: dict[str, QuestionConfig]
) -> None:
    history = history_without(drawn_records)
    question = replace(questions["closed_nfa_rereferred"], index=IndexConfig(["REFERRAL//CLOSE//RC8"]))
    with pytest.raises(EmptyCohortError, match=r"^question\.index\.any: .* REFERRAL//CLOSE//RC8") as told:
        ask(question, history)
    near = f"{told.value}".partition("Nearest codes in these records: ")[2]
    assert near == "REFERRAL//END, REFERRAL//NFA, REFERRAL//START."
    assert CANARY not in f"{told.value}"
