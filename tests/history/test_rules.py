"""Every row of a standard table stands for events, and each event is known no sooner than it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.history.events import build_history
from csc_experiments.history.rules import PLAIN_CODES, RULES, EventRule, missing_tables
from csc_experiments.records import Records
from csc_experiments.records.tables import TABLES

LIFE = {
    "children": """
        child | born       | died
        A     | 2010-05-05 | 2021-12-01""",
    "disabilities": """
        child | code
        A     | AUT""",
    "contacts": """
        child | day        | source | outcome
        A     | 2020-01-02 | 1A     | {"NFA_FLAG": "Y"}""",
    "early_help": """
        child | started    | ended
        A     | 2020-01-03 | 2020-01-30""",
    "referrals": """
        child | referred   | source | need | nfa | closed     | reason
        A     | 2020-02-01 | 3A     | N1   | Y   | 2020-02-04 |
        A     | 2020-03-01 | 6      | N5   | N   | 2021-03-01 | RC7
        A     | 2021-06-01 | 6      | N2   | N   |            |""",
    "assessments": """
        assessment | child | started    | authorised | nfa
        1          | A     | 2020-03-02 | 2020-04-10 | Y
        2          | A     | 2021-06-02 |            | Y""",
    "factors": """
        assessment | factors
        1          | ["3B", "21"]
        2          | ["4A"]""",
    "in_need": """
        child | started    | ended
        A     | 2020-04-11 | 2020-05-01""",
    "enquiries": """
        child | started    | ended
        A     | 2020-05-02 | 2020-05-14""",
    "conferences": """
        child | day
        A     | 2020-05-15""",
    "protection": """
        child | started    | ended      | category
        A     | 2020-05-15 | 2020-11-15 | NEG""",
    "reviews": """
        child | day
        A     | 2020-08-01""",
    "care": """
        child | started    | began | ceased     | why
        A     | 2020-12-01 | S     | 2020-12-20 | X1
        A     | 2020-12-20 | P     | 2021-02-01 | E4A
        A     | 2021-07-01 | S     | 2021-07-03 | E4A""",
    "placements": """
        child | started    | type
        A     | 2020-12-01 | U1
        A     | 2021-01-10 | t1""",
    "legal": """
        child | status | started    | ended
        A     | C1     | 2020-12-01 | 2021-02-01
        A     | V3     | 2021-07-01 | 2021-07-03""",
    "workers": """
        child | started    | ended
        A     | 2020-03-02 | 2020-06-01
        A     | 2020-06-01 |""",
    "missing": """
        child | started
        A     | 2021-01-05""",
}
# A need is known at the closing of its referral, or with the extract; a factor when the assessment is signed.
HISTORY = """
    code                   | time       | known
    ASSESSMENT//AUTHORISED | 2020-04-10 | 2020-04-10
    ASSESSMENT//NFA        | 2020-04-10 | 2020-04-10
    ASSESSMENT//START      | 2020-03-02 | 2020-03-02
    ASSESSMENT//START      | 2021-06-02 | 2021-06-02
    CIN_PLAN//END          | 2020-05-01 | 2020-05-01
    CIN_PLAN//START        | 2020-04-11 | 2020-04-11
    CLA//CEASED//E4A       | 2021-02-01 | 2021-02-01
    CLA//END               | 2021-02-01 | 2021-02-01
    CLA//SHORT_BREAK       | 2021-07-01 | 2021-07-01
    CLA//START             | 2020-12-01 | 2020-12-01
    CONTACT//NFA           | 2020-01-02 | 2020-01-02
    CONTACT//SOURCE//1A    | 2020-01-02 | 2020-01-02
    CONTACT//START         | 2020-01-02 | 2020-01-02
    CP_PLAN//CATEGORY//NEG | 2020-05-15 | 2020-05-15
    CP_PLAN//END           | 2020-11-15 | 2020-11-15
    CP_PLAN//START         | 2020-05-15 | 2020-05-15
    CP_REVIEW//HELD        | 2020-08-01 | 2020-08-01
    DISABILITY//AUT        |            |
    EARLY_HELP//END        | 2020-01-30 | 2020-01-30
    EARLY_HELP//START      | 2020-01-03 | 2020-01-03
    FACTOR//21             | 2020-04-10 | 2020-04-10
    FACTOR//3B             | 2020-04-10 | 2020-04-10
    ICPC//HELD             | 2020-05-15 | 2020-05-15
    INVOLVEMENT//END       | 2020-06-01 | 2020-06-01
    INVOLVEMENT//START     | 2020-03-02 | 2020-03-02
    INVOLVEMENT//START     | 2020-06-01 | 2020-06-01
    LEGAL_STATUS//C1       | 2020-12-01 | 2020-12-01
    LEGAL_STATUS//V3       | 2021-07-01 | 2021-07-01
    MEDS_BIRTH             | 2010-05-05 | 2010-05-05
    MEDS_DEATH             | 2021-12-01 | 2021-12-01
    MISSING//START         | 2021-01-05 | 2021-01-05
    PLACEMENT//START       | 2020-12-01 | 2020-12-01
    PLACEMENT//TEMPORARY   | 2021-01-10 | 2021-01-10
    REFERRAL//CLOSE//RC7   | 2021-03-01 | 2021-03-01
    REFERRAL//END          | 2020-02-04 | 2020-02-04
    REFERRAL//END          | 2021-03-01 | 2021-03-01
    REFERRAL//NEED//N1     | 2020-02-01 | 2020-02-04
    REFERRAL//NEED//N2     | 2021-06-01 | 2022-12-31
    REFERRAL//NEED//N5     | 2020-03-01 | 2021-03-01
    REFERRAL//NFA          | 2020-02-04 | 2020-02-04
    REFERRAL//SOURCE//3A   | 2020-02-01 | 2020-02-01
    REFERRAL//SOURCE//6    | 2020-03-01 | 2020-03-01
    REFERRAL//SOURCE//6    | 2021-06-01 | 2021-06-01
    REFERRAL//START        | 2020-02-01 | 2020-02-01
    REFERRAL//START        | 2020-03-01 | 2020-03-01
    REFERRAL//START        | 2021-06-01 | 2021-06-01
    S47//END               | 2020-05-14 | 2020-05-14
    S47//START             | 2020-05-02 | 2020-05-02"""

Event = tuple[str, str | None, str | None]
Drawing = Callable[[str], list[dict[str, str | None]]]


def events_of(records: Records) -> list[Event]:
    events = build_history(records).events.sort("code", "time")
    return [
        (code, time and f"{time:%Y-%m-%d}", known and f"{known:%Y-%m-%d}")
        for code, time, known in events.select("code", "time", "known_time").iter_rows()
    ]


def drawn_events(drawing: Drawing) -> list[Event]:
    return [(row["code"] or "", row["time"], row["known"]) for row in drawing(HISTORY)]


def test_a_life_in_care_is_this_history_and_nothing_else(
    drawn_records: Callable[..., Records], drawing: Drawing
) -> None:
    assert events_of(drawn_records(**LIFE)) == drawn_events(drawing)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_its_event_in_the_drawn_life(rule: EventRule, drawing: Drawing) -> None:
    codes = {code for code, _, _ in drawn_events(drawing)}
    shape = f"{rule.code}//" if rule.part else rule.code
    assert any(code.startswith(shape) if rule.part else code == shape for code in codes)


@pytest.mark.parametrize("table", [name for name in LIFE if name not in {"children", "factors", "legal"}])
def test_each_table_alone_gives_its_part_of_the_history(
    table: str, drawn_records: Callable[..., Records], drawing: Drawing
) -> None:
    alone = events_of(drawn_records(children="child | born\nA |", **{table: LIFE[table]}))
    known = drawn_events(drawing)
    if table == "care":
        # Without a legal status, nothing says that the last episode was a short break.
        ended = [(code, "2021-07-03", "2021-07-03") for code in ("CLA//END", "CLA//CEASED//E4A")]
        known += [("CLA//START", "2021-07-01", "2021-07-01"), *ended]
    assert alone
    assert set(alone) <= set(known)


@settings(max_examples=40, deadline=None)
@given(drawn=st.sets(st.sampled_from(sorted(LIFE)), min_size=len(LIFE) // 2))
def test_a_code_lacks_tables_where_a_life_that_has_it_all_shows_no_such_event(
    *, drawn: set[str], drawn_records: Callable[..., Records]
) -> None:
    history = build_history(drawn_records(**{title: LIFE[title] for title in sorted(drawn)}))
    found = set(history.events["code"])
    for plain in PLAIN_CODES:
        shown = any(code == plain or code.startswith(f"{plain}//") for code in found)
        lacking = missing_tables(plain, history.tables)
        assert shown is not bool(lacking)
        assert not set(lacking) & history.tables


@pytest.mark.parametrize(
    ("code", "filled", "missing"),
    [
        ("CLA//START", "", "ssd_cla_episodes"),
        ("CLA//START", "ssd_cla_episodes", ""),
        ("CLA//SHORT_BREAK", "ssd_cla_episodes", "ssd_legal_status"),
        # A beginning stands for several codes, and one that can be told is enough.
        ("CLA", "ssd_cla_episodes", ""),
        ("CLA", "ssd_legal_status", "ssd_cla_episodes"),
        ("FACTOR//3B", "", "ssd_assessment_factors ssd_cin_assessments"),
        ("FACTOR//3B", "ssd_assessment_factors", "ssd_cin_assessments"),
        ("REFERRAL//CLOSE//RC8", "", "ssd_cin_episodes"),
        ("MEDS_DEATH", "ssd_cin_episodes", "ssd_person"),
    ],
)
def test_a_code_names_the_tables_that_it_lacks(code: str, filled: str, missing: str) -> None:
    assert missing_tables(code, set(filled.split())) == tuple(missing.split())


def test_rules_read_standard_tables() -> None:
    assert {rule.table for rule in RULES} | {rule.beside for rule in RULES if rule.beside} <= set(TABLES)


def test_no_rule_has_another_code_than_those_that_a_question_may_name() -> None:
    assert {rule.code for rule in RULES} <= PLAIN_CODES
