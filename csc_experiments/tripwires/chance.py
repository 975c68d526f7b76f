"""What is learned from labels that say nothing must be worth nothing."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.evaluation.scores import resampled_scores
from csc_experiments.representations.matrix import Matrix, Rows, Values
from csc_experiments.seeds import seed_for
from csc_experiments.tripwires.finding import Finding, finding
from csc_experiments.tripwires.scene import Scene

MOST_FAMILIES: Final = 2000
FEWEST_POSITIVES: Final = 10
CHANCE: Final = 0.5
DEVIATIONS: Final = 4.0
"""Standard errors that the interval reaches on either side: chance lies outside once in 16,000 runs."""
Floats = NDArray[np.float64]


def permuted_labels(scene: Scene, matrix: Matrix) -> Finding:
    """Learn from half of the training families with their outcomes permuted, and score the other half.

    The model is the difference between the means of the two kinds of case, in standard deviations. Families
    are one case each, so the AUC of a score that knows nothing lies within its interval around a half.
    """
    rows, outcome = _shuffled(scene)
    half = rows.size // 2
    if min(outcome[:half].sum(), outcome[half:].sum()) < FEWEST_POSITIVES:
        return finding("permuted_labels", 0, "Too few outcomes to permute.", alarm=False)
    score = _learned(matrix, rows[:half], outcome[:half], rows[half:])
    _, auc = resampled_scores(outcome[half:], score, np.ones((1, score.size), dtype=np.int64))
    width = DEVIATIONS * _standard_error(outcome[half:])
    low, high = float(auc[0]) - width, float(auc[0]) + width
    return finding(
        "permuted_labels",
        int(rows.size),
        f"Learned from permuted outcomes of {rows.size} families, the AUC is {auc[0]:.2f}"
        f" ({low:.2f} to {high:.2f}); chance is 0.50.",
        alarm=not low <= CHANCE <= high,
    )


def _shuffled(scene: Scene) -> tuple[Rows, NDArray[np.bool_]]:
    """Draw one training row of each family, in random order, and permute their outcomes."""
    draw = np.random.default_rng(seed_for(scene.fold.train.size, "permuted labels"))
    families = scene.cohort.rows["family_id"].to_numpy()[scene.fold.train]
    order = draw.permutation(scene.fold.train.size)
    _, first = np.unique(families[order], return_index=True)
    rows = draw.permutation(scene.fold.train[order[first]])[:MOST_FAMILIES]
    return rows, draw.permutation(scene.cohort.rows["outcome"].to_numpy()[rows])


def _learned(matrix: Matrix, train: Rows, outcome: NDArray[np.bool_], test: Rows) -> Floats:
    learned, scored = (_floats(matrix.take(rows)) for rows in (train, test))
    apart = _mean(learned[outcome]) - _mean(learned[~outcome])
    mean = _mean(learned)
    squares = _mean(learned**2 if sparse.issparse(learned) else np.square(learned))
    spread = np.sqrt(np.maximum(squares - mean**2, 0.0))
    weight = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)
    # Rounded, so that cases that are described alike stay tied.
    return np.round(np.asarray(scored @ np.divide(weight, spread, out=weight, where=spread > 0)), 9)


def _floats(values: Values) -> Values:
    return values.astype(np.float64)


def _mean(values: Values) -> Floats:
    return np.ravel(np.asarray(values.mean(axis=0), dtype=np.float64))


def _standard_error(outcome: NDArray[np.bool_]) -> float:
    """Return the standard error of the AUC of a score that knows nothing (Mann and Whitney)."""
    positive, cases = int(outcome.sum()), outcome.size
    return float(np.sqrt((cases + 1) / (12 * positive * (cases - positive))))
