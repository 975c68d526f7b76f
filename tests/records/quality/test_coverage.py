"""Rows are counted in the month of their date, or outside the coverage; each once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.records import TABLES, Kind, Records
from csc_experiments.records.quality import MAIN_DATE, count_months, count_outside

Draw = Callable[..., Records]
CONTACTS = """
    child | day
    A     | 2019-12-31
    A     | 2020-01-15
    B     | 2020-01-15
    A     | 2020-01-31
    A     | 2020-03-10
    A     | 2020-03-11"""
CONFERENCES = """
    child | day
    A     | 2020-02-01
    A     |"""
COVERAGE = (date(2020, 1, 15), date(2020, 3, 10))


def test_every_month_of_the_coverage_is_counted_and_what_lies_outside_beside_it(drawn_records: Draw) -> None:
    records = drawn_records(COVERAGE, contacts=CONTACTS, conferences=CONFERENCES)
    months = {(table, f"{month:%Y-%m}"): rows for table, month, rows in count_months(records).iter_rows()}
    assert months == {
        ("ssd_contacts", "2020-01"): 3,
        ("ssd_contacts", "2020-02"): 0,
        ("ssd_contacts", "2020-03"): 1,
        ("ssd_initial_cp_conference", "2020-01"): 0,
        ("ssd_initial_cp_conference", "2020-02"): 1,
        ("ssd_initial_cp_conference", "2020-03"): 0,
    }
    assert count_outside(records).rows() == [
        ("ssd_contacts", "cont_contact_date", 6, 1, 1, 0),
        ("ssd_initial_cp_conference", "icpc_icpc_date", 2, 0, 0, 1),
    ]


def test_every_main_date_is_a_day_of_its_table_and_every_table_with_a_day_of_its_own_has_one() -> None:
    for name, table in TABLES.items():
        days = [column for column, kind in table.columns.items() if kind is Kind.DATE]
        assert MAIN_DATE[name] in days if name in MAIN_DATE else not days or name == "ssd_person"


@settings(max_examples=20)
@given(data=st.data())
def test_no_row_is_lost_between_months_and_what_lies_outside(
    data: st.DataObject, any_records: st.SearchStrategy[Records]
) -> None:
    records = data.draw(any_records)
    months = count_months(records)
    for table, _, rows, before, after, undated in count_outside(records).iter_rows():
        assert rows == records[table].height
        assert rows == months.filter(table=table)["rows"].sum() + before + after + undated
