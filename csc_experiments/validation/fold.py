"""One division of a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from csc_experiments.errors import LeakError

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fold:
    """Row numbers of a cohort, sorted: learned from, tested on, and set aside (and why)."""

    train: Rows
    test: Rows
    set_aside: dict[str, Rows]

    def among(self, rows: Rows) -> Fold:
        """Name the rows by the places that they have among `rows`' own numbers.

        Examples
        --------
        >>> fold = Fold(np.array([0]), np.array([2]), {"after the test": np.array([1])})
        >>> fold.among(np.array([10, 20, 30])).test.tolist()
        [30]
        """
        aside = {why: rows[places] for why, places in self.set_aside.items()}
        return Fold(rows[self.train], rows[self.test], aside)

    def beside(self, aside: Mapping[str, Rows]) -> Fold:
        """Add rows that were set aside before the fold was made."""
        return Fold(self.train, self.test, {**aside, **self.set_aside})


def check_families(rows: pl.DataFrame, fold: Fold) -> None:
    """Refuse a fold in which a family stands on both sides.

    Raises
    ------
    LeakError
        With the number of families.
    """
    families = rows["family_id"].to_numpy()
    both = np.intersect1d(families[fold.train], families[fold.test])
    if both.size:
        raise LeakError(
            f"{both.size} families stand on both sides of a split.", todo="Splits must keep families whole."
        )
