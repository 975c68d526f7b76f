"""Splitters in scikit-learn's shape: whole families in balanced folds, and blocks of time."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum, inf, sqrt
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import BaseCrossValidator

from csc_experiments.seeds import seed_for
from csc_experiments.validation.fold import Fold, Rows
from csc_experiments.validation.settings import Families

Days = NDArray[np.float64]
Counts = NDArray[np.float64]
SAME = 1e-8, 1e-5  # absolute and relative: two divisions this near are equally good


class WholeFamilies(BaseCrossValidator):  # type: ignore[misc] # scikit-learn ships no types
    """Draw folds of whole families with about the same share of outcomes; each case is tested once a repeat.

    The first repeat is that of scikit-learn's `StratifiedGroupKFold(shuffle=True)`, fold for fold, in a
    twentieth of the time: that class visits each row, and each fold for each group, in Python.

    Parameters
    ----------
    n_splits : int, default=5
        Folds of a repeat.
    n_repeats : int, default=1
    random_state : int, default=0

    Examples
    --------
    >>> families = np.array([1, 1, 2, 2, 3, 3, 4, 4])
    >>> outcome = np.array([True, False] * 4)
    >>> folds = WholeFamilies(n_splits=2).split(np.zeros(8), outcome, families)
    >>> [np.unique(families[test]).size for _, test in folds]
    [2, 2]
    """

    __metadata_request__split: ClassVar[dict[str, bool]] = {"groups": True}

    def __init__(self, n_splits: int = 5, *, n_repeats: int = 1, random_state: int = 0) -> None:
        self.n_splits = n_splits
        self.n_repeats = n_repeats
        self.random_state = random_state

    def get_n_splits(self, X: object = None, y: object = None, groups: object = None) -> int:  # noqa: ARG002, N803 - scikit-learn's names
        """Return how many divisions `split` gives."""
        return self.n_splits * self.n_repeats

    def _iter_test_indices(self, X: object, y: ArrayLike, groups: ArrayLike | None) -> Iterator[Rows]:  # noqa: ARG002, N803 - scikit-learn's names
        if groups is None:
            raise ValueError("The 'groups' parameter should not be None: it says which rows are one family.")
        _, kind = np.unique(np.asarray(y), return_inverse=True)
        families, family = np.unique(np.asarray(groups), return_inverse=True)
        if self.n_splits < 2 or families.size < self.n_splits:  # noqa: PLR2004 - two sides
            raise ValueError(f"n_splits={self.n_splits} must be 2 to the number of groups: {families.size}.")
        counts = np.zeros((families.size, int(kind.max()) + 1))
        np.add.at(counts, (family, kind), 1)
        for repeat in range(self.n_repeats):
            seed = self.random_state if repeat == 0 else seed_for(self.random_state, "repeat", f"{repeat}")
            fold = _balanced(counts, self.n_splits, seed)[family]
            for number in range(self.n_splits):
                yield np.flatnonzero(fold == number)


def _balanced(counts: Counts, folds: int, seed: int) -> Rows:
    """Give each family (row of counts by kind of outcome) a fold, those with most to balance first."""
    order = np.arange(len(counts))
    # scikit-learn's own generator, for its very folds.
    np.random.RandomState(seed).shuffle(order)
    order = order[np.argsort(-np.std(counts[order], axis=1), kind="stable")]
    total = counts.sum(axis=0).tolist()
    held = [[0.0] * folds for _ in total]
    given = np.zeros(len(counts), np.intp)
    for family in order.tolist():
        steps = counts[family].tolist()
        spreads = [_spreads(*each) for each in zip(held, total, steps, strict=True)]
        best = _least([fsum(fold) / len(total) for fold in zip(*spreads, strict=True)], held)
        for kind, step in zip(held, steps, strict=True):
            kind[best] += step
        given[family] = best
    return given


def _spreads(held: list[float], total: float, step: float) -> list[float]:
    """Return the standard deviation of the folds' shares of a kind, if each took `step` more."""
    shares = [each / total for each in held]
    if not step:
        return [_deviation(shares)] * len(shares)
    spreads = []
    for fold, share in enumerate(shares):
        shares[fold] = (held[fold] + step) / total
        spreads.append(_deviation(shares))
        shares[fold] = share
    return spreads


def _deviation(shares: list[float]) -> float:
    """Return the standard deviation of a few numbers, in less time than an array takes.

    They are added one after the other, as an array's rows are: the built-in `sum` rounds another way, and
    ties would be decided otherwise.
    """
    mean = squares = 0.0
    for share in shares:
        mean += share
    mean /= len(shares)
    for share in shares:
        squares += (share - mean) * (share - mean)
    return sqrt(squares / len(shares))


def _least(spreads: list[float], held: list[list[float]]) -> int:
    """Choose the fold with the least spread; of equally good ones, that with fewest cases."""
    best, least, fewest = 0, inf, inf
    absolute, relative = SAME
    for fold, value in enumerate(spreads):
        close = abs(value - least) <= absolute + relative * least < inf
        if value < least or close:
            size = fsum(kind[fold] for kind in held)
            if value < least or size < fewest:
                best, least, fewest = fold, value, size
    return best


class TimeBlocks(BaseCrossValidator):  # type: ignore[misc] # scikit-learn ships no types
    """Test on the latest blocks of cases, each learned from cases that were over before it began.

    Parameters
    ----------
    blocks : int, default=1
        The latest `blocks * test_share` of the cases are cut into so many; no day is cut in two.
    test_share : float, default=0.25
    embargo : float, default=0
        Days after a case before what became of it is known. A case is learned from only if they ended before
        the test's first day.
    window : float, optional
        Days before the test's first day within which training cases lie: a sliding window. By default all
        earlier cases are learned from.
    families : Families, default=Families.TEST_KEEPS
        Where a family stays that has cases on both sides.

    Examples
    --------
    Three cases whose outcome takes a year to be known, and the one that is tested on.

    >>> days, families = np.array([0.0, 10.0, 300.0, 400.0]), np.array([1, 2, 3, 1])
    >>> (fold,) = TimeBlocks(embargo=365).divide(days, families)
    >>> fold.train.tolist(), fold.test.tolist()
    ([1], [3])
    >>> {why: rows.tolist() for why, rows in fold.set_aside.items()}
    {'horizon not over when the test begins': [2], 'family is tested on': [0]}
    """

    __metadata_request__split: ClassVar[dict[str, bool]] = {"groups": True}

    def __init__(
        self,
        blocks: int = 1,
        *,
        test_share: float = 0.25,
        embargo: float = 0,
        window: float | None = None,
        families: Families = Families.TEST_KEEPS,
    ) -> None:
        self.blocks = blocks
        self.test_share = test_share
        self.embargo = embargo
        self.window = window
        self.families = families

    def get_n_splits(self, X: object = None, y: object = None, groups: object = None) -> int:  # noqa: ARG002, N803 - scikit-learn's names
        """Return how many divisions `split` gives."""
        return self.blocks

    def split(
        self,
        X: ArrayLike,  # noqa: N803 - scikit-learn's name
        y: object = None,  # noqa: ARG002 - as scikit-learn's
        groups: ArrayLike | None = None,
    ) -> Iterator[tuple[Rows, Rows]]:
        """Divide rows, whose day is the first column of X and whose family stands in `groups`.

        Yields
        ------
        tuple of two arrays of int
            Training and test rows, the earliest test first.
        """
        if groups is None:
            raise ValueError("The 'groups' parameter should not be None: it says which rows are one family.")
        table = np.asarray(X, dtype=np.float64)
        for fold in self.divide(table.reshape(len(table), -1)[:, 0], np.asarray(groups)):
            yield fold.train, fold.test

    def divide(self, days: Days, families: NDArray[Any]) -> Iterator[Fold]:
        """Divide rows as `split` does, and say of each row that is on no side why it is not."""
        cuts = [_cut(days, self.test_share * (block + 1)) for block in range(self.blocks)]
        for start, stop in zip(reversed(cuts), [*reversed(cuts[:-1]), np.inf], strict=True):
            yield self._block(days, families, start, stop)

    def _block(self, days: Days, families: NDArray[Any], start: float, stop: float) -> Fold:
        """Test on [start, stop) and learn from what had ended before."""
        since = -np.inf if self.window is None else start - self.window
        test, old = (days >= start) & (days < stop), days < since
        ended = ~old & (days + self.embargo < start)
        both = np.isin(families, np.intersect1d(families[ended], families[test]))
        leaves_train = both & ended & (self.families is not Families.TRAIN_KEEPS)
        leaves_test = both & test & (self.families is not Families.TEST_KEEPS)
        aside = {
            "before the window": old,
            "horizon not over when the test begins": ~old & ~ended & (days < start),
            "family is tested on": leaves_train & (self.families is Families.TEST_KEEPS),
            "family is learned from": leaves_test & (self.families is Families.TRAIN_KEEPS),
            "family is on both sides": (leaves_train | leaves_test) & (self.families is Families.DROP_BOTH),
            "after the test": days >= stop,
        }
        return Fold(
            np.flatnonzero(ended & ~leaves_train),
            np.flatnonzero(test & ~leaves_test),
            {why: np.flatnonzero(rows) for why, rows in aside.items() if rows.any()},
        )


def _cut(days: Days, share: float) -> float:
    """Return the day on which the latest share of the cases begins: one of the days, and never split."""
    return float(np.quantile(days, 1 - share, method="higher"))
