"""Counts of paragraphs become counts of a cohort's rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.errors import NoTextError
from csc_experiments.representations.knowledge import refuse_future

PAIRS_AT_ONCE = 200_000


def row_counts(
    pairs: pl.DataFrame, places: pl.DataFrame, counts: sparse.csr_array, height: int
) -> sparse.csr_array:
    """Add up the paragraphs of the documents that each row may read, each once.

    Of paragraphs that say the same, the one in the row's earliest document is counted: no document that the
    row may not read has a part in it.

    Parameters
    ----------
    pairs : polars.DataFrame
        From `select_documents`: row, document, prediction_time, time, known_time.
    places : polars.DataFrame
        From `split`: document, paragraph, same.
    counts : scipy.sparse.csr_array, shape (p, v)
    height : int
        Rows of the cohort.

    Returns
    -------
    scipy.sparse.csr_array of float32, shape (height, v)

    Raises
    ------
    LeakError
        If a document was not known by its prediction time.
    NoTextError
        If no row has a document.
    """
    refuse_future(pairs)
    if pairs.is_empty():
        raise NoTextError(
            f"None of the {height} cases has a document that was known at its prediction time.",
            todo="Import documents, widen lookback_days or question.document_types, or use structured data.",
        )
    ordered = pairs.select("row", "document", "time", "known_time").sort(
        "row", "time", "known_time", "document"
    )
    summed = [
        _selected(
            ordered.filter(pl.col("row").is_between(start, end, closed="left")), places, start, end, counts
        )
        for start, end in _stretches(ordered["row"].to_numpy(), height)
    ]
    return sparse.csr_array(sparse.vstack(summed, format="csr"))


def _selected(
    pairs: pl.DataFrame, places: pl.DataFrame, start: int, end: int, counts: sparse.csr_array
) -> sparse.csr_array:
    """Add up what a stretch of rows reads."""
    read = pairs.join(places, on="document", how="inner", maintain_order="left_right")
    once = read.unique(["row", "same"], keep="first", maintain_order=True)
    at = (once["row"].to_numpy().astype(np.int64) - start, once["paragraph"].to_numpy())
    ones = np.ones(once.height, dtype=np.float32)
    return sparse.csr_array((ones, at), shape=(end - start, counts.shape[0])) @ counts


def _stretches(row: NDArray[np.uint32], height: int) -> Iterator[tuple[int, int]]:
    """Divide rows so that those of one stretch have some hundred thousand documents."""
    start = 0
    for at in range(PAIRS_AT_ONCE, len(row), PAIRS_AT_ONCE):
        end = int(row[at])
        if end > start:
            yield start, end
            start = end
    yield start, height
