"""One cell, start to end.

Records, history, question, folds, representation, classifier and tuning, scores, run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from csc_experiments.cell_record import cell_record, same_cases, trial_records
from csc_experiments.classifiers.estimators import make_estimator, scores_of
from csc_experiments.config import ExperimentConfig
from csc_experiments.errors import ConfigError, CscError, MatrixError
from csc_experiments.evaluation.scores import evaluate, resampled_scores
from csc_experiments.history.events import History, build_history
from csc_experiments.provenance import code_version, digest
from csc_experiments.questions.cohort import Cohort, ask
from csc_experiments.records import read_extract, read_records
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix, Rows, check_informative
from csc_experiments.representations.settings import TfidfConfig
from csc_experiments.representations.store import BlockStore
from csc_experiments.seeds import seed_for
from csc_experiments.tracking.artifacts import CellArtifacts
from csc_experiments.tracking.runs import RunStore
from csc_experiments.tuning.search import Trial, best_of, search
from csc_experiments.validation.folds import Fold, inner_folds, outer_folds

SHAPING_CODE = (
    "classifiers",
    "evaluation",
    "experiment.py",
    "history",
    "privacy",
    "questions",
    "records",
    "representations",
    "seeds.py",
    "tuning",
    "validation",
)


@dataclass(frozen=True, slots=True)
class CellResult:
    """What came out of a cell.

    Attributes
    ----------
    run_id : str
    scores : dict of str to float
        Empty if the cell had been finished before.
    """

    run_id: str
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class FoldResult:
    """One outer fold: its rows, the trials of its search, the fitted model, a score per test row."""

    fold: Fold
    trials: list[Trial]
    model: Pipeline
    scores: NDArray[np.float64]


def run_cell(config: ExperimentConfig) -> CellResult:
    """Run one cell and write it to the store, unless it is finished already.

    A cell that refuses to run is written as a failed run before its error is raised.

    Raises
    ------
    CscError
        As `docs/errors.md` lists them.
    """
    key = cell_key(config)
    store = RunStore(config.tracking, config.study_name)
    finished = store.find(key)
    if finished is not None:
        return CellResult(finished, {})
    started = time.time()
    try:
        with threadpool_limits(limits=1):
            cohort, results = _learn(config, key)
            predictions = _predictions(cohort, results)
            seed = seed_for(config.seed, "bootstrap", config.dataset.authority, config.question.name)
            scores = evaluate(predictions, replicates=config.evaluation.replicates, seed=seed)
    except CscError as error:
        refused = cell_record(config, shaping_version(), error=type(error).__name__)
        store.refuse(refused, cell_key=key, started=started)
        raise
    artifacts = CellArtifacts(
        config.shaping,
        predictions,
        cohort.flow,
        _fold_table(cohort, results),
        [result.model for result in results],
    )
    record = cell_record(config, shaping_version(), scores=scores, cases=same_cases(predictions))
    trials = trial_records(config, [result.trials for result in results])
    run_id = store.write(record, trials, artifacts.write, cell_key=key, started=started)
    return CellResult(run_id, scores)


def cell_key(config: ExperimentConfig) -> str:
    """Hash of the configuration, the records and the code: equal keys, equal results.

    Raises
    ------
    ConfigError
        If the records are another authority's than the configuration says.
    """
    extract = read_extract(Path(config.dataset.records))
    if extract.authority != config.dataset.authority:
        raise ConfigError(
            f"dataset.authority={config.dataset.authority} does not name the authority of the records.",
            todo=f"{config.dataset.records}/extract.yaml says which it is.",
        )
    return digest([config.shaping, extract.fingerprint, shaping_version()])


def shaping_version() -> str:
    """Hash of all code that shapes a result."""
    return code_version(*SHAPING_CODE)


def load_cohort(config: ExperimentConfig) -> tuple[History, Cohort]:
    """Read an authority's records and ask the question of them; kept for the next cell of this process."""
    folder = Path(config.dataset.records)
    history = _history(folder, read_extract(folder).fingerprint)
    return history, ask(config.question, history)


@lru_cache(maxsize=2)
def _history(folder: Path, fingerprint: str) -> History:  # noqa: ARG001 - other records, another entry
    return build_history(read_records(folder))


def _learn(config: ExperimentConfig, key: str) -> tuple[Cohort, list[FoldResult]]:
    """Divide, describe, tune and fit: one result per outer fold."""
    history, cohort = load_cohort(config)
    seed = seed_for(config.seed, "folds", config.dataset.authority, config.question.name)
    store = BlockStore(Path(config.paths.cache) / "blocks")
    describe = Representations(history, cohort, config.question.document_types, store)
    cell = _Cell(config, cohort, describe, key)
    return cohort, [
        cell.learn(number, fold) for number, fold in enumerate(outer_folds(cohort, config.validation, seed))
    ]


class _Cell:
    """What every fold of a cell shares."""

    def __init__(self, config: ExperimentConfig, cohort: Cohort, describe: Representations, key: str) -> None:
        self._config = config
        self._cohort = cohort
        self._describe = describe
        self._blocks = config.blocks
        self._journal = Path(config.paths.cache) / "trials" / key
        self._outcome: NDArray[np.bool_] = cohort.rows["outcome"].to_numpy()

    def learn(self, number: int, fold: Fold) -> FoldResult:
        """Search on the inner folds, fit on the training rows, score the test rows."""
        trials = self._search(number, fold) if self._config.classifier.search else []
        best = best_of(trials).parameters if trials else {}
        matrix = self._matrix(fold, f"{number}")
        model = self._fit(matrix, fold.train, best, f"{number}")
        return FoldResult(fold, trials, model, scores_of(model, matrix.take(fold.test)))

    def _search(self, number: int, fold: Fold) -> list[Trial]:
        config = self._config
        inner = inner_folds(self._cohort, fold.train, config.validation, self._seed("inner", f"{number}"))
        names = [f"{number}.{part}" for part in range(len(inner))]
        matrices = [self._matrix(part, name) for part, name in zip(inner, names, strict=True)]

        def objective(parameters: Mapping[str, Any]) -> list[float]:
            return [
                self._inner_score(matrix, part, parameters, name)
                for matrix, part, name in zip(matrices, inner, names, strict=True)
            ]

        return search(
            config.classifier.search,
            config.tuning,
            objective,
            self._journal / f"fold_{number}.log",
            self._seed("tuning", f"{number}", config.classifier.name),
        )

    def _inner_score(self, matrix: Matrix, part: Fold, parameters: Mapping[str, Any], name: str) -> float:
        model = self._fit(matrix, part.train, parameters, name)
        scores = scores_of(model, matrix.take(part.test))
        average_precision, _ = resampled_scores(
            self._outcome[part.test], scores, np.ones((1, scores.size), np.int64)
        )
        return float(average_precision[0])

    def _seed(self, consumer: str, fold: str, *more: str) -> int:
        """Derive a seed that is another for each fold; an inner one is named after its outer: `2.0`."""
        config = self._config
        return seed_for(config.seed, consumer, config.dataset.authority, config.question.name, fold, *more)

    def _matrix(self, fold: Fold, name: str) -> Matrix:
        """Describe a fold's rows by what is learned from its training rows alone."""
        rows = np.union1d(fold.train, fold.test)
        matrix = self._describe.matrix(self._blocks, fold.train, rows, self._seed("representation", name))
        if self._config.classifier.column is not None:
            matrix = _only(matrix, self._config.classifier.column)
        check_informative(matrix.take(fold.train))
        return matrix

    def _fit(self, matrix: Matrix, train: Rows, parameters: Mapping[str, Any], name: str) -> Pipeline:
        blocks = [name.partition(":")[0] for name in matrix.names]
        dense = [
            [column for column, block in enumerate(blocks) if block == name]
            for name, config in self._blocks.items()
            if not isinstance(config, TfidfConfig)
        ]
        seed = self._seed("classifier", name, self._config.classifier.name)
        model = make_estimator(self._config.classifier, parameters, dense, len(matrix.names), seed)
        return model.fit(matrix.take(train), self._outcome[train])


def _only(matrix: Matrix, column: str) -> Matrix:
    """Keep the one column that a baseline looks at."""
    if column not in matrix.names:
        raise MatrixError(
            f"classifier.column: {column} does not vary over the training cases, so it is not in the matrix."
        )
    return Matrix(matrix.values[:, [matrix.names.index(column)]], (column,), matrix.rows)


def _predictions(cohort: Cohort, results: Sequence[FoldResult]) -> pl.DataFrame:
    """One row per held-out case: the predictions frame that `evaluation` reads."""
    return pl.concat(
        cohort.rows[result.fold.test]
        .select("subject_id", "family_id", "prediction_time", "outcome")
        .with_columns(score=result.scores, fold=pl.lit(number, pl.Int32))
        for number, result in enumerate(results)
    )


def _fold_table(cohort: Cohort, results: Sequence[FoldResult]) -> pl.DataFrame:
    """Rows, families and outcomes of each side of each fold, and of what was set aside and why."""
    rows = []
    for number, result in enumerate(results):
        sides = {"training": result.fold.train, "test": result.fold.test, **result.fold.set_aside}
        for side, members in sides.items():
            part = cohort.rows[members]
            rows.append((number, side, part.height, part["family_id"].n_unique(), int(part["outcome"].sum())))
    return pl.DataFrame(rows, schema=["fold", "side", "rows", "families", "positives"], orient="row")
