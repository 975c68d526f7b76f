"""Assessed on an open case, then a protection plan or care: children drawn, and what the question says."""

from __future__ import annotations

from collections.abc import Callable

QUESTION = "open_case_escalates"
Check = Callable[..., None]


def assessed(children: str, day: str = "2019-01-12") -> str:
    return "\n".join(
        ["child | started | authorised", *(f"{child} | 2018-12-01 | {day}" for child in children)]
    )


def opened(children: str) -> str:
    return "\n".join(["child | referred", *(f"{child} | 2018-11-30" for child in children)])


def test_a_plan_or_care_within_365_days_is_an_escalation(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2019-01-12 | no outcome
        B     | 2019-01-12 | outcome 2019-01-13
        C     | 2019-01-12 | outcome 2020-01-12
        D     | 2019-01-12 | no outcome
        E     | 2019-01-12 | outcome 2019-05-01
        F     | 2019-01-12 | outcome 2019-04-01
        G     | 2019-01-12 | no outcome
        H     | 2019-01-12 | outcome 2020-01-12
        I     | 2019-01-12 | no outcome""",
        referrals=opened("ABCDEFGHI"),
        assessments=assessed("ABCDEFGHI"),
        protection="""
        child | started    | ended
        B     | 2019-01-13 |
        C     | 2020-01-12 |
        D     | 2020-01-13 |
        F     | 2019-06-01 |""",
        care="""
        child | started    | began | ceased     | why
        E     | 2019-05-01 | S     | 2019-06-01 | X1
        E     | 2019-06-01 | P     |            |
        F     | 2019-04-01 | S     |            |
        G     | 2019-05-01 | S     | 2019-05-03 | E4A
        H     | 2020-01-12 | S     |            |
        I     | 2020-01-13 | S     |            |""",
        legal="""
        child | status | started    | ended
        G     | V3     | 2019-05-01 | 2019-05-03""",
    )


def test_the_case_is_open_until_the_day_that_it_is_closed(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2019-01-12 | no outcome
        B     | 2019-01-12 | no outcome
        C     | out        | REFERRAL not open
        D     | out        | REFERRAL not open
        E     | out        | REFERRAL not open
        F     | 2019-01-12 | no outcome
        G     | out        | REFERRAL not open
        H     | out        | REFERRAL not open
        I     | 2019-01-12 | no outcome""",
        referrals="""
        child | referred   | closed     | nfa
        A     | 2018-11-30 |            |
        B     | 2018-11-30 | 2019-01-13 | N
        C     | 2018-11-30 | 2019-01-12 | N
        D     | 2018-11-30 | 2019-01-11 | N
        F     | 2019-01-12 |            | N
        G     | 2019-01-13 |            | N
        H     | 2018-11-30 |            | Y
        I     | 2017-01-01 | 2017-06-01 | N
        I     | 2018-11-30 |            | N""",
        assessments=assessed("ABCDEFGHI"),
    )


def test_an_assessment_asks_when_it_is_authorised_not_when_it_starts(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2019-02-20 | outcome 2019-06-21
        A     | 2019-06-20 | outcome 2019-06-21
        C     | out        | CP_PLAN open
        D     | 2019-02-20 | no outcome""",
        referrals=opened("ABCD"),
        assessments="""
        child | started    | authorised
        A     | 2018-12-01 | 2019-02-20
        A     | 2019-06-01 | 2019-06-20
        B     | 2018-12-01 |
        C     | 2018-12-01 | 2019-02-20
        D     | 2018-12-01 | 2019-02-20
        D     | 2018-12-09 | 2019-02-20""",
        protection="""
        child | started    | ended
        A     | 2019-06-21 |
        C     | 2019-02-20 |""",
    )


def test_a_case_that_closes_by_adoption_death_or_a_move_is_left_out_unless_it_escalated_first(
    check_verdicts: Check,
) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | out        | no longer to be seen within the horizon
        B     | out        | no longer to be seen within the horizon
        C     | out        | no longer to be seen within the horizon
        D     | 2019-01-12 | no outcome
        E     | 2019-01-12 | outcome 2019-03-01
        F     | 2019-01-12 | no outcome
        G     | out        | no longer to be seen within the horizon""",
        referrals="""
        child | referred   | closed     | reason
        A     | 2018-11-30 | 2019-02-01 | RC1
        B     | 2018-11-30 | 2020-01-12 | RC2
        C     | 2018-11-30 | 2019-02-01 | RC5
        D     | 2018-11-30 | 2020-01-13 | RC2
        E     | 2018-11-30 | 2019-06-01 | RC2
        F     | 2018-11-30 | 2019-02-01 | RC7
        G     | 2018-11-30 | 2019-02-01 | RC2""",
        assessments=assessed("ABCDEFG"),
        protection="""
        child | started
        E     | 2019-03-01
        G     | 2019-03-01""",
    )
