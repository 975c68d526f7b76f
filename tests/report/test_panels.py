"""Only cells that were tested on the same cases stand together."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.report import to_text
from csc_experiments.report.cells import NAMES, Cell, read_cells
from csc_experiments.report.chart import chart_svg, describe
from csc_experiments.report.estimate import Estimate
from csc_experiments.report.panels import panels

METRICS = ("average_precision", "roc_auc")
SETTING = ("study", "dataset", "question", "authority", "validation")


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    return Cell(
        names={name: draw(st.sampled_from("ab")) for name in NAMES},
        counts={"rows": draw(st.sampled_from([10, 20])), "families": 5, "positives": None},
        prevalence=0.1,
        chance=0.2,
        estimates={"average_precision": Estimate(draw(st.none() | st.floats(0, 1)), None, None)},
        run_id="r",
        variant=tuple(draw(st.lists(st.sampled_from(["seed=1", "seed=2", "code=0f"]), unique=True))),
        baseline=draw(st.booleans()),
        cases=draw(st.sampled_from(["", "c1", "c2"])),
    )


@settings(max_examples=100)
@given(st.lists(cells(), max_size=12))
def test_cells_share_a_panel_exactly_if_setting_cases_and_counts_agree(drawn: list[Cell]) -> None:
    shown = panels(drawn)
    place = {id(cell): number for number, panel in enumerate(shown) for cell in panel.cells}
    assert sorted(place) == sorted(map(id, drawn))
    for one in drawn:
        for other in drawn:
            alike = (
                all(one.names[name] == other.names[name] for name in SETTING)
                and one.cases == other.cases
                and one.counts == other.counts
            )
            assert (place[id(one)] == place[id(other)]) == alike


@settings(max_examples=100)
@given(st.lists(cells(), min_size=1, max_size=12))
def test_every_part_of_a_variant_is_said_of_the_panel_or_of_the_cell(drawn: list[Cell]) -> None:
    for panel in panels(drawn):
        for cell in panel.cells:
            own = panel.differs_by(cell)
            assert all((part in panel.title) or (part in own) for part in cell.variant)
            assert all(part not in own for part in panel.common)


@settings(max_examples=100)
@given(st.lists(cells(), min_size=1, max_size=12))
def test_the_best_is_no_baseline_and_nothing_passes_it(drawn: list[Cell]) -> None:
    for panel in panels(drawn):
        known = [c.precision.value for c in panel.cells if not c.baseline and c.precision.value is not None]
        assert (panel.best is None) == (not known)
        if panel.best is not None:
            assert not panel.best.baseline
            assert panel.best.precision.value == max(known)


def test_the_chart_and_the_text_have_the_same_panels(variants: pd.DataFrame) -> None:
    read = read_cells(variants, METRICS)
    titles = [panel.title for panel in panels(read)]
    assert titles == [
        "la1, v, question.outcome.within_days=180",
        "la1, v, question.outcome.within_days=365; seed=7",
        "la2, v, question.outcome.within_days=365; seed=7",
    ]
    drawn = chart_svg(read, 0.65)
    assert all(f">{title}<" in drawn for title in titles)
    # One of the four cells of the first panel differs from the others in its seed.
    assert [drawn.count(f">{seed}<") for seed in ("seed=7", "seed=8")] == [3, 1]
    assert describe(read) == (
        "la1, v, question.outcome.within_days=180: 4 cells, chance 0.10, "
        "highest average precision 0.25 (0.16 to 0.35) with structured, logistic (seed=7), "
        "highest baseline 0.30 (0.21 to 0.40) with structured, previous (seed=7). "
        "la1, v, question.outcome.within_days=365; seed=7: 2 cells, chance 0.20, "
        "highest average precision 0.40 (0.19 to 0.55) with structured, boosting. "
        "la2, v, question.outcome.within_days=365; seed=7: 1 cell, chance 0.30, "
        "highest baseline 0.80 (0.71 to 0.88) with structured, previous."
    )


def test_text_says_the_common_variant_once_and_the_rest_last(variants: pd.DataFrame) -> None:
    expected = """\
7 cells. Study: pilot. Dataset: all. Question: returns. Validation: v.

Authority: la1. Variant: question.outcome.within_days=180. Families: 903. Cases: 1,204. Outcomes: 120.
Representation  Classifier  Prev.  Chance  Average precision    AUC                  Variant
--------------  ----------  -----  ------  -------------------  -------------------  -------
structured      prevalence  0.10   0.10    0.09 (0.07 to 0.12)  0.50 (0.45 to 0.55)  seed=7
structured      previous    0.10   0.10    0.30 (0.21 to 0.40)  0.50 (0.45 to 0.55)  seed=7
structured      logistic    0.10   0.10    0.25 (0.16 to 0.35)  0.50 (0.45 to 0.55)  seed=7
structured      logistic    0.10   0.10    0.22 (0.09 to 0.33)  0.50 (0.45 to 0.55)  seed=8

Authority: la1. Variant: question.outcome.within_days=365; seed=7. Families: 903. Cases: 1,204. Outcomes: 120.
Representation  Classifier  Prev.  Chance  Average precision    AUC
--------------  ----------  -----  ------  -------------------  -------------------
structured      boosting    0.10   0.20    0.40 (0.19 to 0.55)  0.50 (0.45 to 0.55)
tfidf           boosting    0.10   0.20    not available        0.50 (0.45 to 0.55)

Authority: la2. Variant: question.outcome.within_days=365; seed=7. Families: 903. Cases: 1,204. Outcomes: 120.
Representation  Classifier  Prev.  Chance  Average precision    AUC
--------------  ----------  -----  ------  -------------------  -------------------
structured      previous    0.10   0.30    0.80 (0.71 to 0.88)  0.50 (0.45 to 0.55)
"""
    assert to_text(variants, METRICS) == expected


@pytest.mark.parametrize("missing", ["", None, float("nan"), "  "])
def test_where_the_cases_are_not_known_names_and_counts_stand_for_them(
    variants: pd.DataFrame, missing: object
) -> None:
    older = variants.assign(cases=pd.Series([missing] * len(variants), dtype="object"))
    assert [len(panel.cells) for panel in panels(read_cells(older, METRICS))] == [6, 1]
    dropped = read_cells(variants.drop(columns="cases"), METRICS)
    assert [len(panel.cells) for panel in panels(dropped)] == [6, 1]


@pytest.mark.parametrize("long", ["x" * 400, "a=1; " * 60 + "b=2", "</svg><script>", "$x^2$; _y", "a\nb"])
def test_the_chart_takes_any_variant(variants: pd.DataFrame, long: str) -> None:
    changed = variants.assign(variant=[long, *variants["variant"][1:]])
    drawn = chart_svg(read_cells(changed, METRICS), 0.65)
    assert "<script" not in drawn
    assert drawn != chart_svg(read_cells(variants, METRICS), 0.65)
