from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from csc_experiments.errors import NoRunsError, UnknownChoiceError
from csc_experiments.report import write_page
from csc_experiments.report.cells import read_cells
from csc_experiments.report.chart import chart_svg
from csc_experiments.report.findings import summary

METRICS = ("average_precision", "roc_auc")


NASTY = "a_b&c<d>|e%"


def filled_marks(chart: str) -> int:
    """Count the cells whose mark is filled; the legend draws its marks with a thinner edge."""
    styles = [use.get("style") for use in html.fragment_fromstring(chart).iter("use")]
    return sum("stroke-width: 1.8" in style and "fill: #ffffff" not in style for style in styles)


@pytest.fixture
def source(comparison: pd.DataFrame, tmp_path: Path) -> str:
    path = tmp_path / "reports" / "page.html"
    write_page(comparison, path, title="Pilot & <after>", notes=["All <invented>.", "Second note."])
    return path.read_text(encoding="utf-8")


@pytest.fixture
def page(source: str) -> html.HtmlElement:
    return html.document_fromstring(source)


def test_the_page_needs_nothing_beside_it(source: str, page: html.HtmlElement) -> None:
    resources = [value for _, _, value, _ in page.iterlinks() if not value.startswith("#")]
    assert resources == []
    assert page.findall(".//script") == []
    assert page.findall(".//link") == []
    assert "@import" not in source
    # The name of the SVG language is the only address; it is never fetched.
    assert set(re.findall(r"https?://[^\"' ]+", source)) <= {"http://www.w3.org/2000/svg"}


def test_the_page_says_its_language_and_has_headings_in_order(page: html.HtmlElement) -> None:
    assert page.get("lang") == "en-GB"
    levels = [int(element.tag[1]) for element in page.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.findtext(".//title") == page.findtext(".//h1") == "Pilot & <after>"


def test_the_skip_link_leads_to_the_content(page: html.HtmlElement) -> None:
    first = page.find(".//body")[0]
    assert first.tag == "a"
    assert page.get_element_by_id(first.get("href").removeprefix("#")).tag == "main"


def test_every_table_has_a_caption_and_every_heading_a_scope(page: html.HtmlElement) -> None:
    tables = page.findall(".//table")
    assert len(tables) == 2
    assert all(table.findtext("caption") for table in tables)
    assert {heading.get("scope") for heading in page.findall(".//th")} == {"col", "row"}


def test_whatever_scrolls_can_be_reached_and_is_named(page: html.HtmlElement) -> None:
    regions = page.xpath("//div[@role='region']")
    assert len(regions) == 3
    assert {region.get("tabindex") for region in regions} == {"0"}
    for region in regions:
        named = region.get("aria-label") or page.get_element_by_id(region.get("aria-labelledby")).text
        assert named


def test_identifiers_are_unique_and_all_references_lead_somewhere(page: html.HtmlElement) -> None:
    identifiers = page.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    referred = [word for value in page.xpath("//@aria-labelledby") for word in value.split()]
    referred += [value.removeprefix("#") for value in page.xpath("//@href")]
    assert set(referred) <= set(identifiers)


def test_the_chart_is_an_image_with_words(page: html.HtmlElement) -> None:
    (chart,) = page.xpath("//*[@role='img']")
    assert chart.tag == "svg"
    words = [page.get_element_by_id(name).text for name in chart.get("aria-labelledby").split()]
    assert words[0] == "Average precision of every cell"
    assert words[1] == (
        "la1, random_families: 2 cells, chance 0.10, highest average precision 0.31 (0.22 to 0.41) "
        "with structured, logistic_regression. "
        "la2, temporal: 2 cells, chance 0.22, highest average precision 0.70 (0.60 to 0.77) "
        "with structured, a_b&c<d>|e%."
    )


def test_the_page_has_one_row_per_cell_and_says_what_is_not_available(page: html.HtmlElement) -> None:
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    assert [(row[0], row[1], row[-2]) for row in rows] == [
        ("structured", "logistic_regression", "0.31 (0.22 to 0.41)"),
        ("tfidf", "xgboost", "0.10 (0.07 to 0.13)"),
        ("structured", NASTY, "0.70 (0.60 to 0.77)"),
        ("tfidf", "xgboost", "not available"),
    ]


def test_what_the_cells_of_a_table_share_is_said_above_it(page: html.HtmlElement) -> None:
    first, second = (caption.text for caption in page.iter("caption"))
    assert first == (
        "2 cells. Study: pilot. Authority: la1. Dataset: all. Question: returns. "
        "Validation: random_families. Families: 903. Cases: 1,204. Outcomes: 101."
    )
    assert second == (
        "2 cells. Study: pilot. Authority: la2. Dataset: all. Question: returns. "
        "Validation: temporal. Families: 903. Cases: 1,204. Outcomes: 229."
    )


def test_notes_are_text_and_never_markup(page: html.HtmlElement) -> None:
    assert [item.text for item in page.findall(".//li")] == ["All <invented>.", "Second note."]


def test_the_page_is_the_same_every_time(comparison: pd.DataFrame, tmp_path: Path, source: str) -> None:
    again = tmp_path / "again.html"
    write_page(comparison, again, title="Pilot & <after>", notes=["All <invented>.", "Second note."])
    assert again.read_bytes() == source.encode()


def test_the_summary_tells_the_threshold_and_the_intervals(comparison: pd.DataFrame) -> None:
    # The interval of la1's tfidf (0.07 to 0.13) holds its chance of 0.10.
    cells = read_cells(comparison, METRICS)
    assert summary(cells, 0.65) == (
        "This page compares 4 cells from 2 authorities on 1 question. "
        "1 cell reaches the success threshold of 0.65, and 2 of 3 intervals lie wholly above chance. "
        "Chance is what a random order of the same cases would score on average; in large folds it is all "
        "but equal to the prevalence."
    )
    assert "No cell reaches the success threshold of 0.80" in summary(cells, 0.8)
    assert "2 cells reach the success threshold of 0.30" in summary(cells, 0.3)


def test_the_summary_of_cells_without_figures_claims_nothing(comparison: pd.DataFrame) -> None:
    cells = read_cells(comparison.tail(1), METRICS)
    assert (
        "No cell reaches the success threshold of 0.65, and no cell has an interval to hold against chance."
    ) in summary(cells, 0.65)
    assert "average precision not available" in chart_svg(cells, 0.65)


@pytest.mark.parametrize(("low", "above"), [(0.0961, 1), (0.096, 0), (0.09, 0), (0.08, 0)])
def test_only_an_interval_wholly_above_chance_is_above_it(
    comparison: pd.DataFrame, low: float, above: int
) -> None:
    # The prevalence is 0.084: to lie above it is not enough, and nothing but chance decides.
    cells = read_cells(comparison.head(1).assign(average_precision_low=low), METRICS)
    assert f"{above} of 1 interval lie" in summary(cells, 0.65)
    assert filled_marks(chart_svg(cells, 0.65)) == above


def test_without_chance_no_interval_is_judged(comparison: pd.DataFrame) -> None:
    cells = read_cells(comparison.assign(average_precision_chance=math.nan), METRICS)
    assert "no cell has an interval to hold against chance" in summary(cells, 0.65)
    assert filled_marks(chart_svg(cells, 0.65)) == 0


def test_the_line_in_the_chart_is_chance_and_not_the_prevalence(comparison: pd.DataFrame) -> None:
    drawn = chart_svg(read_cells(comparison, METRICS), 0.65)
    assert chart_svg(read_cells(comparison.assign(prevalence=0.5), METRICS), 0.65) == drawn
    assert chart_svg(read_cells(comparison.assign(average_precision_chance=0.05), METRICS), 0.65) != drawn


def test_the_page_calls_nothing_but_chance_the_line_to_pass(page: html.HtmlElement) -> None:
    said = {term.text: " ".join(term.getnext().text_content().split()) for term in page.iter("dt")}
    sentence = (
        "Chance is what a random order of the same cases would score on average; in large folds it is all "
        "but equal to the prevalence."
    )
    assert said["Chance"].startswith(sentence)
    assert "reaches down to chance" in said["Interval"]
    assert sentence in " ".join(page.findtext(".//figcaption").split())
    assert page.get_element_by_id("chart").text == "Average precision against chance"
    assert "without skill" not in page.text_content()


def test_the_page_says_labels_in_headings_tables_and_chart(comparison: pd.DataFrame, tmp_path: Path) -> None:
    labels = {
        "question": {"returns": "Does the child return?"},
        "validation": {"random_families": "everybody", "temporal": "later children"},
        "representation": {"structured": "data alone", "tfidf": "text alone"},
        "classifier": {"logistic_regression": "a line", "xgboost": "trees", NASTY: "nasty <model>"},
    }
    labelled = comparison.assign(
        **{f"{name}_label": comparison[name].map(said) for name, said in labels.items()}
    )
    write_page(labelled, tmp_path / "page.html", title="Pilot", notes=[])
    page = html.document_fromstring((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert page.findtext(".//h3") == "Question: Does the child return?"
    captions = [caption.text for caption in page.iter("caption")]
    assert "Validation: everybody. " in captions[0]
    assert "Validation: later children. " in captions[1]
    assert page.xpath("//tbody/tr[1]/th[1]/text()") == ["data alone", "data alone"]
    drawn = {text.text for text in page.xpath("//*[@role='img']//text")}
    assert {"la1, everybody", "data alone", "text alone", "a line", "trees", "nasty <model>"} <= drawn
    words = page.text_content()
    bare = [name for said in labels.values() for name in said]
    assert [name for name in bare if re.search(rf"\b{re.escape(name)}\b", words)] == []


def test_the_chart_holds_no_more_than_two_decimals(comparison: pd.DataFrame) -> None:
    rounded = comparison.round(
        dict.fromkeys(["prevalence", *(f"average_precision{end}" for end in ("", "_low", "_high"))], 2)
    )
    assert chart_svg(read_cells(comparison, METRICS), 0.65) == chart_svg(read_cells(rounded, METRICS), 0.65)


@pytest.mark.parametrize("name", ["_hidden", "$x^2$", "</svg><script>", "a" * 80])
def test_the_chart_takes_any_name(comparison: pd.DataFrame, name: str) -> None:
    chart = html.fragment_fromstring(chart_svg(read_cells(comparison.assign(classifier=name), METRICS), 0.65))
    assert name in [text.text for text in chart.iter("text")]
    assert chart.findall(".//script") == []


def test_colour_and_shape_tell_forty_classifiers_apart(comparison: pd.DataFrame) -> None:
    many = pd.concat([comparison.head(1).assign(classifier=f"model {i}") for i in range(40)])
    drawn = html.fragment_fromstring(chart_svg(read_cells(many, METRICS), 0.65))
    pairs = {(use.get("href"), use.get("style")) for use in drawn.iter("use")}
    assert len(pairs) >= 40


def test_a_page_of_nothing_is_refused(comparison: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(NoRunsError):
        write_page(comparison.head(0), tmp_path / "page.html", title="Pilot", notes=[])
    with pytest.raises(UnknownChoiceError, match="average_precision"):
        write_page(
            comparison.drop(columns="average_precision_low"), tmp_path / "page.html", title="Pilot", notes=[]
        )
    assert list(tmp_path.iterdir()) == []
