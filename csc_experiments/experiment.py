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
from sklearn.metrics import average_precision_score
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from csc_experiments import __version__
from csc_experiments.classifiers.estimators import make_estimator, scores_of
from csc_experiments.config import AXES, ExperimentConfig
from csc_experiments.errors import ConfigError, CscError, MatrixError
from csc_experiments.evaluation.scores import evaluate
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
from csc_experiments.tracking.runs import RunRecord, RunStore
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
        store.refuse(_record(config, {}, error=type(error).__name__), cell_key=key, started=started)
        raise
    artifacts = CellArtifacts(
        config.shaping,
        predictions,
        cohort.flow,
        _fold_table(cohort, results),
        [result.model for result in results],
    )
    record = _record(config, {f"test.{name}": value for name, value in scores.items()})
    run_id = store.write(
        record, _trial_records(config, results), artifacts.write, cell_key=key, started=started
    )
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
    return digest([config.shaping, extract.fingerprint, code_version(*SHAPING_CODE)])


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
        matrix = self._matrix(fold)
        model = self._fit(matrix, fold.train, best)
        return FoldResult(fold, trials, model, scores_of(model, matrix.take(fold.test)))

    def _search(self, number: int, fold: Fold) -> list[Trial]:
        config = self._config
        axes = (config.dataset.authority, config.question.name, f"{number}")
        inner = inner_folds(
            self._cohort, fold.train, config.validation, seed_for(config.seed, "inner", *axes)
        )
        matrices = [self._matrix(part) for part in inner]

        def objective(parameters: Mapping[str, Any]) -> list[float]:
            return [
                self._inner_score(matrix, part, parameters)
                for matrix, part in zip(matrices, inner, strict=True)
            ]

        return search(
            config.classifier.search,
            config.tuning,
            objective,
            self._journal / f"fold_{number}.log",
            seed_for(config.seed, "tuning", config.classifier.name, *axes),
        )

    def _inner_score(self, matrix: Matrix, part: Fold, parameters: Mapping[str, Any]) -> float:
        model = self._fit(matrix, part.train, parameters)
        return float(
            average_precision_score(self._outcome[part.test], scores_of(model, matrix.take(part.test)))
        )

    def _matrix(self, fold: Fold) -> Matrix:
        """Describe a fold's rows by what is learned from its training rows alone."""
        rows = np.union1d(fold.train, fold.test)
        seed = seed_for(self._config.seed, "representation", self._config.dataset.authority)
        matrix = self._describe.matrix(self._blocks, fold.train, rows, seed)
        if self._config.classifier.column is not None:
            matrix = _only(matrix, self._config.classifier.column)
        check_informative(matrix.take(fold.train))
        return matrix

    def _fit(self, matrix: Matrix, train: Rows, parameters: Mapping[str, Any]) -> Pipeline:
        blocks = [name.partition(":")[0] for name in matrix.names]
        dense = [
            [column for column, block in enumerate(blocks) if block == name]
            for name, config in self._blocks.items()
            if not isinstance(config, TfidfConfig)
        ]
        seed = seed_for(self._config.seed, "classifier", self._config.classifier.name)
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


def _record(config: ExperimentConfig, metrics: Mapping[str, float], error: str = "") -> RunRecord:
    choices = {axis: getattr(config, axis).name for axis in AXES}
    params = {"authority": config.dataset.authority, **choices, "seed": str(config.seed)}
    tags = {
        "csc.config_hash": digest(config.shaping),
        "csc.data_fingerprint": read_extract(Path(config.dataset.records)).fingerprint,
        "csc.code_version": code_version(*SHAPING_CODE),
        "csc.package_version": __version__,
        "csc.sensitivity": "on_site_only",
        **({"csc.error": error} if error else {}),
    }
    name = "/".join(choices.values())
    return RunRecord(name, params | _leaves(config.shaping, "config"), metrics, tags)


def _trial_records(config: ExperimentConfig, results: Sequence[FoldResult]) -> list[RunRecord]:
    return [
        RunRecord(
            name=f"fold_{number}/trial_{trial.number}",
            params={
                "authority": config.dataset.authority,
                "fold": str(number),
                **{name: str(value) for name, value in trial.parameters.items()},
            },
            metrics={"inner.average_precision": trial.mean, "seconds": trial.seconds},
        )
        for number, result in enumerate(results)
        for trial in result.trials
    ]


def _leaves(said: Mapping[str, Any], prefix: str) -> dict[str, str]:
    """Flatten a configuration: `config.question.outcome.within_days` to its value."""
    found: dict[str, str] = {}
    for key, value in said.items():
        if isinstance(value, Mapping):
            found |= _leaves(value, f"{prefix}.{key}")
        else:
            found[f"{prefix}.{key}"] = str(value)
    return found
