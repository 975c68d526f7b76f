"""What each fold holds, and whether its two sides look alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.questions.cohort import Cohort
from csc_experiments.seeds import seed_for
from csc_experiments.validation.fold import Fold
from csc_experiments.validation.settings import Design

Floats = NDArray[np.float64]
COLUMNS = 20
"""How many columns of structured data are compared, beside outcome, age and cases in the family."""
CHUNK = 100
DAYS_PER_YEAR = 365.25
SCHEMA: dict[str, pl.DataType] = {
    "fold": pl.Int32(),
    "families": pl.Int64(),
    "expected": pl.String(),
    "distance": pl.Float64(),
    "chance": pl.Float64(),
    "p_value": pl.Float64(),
    "p_holm": pl.Float64(),
    "most_different": pl.String(),
    "difference": pl.Float64(),
}


@dataclass(frozen=True, slots=True)
class Covariates:
    """What two sides are compared by: names and a value for each row of a cohort.

    Attributes
    ----------
    names : tuple of str, length p
    values : array of float, shape (n, p)
        No cell is missing.
    """

    names: tuple[str, ...]
    values: Floats


def covariates(
    cohort: Cohort,
    features: NDArray[np.floating[Any]] | sparse.csr_array | None = None,
    names: Sequence[str] = (),
) -> Covariates:
    """Choose what two sides are compared by.

    Outcome, age and the number of the family's cases always; of the features those `COLUMNS` that tell most
    rows apart: the nearest to being other than zero in half of them.

    Parameters
    ----------
    cohort : Cohort
    features : array or scipy.sparse.csr_array of float, shape (n, p), optional
        Structured features of all rows, none missing.
    names : sequence of str, length p
    """
    age = (pl.col("prediction_time") - pl.col("birth")).dt.total_days() / DAYS_PER_YEAR
    own = cohort.rows.select(
        pl.col("outcome").cast(pl.Float64),
        age.fill_null(age.median()).fill_null(0.0).alias("age"),
        pl.len().over("family_id").cast(pl.Float64).alias("cases in the family"),
    )
    if features is None:
        return Covariates(tuple(own.columns), own.to_numpy())
    filled = np.ravel((features != 0).mean(axis=0))
    chosen = np.sort(np.argsort(-filled * (1 - filled), kind="stable")[:COLUMNS])
    told = features[:, chosen].astype(np.float64)
    return Covariates(
        (*own.columns, *(names[column] for column in chosen)),
        np.hstack([own.to_numpy(), told.toarray() if isinstance(told, sparse.sparray) else told]),
    )


def fold_table(cohort: Cohort, folds: Sequence[Fold]) -> pl.DataFrame:
    """Count each side of each fold, and what was set aside and why.

    Returns
    -------
    polars.DataFrame
        fold, side (training, test, or the reason), rows, families, positives, prevalence, first, last: the
        earliest and latest prediction time.
    """
    return pl.concat(
        cohort.rows[members].select(
            pl.lit(number, pl.Int32).alias("fold"),
            pl.lit(side).alias("side"),
            pl.len().cast(pl.Int64).alias("rows"),
            pl.col("family_id").n_unique().cast(pl.Int64).alias("families"),
            pl.col("outcome").sum().cast(pl.Int64).alias("positives"),
            pl.col("outcome").mean().alias("prevalence"),
            pl.col("prediction_time").min().alias("first"),
            pl.col("prediction_time").max().alias("last"),
        )
        for number, fold in enumerate(folds)
        for side, members in {"training": fold.train, "test": fold.test, **fold.set_aside}.items()
    )


def alike_table(
    cohort: Cohort,
    folds: Sequence[Fold],
    compared: Covariates,
    design: Design,
    *,
    permutations: int,
    seed: int,
) -> pl.DataFrame:
    """Test of each fold whether its sides could be two random draws of families.

    The distance is the sum over columns of the squared difference of the two sides' means, in standard
    deviations of the fold's rows. Families are what could have been drawn to the other side, so families are
    what is permuted: a family's rows move together, and as many families are tested on as were. The p-value
    is that of a permutation test, (1 + permutations at least as far apart) / (1 + permutations) (Phipson and
    Smyth 2010, https://doi.org/10.2202/1544-6115.1585), corrected over the folds by Holm's method (1979,
    https://www.jstor.org/stable/4615733).

    Folds of `all_cases` are balanced in the outcome, so their sides are a little more alike than random ones
    and a small p-value is rarer than it says. Sides that lie apart in time or place are expected to differ.

    Parameters
    ----------
    compared : Covariates
        Of all rows of the cohort.
    permutations : int
        With none there is no row.
    seed : int

    Returns
    -------
    polars.DataFrame
        fold, families, expected (alike, different or unknown, by the design), distance, chance (its mean over
        the permutations), p_value, p_holm, most_different (the column that differs most), difference (test
        less training, in standard deviations).
    """
    if not permutations:
        return pl.DataFrame(schema=SCHEMA)
    families = cohort.rows["family_id"].to_numpy()
    expected = {Design.ALL_CASES: "alike", Design.SPLITTER: "unknown"}.get(design, "different")
    tested = [
        (number, expected, _compare(fold, families, compared, permutations, seed_for(seed, f"{number}")))
        for number, fold in enumerate(folds)
    ]
    corrected = holm([one.p_value for *_, one in tested])
    return pl.DataFrame(
        [
            (number, one.families, said, one.distance, one.chance, one.p_value, holmed, one.column, one.by)
            for (number, said, one), holmed in zip(tested, corrected, strict=True)
        ],
        schema=SCHEMA,
        orient="row",
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """Correct p-values for their number, by Holm's method.

    Examples
    --------
    >>> holm([0.04, 0.01, 0.03])
    [0.06, 0.03, 0.06]
    """
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = np.minimum(1, values[order] * np.arange(values.size, 0, -1))
    corrected = np.empty_like(values)
    corrected[order] = np.maximum.accumulate(steps)
    return [float(value) for value in corrected]


@dataclass(frozen=True, slots=True)
class _Compared:
    """One fold's test."""

    families: int
    distance: float
    chance: float
    p_value: float
    column: str
    by: float


def _compare(
    fold: Fold, families: NDArray[np.int64], compared: Covariates, permutations: int, seed: int
) -> _Compared:
    rows = np.concatenate([fold.train, fold.test])
    values, names = _standardised(compared.values[rows], compared.names)
    drawn, family = np.unique(families[rows], return_inverse=True)
    sums = np.zeros((drawn.size, values.shape[1] + 1))  # the last column counts a family's rows
    np.add.at(sums, family, np.hstack([values, np.ones((rows.size, 1))]))
    on_test = np.zeros(drawn.size, np.bool_)
    on_test[family[fold.train.size :]] = True
    (apart,) = _differences(on_test[None], sums)
    distance = float((apart**2).sum())
    by_chance = np.concatenate(list(_permuted(on_test, sums, permutations, seed)))
    # What is equal but for rounding counts as equal.
    as_far = int((by_chance >= distance * (1 - 1e-9)).sum())
    most = int(np.abs(apart).argmax()) if apart.size else None
    return _Compared(
        drawn.size,
        distance,
        float(by_chance.mean()),
        (1 + as_far) / (1 + permutations),
        "" if most is None else names[most],
        0.0 if most is None else float(apart[most]),
    )


def _standardised(values: Floats, names: Sequence[str]) -> tuple[Floats, list[str]]:
    """Centre and scale the columns that vary."""
    varies = np.ptp(values, axis=0) > 0
    kept = values[:, varies]
    told = [name for name, wanted in zip(names, varies, strict=True) if wanted]
    return (kept - kept.mean(axis=0)) / kept.std(axis=0), told


def _permuted(on_test: NDArray[np.bool_], sums: Floats, permutations: int, seed: int) -> Iterator[Floats]:
    """Distances of sides that were drawn anew, a hundred at a time."""
    rng = np.random.default_rng(seed)
    for start in range(0, permutations, CHUNK):
        sides = np.repeat(on_test[None], min(CHUNK, permutations - start), axis=0)
        yield (_differences(rng.permuted(sides, axis=1), sums) ** 2).sum(axis=1)


def _differences(on_test: NDArray[np.bool_], sums: Floats) -> Floats:
    """Mean of the test side less that of the training side; shape (draws, families) to (draws, columns)."""
    test = on_test.astype(np.float64) @ sums
    train = sums.sum(axis=0) - test
    differences: Floats = test[:, :-1] / test[:, -1:] - train[:, :-1] / train[:, -1:]
    return differences
