"""Children whom practitioners would recognise, the day before, on and after: who has which value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from csc_experiments.history.events import EVENT_SCHEMA, History
from csc_experiments.questions.cohort import Cohort
from csc_experiments.questions.unseen import Unseen
from csc_experiments.records import Extract
from csc_experiments.representations.structured.features import describe_cohort
from csc_experiments.representations.structured.settings import StructuredConfig
from csc_experiments.validation.authorities import join_authorities

CONFIG = StructuredConfig(windows_days=[30, 365, None], family=True)
SIBLINGS = """
    child  family  born
    Ann    Smith   2011-07-01
    Ben    Smith   2014-01-01
    Cat    Smith   2021-05-01
    Dan    Jones   -
"""
EVENTS = """
    child  happened    known       code               value
    Ann    2019-01-01  2019-01-01  REFERRAL//START    -
    Ann    2019-02-01  2019-02-01  REFERRAL//END      -
    Ann    2021-01-02  2021-01-02  REFERRAL//START    -
    Ann    2021-03-01  2021-09-01  FACTOR//2B         -
    Ann    2021-10-01  2021-10-01  REFERRAL//END      -
    Ann    2022-06-01  2022-06-01  CP_PLAN//START     -
    Ben    2021-06-01  2021-06-01  CP_PLAN//START     -
    Ben    2021-12-01  2021-12-01  CP_PLAN//END       -
    Ben    2021-06-20  2021-07-02  S47//START         -
    Cat    2021-07-01  2021-07-01  CP_PLAN//START     -
    Dan    2021-07-01  2021-07-01  REFERRAL//START    -
"""


def read_table(drawn: str) -> list[dict[str, str]]:
    """Read a table that is drawn in words; `-` stands for nothing."""
    head, *lines = [line.split() for line in drawn.strip().splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]


def as_time(column: str) -> pl.Expr:
    return pl.col(column).replace("-", None).str.to_datetime("%Y-%m-%d", time_unit="us")


def numbered(column: str, named: Sequence[str]) -> pl.Expr:
    return pl.col(column).replace_strict(named, range(len(named)), return_dtype=pl.Int64)


def history_of(siblings: str, events: str, authority: str = "la1") -> History:
    people = pl.DataFrame(read_table(siblings))
    children, families = people["child"].to_list(), people["family"].unique(maintain_order=True).to_list()
    subjects = people.select(
        numbered("child", children).alias("subject_id"),
        numbered("family", families).alias("family_id"),
        as_time("born").alias("birth"),
    )
    told = pl.DataFrame(read_table(events)).select(
        numbered("child", children).alias("subject_id"),
        as_time("happened").alias("time"),
        "code",
        pl.col("value").replace("-", None).cast(pl.Float32).alias("numeric_value"),
        pl.lit(None, pl.String).alias("text_value"),
        as_time("known").alias("known_time"),
    )
    born = subjects.drop_nulls("birth").select(
        "subject_id", time="birth", code=pl.lit("MEDS_BIRTH"), known_time="birth"
    )
    events_frame = (
        pl.concat([told, born], how="diagonal").select(EVENT_SCHEMA.keys()).sort("subject_id", "time")
    )
    extract = Extract(authority, date(2023, 1, 1), date(2015, 1, 1), date(2023, 1, 1), ("drawn",))
    nobody = pl.DataFrame(schema={"subject_id": pl.Int64})
    return History(extract, events_frame, subjects, nobody, nobody)


def rows_of(history: History, children: Sequence[int], days: Sequence[str]) -> pl.DataFrame:
    asked = pl.DataFrame({"subject_id": children, "prediction_time": days}).with_columns(
        as_time("prediction_time")
    )
    return asked.join(history.subjects, on="subject_id", how="left", maintain_order="left")


def told(history: History, children: Sequence[int], days: Sequence[str], expected: str) -> None:
    """Hold the values of rows against a drawn table: one line for each column, one cell for each row."""
    rows = rows_of(history, children, days)
    values, names = describe_cohort(rows, history.events, history.subjects, CONFIG)
    for line in read_table(expected):
        name, *cells = line.values()
        found = values.toarray()[:, names.index(name)]
        np.testing.assert_allclose(found, [float(cell) for cell in cells], atol=1e-3, err_msg=name)


def test_a_child_with_two_referrals() -> None:
    told(
        history_of(SIBLINGS, EVENTS),
        children=[0, 0, 3],
        days=["2021-07-01", "2022-01-01", "2021-06-30"],
        expected="""
        column                         Ann_in_summer  Ann_at_new_year  Dan_never
        REFERRAL//START|count|365d     1              1                0
        REFERRAL//START|count|all      2              2                0
        REFERRAL//START|ever           1              1                0
        REFERRAL//START|recency|last   .5             .246             0
        REFERRAL//START|recency|first  .562           .5               0
        REFERRAL//END|count|365d       0              1                0
        REFERRAL|open                  1              0                0
        REFERRAL|open|days             180            0                0
        REFERRAL|ended|days            31             303              0
        FACTOR//2B|count|all           0              1                0
        FACTOR//2B|recency|last        0              .308             0
        CP_PLAN//START|ever            0              0                0
        age                            10.001         10.505           nan
        month_sin                      -.5            .5               0
        month_cos                      -.866          .866             -1
        """,
    )


def test_brothers_and_sisters_the_day_before_on_and_after() -> None:
    """Cat's plan is known on the first of July, Ben's enquiry of June on the second."""
    told(
        history_of(SIBLINGS, EVENTS),
        children=[0, 0, 0, 0],
        days=["2021-06-30", "2021-07-01", "2021-07-02", "2021-12-01"],
        expected="""
        column                            before  on  after  in_winter
        CP_PLAN//START|count|30d|family   1       2   1      0
        CP_PLAN//START|count|all|family   1       2   2      2
        CP_PLAN|open|family               1       2   2      1
        CP_PLAN|open|days|family          29      30  31     153
        CP_PLAN|ended|days|family         0       0   0      183
        CP_PLAN//START|count|all          0       0   0      0
        CP_PLAN|open                      0       0   0      0
        S47//START|ever|family            0       0   1      1
        REFERRAL//START|ever|family       0       0   0      0
        members|family                    1       2   2      2
        """,
    )


def test_a_child_alone_has_nothing_but_zeros_of_brothers_and_sisters() -> None:
    history = history_of(SIBLINGS, EVENTS)
    rows = rows_of(history, [3], ["2022-12-01"])
    values, names = describe_cohort(rows, history.events, history.subjects, CONFIG)
    of_family = [number for number, name in enumerate(names) if name.endswith("|family")]
    assert len(of_family) == (len(names) - 3) / 2 + 0.5
    assert not values.toarray()[0, of_family].any()
    assert values.toarray()[0, names.index("REFERRAL//START|count|all")] == 1


def test_a_sibling_of_whom_nothing_is_known_yet_is_not_counted_though_the_records_hold_the_birth() -> None:
    """Whoever comes to notice later stands in the records of today with a birth of long ago."""
    history = history_of(SIBLINGS, EVENTS)
    rows = rows_of(history, [0, 0], ["2021-05-31", "2021-06-01"])
    values, names = describe_cohort(rows, history.events, history.subjects, CONFIG)
    assert values.toarray()[:, names.index("members|family")].tolist() == [0, 1]


def test_what_a_question_hides_of_the_child_it_hides_of_the_family() -> None:
    history = history_of(SIBLINGS, EVENTS)
    rows = rows_of(history, [0], ["2021-07-01"])
    for unseen, counted in ((Unseen(hidden_codes=("CP_PLAN",)), 0), (Unseen(decision_codes=("CP_PLAN",)), 1)):
        values, names = describe_cohort(rows, history.events, history.subjects, CONFIG, unseen)
        assert values.toarray()[0, names.index("CP_PLAN//START|count|all|family")] == counted


def test_families_of_joined_authorities_are_kept_apart() -> None:
    """Both number their families from 0: the neighbour's first family is not ours."""
    here = history_of(SIBLINGS, EVENTS)
    there = history_of(
        "child family born\nEva Brown 2012-01-01\nFay Brown 2013-01-01",
        "child happened known code value\nEva 2021-01-01 2021-01-01 CLA//START -",
        authority="la2",
    )
    flow = pl.DataFrame({"criterion": ["index events"], "removed": [0], "remaining": [1]})
    cohorts = [
        Cohort(rows_of(history, [child], ["2021-07-01"]), flow, timedelta(days=90))
        for history, child in ((here, 0), (there, 1))
    ]
    history, cohort = join_authorities([(here, cohorts[0]), (there, cohorts[1])])
    assert cohort.rows["family_id"].n_unique() == 2
    values, names = describe_cohort(cohort.rows, history.events, history.subjects, CONFIG)
    in_care, on_plan = (
        values.toarray()[:, names.index(f"{code}|count|all|family")]
        for code in ("CLA//START", "CP_PLAN//START")
    )
    assert in_care.tolist() == [0, 1]
    assert on_plan.tolist() == [2, 0]


@pytest.mark.parametrize(("ago", "counted"), [(0, 1), (365, 1), (366, 0)])
def test_a_window_holds_its_last_day(ago: int, counted: int) -> None:
    day = date(2021, 7, 1) - timedelta(days=ago)
    history = history_of(SIBLINGS, f"child happened known code value\nAnn {day} {day} REFERRAL//START -")
    rows = rows_of(history, [0, 1], ["2021-07-01", "2021-07-01"])
    values, names = describe_cohort(rows, history.events, history.subjects, CONFIG)
    of_code = {name: values.toarray()[:, number] for number, name in enumerate(names)}
    assert of_code["REFERRAL//START|count|365d"].tolist() == [counted, 0]
    assert of_code["REFERRAL//START|count|365d|family"].tolist() == [0, counted]
    assert of_code["REFERRAL//START|ever"].tolist() == [1, 0]


SPELLS = {
    "closed on the day it opened": ("2021-01-01 START, 2021-01-01 END", (0, 0, 0)),
    "open since it began": ("2021-06-01 START", (1, 30, 0)),
    "two that followed each other": (
        "2021-01-01 START, 2021-01-11 END, 2021-02-01 START, 2021-02-03 END",
        (0, 0, 12),
    ),
    "two that overlapped are one period": (
        "2021-01-01 START, 2021-01-05 START, 2021-01-07 END, 2021-01-11 END",
        (0, 0, 10),
    ),
    "one of two that overlapped is open still": (
        "2021-06-01 START, 2021-06-11 START, 2021-06-21 END",
        (1, 30, 0),
    ),
    "closed and opened again on one day goes on": (
        "2021-06-01 START, 2021-06-11 END, 2021-06-11 START",
        (1, 30, 0),
    ),
    "an end without a start": ("2021-06-11 END", (0, 0, 0)),
}


@pytest.mark.parametrize(("drawn", "expected"), SPELLS.values(), ids=SPELLS.keys())
def test_what_is_open_and_what_has_ended(drawn: str, expected: tuple[int, int, int]) -> None:
    said = [one.split() for one in drawn.split(", ")]
    # The source does record ends, of somebody else's plans at least.
    lines = [f"Ann {day} {day} CP_PLAN//{side} -" for day, side in [*said, ("2022-12-01", "END")]]
    history = history_of(SIBLINGS, "\n".join(["child happened known code value", *lines]))
    rows = rows_of(history, [0, 1], ["2021-07-01", "2021-07-01"])
    values, names = describe_cohort(rows, history.events, history.subjects, CONFIG)
    kinds = ("open", "open|days", "ended|days")
    own = [values.toarray()[0, names.index(f"CP_PLAN|{kind}")] for kind in kinds]
    of_sister = [values.toarray()[1, names.index(f"CP_PLAN|{kind}|family")] for kind in kinds]
    assert tuple(own) == tuple(of_sister) == expected


def test_a_value_of_nought_is_told_from_no_value() -> None:
    lines = [f"Ann 2021-06-0{day} 2021-06-0{day} WEIGHT {value}" for day, value in ((1, 5), (2, 0))]
    # So many that the code is not left out as rare.
    lines += [f"Dan 2021-0{month}-01 2021-0{month}-01 WEIGHT -" for month in range(1, 10)]
    told(
        history_of(SIBLINGS, "\n".join(["child happened known code value", *lines])),
        children=[0, 0, 0, 3, 1],
        days=["2021-05-31", "2021-06-01", "2021-06-02", "2021-12-01", "2021-06-02"],
        expected="""
        column                      Ann_before  Ann_first  Ann_second  Dan_without  Ben_her_brother
        WEIGHT|latest               0           5          0           0            0
        WEIGHT|latest|known         0           1          1           0            0
        WEIGHT|ever                 0           1          1           1            0
        WEIGHT|latest|known|family  0           0          0           0            1
        """,
    )


def test_long_ago_is_told_from_never_though_both_are_next_to_nothing() -> None:
    drawn = "child happened known code value\nAnn 2015-01-01 2015-01-01 REFERRAL//START -"
    history = history_of(SIBLINGS, drawn)
    rows = rows_of(history, [0, 3], ["2022-12-31", "2022-12-31"])
    config = replace(CONFIG, half_life_days=0.5, half_life_first_days=0.5)
    values, names = describe_cohort(rows, history.events, history.subjects, config)
    assert values.toarray()[:, names.index("REFERRAL//START|recency|last")].tolist() == [0, 0]
    assert values.toarray()[:, names.index("REFERRAL//START|ever")].tolist() == [1, 0]
