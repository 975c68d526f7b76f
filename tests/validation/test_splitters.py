"""The splitters are scikit-learn's in shape, and agree with slow and obvious ways."""

from __future__ import annotations

import math
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import StratifiedGroupKFold, check_cv, cross_val_score

from csc_experiments.validation.settings import Families
from csc_experiments.validation.splitters import TimeBlocks, WholeFamilies

RNG = np.random.default_rng(7)
DAYS = np.sort(RNG.integers(0, 2000, 120)).astype(float)
FAMILIES = RNG.integers(0, 70, 120)
OUTCOME = RNG.random(120) < 0.3
BOTH = pytest.mark.parametrize(
    "splitter", [WholeFamilies(4, n_repeats=2), TimeBlocks(2, embargo=100)], ids=["families", "time"]
)


@BOTH
def test_a_splitter_does_what_scikit_learn_asks_of_one(splitter: WholeFamilies | TimeBlocks) -> None:
    first, again = (list(splitter.split(DAYS[:, None], OUTCOME, FAMILIES)) for _ in range(2))
    assert len(first) == splitter.get_n_splits() == splitter.get_n_splits(DAYS, OUTCOME, FAMILIES)
    for (train, test), (train_again, test_again) in zip(first, again, strict=True):
        assert train.dtype.kind == test.dtype.kind == "i"
        assert train.tolist() == train_again.tolist()
        assert test.tolist() == test_again.tolist()
        assert not set(train) & set(test)
        assert not set(FAMILIES[train]) & set(FAMILIES[test])
    assert check_cv(splitter) is splitter
    assert vars(clone(splitter, safe=False)) == vars(splitter)
    assert repr(splitter).startswith(f"{type(splitter).__name__}(")
    assert str(splitter.get_metadata_routing().split.requests) == "{'groups': True}"
    with pytest.raises(ValueError, match="The 'groups' parameter should not be None"):
        next(splitter.split(DAYS[:, None], OUTCOME))


@BOTH
def test_a_splitter_serves_cross_validation_as_it_is(splitter: WholeFamilies | TimeBlocks) -> None:
    scores = cross_val_score(
        DummyClassifier(), DAYS[:, None], OUTCOME, groups=FAMILIES, cv=splitter, scoring="average_precision"
    )
    assert len(scores) == splitter.get_n_splits()
    assert np.isfinite(scores).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(30, 200), folds=st.integers(2, 8))
def test_whole_families_are_scikit_learns_folds(seed: int, size: int, folds: int) -> None:
    rng = np.random.default_rng(seed)
    families, outcome = np.r_[np.arange(folds), rng.integers(0, size, size)], rng.random(size + folds) < 0.4
    slow = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings(action="ignore"):  # of classes smaller than the number of folds
        expected = list(slow.split(outcome, outcome, families))
    for one, other in zip(
        WholeFamilies(folds, random_state=seed).split(outcome, outcome, families), expected, strict=True
    ):
        assert one[0].tolist() == other[0].tolist()
        assert one[1].tolist() == other[1].tolist()


def test_more_folds_than_families_are_refused() -> None:
    with pytest.raises(ValueError, match="n_splits=5 must be 2 to the number of groups: 3"):
        list(WholeFamilies(5).split(np.zeros(6), [0, 1] * 3, [1, 1, 2, 2, 3, 3]))


def starts(days: NDArray[np.float64], splitter: TimeBlocks) -> list[float]:
    """Find the first day of each block, the earliest first, and a day after the last."""
    shares = [splitter.test_share * (block + 1) for block in range(splitter.blocks)]
    latest_first = [sorted(days)[math.ceil((len(days) - 1) * (1 - share))] for share in shares]
    return [*reversed(latest_first), math.inf]


def row_by_row(
    days: NDArray[np.float64], families: NDArray[np.int64], splitter: TimeBlocks, start: float, stop: float
) -> dict[int, str]:
    """Say of each row, one at a time, where it belongs if the test goes from `start` to before `stop`."""
    since = -np.inf if splitter.window is None else start - splitter.window
    old = {row for row in range(len(days)) if since <= days[row] and days[row] + splitter.embargo < start}
    new = {row for row in range(len(days)) if start <= days[row] < stop}
    both = {families[row] for row in old} & {families[row] for row in new}
    said = {}
    for row, day in enumerate(days):
        crosses = families[row] in both
        if row in new:
            said[row] = "test"
            if crosses and splitter.families is Families.TRAIN_KEEPS:
                said[row] = "family is learned from"
        elif row in old:
            said[row] = "train"
            if crosses and splitter.families is Families.TEST_KEEPS:
                said[row] = "family is tested on"
        elif day >= stop:
            said[row] = "after the test"
        else:
            said[row] = "before the window" if day < since else "horizon not over when the test begins"
        if row in new | old and crosses and splitter.families is Families.DROP_BOTH:
            said[row] = "family is on both sides"
    return said


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    policy=st.sampled_from(list(Families)),
    window=st.sampled_from([None, 300.0, 900.0]),
    blocks=st.integers(1, 3),
)
def test_time_blocks_are_those_of_the_slow_way(
    seed: int, policy: Families, window: float | None, blocks: int
) -> None:
    rng = np.random.default_rng(seed)
    days, families = np.sort(rng.integers(0, 1500, 90)).astype(float), rng.integers(0, 60, 90)
    splitter = TimeBlocks(blocks, test_share=0.2, embargo=90, window=window, families=policy)
    folds = list(splitter.divide(days, families))
    assert len(folds) == blocks
    for fold, (start, stop) in zip(folds, pairwise(starts(days, splitter)), strict=True):
        sides = {"train": fold.train, "test": fold.test, **fold.set_aside}
        said = {int(row): side for side, rows in sides.items() for row in rows}
        assert said == row_by_row(days, families, splitter, start, stop)
