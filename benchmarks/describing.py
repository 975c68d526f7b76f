"""Describing: the structured features of a history beside a bare join and count, and how both grow.

`python benchmarks/describing.py` prints the tables that docs/speed.md quotes; a minute on two idle
processors. The bare version counts events per code and window, and nothing else: no leak is looked for,
nothing is said of what is open or how long ago anything was. With the family, twice as many events are
counted. Nothing is asserted: a machine may be busy.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.history.rules import STANDARD_CODES
from csc_experiments.representations.matrix import Matrix, Values
from csc_experiments.representations.structured.codes import without_rare_codes
from csc_experiments.representations.structured.columns import UsefulColumns
from csc_experiments.representations.structured.features import describe_cohort
from csc_experiments.representations.structured.settings import StructuredConfig

CHILDREN, EVENTS, CODES = 10_000, 460_000, 400
WINDOWS = [30, 365, None]
REPEATS = 5
START = datetime(2012, 1, 1)  # noqa: DTZ001 - records know days, not zones
Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def invent(times: int = 1, *, per_family: int = 2) -> Frames:
    """Invent rows, events and subjects; codes are as unlike in their frequency as words are."""
    draw = np.random.default_rng(1)
    size = EVENTS * times
    standard = sorted(STANDARD_CODES)
    codes = [*standard, *(f"GIVEN//{number}" for number in range(CODES - len(standard)))]
    weights = 1 / np.arange(1, CODES + 1)
    children = np.arange(CHILDREN * times)
    days = draw.integers(0, 6 * 365, size)
    events = pl.DataFrame(
        {
            "subject_id": draw.integers(0, children.size, size),
            "time": START + pl.Series(days * 86_400_000_000).cast(pl.Duration("us")),
            "code": pl.Series(draw.permutation(codes))[draw.choice(CODES, size, p=weights / weights.sum())],
            "numeric_value": pl.Series([None] * size, dtype=pl.Float32),
            "text_value": pl.Series([None] * size, dtype=pl.String),
        }
    ).with_columns(known_time=pl.col("time"))
    asked = START + pl.Series(draw.integers(0, 6 * 365, children.size) * 86_400_000_000).cast(
        pl.Duration("us")
    )
    rows = pl.DataFrame(
        {"subject_id": children, "family_id": children // per_family, "prediction_time": asked}
    )
    rows = rows.with_columns(birth=pl.lit(START)).sort("prediction_time", "subject_id")
    subjects = rows.select("subject_id", "family_id").sort("subject_id")
    return rows, events.sort("subject_id", "time", "code"), subjects


def bare(frames: Frames) -> list[sparse.csr_array]:
    """Count the events of each code over each window: a sorted join, and a sparse matrix for each window."""
    rows, events, _ = frames
    codes = events["code"].unique().sort()
    numbered = events.with_columns(column=events["code"].replace_strict(codes, np.arange(len(codes))))
    found = (
        rows.with_row_index("row")
        .join(numbered, on="subject_id", how="inner", maintain_order="left_right")
        .filter(pl.col("known_time") <= pl.col("prediction_time"))
        .with_columns(days=(pl.col("prediction_time") - pl.col("time")).dt.total_days())
    )
    counted = []
    for window in WINDOWS:
        inside = found if window is None else found.filter(pl.col("days") <= window)
        ones = np.ones(inside.height, dtype=np.float32)
        at = (inside["row"].to_numpy(), inside["column"].to_numpy())
        counted.append(sparse.csr_array((ones, at), shape=(rows.height, len(codes))))
    return counted


def ours(frames: Frames, *, family: bool) -> Matrix:
    rows, events, subjects = frames
    config = StructuredConfig(windows_days=WINDOWS, family=family)
    return Matrix(*describe_cohort(rows, events, subjects, config), np.arange(rows.height))


def useful(raw: Matrix, families: NDArray[np.int64]) -> Values:
    """Choose columns on four fifths of the rows, and describe all of them by those."""
    fit = np.flatnonzero(families % 5)
    chosen = without_rare_codes(raw, fit, families)
    return UsefulColumns().fit(chosen.take(fit)).transform(chosen.values)


def in_turns(*works: Callable[[], object]) -> list[float]:
    """Return the median seconds of each; they take turns, so that a busy minute falls on all."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(REPEATS):
        for work, seconds in zip(works, taken, strict=True):
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in taken]


def side_by_side() -> None:
    print(
        "| events | rows | bare join and count | child | ratio | child and family | ratio | columns chosen |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for times in (1, 2, 4):
        say(invent(times))


def say(frames: Frames) -> None:
    whole, families = ours(frames, family=True), frames[0]["family_id"].to_numpy()
    floor, child, both, chosen = in_turns(
        lambda: bare(frames),
        lambda: ours(frames, family=False),
        lambda: ours(frames, family=True),
        lambda: useful(whole, families),
    )
    size = f"{frames[1].height:,} | {frames[0].height:,}"
    alone = f"{floor:.3f} s | {child:.3f} s | {child / floor:.2f}"
    print(f"| {size} | {alone} | {both:.3f} s | {both / floor:.2f} | {chosen:.3f} s |", flush=True)


def held() -> None:
    """Say what the matrix holds, and the most memory that making it took."""
    matrix = ours(invent(), family=True)
    values = matrix.values
    size = sum(part.nbytes for part in (values.data, values.indices, values.indptr)) / 2**20
    dense = 4 * values.shape[0] * values.shape[1] / 2**20
    print(f"{values.shape[1]:,} columns: {size:.0f} MB, dense {dense:.0f} MB", end="; ")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    if sys.argv[1:] == ["--held"]:
        held()
    else:
        side_by_side()
        subprocess.run([sys.executable, __file__, "--held"], check=True)
