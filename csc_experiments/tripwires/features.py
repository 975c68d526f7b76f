"""What a model would look at: columns that say too much, and columns that know the future."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import rankdata

from csc_experiments.history.events import History
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix, Rows
from csc_experiments.representations.settings import BlockConfig, StructuredConfig
from csc_experiments.representations.store import BlockStore
from csc_experiments.tripwires.finding import Finding, finding
from csc_experiments.tripwires.scene import Scene

MOST_AUC: Final = 0.95
FEWEST_POSITIVES, MOST_OF_A_KIND = 20, 1000
"""Cases with the outcome, below which one column may tell all by chance; cases with and without looked at."""
SAMPLE, MOST_CHARACTERS = 200, 100_000
"""Rows that are described anew; characters of documents that are counted anew."""


def single_feature(scene: Scene, matrix: Matrix) -> Finding:
    """Look for columns that alone put training cases with the outcome before those without."""
    outcome = scene.cohort.rows["outcome"].to_numpy()
    positive, negative = (
        _thinned(scene.fold.train[outcome[scene.fold.train] == kind]) for kind in (True, False)
    )
    columns = len(matrix.names)
    if positive.size < FEWEST_POSITIVES:
        return finding("single_feature", 0, f"Too few outcomes to judge {columns} columns by.", alarm=False)
    above, below = (sparse.csc_array(matrix.take(rows)) for rows in (positive, negative))
    telling = sum(_auc(above, below, column) > MOST_AUC for column in _candidates(above, below))
    return finding(
        "single_feature",
        telling,
        f"{telling} of {columns} columns alone have an AUC above {MOST_AUC} on the training cases.",
        alarm=telling > 0,
    )


def _thinned(rows: Rows) -> Rows:
    return rows[:: rows.size // MOST_OF_A_KIND + 1]


def _candidates(above: sparse.csc_array, below: sparse.csc_array) -> Rows:
    """List the columns whose AUC can be so far from a half.

    A share of the pairs is tied at 0, and each such pair counts as half.
    """
    empty = [1 - np.diff(values.indptr) / values.shape[0] for values in (above, below)]
    return np.flatnonzero(1 - empty[0] * empty[1] / 2 > MOST_AUC)


def _auc(above: sparse.csc_array, below: sparse.csc_array, column: int) -> float:
    """Return the AUC of a column, in the direction in which it is larger."""
    one, other = (np.ravel(values[:, [column]].toarray()) for values in (above, below))
    ranks = rankdata(np.concatenate([one, other]))[: one.size]
    auc = float((ranks.mean() - (one.size + 1) / 2) / other.size)
    return max(auc, 1 - auc)


def future_deleted(scene: Scene, blocks: Mapping[str, BlockConfig], describe: Representations) -> Finding:
    """Describe some rows anew, from a history in which nothing after their prediction times is left.

    Each of them becomes a child of its own in a copy of the history, who has nothing but what was known by
    then. Features and counts of terms must be the same to the last bit.
    """
    chosen = _spread(scene.fold.train)
    differing: set[int] = set()
    described = 0
    for config in blocks.values():
        if isinstance(config, StructuredConfig):
            rows, history = chosen, scene.history
        else:
            rows = _readable(scene, chosen)
            # Other children's documents would only be counted for nothing.
            history = replace(scene.history, documents=scene.history.documents.clear())
        if rows.size:
            past = _past(scene, rows, history)
            differing |= set(rows[_differ(scene, past, config, describe, rows)].tolist())
            described = max(described, rows.size)
    return finding(
        "future_deleted",
        len(differing),
        f"{len(differing)} of {described} rows are described otherwise once what came after their prediction"
        " time is deleted.",
        alarm=bool(differing),
    )


def _spread(rows: Rows) -> Rows:
    return rows[np.unique(np.linspace(0, rows.size - 1, min(SAMPLE, rows.size)).astype(np.intp))]


def _readable(scene: Scene, rows: Rows) -> Rows:
    """Keep the rows with the least to read, as many as can be counted in good time, and one at least."""
    children = scene.cohort.rows[rows].select("subject_id").with_row_index("row")
    texts = children.join(scene.history.documents.select("subject_id", "text"), on="subject_id")
    length = texts.group_by("row").agg(pl.col("text").str.len_bytes().sum()).sort("text", "row")
    fits = length.filter((pl.col("text").cum_sum() <= MOST_CHARACTERS) | (pl.int_range(pl.len()) == 0))
    return np.sort(rows[fits["row"].to_numpy()])


def _past(scene: Scene, rows: Rows, history: History) -> tuple[History, pl.DataFrame]:
    """Add a child and its family for each row to a history, with what was known of them.

    Return the rows of these children. Documents are the child's alone: no block reads a sibling's.
    """
    source, cases = scene.history, scene.cohort.rows[rows]
    copies = _copies(cases, source.subjects)
    own = copies.filter(pl.col("subject_id") == pl.col("of"))

    def known(facts: pl.DataFrame, whose: pl.DataFrame) -> pl.DataFrame:
        then = pl.col("known_time").is_null() | (pl.col("known_time") <= pl.col("prediction_time"))
        told = facts.join(whose.select("subject_id", "copy", "prediction_time"), on="subject_id").filter(then)
        return told.with_columns(subject_id="copy").select(facts.columns)

    added = copies.select(subject_id="copy", family_id="family", birth="birth")
    past = replace(
        history,
        events=pl.concat([history.events, known(source.events, copies)]),
        subjects=pl.concat([history.subjects, added.select(history.subjects.columns)]),
        documents=pl.concat([history.documents, known(source.documents, own)]),
    )
    return past, cases.with_columns(subject_id=own["copy"], family_id=own["family"])


def _copies(cases: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """Number a copy of everybody in the family of each case, and of the family; cases stay in their order."""
    next_child, next_family = (subjects[key].to_numpy().max() + 1 for key in ("subject_id", "family_id"))
    return (
        cases.select("family_id", "prediction_time", of="subject_id")
        .with_row_index("case")
        .join(subjects, on="family_id", how="inner", maintain_order="left_right")
        .with_row_index("copy")
        .with_columns(
            copy=pl.col("copy").cast(pl.Int64) + int(next_child),
            family=pl.col("case").cast(pl.Int64) + int(next_family),
        )
    )


def _differ(
    scene: Scene,
    past: tuple[History, pl.DataFrame],
    config: BlockConfig,
    describe: Representations,
    rows: Rows,
) -> NDArray[np.bool_]:
    """Mark the rows that a block describes otherwise in the past than in the whole history."""
    history, cases = past
    with tempfile.TemporaryDirectory() as made:
        cohort = replace(scene.cohort, rows=cases)
        full = describe.raw(config)
        anew = describe.over(history, cohort, BlockStore(Path(made))).raw(config)
        both = [_by_name(full, rows), _by_name(anew, anew.rows)]
        names = sorted(set(both[0]) | set(both[1]))
        nothing = np.zeros(rows.size, dtype=np.float32)
        pairs = ((both[0].get(name, nothing), both[1].get(name, nothing)) for name in names)
        return _any_differs(pairs, rows.size)


def _by_name(matrix: Matrix, rows: Rows) -> dict[str, NDArray[np.float32]]:
    """Return the columns in which some of the rows are not 0."""
    values = matrix.take(rows)
    if sparse.issparse(values):
        values = sparse.csc_array(values)
        filled = np.flatnonzero(np.diff(values.indptr))
        return {matrix.names[at]: np.ravel(values[:, [at]].toarray()) for at in filled}
    return {name: np.array(values[:, at]) for at, name in enumerate(matrix.names)}


def _any_differs(
    pairs: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]], size: int
) -> NDArray[np.bool_]:
    """Mark the rows in which a pair differs in a bit."""
    differs = np.zeros(size, dtype=bool)
    for one, other in pairs:
        differs |= one.view(np.int32) != other.view(np.int32)
    return differs
