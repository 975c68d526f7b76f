"""What stands several times is counted beyond its first row; children who only look alike are not."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from csc_experiments.records import Records
from csc_experiments.records.quality import count_duplicates
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.simulation import simulate_lives

Draw = Callable[..., Records]


def found(tables: dict[str, pl.DataFrame]) -> dict[tuple[str, str], int]:
    rows = count_duplicates(tables).filter(pl.col("rows") > 0)
    return {(table, what): count for table, what, count in rows.select("table", "what", "rows").iter_rows()}


def test_rows_beyond_the_first_are_counted_by_identifier_and_by_content(drawn_records: Draw) -> None:
    records = drawn_records(
        children="""
            child | born
            A     | 2010-01-01
            A     | 2010-01-02
            A     | 2010-01-03
            B     | 2012-01-01""",
        contacts="""
            child | day        | source
            A     | 2020-01-01 | 1A
            A     | 2020-01-01 | 1A
            A     | 2020-01-01 | 2A
            A     | 2020-01-02 | 1A""",
        documents="""
            child | type      | authored   | text
            A     | case_note | 2020-01-01 | Seen.
            A     | case_note | 2020-01-01 | Seen.
            A     | case_note | 2020-01-01 | Seen!""",
    )
    assert found(dict(records.tables)) == {
        ("ssd_person", "rows whose pers_person_id stood in a row before"): 2,
        ("ssd_contacts", "rows that say the same as one before, but for cont_contact_id"): 1,
        ("documents", "rows that say the same as one before, but for document_id"): 1,
    }


def test_children_are_suspected_only_if_they_share_a_family_or_a_day_of_referral(drawn_records: Draw) -> None:
    records = drawn_records(
        children="""
            child  | born
            A      | 2010-01-01
            B      | 2010-01-01
            C      | 2010-01-01
            D      | 2010-01-01
            older  | 2008-01-01
            girl   | 2010-01-01""",
        families="""
            family | child
            F      | A
            F      | B
            F      | older
            F      | girl
            G      | C""",
        referrals="""
            child | referred
            C     | 2020-01-01
            D     | 2020-01-01
            A     | 2020-01-02""",
    )
    sex = pl.when(pl.col("pers_person_id") == "girl").then(pl.lit("F")).otherwise(pl.lit("M"))
    people = records["ssd_person"].with_columns(pers_sex=sex)
    alike = "with the same birth date, sex and ethnicity (twins, or one child)"
    assert found({**records.tables, "ssd_person": people}) == {
        ("ssd_person", f"children of one family {alike}"): 2,
        ("ssd_person", f"children referred on one day {alike}"): 2,
    }


def test_no_identifier_stands_twice_in_a_right_authority() -> None:
    tables = simulate_lives(AuthoritySettings(authority="la1", children=1000), 1).standard_tables()
    assert not [what for _, what in found(tables) if what.startswith("rows whose")]
