from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from csc_experiments.errors import MissingColumnError, UnknownChoiceError
from csc_experiments.report import FORMATS, to_csv, to_html, to_json, to_latex, to_markdown, to_text

METRICS = ("average_precision", "roc_auc")
KEYS = ("study", "authority", "dataset", "question", "representation", "classifier", "validation")
ESTIMATES = [f"{metric}{end}" for metric in METRICS for end in ("", "_low", "_high")]

LATEX = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\textquotedbl{}": '"',
    **{f"\\{mark}": mark for mark in "&%$#_{}"},
}

Rows = list[list[str]]

names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
figures = st.one_of(st.just(math.nan), st.floats(0, 1))


@st.composite
def comparisons(draw: st.DrawFn) -> pd.DataFrame:
    """Draw one to four cells with any printable names and any figures, known or not."""
    counts = st.integers(0, 10**7)
    columns: dict[str, st.SearchStrategy[object]] = {
        **dict.fromkeys(KEYS, names),
        **dict.fromkeys(("families", "rows", "positives"), counts),
        **dict.fromkeys(("prevalence", "average_precision_chance", *ESTIMATES), figures),
        "run_id": names,
    }
    return pd.DataFrame(draw(st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=4)))


def read_markdown(text: str) -> Rows:
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    rows = [re.split(r" (?<!\\)\| ", line[2:-2]) for line in lines]
    return [[re.sub(r"\\(.)", r"\1", value) for value in row] for row in [rows[0], *rows[2:]]]


def read_latex(text: str) -> Rows:
    body = text.partition("\\toprule\n")[2].partition("\n\\bottomrule")[0]
    lines = [line.removesuffix(" \\\\") for line in body.splitlines() if line != "\\midrule"]
    marks = re.compile("|".join(map(re.escape, LATEX)))
    return [[marks.sub(lambda mark: LATEX[mark[0]], cell) for cell in line.split(" & ")] for line in lines]


def read_html(text: str) -> Rows:
    rows = html.fragment_fromstring(text).findall(".//tr")
    return [[cell.text_content() for cell in row] for row in rows]


READERS: dict[str, tuple[Callable[[pd.DataFrame, tuple[str, ...]], str], Callable[[str], Rows]]] = {
    "markdown": (to_markdown, read_markdown),
    "latex": (to_latex, read_latex),
    "html": (to_html, read_html),
}


def shown(row: pd.Series, metric: str) -> str:
    """Say an estimate the obvious slow way."""
    value, low, high = (float(row[f"{metric}{end}"]) for end in ("", "_low", "_high"))
    if math.isnan(value):
        return "not available"
    if math.isnan(low) or math.isnan(high):
        return f"{value:.2f} (interval not available)"
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def shown_alone(value: float) -> str:
    return "not available" if math.isnan(value) else f"{value:.2f}"


def expected_row(row: pd.Series) -> dict[str, str]:
    return {
        "Authority": str(row["authority"]),
        "Representation": str(row["representation"]),
        "Classifier": str(row["classifier"]),
        "Families": f"{row['families']:,}",
        "Cases": f"{row['rows']:,}",
        "Outcomes": f"{row['positives']:,}",
        "Prevalence": shown_alone(float(row["prevalence"])),
        "Chance": shown_alone(float(row["average_precision_chance"])),
        "Average precision": shown(row, "average_precision"),
        "AUC": shown(row, "roc_auc"),
    }


@pytest.mark.parametrize("form", READERS)
@settings(max_examples=50)
@given(comparison=comparisons())
def test_a_readers_format_holds_each_cell_once_whatever_its_names(
    form: str, comparison: pd.DataFrame
) -> None:
    write, read = READERS[form]
    headings, *rows = read(write(comparison, METRICS))
    assert len(rows) == len(comparison)
    for values, (_, row) in zip(rows, comparison.iterrows(), strict=True):
        said = dict(zip(headings, values, strict=True))
        assert {heading: said[heading] for heading in expected_row(row)} == expected_row(row)


@settings(max_examples=50)
@given(comparison=comparisons())
def test_json_and_csv_keep_every_figure_in_full(comparison: pd.DataFrame) -> None:
    records = json.loads(to_json(comparison, METRICS))
    lines = list(csv.DictReader(io.StringIO(to_csv(comparison, METRICS), newline="")))
    assert len(records) == len(lines) == len(comparison)
    for record, line, (_, row) in zip(records, lines, comparison.iterrows(), strict=True):
        assert list(record) == list(line)
        assert set(record) == set(comparison.columns)
        for column, value in row.items():
            if isinstance(value, float) and math.isnan(value):
                assert record[column] is None
                assert line[str(column)] == ""
            else:
                assert record[column] == value
                assert line[str(column)] == str(value)


def test_counts_are_whole_numbers_in_json(comparison: pd.DataFrame) -> None:
    assert '"families": 903,' in to_json(comparison, METRICS)


def test_keys_stand_in_the_same_order_whatever_the_order_of_the_columns(comparison: pd.DataFrame) -> None:
    turned = comparison[comparison.columns[::-1]]
    for write in FORMATS.values():
        assert write(comparison, METRICS) == write(turned, METRICS)


def test_text_shows_cells_tested_on_the_same_cases_together(comparison: pd.DataFrame) -> None:
    text = to_text(comparison.drop(index=2), METRICS)
    expected = """\
3 cells. Study: pilot. Dataset: all. Question: returns.

Authority: la1. Validation: random_families. Families: 903. Cases: 1,204. Outcomes: 101.
Representation  Classifier           Prev.  Chance  Average precision    AUC
--------------  -------------------  -----  ------  -------------------  -------------------
structured      logistic_regression  0.08   0.10    0.31 (0.22 to 0.41)  0.71 (0.66 to 0.76)
tfidf           xgboost              0.08   0.10    0.10 (0.07 to 0.13)  0.61 (0.56 to 0.66)

Authority: la2. Validation: temporal. Families: 903. Cases: 1,204. Outcomes: 229.
Representation  Classifier           Prev.  Chance  Average precision    AUC
--------------  -------------------  -----  ------  -------------------  -------------------
tfidf           xgboost              0.19   0.22    not available        0.51 (0.46 to 0.56)
"""
    assert text == expected


def test_text_fits_a_terminal_with_the_names_that_come_with_the_project(comparison: pd.DataFrame) -> None:
    conf = Path(__file__).parents[2] / "conf"
    longest = {
        group: max((file.stem for file in (conf / group).glob("*.yaml")), key=len)
        for group in ("representation", "classifier")
    }
    many = comparison.assign(**longest, **dict.fromkeys(("families", "rows", "positives"), 1_234_567))
    labelled = many.assign(representation_label="r" * 90, classifier_label="c" * 90)
    assert max(map(len, to_text(labelled, METRICS).splitlines())) <= 110
    unknown = many.assign(prevalence=math.nan)
    assert max(map(len, to_text(unknown, METRICS).splitlines())) <= 110


@settings(max_examples=50)
@given(comparison=comparisons())
def test_text_has_one_line_per_cell(comparison: pd.DataFrame) -> None:
    lines = to_text(comparison, METRICS).splitlines()
    for name, cells in comparison.groupby("representation"):
        assert sum(line.startswith(f"{name} ") for line in lines) >= len(cells)
    setting = ["study", "dataset", "question", "authority", "validation"]
    blocks = comparison.groupby([*setting, "families", "rows", "positives"]).ngroups
    dividers = [line for line in lines if set(line) == {"-", " "}]
    headings = [line for line in lines if line.startswith("Representation ") and "Prev." in line]
    assert len(dividers) == blocks
    assert len(headings) >= blocks


def test_names_that_a_format_would_read_as_markup_are_escaped(comparison: pd.DataFrame) -> None:
    assert r"a\_b\&c\<d\>\|e% " in to_markdown(comparison, METRICS)
    assert r"a\_b\&c\textless{}d\textgreater{}\textbar{}e\%" in to_latex(comparison, METRICS)
    assert "a_b&amp;c&lt;d&gt;|e%" in to_html(comparison, METRICS)


def test_a_name_cannot_break_out_of_its_line(comparison: pd.DataFrame) -> None:
    broken = comparison.assign(authority="la\n\n1", study="pi\nlot")
    for write in (to_text, to_markdown, to_latex):
        assert len(write(broken, METRICS).splitlines()) == len(
            write(comparison.assign(authority="la1"), METRICS).splitlines()
        )


@pytest.mark.parametrize("form", FORMATS)
def test_prevalence_and_chance_stand_directly_before_average_precision(
    form: str, comparison: pd.DataFrame
) -> None:
    text = FORMATS[form](comparison, ("roc_auc", "average_precision")).lower().replace("prev.", "prevalence")
    text = re.sub("</?th[^>]*>", "", text.replace("average_precision_chance", "chance"))
    first = text.partition("prevalence")[2].partition("chance")
    second = first[2].partition("average")
    assert first[1]
    assert second[1]
    assert re.search("[a-z]{3}", first[0] + second[0]) is None


@pytest.mark.parametrize("form", FORMATS)
def test_only_the_metrics_asked_for_are_shown(form: str, comparison: pd.DataFrame) -> None:
    text = FORMATS[form](comparison, ("roc_auc",))
    assert "recision" not in text
    # Chance is that of average precision, and would be taken for the AUC's.
    assert "hance" not in text
    assert re.search("prevalence|prev.", text, re.IGNORECASE)


def test_a_metric_of_a_later_step_is_shown_without_being_known_here(comparison: pd.DataFrame) -> None:
    later = comparison.assign(net_benefit=0.5, net_benefit_low=0.4, net_benefit_high=0.6)
    assert read_html(to_html(later, ("net_benefit",)))[1][-1] == "0.50 (0.40 to 0.60)"
    assert read_html(to_html(later, ("net_benefit",)))[0][-1] == "Net benefit"


@pytest.mark.parametrize("form", FORMATS)
def test_an_unknown_metric_is_refused_with_those_that_there_are(form: str, comparison: pd.DataFrame) -> None:
    with pytest.raises(UnknownChoiceError, match=r"'brier'\. Choose from: average_precision, roc_auc\."):
        FORMATS[form](comparison, ("brier",))


def test_a_frame_that_is_not_a_comparison_is_refused(comparison: pd.DataFrame) -> None:
    with pytest.raises(MissingColumnError, match="no column run_id"):
        to_json(comparison.drop(columns="run_id"), METRICS)


@pytest.mark.parametrize("column", ["prevalence", "average_precision_chance"])
@pytest.mark.parametrize("form", FORMATS)
def test_the_lines_to_hold_a_score_against_are_required(
    form: str, column: str, comparison: pd.DataFrame
) -> None:
    with pytest.raises(MissingColumnError, match=f"no column {column}"):
        FORMATS[form](comparison.drop(columns=column), METRICS)


def test_text_never_says_the_counts_of_one_cell_of_another(comparison: pd.DataFrame) -> None:
    text = to_text(comparison.head(2).assign(families=[903, 904]), METRICS)
    assert "Families: 903." in text.partition("structured ")[0]
    assert "Families: 904." in text.partition("structured ")[2].partition("tfidf ")[0]


@pytest.mark.parametrize("form", READERS)
def test_a_dataset_that_only_repeats_the_authority_has_no_column(form: str, comparison: pd.DataFrame) -> None:
    write, read = READERS[form]
    assert "Dataset" not in read(write(comparison.assign(dataset=comparison["authority"]), METRICS))[0]
    assert "Dataset" in read(write(comparison.assign(dataset=comparison["validation"]), METRICS))[0]


@pytest.mark.parametrize("form", FORMATS)
def test_no_cells_make_an_empty_table(form: str, comparison: pd.DataFrame) -> None:
    text = FORMATS[form](comparison.head(0), METRICS)
    assert "la1" not in text
    assert text.endswith("\n")
