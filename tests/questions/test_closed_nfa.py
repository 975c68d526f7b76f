"""Closed with no further action, then referred again: children drawn, and what the question says of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

QUESTION = "closed_nfa_rereferred"
Check = Callable[..., None]


def test_the_twelve_months_are_365_days_after_the_day_of_closing(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | out        | REFERRAL open
        B     | 2019-01-12 | outcome 2019-01-13
        C     | 2019-01-12 | outcome 2020-01-11
        D     | 2019-01-12 | outcome 2020-01-12
        E     | 2019-01-12 | no outcome
        F     | 2019-01-12 | outcome 2019-03-01""",
        referrals="""
        child | referred   | closed     | nfa
        A     | 2019-01-10 | 2019-01-12 | Y
        A     | 2019-01-12 |            |
        B     | 2019-01-10 | 2019-01-12 | Y
        B     | 2019-01-13 |            |
        C     | 2019-01-10 | 2019-01-12 | Y
        C     | 2020-01-11 |            |
        D     | 2019-01-10 | 2019-01-12 | Y
        D     | 2020-01-12 |            |
        E     | 2019-01-10 | 2019-01-12 | Y
        E     | 2020-01-13 |            |
        F     | 2019-01-10 | 2019-01-12 | Y
        F     | 2019-03-01 |            |
        F     | 2019-06-01 |            |""",
    )


def test_the_question_is_asked_wherever_nothing_more_was_done(check_verdicts: Check) -> None:
    """On the flag, or on closing after assessment (RC8, RC9); not when a need was met or the flag says no."""
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2019-01-10 | no outcome
        B     | 2019-02-12 | no outcome
        C     | 2019-02-12 | no outcome
        D     | 2019-01-12 | no outcome""",
        referrals="""
        child | referred   | closed     | nfa | reason
        A     | 2019-01-10 |            | Y   |
        B     | 2019-01-10 | 2019-02-12 | N   | RC8
        C     | 2019-01-10 | 2019-02-12 | N   | RC9
        D     | 2019-01-10 | 2019-01-12 | Y   | RC8
        E     | 2019-01-10 | 2019-02-12 | N   | RC7
        F     | 2019-01-10 |            | N   |
        G     | 2019-01-10 | 2019-02-12 |     |""",
    )


def test_each_closing_asks_anew_but_two_on_one_day_ask_once(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2019-01-12 | outcome 2019-06-01
        A     | 2019-06-03 | no outcome
        B     | 2019-01-12 | no outcome""",
        referrals="""
        child | referred   | closed     | nfa | reason
        A     | 2019-01-10 | 2019-01-12 | Y   |
        A     | 2019-06-01 | 2019-06-03 | Y   |
        B     | 2019-01-10 | 2019-01-12 | Y   |
        B     | 2019-01-11 | 2019-01-12 | N   | RC8""",
    )


def test_a_sibling_who_is_referred_is_not_the_child(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2019-01-12 | no outcome
        B     | 2019-01-12 | outcome 2019-03-01""",
        families="""
        family | child
        F      | A
        F      | B""",
        referrals="""
        child | referred   | closed     | nfa
        A     | 2019-01-10 | 2019-01-12 | Y
        B     | 2019-01-10 | 2019-01-12 | Y
        B     | 2019-03-01 |            |""",
    )


def test_the_first_day_of_the_records_and_the_last_on_which_a_horizon_fits(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | out        | before the records begin
        B     | 2020-04-01 | no outcome
        C     | 2020-04-02 | no outcome
        D     | 2021-03-30 | no outcome
        E     | 2021-03-31 | outcome 2022-03-31
        F     | out        | horizon ends after the records do""",
        coverage=(date(2020, 4, 1), date(2022, 3, 31)),
        referrals="""
        child | referred   | closed     | nfa
        A     | 2020-03-31 |            | Y
        B     | 2020-03-31 | 2020-04-01 | Y
        C     | 2020-04-02 |            | Y
        D     | 2021-03-30 |            | Y
        E     | 2021-03-31 |            | Y
        E     | 2022-03-31 |            |
        F     | 2021-04-01 |            | Y""",
    )


def test_the_horizon_ends_before_the_eighteenth_birthday(check_verdicts: Check) -> None:
    """Asked on 12 January 2019, the horizon's last day is 12 January 2020."""
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2019-01-12 | no outcome
        B     | out        | too old within the horizon
        C     | out        | too old within the horizon
        D     | out        | too old within the horizon
        E     | 2019-01-12 | no outcome
        F     | 2019-01-12 | no outcome""",
        children="""
        child | born       | due
        A     | 2002-01-13 |
        B     | 2002-01-12 |
        C     | 2002-01-11 |
        D     | 1980-01-01 |
        E     |            |
        F     |            | 2019-05-01""",
        referrals="""
        child | referred   | nfa
        A     | 2019-01-12 | Y
        B     | 2019-01-12 | Y
        C     | 2019-01-12 | Y
        D     | 2019-01-12 | Y
        E     | 2019-01-12 | Y
        F     | 2019-01-12 | Y""",
    )


def test_born_on_29_february_a_child_is_treated_as_18_from_the_28th(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2017-02-27 | no outcome
        B     | out        | too old within the horizon""",
        coverage=(date(2015, 1, 1), date(2022, 1, 1)),
        children="""
        child | born
        A     | 2000-02-29
        B     | 2000-02-29""",
        referrals="""
        child | referred   | nfa
        A     | 2017-02-27 | Y
        B     | 2017-02-28 | Y""",
    )


def test_a_child_on_a_plan_or_in_care_that_day_is_not_asked_about(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | out        | CP_PLAN open
        B     | out        | CP_PLAN open
        C     | 2019-01-12 | no outcome
        D     | 2019-01-12 | no outcome
        E     | 2019-01-12 | no outcome
        F     | out        | CP_PLAN open
        G     | out        | CLA open
        H     | 2019-01-12 | no outcome
        I     | 2019-01-12 | no outcome
        J     | out        | CP_PLAN open
        K     | out        | CLA open""",
        referrals="\n".join(
            ["child | referred | nfa", *(f"{child} | 2019-01-12 | Y" for child in "ABCDEFGHIJK")]
        ),
        protection="""
        child | started    | ended
        A     | 2018-06-01 |
        B     | 2018-06-01 | 2019-01-13
        C     | 2018-06-01 | 2019-01-12
        D     | 2018-06-01 | 2019-01-11
        E     | 2019-01-13 |
        F     | 2019-01-12 |
        J     | 2018-01-10 | 2018-03-01
        J     | 2018-06-01 | 2019-06-01""",
        care="""
        child | started    | began | ceased     | why | entered
        G     | 2018-06-01 | S     | 2019-01-10 | X1  |
        G     | 2019-01-10 | P     | 2019-03-01 | E4A |
        H     | 2018-06-01 | S     | 2019-01-12 | E4A |
        I     | 2019-01-12 | S     | 2019-01-14 | E4A |
        K     | 2019-01-01 | P     |            |     | 2011-01-01""",
        legal="""
        child | status | started    | ended
        I     | V4     | 2019-01-01 |""",
    )


def test_a_child_who_moves_away_or_dies_is_left_out_unless_the_outcome_came_first(
    check_verdicts: Check,
) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | out        | no longer to be seen within the horizon
        B     | out        | no longer to be seen within the horizon
        C     | 2019-01-12 | no outcome
        D     | 2019-01-12 | outcome 2019-03-01
        E     | out        | no longer to be seen within the horizon
        F     | out        | no longer to be seen within the horizon
        G     | out        | no longer to be seen within the horizon
        H     | 2019-01-12 | no outcome
        I     | 2019-01-12 | outcome 2019-03-01
        J     | out        | no longer to be seen within the horizon
        K     | out        | REFERRAL open""",
        children="""
        child | died
        A     | 2019-01-13
        B     | 2020-01-12
        C     | 2020-01-13
        D     | 2019-03-01
        E     | 2019-01-12
        F     | 2019-01-11
        G     | 2019-02-01""",
        referrals="""
        child | referred   | closed     | nfa | reason
        A     | 2019-01-12 |            | Y   |
        B     | 2019-01-12 |            | Y   |
        C     | 2019-01-12 |            | Y   |
        D     | 2019-01-12 |            | Y   |
        D     | 2019-03-01 |            |     |
        E     | 2019-01-12 |            | Y   |
        F     | 2019-01-12 |            | Y   |
        G     | 2019-01-12 |            | Y   |
        G     | 2019-03-01 |            |     |
        H     | 2018-01-12 | 2019-01-11 | N   | RC5
        H     | 2019-01-12 |            | Y   |
        I     | 2019-01-12 |            | Y   |
        I     | 2019-03-01 | 2019-06-01 | N   | RC5
        J     | 2018-01-12 | 2019-01-12 | N   | RC5
        J     | 2019-01-12 |            | Y   |
        K     | 2018-01-12 | 2020-01-13 | N   | RC5
        K     | 2019-01-12 |            | Y   |""",
    )


def test_a_child_whose_case_closes_by_adoption_or_death_is_left_out_unless_the_outcome_came_first(
    check_verdicts: Check,
) -> None:
    """No date of death is recorded here; the reason for closure alone tells of it."""
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2019-01-12 | outcome 2019-03-01
        C     | 2019-01-12 | no outcome
        D     | out        | no longer to be seen within the horizon
        E     | out        | no longer to be seen within the horizon""",
        referrals="""
        child | referred   | closed     | nfa | reason
        A     | 2019-01-12 |            | Y   |
        A     | 2019-03-01 | 2019-06-01 | N   | RC1
        C     | 2018-01-12 | 2019-01-11 | N   | RC1
        C     | 2019-01-12 |            | Y   |
        D     | 2018-01-12 | 2019-01-12 | N   | RC1
        D     | 2019-01-12 |            | Y   |
        E     | 2018-01-12 | 2019-01-12 | N   | RC2
        E     | 2019-01-12 |            | Y   |""",
    )


def test_a_closing_date_before_the_referral_makes_no_one_come_back(check_verdicts: Check) -> None:
    check_verdicts(
        QUESTION,
        """
        child | asked      | verdict
        A     | 2019-01-12 | no outcome""",
        referrals="""
        child | referred   | closed     | nfa | reason
        A     | 2019-01-12 | 2018-12-12 | Y   |
        B     | 2019-01-12 | 2018-12-12 | N   | RC8""",
    )
