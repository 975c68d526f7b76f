"""Empty cells and codes that are not of their code set are counted, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from csc_experiments.records import TABLES, Records
from csc_experiments.records.codes import CODE_SETS
from csc_experiments.records.quality import count_codes, count_missing
from csc_experiments.records.quality.code_sets import DATED_BY, YEARS

Draw = Callable[..., Records]
REFERRALS = """
    child | referred   | source | need | closed     | reason
    A     | 2022-03-31 | 5D     | N1   | 2022-04-01 | RC9
    A     | 2022-04-01 | 5D     | N1   | 2022-03-31 | RC9
    A     | 2022-05-01 | 5A     | n1   |            |
    B     | 2022-06-01 | father |      | 2031-01-01 | RC7
    B     | 2022-07-01 |        |      |            |"""


def test_cells_without_a_value_are_counted_by_column(drawn_records: Draw) -> None:
    records = drawn_records(referrals=REFERRALS)
    blank = records["ssd_cin_episodes"].with_columns(cine_referral_nfa=pl.lit(" "))
    counted = count_missing({**records.tables, "ssd_cin_episodes": blank})
    assert set(counted["table"]) == {"ssd_cin_episodes"}
    assert set(counted["rows"]) == {5}
    missing = dict(zip(counted["column"], counted["missing"], strict=True))
    assert missing == {
        "cine_referral_id": 0,
        "cine_person_id": 0,
        "cine_referral_date": 0,
        "cine_cin_primary_need_code": 2,
        "cine_referral_source_code": 1,
        "cine_referral_outcome_json": 5,
        "cine_referral_nfa": 5,
        "cine_close_reason": 2,
        "cine_close_date": 2,
    }
    required = set(counted.filter(pl.col("required"))["column"])
    assert required == TABLES["ssd_cin_episodes"].required


def counts(records: Records, column: str) -> list[tuple[str, int, int, int]]:
    found = count_codes(records).filter(column=column)
    return found.select("year", "filled", "foreign", "other_years").rows()


def test_codes_are_counted_by_the_year_of_the_return_in_which_they_were_in_use(drawn_records: Draw) -> None:
    records = drawn_records(referrals=REFERRALS)
    # 5D and RC9 came with the return of April 2022 to March 2023.
    assert counts(records, "cine_referral_source_code") == [("2022", 1, 0, 1), ("2023", 3, 1, 0)]
    assert counts(records, "cine_cin_primary_need_code") == [("2022", 1, 0, 0), ("2023", 2, 1, 0)]
    # A reason belongs to the day of the closure; the year of a wrong date is not named.
    assert counts(records, "cine_close_reason") == [("2022", 1, 0, 1), ("2023", 1, 0, 0), ("other", 1, 0, 0)]


def test_each_code_of_a_list_counts_in_the_year_in_which_its_assessment_was_authorised(
    drawn_records: Draw,
) -> None:
    records = drawn_records(
        assessments="""
            assessment | child | started    | authorised
            X          | A     | 2021-03-01 | 2021-03-31
            Y          | A     | 2021-03-01 | 2021-04-01""",
        factors="""
            assessment | factors
            X          | ["1A", "24A"]
            Y          | ["24A", "told by a neighbour"]
            Z          | [] """,
    )
    assert counts(records, "cinf_assessment_factors_json") == [("2021", 2, 0, 1), ("2022", 2, 1, 0)]


def test_tables_without_a_date_have_no_year(drawn_records: Draw) -> None:
    records = drawn_records(
        disabilities="child | code\nA | AUT\nA | aut", children="child | born\nA | 2010-01-01"
    )
    assert counts(records, "disa_disability_code") == [("", 2, 1, 0)]
    assert counts(records, "pers_sex") == [("", 0, 0, 0)]


def test_codes_with_years_are_of_their_code_set_and_days_are_of_their_table() -> None:
    for column, codes in YEARS.items():
        assert set(codes) <= CODE_SETS[column]
        assert all(first <= last for first, last in codes.values())
    columns = [set(table.columns) for table in TABLES.values()]
    assert all(any({column, day} <= names for names in columns) for column, day in DATED_BY.items())


def test_without_rows_nothing_is_counted(drawn_records: Draw) -> None:
    records = drawn_records((date(2020, 1, 1), date(2020, 12, 31)))
    assert count_codes(records).is_empty()
    assert count_missing(records.tables).is_empty()
