from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from csc_experiments.report import to_csv, to_html, to_json, to_latex, to_markdown, to_text

METRICS = ("average_precision", "roc_auc")
NAMES = ("study", "authority", "dataset", "question", "representation", "classifier", "validation")
LABELS = ("question_label", "representation_label", "classifier_label", "validation_label")
DOCUMENTS = (to_markdown, to_latex, to_html)

texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
FIGURES = (
    "prevalence",
    "average_precision_chance",
    *(f"{metric}{end}" for metric in METRICS for end in ("", "_low", "_high")),
)


def cells(number: int) -> pd.DataFrame:
    """Invent cells that differ in nothing but their run."""
    row = dict.fromkeys(NAMES, "bare") | dict.fromkeys(("families", "rows", "positives"), 30)
    return pd.DataFrame([row | dict.fromkeys(FIGURES, 0.5) | {"run_id": f"r{i}"} for i in range(number)])


@settings(max_examples=50)
@given(drawn=st.dictionaries(st.sampled_from(LABELS), st.lists(st.none() | texts, min_size=3, max_size=3)))
def test_json_and_csv_carry_whatever_labels_there_are_beside_the_names(
    drawn: dict[str, list[str | None]],
) -> None:
    labelled = cells(3).assign(**{column: pd.Series(said, dtype="str") for column, said in drawn.items()})
    records = json.loads(to_json(labelled, METRICS))
    lines = list(csv.DictReader(io.StringIO(to_csv(labelled, METRICS), newline="")))
    for place, (record, line) in enumerate(zip(records, lines, strict=True)):
        assert list(record) == list(line)
        assert set(record) == set(labelled.columns)
        assert {column: record[column] for column in drawn} == {c: said[place] for c, said in drawn.items()}
        assert {column: line[column] for column in drawn} == {
            c: said[place] or "" for c, said in drawn.items()
        }
        assert {record[name] for name in NAMES} == {"bare"}


def test_documents_say_labels_and_names_only_where_there_is_none(comparison: pd.DataFrame) -> None:
    labelled = comparison.assign(
        question_label="Does the child return?",
        validation_label=comparison["validation"].map({"random_families": "everybody", "temporal": "later"}),
        representation_label=["structured data", math.nan, "structured data", " "],
    )
    table = html.fragment_fromstring(to_html(labelled, METRICS))
    assert "Question: Does the child return?" in table.findtext("caption")
    named = [[heading.text for heading in row.findall("th")] for row in table.findall("tbody/tr")]
    assert [(row[1], row[3]) for row in named] == [
        ("structured data", "everybody"),
        ("tfidf", "everybody"),
        ("structured data", "later"),
        ("tfidf", "later"),
    ]


@pytest.mark.parametrize("write", DOCUMENTS)
def test_a_label_stands_where_the_name_would(
    write: Callable[[pd.DataFrame, tuple[str, ...]], str], comparison: pd.DataFrame
) -> None:
    renamed = comparison.assign(classifier=["a line", "trees", "another", "trees"])
    labelled = comparison.assign(classifier_label=renamed["classifier"])
    assert write(labelled, METRICS) == write(renamed, METRICS)


@pytest.mark.parametrize("write", DOCUMENTS)
def test_a_label_of_two_names_is_not_used(
    write: Callable[[pd.DataFrame, tuple[str, ...]], str], comparison: pd.DataFrame
) -> None:
    same = comparison.assign(representation_label="data", classifier_label="a model")
    assert write(same, METRICS) == write(comparison, METRICS)


def test_text_keeps_the_names_that_the_commands_take(comparison: pd.DataFrame) -> None:
    labelled = comparison.assign(**dict.fromkeys(LABELS, "in words"))
    assert to_text(labelled, METRICS) == to_text(comparison, METRICS)
