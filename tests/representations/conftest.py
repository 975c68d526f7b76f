"""A small invented authority, and three worlds that differ from it in what must, or must not, matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from csc_experiments.config import compose_experiment
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import Cohort, ask
from csc_experiments.records import Extract, Records
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix
from csc_experiments.representations.store import BlockStore
from csc_experiments.synthetic import AuthoritySettings, simulate

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Authority:
    """An authority, one question asked of it, and one way to divide its families.

    `latest` holds one row per child, its last; `fit` those of them that belong to three families in four.
    """

    history: History
    cohort: Cohort
    document_types: list[str]
    latest: Rows
    fit: Rows

    def worlds(self) -> dict[str, History]:
        """Its history, and others in which the future, the past or the children tested on differ."""
        known = pl.col("known_time") <= self._last_asked()
        families = self.cohort.rows[self.fit]["family_id"]
        subjects = self.history.subjects
        taught = subjects.filter(pl.col("family_id").is_in(families.implode()))["subject_id"].implode()
        return {
            "own": self.history,
            "own again": self.history,
            "another future": _garble(self.history, ~known),
            "another past": _garble(self.history, known),
            "other strangers": _garble(self.history, ~pl.col("subject_id").is_in(taught)),
        }

    def _last_asked(self) -> pl.Expr:
        """When a child's family was last asked about: a later fact of a sibling is nobody's past."""
        rows = self.cohort.rows[self.latest].group_by("family_id").agg(pl.col("prediction_time").max())
        asked = self.history.subjects.join(rows, on="family_id")
        return pl.col("subject_id").replace_strict(
            asked["subject_id"], asked["prediction_time"], default=None, return_dtype=pl.Datetime("us")
        )


@pytest.fixture(scope="session")
def authority() -> Authority:
    settings = AuthoritySettings(
        authority="la2", children=800, contact_rate=0.4, notes_per_quarter=0.5, document_words=0.15
    )
    extract = Extract("la2", settings.last_day, settings.first_day, settings.last_day, ("invented",))
    history = build_history(Records(extract, simulate(settings, seed=1)))
    question = compose_experiment().question
    cohort = ask(question, history)
    numbered = cohort.rows.with_row_index("row")
    latest = numbered.group_by("subject_id").agg(pl.col("row").max())["row"].sort().to_numpy().astype(np.intp)
    families = cohort.rows["family_id"].to_numpy()[latest]
    return Authority(history, cohort, question.document_types, latest, latest[families % 4 > 0])


@pytest.fixture(scope="session")
def describe(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Matrix]:
    """Describe the latest row of each child by a named representation, in a named world.

    Each world has a store of its own: their histories differ, but they share an extract's fingerprint.
    """
    folder: Path = tmp_path_factory.mktemp("cache")
    worlds = {
        world: Representations(
            history, authority.cohort, authority.document_types, BlockStore(folder / world)
        )
        for world, history in authority.worlds().items()
    }

    @cache
    def matrix(name: str, world: str) -> Matrix:
        blocks = compose_experiment([f"representation={name}"]).blocks
        return worlds[world].matrix(blocks, authority.fit, authority.latest, seed=1)

    return matrix


def _garble(history: History, where: pl.Expr) -> History:
    """Change a third of the facts that may be touched, delete a third and double a third."""
    return replace(
        history,
        events=_garbled(history.events, where, code=pl.lit("S47//START")),
        documents=_garbled(history.documents, where, text=pl.lit("A zebra told lies about father.")),
    )


def _garbled(facts: pl.DataFrame, where: pl.Expr, **other: pl.Expr) -> pl.DataFrame:
    ranked = facts.with_row_index("rank")
    touched = ranked.filter(where.fill_null(value=False))
    left = ranked.join(touched.select("rank"), on="rank", how="anti")
    changed = touched.filter(pl.col("rank") % 3 == 0).with_columns(**other)
    doubled = touched.filter(pl.col("rank") % 3 == 1)
    return (
        pl.concat([left, changed, doubled, doubled]).sort("rank", maintain_order=True).select(facts.columns)
    )
