"""Average precision and AUC with family-bootstrap intervals, from a predictions frame alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from csc_experiments.errors import InvalidPredictionsError, RecordsNotFoundError, UnreadableInputError

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
COLUMNS = ("subject_id", "family_id", "prediction_time", "outcome", "score", "fold")
FILLED = ("subject_id", "family_id", "outcome", "score", "fold")
METRICS = ("average_precision", "roc_auc")
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Score:
    """A metric with its interval, NaN where it is not defined."""

    value: float
    low: float
    high: float


def evaluate(predictions: pl.DataFrame, *, replicates: int, seed: int) -> dict[str, float]:
    """Score predictions.

    Each metric is computed in each fold and averaged over the folds, so that scores of different models are
    never ranked against each other. The interval is the 2.5th to 97.5th percentile over bootstrap replicates
    that draw whole families, with replacement, once for all folds (Field and Welsh 2007,
    https://doi.org/10.1111/j.1467-9868.2007.00593.x): a family that is tested in several folds is in all of
    them or in none. The fitted models stay as they are, so the interval says nothing of what another training
    set would have given. A replicate in which a fold has no outcome, or nothing but outcomes, leaves that
    fold out.

    Parameters
    ----------
    predictions : polars.DataFrame
        The columns of `COLUMNS`; `outcome` bool, `score` any finite number, higher for likelier.
    replicates : int
        Bootstrap replicates.
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict of str to float
        `rows` (a case that is tested five times counts five times), `families`, `positives`, `prevalence`,
        `average_precision.chance` (what a random order would score on average), and for each of `METRICS` its
        value, `.low` and `.high`.

    Raises
    ------
    InvalidPredictionsError
        If there is no row, a column is missing or of another type, a cell is empty (a prediction time may
        be), a score is not finite, or a fold has no outcome or nothing but outcomes.

    Examples
    --------
    >>> frame = pl.DataFrame({
    ...     "subject_id": [1, 2, 3, 4], "family_id": [1, 2, 3, 4], "prediction_time": [None] * 4,
    ...     "outcome": [True, False, True, False], "score": [0.9, 0.8, 0.4, 0.1], "fold": [0, 0, 0, 0]})
    >>> round(evaluate(frame, replicates=10, seed=1)["average_precision"], 4)
    0.8333
    """
    _check(predictions)
    coded = predictions.with_columns(family=pl.col("family_id").rank("dense").cast(pl.Int64) - 1)
    # In the order of their names, so that the order of the rows says nothing.
    folds = coded.sort("fold", maintain_order=True).partition_by("fold", maintain_order=True)
    parts = _resampled_folds(folds, predictions["family_id"].n_unique(), replicates, seed)
    scores = {
        "rows": float(predictions.height),
        "families": float(predictions["family_id"].n_unique()),
        "positives": float(predictions["outcome"].sum()),
        # Averaged over folds, as the metrics are.
        "prevalence": float(np.mean([fold["outcome"].to_numpy().mean() for fold in folds])),
        "average_precision.chance": float(np.mean([_chance(fold["outcome"]) for fold in folds])),
    }
    for position, metric in enumerate(METRICS):
        score = _pool(parts[:, position])
        scores |= {metric: score.value, f"{metric}.low": score.low, f"{metric}.high": score.high}
    return scores


def read_predictions(path: Path) -> pl.DataFrame:
    """Read a predictions frame from Parquet or CSV.

    Raises
    ------
    RecordsNotFoundError
        If the file is not there.
    UnreadableInputError
        If it is neither.
    """
    if not path.is_file():
        raise RecordsNotFoundError(f"{path} is not there.")
    try:
        return pl.read_parquet(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, UnicodeDecodeError):
        # The library's own message quotes cells, so it is not passed on.
        raise UnreadableInputError(f"{path} is not a Parquet or CSV file of predictions.") from None


def _read_csv(path: Path) -> pl.DataFrame:
    # The whole file tells the type of a column: scores may be whole numbers for a long while.
    return pl.read_csv(path, infer_schema_length=None)


def resampled_scores(outcome: NDArray[np.bool_], score: Floats, drawn: Counts) -> tuple[Floats, Floats]:
    """Average precision and AUC of many resamples of one set of predictions, sorted once.

    Cases with equal scores are taken to stand in random order: average precision is the mean over all orders,
    the AUC counts a tie as half. So a score that is the same for all gives `chance_average_precision`, and a
    case that was drawn twice is not rewarded for standing beside itself. Without ties both are equal to
    scikit-learn's; with ties its average precision takes all tied cases at one threshold instead (on the mean
    over orders see McSherry and Najork 2008, https://doi.org/10.1007/978-3-540-78646-7_38).

    Parameters
    ----------
    outcome, score : array of shape (n,)
    drawn : array of int of shape (resamples, n)
        How often each case stands in each resample.

    Returns
    -------
    tuple of two arrays of shape (resamples,)
        NaN where a resample has no outcome or nothing but outcomes.

    Examples
    --------
    >>> outcome, score = np.array([True, False]), np.array([0.3, 0.3])
    >>> resampled_scores(outcome, score, np.array([[1, 1]]))[0].tolist()
    [0.75]
    """
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    in_order = drawn[:, order]
    positive = np.add.reduceat(in_order * outcome[order], starts, axis=1)
    tied = np.add.reduceat(in_order, starts, axis=1)
    found = positive.cumsum(axis=1) - positive
    total, rows = positive.sum(axis=1), tied.sum(axis=1)
    negative = tied - positive
    with np.errstate(divide="ignore", invalid="ignore"):
        average_precision = _precision_sums(positive, tied, found).sum(axis=1) / total
        roc_auc = (negative * (found + positive / 2)).sum(axis=1) / (total * (rows - total))
    undefined = (total == 0) | (total == rows)
    average_precision[undefined] = roc_auc[undefined] = np.nan
    return average_precision, roc_auc


def _precision_sums(positive: Counts, tied: Counts, found: Counts) -> Floats:
    """Sum the precisions at the positives of each group of tied cases, expected over their random order.

    All arguments have the shape (resamples, groups): positives and cases in a group, positives before it. At
    place i of a group of n with r positives, after t cases of which f are positive, stands a positive with
    probability r/n; the expected precision there is (f + 1 + (i - 1)(r - 1)/(n - 1)) / (t + i). The sum over
    i needs only harmonic numbers.
    """
    before = tied.cumsum(axis=1) - tied
    harmonic = np.r_[0.0, (1 / np.arange(1, int((before + tied).max()) + 1)).cumsum()]
    slope = (positive - 1) / np.maximum(tied - 1, 1)
    reciprocals = harmonic[before + tied] - harmonic[before]
    expected = slope * tied + (found + 1 - slope * (before + 1)) * reciprocals
    return np.where(positive > 0, positive * expected / np.maximum(tied, 1), 0.0)


def chance_average_precision(rows: int, positives: int) -> float:
    """Expected average precision of a random order.

    It lies above the prevalence, and nears it as the rows grow in number (Bestgen 2015, Exact expected
    average precision of the random baseline for system evaluation, https://doi.org/10.1515/pralin-2015-0007).

    Examples
    --------
    >>> chance_average_precision(2, 1)
    0.75
    """
    if rows == positives:
        return 1.0
    harmonic = float((1 / np.arange(1, rows + 1)).sum())
    return (positives - 1) / (rows - 1) + (rows - positives) / (rows * (rows - 1)) * harmonic


def _chance(outcome: pl.Series) -> float:
    return chance_average_precision(outcome.len(), int(outcome.sum()))


def _resampled_folds(
    folds: Sequence[pl.DataFrame], families: int, replicates: int, seed: int
) -> NDArray[np.float64]:
    """Both metrics of each fold: shape (folds, metrics, 1 + replicates), the first of the fold as it is."""
    rng = np.random.default_rng(seed)
    parts = [(fold["outcome"].to_numpy(), fold["score"].cast(pl.Float64).to_numpy()) for fold in folds]
    members = [fold["family"].to_numpy() for fold in folds]
    scored = [[resampled_scores(*part, np.ones((1, part[0].size), np.int64)) for part in parts]]
    # A chunk of replicates holds about a million counts: as fast as more, in a tenth of the memory.
    size = max(1, 1_000_000 // max(families, *(part[0].size for part in parts)))
    for start, stop in pairwise([*range(0, replicates, size), replicates]):
        drawn = rng.multinomial(families, np.full(families, 1 / families), size=stop - start)
        scored.append(
            [resampled_scores(*part, drawn[:, own]) for part, own in zip(parts, members, strict=True)]
        )
    return np.concatenate([np.array(chunk) for chunk in scored], axis=2)


def _pool(values: NDArray[np.float64]) -> Score:
    """Average over folds; shape (folds, 1 + replicates)."""
    defined = ~np.isnan(values)
    count = defined.sum(axis=0)
    total = np.where(defined, values, 0.0).sum(axis=0)
    pooled = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
    drawn = pooled[1:][~np.isnan(pooled[1:])]
    if not drawn.size:
        return Score(float(pooled[0]), float("nan"), float("nan"))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Score(float(pooled[0]), float(low), float(high))


def _check(predictions: pl.DataFrame) -> None:
    missing = [column for column in COLUMNS if column not in predictions.columns]
    if missing:
        raise InvalidPredictionsError(f"The predictions have no column {', '.join(missing)}.")
    if predictions.is_empty():
        raise InvalidPredictionsError("The predictions have no rows.")
    _check_types(predictions)
    empty = predictions.select(pl.any_horizontal(pl.col(*FILLED).is_null()).sum()).item()
    if empty:
        raise InvalidPredictionsError(f"{empty} predictions lack one of {', '.join(FILLED)}.")
    bad = int((~predictions["score"].cast(pl.Float64).is_finite()).sum())
    if bad:
        raise InvalidPredictionsError(f"{bad} scores are not finite numbers.")
    for part in predictions.partition_by("fold"):
        if part["outcome"].n_unique() < 2:  # noqa: PLR2004 - both outcomes
            raise InvalidPredictionsError(
                f"A fold of {part.height} predictions has only one kind of outcome, so it cannot be scored."
            )


def _check_types(predictions: pl.DataFrame) -> None:
    if predictions["outcome"].dtype != pl.Boolean or not predictions["score"].dtype.is_numeric():
        raise InvalidPredictionsError(
            "The predictions' outcome must be true or false and the score a number."
        )
    for column in ("family_id", "fold"):
        dtype = predictions[column].dtype
        if not (dtype.is_integer() or dtype == pl.String):
            raise InvalidPredictionsError(f"The predictions' {column} must be whole numbers or text.")
