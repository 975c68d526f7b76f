"""What a cell does in each fold: describe, search, fit, score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from csc_experiments.classifiers.estimators import make_estimator, scores_of
from csc_experiments.config import ExperimentConfig
from csc_experiments.errors import MatrixError
from csc_experiments.evaluation.scores import resampled_scores
from csc_experiments.questions.cohort import Cohort
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix, Rows, check_informative
from csc_experiments.representations.settings import BlockConfig, LsaConfig, TfidfConfig
from csc_experiments.seeds import seed_for
from csc_experiments.tuning.search import Trial, best_of, search
from csc_experiments.validation.folds import Fold, inner_folds


@dataclass(frozen=True, slots=True)
class FoldResult:
    """One outer fold: its rows, the trials of its search, the fitted model, a score per test row.

    `notes` are those of the matrix that the model was fitted on.
    """

    fold: Fold
    trials: list[Trial]
    model: Pipeline
    scores: NDArray[np.float64]
    notes: Mapping[str, pl.DataFrame]


class Cell:
    """What every fold of a cell shares.

    Parameters
    ----------
    config : ExperimentConfig
    cohort : Cohort
    describe : Representations
    key : str
        `cell_key`: the journals of its searches are named after it.

    Attributes
    ----------
    blocks : dict of str to BlockConfig
        Of the representation, as the classifier wants them.
    """

    def __init__(self, config: ExperimentConfig, cohort: Cohort, describe: Representations, key: str) -> None:
        self._config = config
        self._cohort = cohort
        self._describe = describe
        self.blocks = blocks_for(config)
        self._journal = Path(config.paths.cache) / "trials" / key
        self._outcome: NDArray[np.bool_] = cohort.rows["outcome"].to_numpy()

    def learn(self, number: int, fold: Fold) -> FoldResult:
        """Search on the inner folds, fit on the training rows, score the test rows."""
        trials = self._search(number, fold) if self._config.classifier.search else []
        best = best_of(trials).parameters if trials else {}
        matrix = self.matrix(fold, f"{number}")
        model = self._fit(matrix, fold.train, best, f"{number}")
        return FoldResult(fold, trials, model, scores_of(model, matrix.take(fold.test)), matrix.notes)

    def _search(self, number: int, fold: Fold) -> list[Trial]:
        config = self._config
        inner = inner_folds(self._cohort, fold.train, config.validation, self._seed("inner", f"{number}"))
        names = [f"{number}.{part}" for part in range(len(inner))]
        matrices = [self.matrix(part, name) for part, name in zip(inner, names, strict=True)]

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

    def matrix(self, fold: Fold, name: str) -> Matrix:
        """Describe a fold's rows by what is learned from its training rows alone."""
        rows = np.union1d(fold.train, fold.test)
        matrix = self._describe.matrix(self.blocks, fold.train, rows, self._seed("representation", name))
        if self._config.classifier.column is not None:
            matrix = _only(matrix, self._config.classifier.column)
        check_informative(matrix.take(fold.train))
        return matrix

    def _fit(self, matrix: Matrix, train: Rows, parameters: Mapping[str, Any], name: str) -> Pipeline:
        blocks = [name.partition(":")[0] for name in matrix.names]
        dense = [
            [column for column, block in enumerate(blocks) if block == name]
            for name, config in self.blocks.items()
            if not isinstance(config, TfidfConfig)
        ]
        seed = self._seed("classifier", name, self._config.classifier.name)
        model = make_estimator(self._config.classifier, parameters, dense, len(matrix.names), seed)
        return model.fit(matrix.take(train), self._outcome[train])


def blocks_for(config: ExperimentConfig) -> dict[str, BlockConfig]:
    """Return the representation's blocks, terms in few dimensions for a classifier that wants it so."""
    components = config.classifier.text_components
    return {
        name: LsaConfig.of(block, components) if components and isinstance(block, TfidfConfig) else block
        for name, block in config.blocks.items()
    }


def _only(matrix: Matrix, column: str) -> Matrix:
    """Keep the one column that a baseline looks at."""
    if column not in matrix.names:
        raise MatrixError(
            f"classifier.column: {column} does not vary over the training cases, so it is not in the matrix."
        )
    return Matrix(matrix.values[:, [matrix.names.index(column)]], (column,), matrix.rows, matrix.notes)
