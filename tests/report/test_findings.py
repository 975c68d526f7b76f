"""What the page claims: no more than the figures, and baselines never as successes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from lxml import html

from csc_experiments.report import write_page
from csc_experiments.report.cells import Cell, read_cells
from csc_experiments.report.findings import finding, selection, summary
from csc_experiments.report.panels import panels

METRICS = ("average_precision", "roc_auc")


@pytest.fixture
def cells(variants: pd.DataFrame) -> tuple[Cell, ...]:
    return read_cells(variants, METRICS)


def test_baselines_pass_no_line(cells: tuple[Cell, ...]) -> None:
    # A baseline of la2 scores 0.80, wholly above chance; of the others, one of three intervals is.
    assert summary(cells, 0.65).startswith(
        "This page compares 7 cells, 3 of them baselines, from 2 authorities on 1 question. "
        "Baselines aside, no cell reaches the success threshold of 0.65, and 1 of 3 intervals lies wholly "
        "above chance. "
    )
    assert "Baselines aside, 1 cell reaches the success threshold of 0.40" in summary(cells, 0.4)
    assert "1 of them a baseline," in summary(cells[1:3], 0.4)


def test_each_panel_tells_its_highest_and_its_baselines(cells: tuple[Cell, ...]) -> None:
    first, second, third = map(finding, panels(cells))
    assert first == (
        "Baselines aside, the highest average precision of 2 cells is 0.25 (0.16 to 0.35) with structured, "
        "logistic (seed=7); chance is 0.10. "
        "Baselines: prevalence 0.09 (0.07 to 0.12); previous 0.30 (0.21 to 0.40)."
    )
    assert second == (
        "The average precision is 0.40 (0.19 to 0.55) with structured, boosting; chance is 0.20. "
        "No baseline was run."
    )
    assert third == "Only baselines were run; chance is 0.30. Baseline: previous 0.80 (0.71 to 0.88)."


def test_a_panel_without_figures_claims_nothing(comparison: pd.DataFrame) -> None:
    (panel,) = panels(read_cells(comparison.tail(1), METRICS))
    assert finding(panel) == "Average precision not available; chance is 0.22. No baseline was run."


def test_a_baseline_that_stands_twice_says_which(variants: pd.DataFrame) -> None:
    twice = variants.head(2).assign(representation=["a", "b"], classifier="p")
    (panel,) = panels(read_cells(twice, METRICS))
    assert finding(panel).endswith("Baselines: a, p 0.09 (0.07 to 0.12); b, p 0.30 (0.21 to 0.40).")


def test_what_was_picked_is_said_to_be_picked_and_among_how_many_trials(cells: tuple[Cell, ...]) -> None:
    assert selection(panels(cells)).endswith("Each tuned cell chose among 5 to 20 trials per fold.")
    assert "flatters" in selection(panels(cells))
    assert selection(panels(cells[:3])) == "Each tuned cell chose among 5 trials per fold."
    assert selection(panels(cells[:2])) == ""


def test_the_page_has_one_finding_and_one_table_per_panel(variants: pd.DataFrame, tmp_path: Path) -> None:
    write_page(variants, tmp_path / "page.html", title="Pilot", notes=[])
    page = html.document_fromstring((tmp_path / "page.html").read_text(encoding="utf-8"))
    findings = page.xpath("//h2[text()='What came of it']/following-sibling::dl[1]")[0]
    titles = [panel.title for panel in panels(read_cells(variants, METRICS))]
    assert [term.text for term in findings.iter("dt")] == titles
    assert [len(table.findall("tbody/tr")) for table in page.iter("table")] == [4, 2, 1]
    regions = page.xpath("//div[@role='region'][.//table]/@aria-label")
    assert [title in region for title, region in zip(titles, regions, strict=True)] == [True] * 3
    assert page.text_content().count("trials per fold") == 1
    assert page.text_content().count("flatters") == 1
