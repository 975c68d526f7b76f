"""Families whole, nothing lost without a reason, and no training row that knows of the test's days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from sklearn.dummy import DummyClassifier

from csc_experiments.errors import LeakError, TooFewPositivesError
from csc_experiments.questions.cohort import Cohort
from csc_experiments.seeds import seed_for
from csc_experiments.validation.folds import Fold, Rows, check_families, inner_folds, outer_folds
from csc_experiments.validation.settings import ValidationConfig

Cohorts = st.SearchStrategy[Cohort]
SEEDS = st.integers(0, 2**32 - 1)
MANY = settings(max_examples=15, deadline=None)
SET_ASIDE = {"horizon not over when the test begins", "family is tested on", "after the test"}


def families_of(cohort: Cohort, rows: Rows) -> set[int]:
    return set(cohort.rows[rows]["family_id"])


def everybody_once(fold: Fold, among: Rows) -> bool:
    """Whether each of some rows stands on one side, or is set aside for one reason."""
    parts = np.concatenate([fold.train, fold.test, *fold.set_aside.values()])
    return sorted(parts.tolist()) == among.tolist()


def check_time(cohort: Cohort, fold: Fold) -> None:
    """Every training row's horizon is over before the first test day; each reason is true of its rows."""
    days, families = cohort.rows["prediction_time"], cohort.rows["family_id"]
    first, last = days[fold.test].min(), days[fold.test].max()
    assert (days[fold.train] + cohort.horizon < first).all()
    for why, rows in fold.set_aside.items():
        assert why in SET_ASIDE
        assert rows.size
        if why == "after the test":
            assert (days[rows] > last).all()
        elif why == "family is tested on":
            assert families[rows].is_in(families[fold.test].to_list()).all()
            assert (days[rows] + cohort.horizon < first).all()
        else:
            assert (days[rows] + cohort.horizon >= first).all()
            assert (days[rows] < first).all()


@MANY
@given(data=st.data(), seed=SEEDS)
def test_all_cases_tests_every_row_once_and_discards_nothing(
    data: st.DataObject, seed: int, cohorts: Cohorts, all_cases: ValidationConfig
) -> None:
    cohort = data.draw(cohorts)
    everyone = np.arange(cohort.rows.height)
    folds = outer_folds(cohort, all_cases, seed)
    assert len(folds) == all_cases.folds
    assert sorted(np.concatenate([fold.test for fold in folds]).tolist()) == everyone.tolist()
    for fold in folds:
        assert fold.set_aside == {}
        assert everybody_once(fold, everyone)
        assert not families_of(cohort, fold.train) & families_of(cohort, fold.test)


@MANY
@given(data=st.data(), seed=SEEDS)
def test_the_inner_folds_of_all_cases_divide_the_training_rows_alone(
    data: st.DataObject, seed: int, cohorts: Cohorts, all_cases: ValidationConfig
) -> None:
    cohort = data.draw(cohorts)
    outer = outer_folds(cohort, all_cases, seed)[0]
    inner = inner_folds(cohort, outer.train, all_cases, seed)
    assert len(inner) == all_cases.inner_folds
    assert sorted(np.concatenate([fold.test for fold in inner]).tolist()) == outer.train.tolist()
    for fold in inner:
        assert everybody_once(fold, outer.train)
        assert not families_of(cohort, fold.train) & families_of(cohort, fold.test)


@MANY
@given(data=st.data(), share=st.sampled_from([0.2, 0.25, 0.4]))
def test_earlier_cases_learns_only_from_rows_whose_horizon_was_over(
    data: st.DataObject, share: float, cohorts: Cohorts, earlier_cases: ValidationConfig
) -> None:
    cohort = data.draw(cohorts)
    (fold,) = outer_folds(cohort, replace(earlier_cases, test_share=share), 1)
    days = cohort.rows["prediction_time"]
    check_time(cohort, fold)
    assert everybody_once(fold, np.arange(cohort.rows.height))
    assert not families_of(cohort, fold.train) & families_of(cohort, fold.test)
    assert "after the test" not in fold.set_aside
    # The test is the latest share of the cases, with all of the first day.
    assert fold.test.tolist() == np.flatnonzero((days >= days[fold.test].min()).to_numpy()).tolist()
    without_first_day = (days > days[fold.test].min()).sum()
    assert without_first_day <= share * cohort.rows.height + 1
    assert fold.test.size >= share * cohort.rows.height - 1


@MANY
@given(data=st.data(), count=st.sampled_from([1, 2]))
def test_the_inner_folds_of_earlier_cases_are_earlier_cases_of_the_training_rows(
    data: st.DataObject, count: int, cohorts: Cohorts, earlier_cases: ValidationConfig
) -> None:
    cohort = data.draw(cohorts)
    # A short horizon leaves room for two blocks inside the training rows.
    cohort = Cohort(cohort.rows, cohort.flow, cohort.horizon / 5)
    design = replace(earlier_cases, inner_folds=count)
    try:
        (outer,) = outer_folds(cohort, design, 1)
        inner = inner_folds(cohort, outer.train, design, 1)
    except TooFewPositivesError:
        # A block of few cases may hold no outcome, and is refused.
        reject()
    days = cohort.rows["prediction_time"]
    assert len(inner) == count
    for fold in inner:
        check_time(cohort, fold)
        assert everybody_once(fold, outer.train)
        assert not families_of(cohort, fold.train) & families_of(cohort, fold.test)
    assert inner[0].test[-1] == outer.train[-1]
    for later, earlier in pairwise(inner):
        assert days[earlier.test].max() < days[later.test].min()
        # Whoever could be learned from before can be later, too, unless the family is tested on then.
        tested = families_of(cohort, later.test)
        gone = np.setdiff1d(earlier.train, later.train)
        assert set(cohort.rows["family_id"][gone]) <= tested
    # What the outer test holds is after every inner horizon, too.
    assert (days[outer.train] + cohort.horizon < days[outer.test].min()).all()


@MANY
@given(data=st.data(), seed=SEEDS)
def test_one_seed_makes_one_division(
    data: st.DataObject, seed: int, cohorts: Cohorts, all_cases: ValidationConfig
) -> None:
    cohort = data.draw(cohorts)
    first, again = (outer_folds(cohort, all_cases, seed) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert one.train.tolist() == other.train.tolist()
        assert one.test.tolist() == other.test.tolist()


def test_another_seed_makes_another_division_only_where_something_is_drawn(
    cohort_of: Callable[..., Cohort], all_cases: ValidationConfig, earlier_cases: ValidationConfig
) -> None:
    cohort = cohort_of(list(range(0, 1500, 10)), list(range(150)), [row % 3 == 0 for row in range(150)])
    drawn = [outer_folds(cohort, all_cases, seed)[0].test.tolist() for seed in (1, 2)]
    told = [outer_folds(cohort, earlier_cases, seed)[0].test.tolist() for seed in (1, 2)]
    assert drawn[0] != drawn[1]
    assert told[0] == told[1]


def test_a_classifier_that_draws_moves_no_fold(
    cohort_of: Callable[..., Cohort], all_cases: ValidationConfig
) -> None:
    cohort = cohort_of(list(range(100)), list(range(100)), [row % 3 == 0 for row in range(100)])
    seed = seed_for(2020, "folds", "la1", "closed_nfa_rereferred")
    before = outer_folds(cohort, all_cases, seed)
    guess = DummyClassifier(strategy="uniform")
    guess.fit(np.zeros((100, 1)), cohort.rows["outcome"].to_numpy()).predict(np.zeros((100, 1)))
    after = outer_folds(cohort, all_cases, seed)
    assert [fold.test.tolist() for fold in before] == [fold.test.tolist() for fold in after]


def test_all_cases_keeps_the_share_of_outcomes_alike(
    cohort_of: Callable[..., Cohort], all_cases: ValidationConfig
) -> None:
    cohort = cohort_of(
        list(range(400)), [row // 2 for row in range(400)], [row % 5 == 0 for row in range(400)]
    )
    for fold in outer_folds(cohort, all_cases, 3):
        assert cohort.rows[fold.test]["outcome"].mean() == pytest.approx(0.2, abs=0.03)
        assert fold.test.size == pytest.approx(100, abs=8)


@pytest.mark.parametrize(
    ("last_training_day", "learned"), [(634, True), (635, False), (636, False)], ids=["over", "on", "after"]
)
def test_a_horizon_must_be_over_on_the_day_before_the_test_begins(
    last_training_day: int,
    learned: bool,  # noqa: FBT001 - an expected value
    cohort_of: Callable[..., Cohort],
    earlier_cases: ValidationConfig,
) -> None:
    """The test begins on day 1000; 365 days earlier is day 635."""
    days = [0, 1, 2, 3, 4, last_training_day, 1000, 1001]
    cohort = cohort_of(days, list(range(8)), [True, False] * 4)
    (fold,) = outer_folds(cohort, earlier_cases, 1)
    assert fold.test.tolist() == [6, 7]
    assert (5 in fold.train) is learned
    assert (5 in fold.set_aside.get("horizon not over when the test begins", [])) is not learned


def test_a_day_is_not_split_and_a_gap_before_the_test_wastes_no_training_row(
    cohort_of: Callable[..., Cohort], earlier_cases: ValidationConfig
) -> None:
    """Three of eight cases stand on the test's first day: all are tested on."""
    days = [0, 0, 100, 100, 634, 1000, 1000, 1000]
    cohort = cohort_of(days, list(range(8)), [True, False] * 4)
    (fold,) = outer_folds(cohort, earlier_cases, 1)
    assert fold.test.tolist() == [5, 6, 7]
    assert fold.train.tolist() == [0, 1, 2, 3, 4]


def test_a_family_on_both_sides_stays_in_the_test_and_is_counted(
    cohort_of: Callable[..., Cohort], earlier_cases: ValidationConfig
) -> None:
    days = [0, 1, 2, 3, 4, 5, 1000, 1001]
    cohort = cohort_of(days, [7, 0, 1, 2, 3, 8, 7, 8], [True, False] * 4)
    (fold,) = outer_folds(cohort, earlier_cases, 1)
    assert fold.train.tolist() == [1, 2, 3, 4]
    assert {why: rows.tolist() for why, rows in fold.set_aside.items()} == {"family is tested on": [0, 5]}


@given(st.lists(st.integers(0, 6), min_size=2, max_size=20), st.data())
def test_a_family_on_both_sides_is_refused_with_the_number_only(
    families: list[int], data: st.DataObject
) -> None:
    rows = pl.DataFrame({"family_id": [f"ZZCANARY{family}" for family in families]})
    chosen = data.draw(st.sets(st.integers(0, len(families) - 1)))
    test = np.array(sorted(chosen), dtype=np.intp)
    train = np.setdiff1d(np.arange(len(families)), test)
    both = {families[row] for row in train} & {families[row] for row in test}
    fold = Fold(train, test, {})
    if not both:
        check_families(rows, fold)
        return
    with pytest.raises(LeakError) as refused:
        check_families(rows, fold)
    assert str(refused.value).startswith(f"{len(both)} families stand on both sides of a split.")
    assert "ZZCANARY" not in str(refused.value)
