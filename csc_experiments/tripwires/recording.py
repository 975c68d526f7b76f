"""Entries about a case that were made, or changed, once it was clear what would become of it."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from csc_experiments.tripwires.association import Mask, tells
from csc_experiments.tripwires.finding import Finding, finding
from csc_experiments.tripwires.scene import Scene

FEWEST_CHILDREN: Final = 20
LEAST_IDENTICAL: Final = 0.6
"""Share of children assessed more than once whose assessments all say the same, from which it is an alarm."""
_MOST_WORKERS = 4


def later_return_overwrites(scene: Scene) -> Finding:
    """Look for children whose assessments, made at different times, all carry the same factors.

    A return that is made anew for a child's latest assessment overwrites what was said before. Without
    overwriting, two assessments of a child months apart agree in all factors only now and then.
    """
    factors = scene.events.filter(pl.col("code").str.starts_with("FACTOR//"))
    said = factors.group_by("subject_id", "time").agg(pl.col("code").unique().sort().str.join(" "))
    children = said.group_by("subject_id").agg(days=pl.len(), kinds=pl.col("code").n_unique())
    several = children.filter(pl.col("days") > 1)
    same = int((several["kinds"] == 1).sum())
    return finding(
        "later_return_overwrites",
        same,
        f"{same} of {several.height} children who were assessed more than once have the very same factors in"
        " every assessment.",
        alarm=several.height >= FEWEST_CHILDREN and same >= LEAST_IDENTICAL * several.height,
    )


def worker_set_later(scene: Scene) -> Finding:
    """Look for workers who stand in the records from a case's first day, nearly only where the outcome came.

    Where a case is handed to another team, some systems write the team of today over the one of then, or
    date it back to the referral.
    """
    opened = scene.known("REFERRAL//START").group_by("row").agg(pl.col("time").max())
    workers = scene.known("INVOLVEMENT//START").join(opened, on=["row", "time"], how="semi")
    counted = workers.group_by("row").len()
    marks = [
        scene.mark(counted.filter(pl.col("len") >= least)["row"]) for least in range(2, _MOST_WORKERS + 1)
    ]
    return _told(
        "worker_set_later",
        scene,
        marks,
        "cases have more workers on their first day than others, and nearly all of them had the outcome",
    )


def backdated_assessment(scene: Scene) -> Finding:
    """Look for assessments that were authorised on the day on which they, or their case, began.

    Some are. If nearly only cases with the outcome have them, the date was set when the outcome was known.
    """
    last = scene.known("ASSESSMENT//AUTHORISED").group_by("row").agg(pl.col("time").max())
    marks = [
        scene.mark(scene.known(code).join(last, on=["row", "time"], how="semi")["row"])
        for code in ("ASSESSMENT//START", "REFERRAL//START")
    ]
    return _told(
        "backdated_assessment",
        scene,
        marks,
        "cases have an assessment that was authorised on the day it began, and nearly all of them had the"
        " outcome",
    )


def _told(name: str, scene: Scene, marks: list[Mask], what: str) -> Finding:
    """Alarm if a mark tells the outcome; the count is of the cases so marked."""
    telling = [mark for mark in marks if tells(mark, scene.outcome, len(marks))]
    count = int(np.logical_or.reduce(telling).sum()) if telling else 0
    return finding(name, count, f"{count} of {scene.outcome.size} {what}.", alarm=bool(telling))
