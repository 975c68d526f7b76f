"""Each rule finds the one child who breaks it, and a right authority breaks none."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from csc_experiments.records import Records
from csc_experiments.records.quality import RULES, broken_rules, orphans
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.simulation import simulate_lives

Draw = Callable[..., Records]
# Who breaks what; every child but these is as it should be.
DRAWN = {
    "children": """
        child   | born       | due        | died
        right   | 2010-05-05 |            |
        unborn  |            | 2022-05-05 |
        nobirth |            |            |
        dead    | 2010-05-05 |            | 2009-01-01
        gone    | 2010-05-05 |            | 2019-01-01
        early   | 2021-05-05 |            |
        second  | 2010-05-05 |            |
        third   | 2010-05-05 |            |
        fourth  | 2010-05-05 |            |
        fifth   | 2010-05-05 |            |
        sixth   | 2010-05-05 |            |""",
    "disabilities": """
        child | code
        right | NONE
        gone  | NONE
        gone  | AUT""",
    "referrals": """
        child  | referred   | nfa | need | closed     | reason
        right  | 2020-01-01 | N   | N1   | 2020-06-01 | RC7
        right  | 2020-07-01 | N   | N1   |            |
        unborn | 2022-01-01 | Y   |      | 2022-01-01 | RC7
        gone   | 2020-01-01 | N   | N1   | 2020-02-01 | RC7
        early  | 2020-01-01 | N   | N1   | 2020-02-01 | RC7
        second | 2020-02-01 | N   |      | 2020-01-01 | RC2
        third  | 2020-01-01 | N   | N1   | 2020-02-01 |
        fourth | 2020-01-01 | N   | N1   |            | RC7
        fifth  | 2020-01-01 | N   | N1   |            |
        fifth  | 2020-03-01 | N   | N1   |            |
        sixth  | 2020-01-01 | N   | N1   | 2020-03-01 | RC8""",
}
EXPECTED = {
    ("8525Q", "ssd_person"): 1, ("8535Q", "ssd_person"): 1, ("8790", "ssd_disability"): 1,
    ("8555Q", "ssd_cin_episodes"): 1, ("8606", "ssd_cin_episodes"): 1, ("8630", "ssd_cin_episodes"): 1,
    ("8585Q", "ssd_cin_episodes"): 1, ("8610", "ssd_cin_episodes"): 1, ("8805", "ssd_cin_episodes"): 1,
    ("8810", "ssd_cin_episodes"): 1, ("8815", "ssd_cin_episodes"): 2, ("8820", "ssd_cin_episodes"): 1,
    ("8825Q", "ssd_cin_episodes"): 1,
}  # fmt: skip


def found(records: Records) -> dict[tuple[str, str], int]:
    rows = broken_rules(records.tables).filter(pl.col("rows") > 0)
    return {(rule, table): count for rule, table, count in rows.select("rule", "table", "rows").iter_rows()}


def test_each_rule_on_children_and_referrals_finds_whom_it_should_and_nobody_else(
    drawn_records: Draw,
) -> None:
    assert found(drawn_records(**DRAWN)) == EXPECTED


@pytest.mark.parametrize(
    ("title", "drawing", "expected"),
    [
        ("assessments", """
            child | started    | authorised
            right | 2020-01-02 | 2020-02-02
            right | 2019-12-31 | 2020-02-02
            right | 2020-01-02 |
            right | 2020-02-02 | 2020-01-02""", {"1103": 1, "8867": 1, "8608": 1}),
        ("enquiries", """
            child | started
            right | 2020-01-02
            right | 2019-12-31
            right | 2020-06-02""", {"2889": 1, "8565": 1}),
        ("in_need", """
            child | started    | ended
            right | 2020-01-02 | 2020-02-01
            right | 2019-12-01 | 2019-12-31
            right | 2020-01-20 | 2020-02-03
            right | 2020-03-02 | 2020-03-01""", {"4015": 1, "4014": 1, "4011": 1}),
        ("protection", """
            child | started    | ended
            right | 2020-01-02 | 2020-02-01
            right | 2019-12-01 | 2019-12-31
            right | 2020-01-20 | 2020-02-03
            right | 2020-03-02 | 2020-03-01
            right | 2020-04-02 | 2020-04-02
            right | 2020-06-02 |
            right | 2020-05-02 |""", {"1105": 1, "8940": 2, "8925": 1, "8840": 1, "8565": 1, "8935": 2}),
    ],
)  # fmt: skip
def test_each_rule_on_what_belongs_to_a_referral(
    title: str, drawing: str, expected: dict[str, int], drawn_records: Draw
) -> None:
    records = drawn_records(
        children="child | born\nright | 2010-05-05",
        referrals="""
            child | referred   | nfa | need | closed     | reason
            right | 2020-01-01 | N   | N1   | 2020-06-01 | RC7""",
        **{title: drawing},
    )
    (name,) = [name for name, table in records.tables.items() if table.height > 1]
    referral = next(column for column in records[name].columns if column.endswith("referral_id"))
    tables = {**records.tables, name: records[name].with_columns(pl.lit("0").alias(referral))}
    assert {rule: count for (rule, _), count in found(Records(records.extract, tables)).items()} == expected


def test_care_that_overlaps_or_ends_before_it_starts_is_counted(drawn_records: Draw) -> None:
    records = drawn_records(
        children="child | born\nright | 2010-05-05",
        care="""
        child | started    | ceased
        right | 2020-01-02 | 2020-02-01
        right | 2020-02-01 | 2020-03-01
        right | 2020-02-15 | 2020-03-15
        right | 2020-05-01 | 2020-04-01
        right | 2020-06-01 |
        right | 2020-07-01 |""",
    )
    rows = broken_rules(records.tables).filter(pl.col("table") == "ssd_cla_episodes")
    assert dict(zip(rows["what"], rows["rows"], strict=True)) == {
        "a care episode ends before it starts": 1,
        "care episodes of one child overlap": 2,
        "more than one open care episode": 2,
    }


def test_a_right_authority_breaks_no_rule_and_refers_to_nobody_who_is_not_there() -> None:
    tables = simulate_lives(AuthoritySettings(authority="la1", children=3000), 1).standard_tables()
    rows = broken_rules(tables)
    assert rows.height == len(RULES)
    assert rows["rows"].sum() == 0
    assert orphans(tables) == {}


def test_references_that_lead_nowhere_are_counted_by_column(drawn_records: Draw) -> None:
    records = drawn_records(
        referrals="child | referred\nA | 2020-01-01",
        assessments="assessment | child | started\nX | B | 2020-01-02",
    )
    assert orphans(records.tables) == {
        ("ssd_cin_episodes", "cine_person_id"): 1,
        ("ssd_cin_assessments", "cina_person_id"): 1,
    }
