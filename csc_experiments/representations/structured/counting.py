"""How often, how recently and whether at all: what is said of the events of each code."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from csc_experiments.representations.structured.naming import EVER, FIRST, LAST, count_of
from csc_experiments.representations.structured.parts import Part, grouped
from csc_experiments.representations.structured.settings import StructuredConfig


def event_columns(found: pl.DataFrame, height: int, codes: list[str], config: StructuredConfig) -> Part:
    """Count the events of each code over each window, and say how long ago the last and the first were.

    Parameters
    ----------
    found : polars.DataFrame
        row, column (position in `codes`), days (before the prediction time); none missing.
    height : int
        Rows of the matrix.
    codes : list of str
    config : StructuredConfig

    Returns
    -------
    Part
        Of each code, side by side: a count for each window, `ever`, `recency|last` and `recency|first`.
    """
    kinds = [*(count_of(days) for days in config.windows_days), EVER, LAST, FIRST]
    names = tuple(f"{code}|{kind}" for code in codes for kind in kinds)
    cell = found["row"].to_numpy().astype(np.int64) * len(codes) + found["column"].to_numpy()
    days = found["days"].to_numpy()
    # As a counting sort: each cell that there could be is marked if it is there, and looked at once.
    there = np.zeros(height * len(codes), dtype=np.bool_)
    there[cell] = True
    filled = np.flatnonzero(there)
    place = np.empty(there.size, dtype=np.int32)
    place[filled] = np.arange(filled.size, dtype=np.int32)
    at = place[cell]
    values = np.ones((filled.size, len(kinds)), dtype=np.float32)
    for number, window in enumerate(config.windows_days):
        inside = at if window is None else at[days <= window]
        values[:, number] = np.bincount(inside, minlength=filled.size)
    last = np.full(filled.size, np.iinfo(np.int64).max)
    np.minimum.at(last, at, days)
    first = np.zeros(filled.size, dtype=np.int64)
    np.maximum.at(first, at, days)
    values[:, -2] = _decayed(last, config.half_life_days)
    values[:, -1] = _decayed(first, config.half_life_first_days)
    row, column = np.divmod(filled, max(len(codes), 1))
    return Part(grouped(row, column, values, (height, len(codes))), names)


def _decayed(days: NDArray[np.int64], half_life: float) -> NDArray[np.float64]:
    """Return 0.5 ** (days / half life); each number of days is worked out once."""
    table: NDArray[np.float64] = 0.5 ** (np.arange(days.max(initial=0) + 1) / half_life)
    return table[days]
