"""Outcomes as labels of MEDS, and the flow as a drawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl
import pyarrow as pa
import pytest
from lxml import etree

from csc_experiments.history.events import build_history
from csc_experiments.questions.cohort import Cohort, ask
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.questions.drawing import flow_svg, flow_words
from csc_experiments.questions.labels import meds_labels
from csc_experiments.records import Records

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def cohort(drawn_records: Callable[..., Records], questions: dict[str, QuestionConfig]) -> Cohort:
    others = dict.fromkeys(("care", "protection"), "child | started\nZ | 2018-01-01")
    records = drawn_records(
        referrals="""
            child | referred   | nfa
            A     | 2020-06-01 | Y
            A     | 2020-02-01 | Y
            B     | 2020-01-01 | Y
            B     | 2022-06-01 | Y""",
        **others,
    )
    return ask(questions["closed_nfa_rereferred"], build_history(records))


def test_labels_are_of_the_label_schema_of_meds(cohort: Cohort) -> None:
    labels = meds_labels(cohort)
    assert labels.select("subject_id", "boolean_value").rows() == [(0, True), (0, False), (1, False)]
    assert labels["prediction_time"].is_sorted() is False
    table = labels.to_arrow()
    assert table.schema.field("subject_id").type == pa.int64()
    assert table.schema.field("prediction_time").type == pa.timestamp("us")
    assert table.schema.field("boolean_value").type == pa.bool_()
    assert table.schema.names[3:] == ["integer_value", "float_value", "categorical_value"]
    assert all(labels[name].null_count() == 3 for name in table.schema.names[3:])


def test_a_flow_is_drawn_with_every_count_that_is_not_nothing_and_told_in_words(cohort: Cohort) -> None:
    drawn = etree.fromstring(flow_svg(cohort.flow, "A < B & C").encode())
    said = [element.text for element in drawn.iter(f"{SVG}text")]
    assert said[:2] == ["4", "index events"]
    assert said[2:6] == ["3", "asked about", "1", "horizon ends after the records do"]
    assert "Removed nothing: CLA open" in said
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{SVG}title") == "A < B & C"
    assert drawn.findtext(f"{SVG}desc") == flow_words(cohort.flow, "A < B & C")
    assert flow_words(cohort.flow, "Flow").endswith("3 remain.")


def test_a_flow_that_removes_nothing_is_one_box() -> None:
    flow = pl.DataFrame([("index events", 0, 7)], ["criterion", "removed", "remaining"], orient="row")
    drawn = etree.fromstring(flow_svg(Cohort(pl.DataFrame(), flow, timedelta(1)).flow, "Flow").encode())
    assert [element.text for element in drawn.iter(f"{SVG}text")] == ["7", "index events"]
    assert flow_words(flow, "Flow") == "Flow. 7 index events. Left out: none. 7 remain."
