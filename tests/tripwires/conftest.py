"""A small invented authority with each leak, and the cell that tripwires look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from csc_experiments.config import ExperimentConfig, compose_experiment
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.records import Extract, Records, conform
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix
from csc_experiments.representations.store import BlockStore
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.choices import Leak
from csc_experiments.synthetic.simulation import simulate_lives
from csc_experiments.synthetic.writing import write_documents
from csc_experiments.tripwires import Scene
from csc_experiments.validation.folds import outer_folds

SETTINGS = AuthoritySettings(
    authority="la1", children=2000, years=5, document_words=0.03, notes_per_quarter=0.0
)
IN_TEXT = (Leak.TEXT_NAMES_OUTCOME, Leak.TITLE_NAMES_OUTCOME, Leak.SIBLING_COPIES)


@cache
def config(representation: str = "structured") -> ExperimentConfig:
    return compose_experiment(["question=open_case_escalates", f"representation={representation}"])


@cache
def documents(leak: Leak, seed: int) -> pl.DataFrame:
    settings = replace(SETTINGS, leak=leak)
    lives = simulate_lives(settings, seed)
    written = [part.documents for part in write_documents(settings, seed, lives, workers=1)]
    return conform("documents", pl.concat(written), "documents")


@cache
def history(leak: Leak, seed: int) -> History:
    # Only leaks of text change a document (tests/synthetic/test_leaks.py).
    texts = documents(leak if leak in IN_TEXT else Leak.NONE, seed)
    tables = simulate_lives(replace(SETTINGS, leak=leak), seed).standard_tables()
    last = SETTINGS.last_day
    extract = Extract("la1", last, SETTINGS.first_day, last, ("invented",))
    return build_history(Records(extract, {**tables, "documents": texts}))


@cache
def scene_of(leak: Leak, seed: int) -> Scene:
    told, said = history(leak, seed), config()
    cohort = ask(said.question, told)
    fold = outer_folds(cohort, said.validation, seed)[0]
    return Scene(told, cohort, fold, tuple(said.question.document_types))


@pytest.fixture(scope="session")
def scene() -> Callable[[Leak, int], Scene]:
    return scene_of


@pytest.fixture
def described(tmp_path: Path) -> Callable[..., tuple[Representations, Matrix, ExperimentConfig]]:
    """Describe a scene's cohort from its history, or from another."""

    def describe(
        scene: Scene, representation: str = "structured", told: History | None = None
    ) -> tuple[Representations, Matrix, ExperimentConfig]:
        said = config(representation)
        made = Representations(
            told or scene.history, scene.cohort, said.question.document_types, BlockStore(tmp_path)
        )
        rows = np.union1d(scene.fold.train, scene.fold.test)
        return made, made.matrix(said.blocks, scene.fold.train, rows, 1), said

    return describe
