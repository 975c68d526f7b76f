"""What the names leave open is told in every format, and only where there is something to tell."""

from __future__ import annotations

import csv
import io
import json
import math

import pandas as pd
import pytest
from lxml import html

from csc_experiments.report import FORMATS, to_csv, to_html, to_json, to_latex, to_markdown

METRICS = ("average_precision", "roc_auc")
OPTIONAL = ["variant", "baseline", "tuning_trials", "cases"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_the_variant_of_each_row(form: str, variants: pd.DataFrame) -> None:
    text = FORMATS[form](variants, METRICS).replace("\\", "")
    for part in ("question.outcome.within_days=180", "question.outcome.within_days=365", "seed=7", "seed=8"):
        assert part in text
    assert "variant" in text.lower()


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("nothing", ["", None, math.nan])
def test_no_format_speaks_of_variants_where_there_are_none(
    form: str, nothing: object, comparison: pd.DataFrame
) -> None:
    blank = comparison.assign(variant=pd.Series([nothing] * len(comparison), dtype="object"))
    text = FORMATS[form](blank, METRICS)
    if form in {"csv", "json"}:
        assert '"variant": ""' in text or ",variant," in text
    else:
        assert text == FORMATS[form](comparison, METRICS)


def test_documents_have_a_column_for_it_beside_the_names(variants: pd.DataFrame) -> None:
    table = html.fragment_fromstring(to_html(variants, METRICS))
    assert [heading.text for heading in table.findall("thead/tr/th")][:4] == [
        "Authority",
        "Representation",
        "Classifier",
        "Variant",
    ]
    said = [row.findall("th")[3].text for row in table.findall("tbody/tr")]
    assert said == variants["variant"].to_list()
    assert (
        to_markdown(variants, METRICS)
        .splitlines()[2]
        .startswith("| Authority | Representation | Classifier | Variant |")
    )
    assert r"\begin{tabular}{lllp{4.5cm}rrrrrrr}" in to_latex(variants, METRICS)


def test_what_all_rows_have_is_said_once_above_them(variants: pd.DataFrame) -> None:
    table = html.fragment_fromstring(to_html(variants.tail(3), METRICS))
    assert table.findtext("caption").endswith("Variant: question.outcome.within_days=365; seed=7.")
    assert "Variant" not in [heading.text for heading in table.findall("thead/tr/th")]


def test_programs_get_the_columns_as_they_are(variants: pd.DataFrame) -> None:
    records = json.loads(to_json(variants, METRICS))
    assert [[record[column] for column in OPTIONAL] for record in records] == variants[
        OPTIONAL
    ].to_numpy().tolist()
    lines = list(csv.DictReader(io.StringIO(to_csv(variants, METRICS))))
    assert [[line[column] for column in OPTIONAL] for line in lines] == variants[OPTIONAL].astype(
        str
    ).to_numpy().tolist()


def test_programs_get_no_column_that_the_comparison_does_not_have(comparison: pd.DataFrame) -> None:
    assert not set(OPTIONAL) & set(json.loads(to_json(comparison, METRICS))[0])


def test_a_variant_cannot_break_out_of_its_line(variants: pd.DataFrame) -> None:
    broken = variants.assign(variant=["a\n\n=1 | b", *variants["variant"][1:]])
    for form in ("table", "markdown", "latex"):
        assert len(FORMATS[form](broken, METRICS).splitlines()) == len(
            FORMATS[form](
                variants.assign(variant=["a =1 | b", *variants["variant"][1:]]), METRICS
            ).splitlines()
        )
