"""The two validation designs, families whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold

from csc_experiments.errors import LeakError, TooFewPositivesError
from csc_experiments.questions.cohort import Cohort
from csc_experiments.validation.settings import Design, ValidationConfig

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fold:
    """Row numbers of a cohort, sorted: learned from, tested on, and set aside (and why)."""

    train: Rows
    test: Rows
    set_aside: dict[str, Rows]


def outer_folds(cohort: Cohort, design: ValidationConfig, seed: int) -> list[Fold]:
    """Divide a cohort into folds.

    Parameters
    ----------
    seed : int
        Derived for the axes along which folds may vary; `earlier_cases` draws nothing.

    Returns
    -------
    list of Fold
        `design.folds` of them for `all_cases`, in which every row is tested once; one for `earlier_cases`.

    Raises
    ------
    TooFewPositivesError
        If a side of a fold has fewer outcomes, or fewer cases without, than `design.min_positives`.
    """
    everyone = np.arange(cohort.rows.height)
    if design.design is Design.ALL_CASES:
        folds = list(_all_cases(cohort.rows, everyone, design.folds, seed))
    else:
        folds = [_earlier_cases(cohort, everyone, design.test_share)]
    return _checked(folds, cohort, design, "")


def inner_folds(cohort: Cohort, train: Rows, design: ValidationConfig, seed: int) -> list[Fold]:
    """Divide the training rows of a fold by the same design, for the search for parameters.

    For `earlier_cases` with n inner folds, the latest part of the training rows is cut into n blocks in time;
    each is tested on in turn by what was known before it began.
    """
    if design.design is Design.ALL_CASES:
        folds = list(_all_cases(cohort.rows, train, design.inner_folds, seed))
    else:
        times = _times(cohort.rows)[train]
        shares = [design.test_share * (k + 1) for k in range(design.inner_folds)]
        cuts = [np.inf, *(_cut(times, share) for share in shares)]
        folds = [_time_fold(cohort, train, cuts[k + 1], cuts[k]) for k in range(design.inner_folds)]
    return _checked(folds, cohort, design, "inner ")


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


def _times(rows: pl.DataFrame) -> NDArray[np.float64]:
    """Prediction times in days since 1970."""
    return rows["prediction_time"].dt.epoch("s").to_numpy() / timedelta(days=1).total_seconds()


def _all_cases(rows: pl.DataFrame, among: Rows, folds: int, seed: int) -> Iterator[Fold]:
    splitter = StratifiedGroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    outcome, families = rows["outcome"].to_numpy()[among], rows["family_id"].to_numpy()[among]
    if np.unique(families).size < folds:
        raise TooFewPositivesError(
            f"{np.unique(families).size} families cannot be divided into {folds} folds."
        )
    if min(outcome.sum(), (~outcome).sum()) < folds:
        raise TooFewPositivesError(
            f"{int(outcome.sum())} outcomes in {len(among)} cases cannot be divided into {folds} folds.",
            todo="Use more years of records, a wider question, or fewer validation.folds and .inner_folds.",
        )
    for train, test in splitter.split(np.zeros(len(among)), outcome, families):
        yield Fold(among[train], among[test], {})


def _earlier_cases(cohort: Cohort, among: Rows, test_share: float) -> Fold:
    return _time_fold(cohort, among, _cut(_times(cohort.rows)[among], test_share), np.inf)


def _cut(times: NDArray[np.float64], share: float) -> float:
    """Return the day on which the latest share of the cases begins: one of the days, and never split."""
    return float(np.quantile(times, 1 - share, method="higher"))


def _time_fold(cohort: Cohort, among: Rows, start: float, stop: float) -> Fold:
    """Test on [start, stop); learn from rows whose horizon had ended before start.

    A family on both sides stays in the test and leaves the training rows: what is tested then looks like all
    of the later cases, and no case is counted twice.
    """
    times = _times(cohort.rows)[among]
    families = cohort.rows["family_id"].to_numpy()[among]
    test = (times >= start) & (times < stop)
    ended = times + cohort.horizon.days < start
    tested_family = np.isin(families, families[test])
    train = ended & ~tested_family
    aside = {
        "horizon not over when the test begins": among[~ended & ~test & (times < start)],
        "family is tested on": among[ended & tested_family],
        "after the test": among[times >= stop],
    }
    return Fold(among[train], among[test], {why: rows for why, rows in aside.items() if rows.size})


def _checked(folds: list[Fold], cohort: Cohort, design: ValidationConfig, where: str) -> list[Fold]:
    outcome = cohort.rows["outcome"].to_numpy()
    for number, fold in enumerate(folds):
        check_families(cohort.rows, fold)
        for side, rows in (("training", fold.train), ("test", fold.test)):
            positives = int(outcome[rows].sum())
            if min(positives, rows.size - positives) < design.min_positives:
                raise TooFewPositivesError(
                    f"{where}fold {number}: the {side} side has {positives} outcomes in {rows.size} cases;"
                    f" it needs {design.min_positives} with and without"
                    f" ({cohort.rows.height} cases, {int(outcome.sum())} outcomes in all).",
                    todo="Use more years of records, a wider question, or another validation design.",
                )
    return folds
