"""Several sources are one: each fact once, nothing lost, nobody's identifiers confused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from csc_experiments.records import TABLES, Records
from csc_experiments.records.combining import Part, combine
from csc_experiments.records.facts import KEYS, REFERENCES, TOLD_AT_ONCE
from csc_experiments.records.tables import Kind

Draw = Callable[..., Records]
Tables = Mapping[str, pl.DataFrame]


def test_one_referral_that_two_sources_tell_of_is_one_row_with_what_both_know(drawn_records: Draw) -> None:
    census = drawn_records(
        referrals="""
        child | referred   | source | need
        A     | 2020-02-01 | 6      | N1
        B     | 2020-03-01 | 1A     |
        """,
        assessments="""
        assessment | child | started
        X          | A     | 2020-02-03
        """,
    )
    annex = drawn_records(
        referrals="""
        child | referred   | source | closed     | need
        B     | 2020-03-01 | 2A     | 2020-05-01 | N4
        C     | 2020-04-01 | 2A     |            |
        """,
    )
    found = combine([Part("census", census.tables), Part("annex", annex.tables)])
    rows = found.tables["ssd_cin_episodes"].select(
        "cine_person_id",
        "cine_referral_source_code",
        "cine_cin_primary_need_code",
        pl.col("cine_close_date").cast(str),
    )
    assert rows.rows() == [("A", "6", "N1", None), ("B", "1A", "N4", "2020-05-01"), ("C", "2A", None, None)]
    assert found.disagreements == {("ssd_cin_episodes", "cine_referral_source_code"): 1}
    assert found.versions.select("source", "value").rows() == [("census", "1A"), ("annex", "2A")]


def test_a_later_return_ends_what_an_earlier_one_left_open_and_cannot_say_what_was_known_before(
    drawn_records: Draw,
) -> None:
    earlier = drawn_records(
        referrals="""
        child | referred   | source | need
        A     | 2020-02-01 | 6      | N1
        """,
        assessments="""
        assessment | child | started    | authorised
        X          | A     | 2020-02-03 | 2020-03-03
        """,
        factors="""
        assessment | factors
        X          | ["3B"]
        """,
    )
    later = drawn_records(
        referrals="""
        child | referred   | source | need | closed     | reason
        A     | 2020-02-01 | 1A     | N5   | 2020-09-01 | RC7
        """,
        assessments="""
        assessment | child | started    | authorised
        Y          | A     | 2020-02-03 | 2020-03-03
        """,
        factors="""
        assessment | factors
        Y          | ["3B","16A"]
        """,
    )
    found = combine([Part("2021", later.tables), Part("2020", earlier.tables)], first_told=TOLD_AT_ONCE)
    (referral,) = found.tables["ssd_cin_episodes"].rows(named=True)
    assert (referral["cine_referral_source_code"], referral["cine_cin_primary_need_code"]) == ("6", "N5")
    assert referral["cine_close_reason"] == "RC7"
    (factors,) = found.tables["ssd_assessment_factors"].rows(named=True)
    assert factors["cinf_assessment_factors_json"] == '["3B"]'
    assert factors["cinf_assessment_id"] == found.tables["ssd_cin_assessments"]["cina_assessment_id"][0]
    assert sum(found.disagreements.values()) == 3


def references_lead_somewhere(tables: Tables) -> bool:
    for name, frame in tables.items():
        for column in frame.columns:
            target = REFERENCES.get(column)
            if target is None or target not in tables or (name, column) == (target, column):
                continue
            own = tables[target][next(iter(TABLES[target].columns))]
            if not set(frame[column].drop_nulls()) <= set(own):
                return False
    return True


@given(data=st.data())
@hypothesis_settings(max_examples=40)
def test_nothing_is_lost_and_nothing_told_twice(
    any_records: st.SearchStrategy[Records], data: st.DataObject
) -> None:
    one, two = data.draw(any_records).tables, data.draw(any_records).tables
    found = combine([Part("one", one), Part("two", two)]).tables
    for name, key in KEYS.items():
        told = [tables[name].drop_nulls(key).select(key) for tables in (one, two)]
        most = pl.concat([frame.group_by(key).len() for frame in told]).group_by(key).agg(pl.col("len").max())
        if name == "ssd_assessment_factors" or name not in found:
            continue
        counted = found[name].drop_nulls(key).group_by(key).len()
        assert_frame_equal(counted.sort(key), most.sort(key), check_dtypes=False)


@given(data=st.data())
@hypothesis_settings(max_examples=30)
def test_a_source_alone_and_a_source_beside_itself_are_what_it_is(
    any_records: st.SearchStrategy[Records], data: st.DataObject
) -> None:
    tables = {name: frame for name, frame in data.draw(any_records).tables.items() if frame.height}
    alone = combine([Part("one", tables)]).tables
    for name, frame in tables.items():
        assert_frame_equal(alone[name], frame)
    twice = combine([Part("one", tables), Part("again", tables)])
    for name in set(tables) & set(KEYS) - {"ssd_assessment_factors"}:
        key = list(KEYS[name])
        assert_frame_equal(twice.tables[name].drop_nulls(key), tables[name].drop_nulls(key))
    assert not twice.disagreements


def test_identifiers_of_two_sources_are_never_confused(drawn_records: Draw) -> None:
    drawn = """
        assessment | child | started
        1          | {}    | 2020-02-03
        """
    parts = [Part(child, drawn_records(assessments=drawn.format(child)).tables) for child in "AB"]
    found = combine(parts).tables
    assert found["ssd_cin_assessments"]["cina_assessment_id"].n_unique() == 2
    assert references_lead_somewhere(found)


def test_every_reference_names_a_table_that_stands_before_its_own() -> None:
    order = list(TABLES)
    for name, table in TABLES.items():
        for column in table.columns:
            if column in REFERENCES and REFERENCES[column] != name:
                assert order.index(REFERENCES[column]) < order.index(name)
            if column in REFERENCES:
                assert table.columns[column] is Kind.ID


@pytest.mark.parametrize("column", sorted(TOLD_AT_ONCE))
def test_what_is_told_at_once_is_a_standard_column(column: str) -> None:
    assert any(column in table.columns for table in TABLES.values())


def test_every_row_says_which_sources_tell_of_it(drawn_records: Draw) -> None:
    census = drawn_records(
        referrals="""
        child | referred
        A     | 2020-02-01
        B     | 2020-03-01
        """
    )
    annex = drawn_records(
        referrals="""
        child | referred
        B     | 2020-03-01
        C     | 2020-04-01
        """
    )
    found = combine([Part("census", census.tables), Part("annex", annex.tables)])
    told = found.tables["ssd_cin_episodes"].select("cine_person_id", found.origins["ssd_cin_episodes"])
    assert told.rows() == [("A", "census"), ("B", "census; annex"), ("C", "annex")]
    links = drawn_records(
        referrals="""
        child | referred
        A     | 2020-02-01
        """
    )
    again = combine([Part("links", links.tables), Part("both", found.tables, found.origins)])
    told = again.tables["ssd_cin_episodes"].select("cine_person_id", again.origins["ssd_cin_episodes"])
    assert told.rows() == [("A", "links; census"), ("B", "census; annex"), ("C", "annex")]


def test_what_was_said_before_follows_the_row_that_stands(drawn_records: Draw) -> None:
    """Versions name rows of the records that are written, however often sources were put together."""
    drawn = """
        child | referred   | source
        A     | 2020-02-01 | {}
        """
    years = [
        Part(f"{year}", drawn_records(referrals=drawn.format(code)).tables)
        for year, code in ((2021, "1A"), (2020, "6"))
    ]
    inner = combine(years)
    other = drawn_records(
        referrals="""
        child | referred   | source
        B     | 2020-01-01 | 6
        A     | 2020-02-01 | 1A
        """
    )
    outer = combine([Part("annex", other.tables), Part("census", inner.tables, versions=inner.versions)])
    (standing,) = outer.tables["ssd_cin_episodes"].filter(pl.col("cine_person_id") == "A")["cine_referral_id"]
    assert outer.versions.select("id", "source", "value").rows() == [
        (standing, "2021", "1A"),
        (standing, "2020", "6"),
    ]
