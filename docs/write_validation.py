"""Draw the validation designs from folds that the package makes: `python docs/write_validation.py`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from csc_experiments.questions.cohort import Cohort
from csc_experiments.validation.folds import Fold, outer_folds
from csc_experiments.validation.settings import Design, ValidationConfig

PICTURE = Path(__file__).parent / "validation.png"
FAMILIES, DAYS, HORIZON = 36, 1800, 365
KINDS = {
    "learned from": ("#1D70B8", "o"),
    "tested on": ("#D4351C", "s"),
    "set aside: horizon not over": ("#F47738", "^"),
    "set aside: family is tested on": ("#912B88", "v"),
    "not used by this fold": ("#B1B4B6", "."),
}
WHY = {
    "horizon not over when the test begins": "set aside: horizon not over",
    "family is tested on": "set aside: family is tested on",
}
DESIGNS = {
    "all_cases: the first of five folds": ValidationConfig("a", "", Design.ALL_CASES, min_positives=1),
    "earlier_cases": ValidationConfig("e", "", Design.EARLIER_CASES, min_positives=1),
    "rolling: the first of three folds": ValidationConfig(
        "r", "", Design.ROLLING, test_share=0.15, min_positives=1
    ),
    "other_authorities: the upper third is here": ValidationConfig(
        "o", "", Design.OTHER_AUTHORITIES, others=["la2", "la3"], min_positives=1
    ),
}


def invented_cohort() -> Cohort:
    """Invent a few families with one to five cases each, of three authorities."""
    rng = np.random.default_rng(2020)
    family = np.repeat(np.arange(FAMILIES), rng.integers(1, 6, FAMILIES))
    first = rng.integers(0, DAYS, FAMILIES)
    day = np.clip(first[family] + rng.integers(-400, 400, family.size), 0, DAYS - 1)
    rows = pl.DataFrame(
        {
            "subject_id": np.arange(family.size),
            "family_id": family,
            # Days of records have no time zone.
            "prediction_time": [datetime(2018, 1, 1) + timedelta(days=int(each)) for each in day],  # noqa: DTZ001
            "outcome": rng.random(family.size) < 0.4,  # noqa: PLR2004 - an invented share
            "here": family >= FAMILIES * 2 // 3,
            "authority": np.array(["la2", "la3", "la1"])[family * 3 // FAMILIES],
        }
    ).sort("prediction_time", "subject_id")
    return Cohort(rows, pl.DataFrame(), timedelta(days=HORIZON))


def kinds_of(fold: Fold, size: int) -> list[str]:
    """Say of each row what the fold does with it."""
    said = ["not used by this fold"] * size
    sides = {"learned from": fold.train, "tested on": fold.test}
    for kind, rows in (
        sides | {WHY[why]: rows for why, rows in fold.set_aside.items() if why in WHY}
    ).items():
        for row in rows:
            said[row] = kind
    return said


def draw(cohort: Cohort) -> Figure:
    """Draw a panel for each design: a line for each family, a mark for each case."""
    figure = Figure(figsize=(9.5, 8.5), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(2, 2, sharex=True, sharey=True).ravel()
    days, families = cohort.rows["prediction_time"].to_numpy(), cohort.rows["family_id"].to_numpy()
    for panel, (title, design) in zip(panels, DESIGNS.items(), strict=True):
        said = np.array(kinds_of(outer_folds(cohort, design, 1)[0], cohort.rows.height))
        for family in range(FAMILIES):
            panel.plot(days[families == family], [family] * (families == family).sum(), color="#EEEFEF", lw=1)
        for kind, (colour, marker) in KINDS.items():
            rows = said == kind
            panel.scatter(days[rows], families[rows], c=colour, marker=marker, s=16, zorder=2)
        panel.set_title(title, loc="left", fontsize=10)
        panel.set_yticks([])
        panel.tick_params(labelsize=8)
        panel.spines[["top", "right", "left"]].set_visible(False)
    marks = [
        Line2D([], [], color=colour, marker=marker, ls="", label=kind)
        for kind, (colour, marker) in KINDS.items()
    ]
    figure.legend(handles=marks, loc="outside lower center", ncols=3, fontsize=9, frameon=False)
    figure.supylabel("families, one a line", fontsize=9)
    return figure


if __name__ == "__main__":
    draw(invented_cohort()).savefig(PICTURE, metadata={"Software": None})
