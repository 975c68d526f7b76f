"""What tripwires look at: one split of a cohort, and what the records say of its training families."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from csc_experiments.history.events import History
from csc_experiments.questions.cohort import Cohort
from csc_experiments.representations.knowledge import known_before
from csc_experiments.validation.folds import Fold


@dataclass(frozen=True)
class Scene:
    """One outer fold of a cohort.

    Whatever is held against outcomes is taken from the training families alone.

    Attributes
    ----------
    history : History
    cohort : Cohort
    fold : Fold
    document_types : tuple of str
        Those that the question lets a text representation read.
    """

    history: History
    cohort: Cohort
    fold: Fold
    document_types: tuple[str, ...]

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The training rows."""
        return self.cohort.rows[self.fold.train]

    @cached_property
    def cases(self) -> pl.DataFrame:
        """The first training row of each family: cases that do not depend on each other."""
        return self.rows.sort("prediction_time", "subject_id").unique(
            "family_id", keep="first", maintain_order=True
        )

    @cached_property
    def outcome(self) -> NDArray[np.bool_]:
        """The outcome of each of `cases`."""
        return self.cases["outcome"].to_numpy()

    @cached_property
    def events(self) -> pl.DataFrame:
        """Dated events of the training families' children, whenever they came."""
        families = self.rows["family_id"].unique()
        children = self.history.subjects.filter(pl.col("family_id").is_in(families.implode()))
        return self.history.events.drop_nulls("time").join(
            children.select("subject_id"), on="subject_id", how="semi", maintain_order="left"
        )

    def known(self, code: str) -> pl.DataFrame:
        """Events of one code that were known when `cases` were predicted; `row` counts the cases."""
        return known_before(self.cases, self.events.filter(pl.col("code") == code))

    def documents(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Documents that a model could read of some rows of the cohort; `row` counts the rows."""
        readable = self.history.documents.filter(pl.col("document_type").is_in(self.document_types))
        return known_before(rows, readable)

    def mark(self, rows: pl.Series) -> NDArray[np.bool_]:
        """Mark the cases of these numbers."""
        marked = np.zeros(self.cases.height, dtype=bool)
        marked[rows.to_numpy()] = True
        return marked
