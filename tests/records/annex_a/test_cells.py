"""Dates, codes and answers in Annex A are read however they are spelt."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.records.annex_a.cells import code_in, iso_day, spell, yes_or_no
from csc_experiments.records.tables import Kind
from csc_experiments.synthetic.formats.annex_a_labels import (
    ABUSE,
    CEASED,
    CLOSURE,
    LEGAL,
    NEED,
    PLACEMENT,
    PROVIDER,
    SOURCE,
)


@pytest.mark.parametrize(
    "text",
    [
        "2020-09-06", "2020-09-06T00:00:00", "06/09/2020", "6/9/20", "06.09.2020", "06-09-2020 00:00",
        "6 Sep 2020", "06-SEP-20", "6th September 2020", "2020/09/06", "44080", "44080.5",
    ],
)  # fmt: skip
def test_a_date_in_any_style_is_that_day(text: str) -> None:
    assert iso_day(text)[:10] == "2020-09-06"


@given(st.dates(date(1990, 1, 1), date(2029, 12, 31)))
def test_any_day_is_read_back_from_every_style(day: date) -> None:
    styles = ("%d/%m/%Y", "%d/%m/%y", "%d %B %Y", "%d-%b-%y", "%d.%m.%Y", "%Y/%m/%d", "%Y-%m-%d")
    assert {iso_day(day.strftime(style)) for style in styles} == {day.isoformat()}
    assert iso_day(f"{(day - date(1899, 12, 30)).days}") == day.isoformat()


@pytest.mark.parametrize("text", ["soon", "31/13/2020", "", "6", "999999", "Mon", "12/2020"])
def test_what_is_no_date_is_set_aside(text: str) -> None:
    found = spell(pl.Series([text]), Kind.DATE, "cont_contact_date").str.to_date(strict=False)
    assert found.to_list() == [None]


def test_codes_are_read_from_every_label_of_the_guidance() -> None:
    labels = {
        "cont_contact_source_code": SOURCE, "cine_cin_primary_need_code": NEED, "cine_close_reason": CLOSURE,
        "lega_legal_status": LEGAL, "clae_cla_episode_ceased_reason": CEASED,
        "cppl_cp_plan_initial_category": ABUSE, "clap_cla_placement_type": PLACEMENT,
        "clap_cla_placement_provider": PROVIDER,
    }  # fmt: skip
    for column, known in labels.items():
        for code, label in known.items():
            assert code_in(label, column) == code
            assert code_in(code.lower(), column) == code


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("pers_sex", "Female", "F"),
        ("pers_sex", "F", "F"),
        ("pers_sex", "b)Female", "F"),
        ("pers_sex", "c) Not stated/recorded", "U"),
        ("pers_ethnicity", "a) WBRI", "WBRI"),
        ("pers_ethnicity", "White British", "WBRI"),
        ("pers_ethnicity", "White and Black Caribbean", "MWBC"),
        ("cppl_cp_plan_initial_category", "Physical abuse", "PHY"),
        ("cppl_cp_plan_initial_category", "Neglect, Emotional", "MUL"),
        ("cont_contact_source_code", "Police", "6"),
        ("cont_contact_source_code", "Individual", "Individual"),
        ("cine_close_reason", "RC7: Child\N{RIGHT SINGLE QUOTATION MARK}s case closed", "RC7"),
        ("clap_cla_placement_provider", "e) PR4 - Private provision", "PR4"),
    ],
)
def test_a_code_is_read_from_what_people_write(column: str, text: str, code: str) -> None:
    assert code_in(text, column) == code


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("a) Yes", "Y"),
        ("b) No", "N"),
        ("y", "Y"),
        ("TRUE", "Y"),
        ("0", "N"),
        ("No - no need", "N"),
        ("Nor", "Nor"),
    ],
)
def test_an_answer_is_read_from_what_people_write(text: str, answer: str) -> None:
    assert yes_or_no(text) == answer
