"""What every design keeps: each file of conf/validation, its inner folds, and the settings that vary them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from csc_experiments.config import choices, compose_experiment
from csc_experiments.errors import CscError, TooFewPositivesError
from csc_experiments.questions.cohort import Cohort
from csc_experiments.validation.folds import (
    Fold,
    Rows,
    check_families,
    holdout_fold,
    holdout_rows,
    inner_folds,
    outer_folds,
)
from csc_experiments.validation.settings import TIME_DESIGNS, Design, Families, ValidationConfig

Cohorts = st.SearchStrategy[Cohort]
# A random cohort cannot be made much smaller, so nothing is gained by trying.
MANY = settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
SEEDS = st.integers(0, 2**32 - 1)
ELSEWHERE = 3
"""Every so many families are another authority's, of two."""


def designs() -> dict[str, ValidationConfig]:
    """Each file of the folder, and settings that no file has; all content with one outcome a side."""
    files = {
        name: compose_experiment([f"validation={name}"]).validation for name in sorted(choices("validation"))
    }
    rolling = files["rolling"]
    shuffled = ValidationConfig(
        "shuffled",
        "",
        Design.SPLITTER,
        splitter="sklearn.model_selection.GroupShuffleSplit",
        arguments={"n_splits": 2, "test_size": 0.3, "train_size": 0.5},
        inner_folds=2,
    )
    variants = {
        "sliding": replace(rolling, window_days=700),
        "train_keeps": replace(rolling, families=Families.TRAIN_KEEPS),
        "drop_both": replace(rolling, families=Families.DROP_BOTH),
        "shuffled": shuffled,
        **{f"{name}, held out": replace(design, holdout_share=0.2) for name, design in files.items()},
        "shuffled, held out": replace(shuffled, holdout_share=0.2),
    }
    return {name: replace(design, min_positives=1) for name, design in (files | variants).items()}


DESIGNS = designs()
EVERY = pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS.keys())


def told_apart(cohort: Cohort) -> Cohort:
    """Give a third of the families to other authorities, as joined cohorts have them."""
    family = pl.col("family_id")
    here = family % ELSEWHERE != 0
    name = (
        pl.when(here).then(pl.lit("la1")).when(family % 2 == 0).then(pl.lit("la2")).otherwise(pl.lit("la3"))
    )
    # A short horizon leaves room for blocks within blocks.
    return Cohort(cohort.rows.with_columns(here=here, authority=name), cohort.flow, cohort.horizon / 12)


def check(cohort: Cohort, fold: Fold, among: Rows, design: ValidationConfig) -> None:
    """Hold a fold to what every design promises."""
    parts = [fold.train, fold.test, *fold.set_aside.values()]
    assert sorted(np.concatenate(parts).tolist()) == among.tolist(), "each row stands once, with a reason"
    assert all(part.size for part in parts), "no part is empty"
    assert all((np.diff(part) > 0).all() for part in parts), "all are sorted"
    check_families(cohort.rows, fold)
    outcome = cohort.rows["outcome"]
    for side in (fold.train, fold.test):
        assert outcome[side].n_unique() == 2
    if design.design in TIME_DESIGNS:
        days = cohort.rows["prediction_time"]
        assert days[fold.train].max() + cohort.horizon < days[fold.test].min(), "nothing crosses in time"
        if design.window_days:
            assert (days[fold.test].min() - days[fold.train].min()).days <= design.window_days + 31


def divided(cohort: Cohort, design: ValidationConfig, seed: int) -> list[Fold]:
    """Divide, or give the example up: a random cohort may lack the outcomes."""
    try:
        return outer_folds(cohort, design, seed)
    except TooFewPositivesError:
        assume(condition=False)
        raise


def divided_within(cohort: Cohort, train: Rows, design: ValidationConfig, seed: int) -> list[Fold]:
    """Divide training rows, or give the example up for the same reason."""
    try:
        return inner_folds(cohort, train, design, seed)
    except TooFewPositivesError:
        assume(condition=False)
        raise


@EVERY
@MANY
@given(data=st.data(), seed=SEEDS)
def test_outer_folds_keep_families_time_and_every_row(
    data: st.DataObject, seed: int, design: ValidationConfig, cohorts: Cohorts
) -> None:
    cohort = told_apart(data.draw(cohorts))
    for fold in divided(cohort, design, seed):
        check(cohort, fold, np.arange(cohort.rows.height), design)


@EVERY
@MANY
@given(data=st.data(), seed=SEEDS)
def test_inner_folds_keep_the_same_of_the_training_rows_alone(
    data: st.DataObject, seed: int, design: ValidationConfig, cohorts: Cohorts
) -> None:
    cohort = told_apart(data.draw(cohorts))
    outer = divided(cohort, design, seed)[-1]
    for fold in divided_within(cohort, outer.train, design, seed):
        check(cohort, fold, outer.train, design)


@EVERY
@MANY
@given(data=st.data(), seed=SEEDS)
def test_what_is_held_out_is_on_no_side_of_any_fold_and_has_no_relative_there(
    data: st.DataObject, seed: int, design: ValidationConfig, cohorts: Cohorts
) -> None:
    cohort = told_apart(data.draw(cohorts))
    held = holdout_rows(cohort, design, seed)
    assert bool(held.size) == bool(design.holdout_share)
    family = cohort.rows["family_id"]
    for fold in divided(cohort, design, seed):
        used = np.concatenate([fold.train, fold.test])
        assert not set(used) & set(held)
        assert not set(family[used]) & set(family[held])
    if not held.size:
        with pytest.raises(TooFewPositivesError, match="holdout fold 0: the test side has 0 outcomes"):
            holdout_fold(cohort, design, seed)
        return
    try:
        look = holdout_fold(cohort, design, seed)
    except TooFewPositivesError:
        assume(condition=False)
        raise
    assert look.test.tolist() == held.tolist()
    check(cohort, look, np.arange(cohort.rows.height), replace(design, window_days=None))
    if design.design not in TIME_DESIGNS:
        whole = cohort.rows["here"].sum() if design.design is Design.OTHER_AUTHORITIES else family.len()
        largest = family.value_counts()["count"].max()
        assert design.holdout_share * whole <= held.size < design.holdout_share * whole + largest


@EVERY
@MANY
@given(data=st.data(), seed=SEEDS)
def test_one_seed_makes_one_division_and_the_names_of_families_do_not_matter(
    data: st.DataObject, seed: int, design: ValidationConfig, cohorts: Cohorts
) -> None:
    cohort = told_apart(data.draw(cohorts))
    renamed = Cohort(cohort.rows.with_columns(pl.col("family_id") * 7 + 1000), cohort.flow, cohort.horizon)
    for one, other in zip(divided(cohort, design, seed), outer_folds(renamed, design, seed), strict=True):
        assert one.train.tolist() == other.train.tolist()
        assert one.test.tolist() == other.test.tolist()
        assert {why: rows.tolist() for why, rows in one.set_aside.items()} == {
            why: rows.tolist() for why, rows in other.set_aside.items()
        }


@EVERY
def test_a_cohort_that_cannot_be_divided_is_refused_and_no_side_is_left_empty(
    design: ValidationConfig, cohort_of: Callable[..., Cohort]
) -> None:
    for outcomes in ([True] * 30, [False] * 30):
        cohort = told_apart(cohort_of(list(range(0, 1500, 50)), list(range(30)), outcomes))
        with pytest.raises(CscError, match=r"outcomes in|cannot divide"):
            outer_folds(cohort, design, 1)


@pytest.mark.parametrize("name", ["earlier_cases", "rolling", "sliding", "other_authorities"])
@MANY
@given(data=st.data(), seed=SEEDS, other=SEEDS)
def test_designs_that_draw_nothing_do_not_look_at_outcomes_or_seeds(
    data: st.DataObject, seed: int, other: int, name: str, cohorts: Cohorts
) -> None:
    design = DESIGNS[name]
    cohort = told_apart(data.draw(cohorts))
    flipped = Cohort(cohort.rows.with_columns(~pl.col("outcome")), cohort.flow, cohort.horizon)
    for one, again in zip(divided(cohort, design, seed), outer_folds(flipped, design, other), strict=True):
        assert one.train.tolist() == again.train.tolist()
        assert one.test.tolist() == again.test.tolist()


@MANY
@given(data=st.data(), seed=SEEDS)
def test_each_repeat_tests_every_row_once_and_the_first_is_the_one_without_repeats(
    data: st.DataObject, seed: int, cohorts: Cohorts
) -> None:
    design = DESIGNS["repeated"]
    cohort = data.draw(cohorts)
    folds = divided(cohort, design, seed)
    assert len(folds) == design.folds * design.repeats
    once = divided(cohort, replace(design, repeats=1), seed)
    assert [fold.test.tolist() for fold in once] == [fold.test.tolist() for fold in folds[: design.folds]]
    repeats = [folds[start : start + design.folds] for start in range(0, len(folds), design.folds)]
    for repeat in repeats:
        tested = np.concatenate([fold.test for fold in repeat])
        assert sorted(tested.tolist()) == list(range(cohort.rows.height))
    assert len({tuple(repeat[0].test.tolist()) for repeat in repeats}) > 1


@MANY
@given(data=st.data())
def test_the_last_origin_of_rolling_is_earlier_cases(data: st.DataObject, cohorts: Cohorts) -> None:
    design = DESIGNS["rolling"]
    cohort = told_apart(data.draw(cohorts))
    folds = divided(cohort, design, 1)
    (last,) = divided(cohort, replace(design, design=Design.EARLIER_CASES), 1)
    assert folds[-1].train.tolist() == last.train.tolist()
    assert folds[-1].test.tolist() == last.test.tolist()
    days = cohort.rows["prediction_time"]
    starts = [days[fold.test].min() for fold in folds]
    assert starts == sorted(starts)


@MANY
@given(data=st.data(), seed=SEEDS)
def test_other_authorities_tests_on_all_of_this_one_and_moves_only_what_is_learned_from(
    data: st.DataObject, seed: int, cohorts: Cohorts
) -> None:
    design = DESIGNS["other_authorities"]
    cohort = told_apart(data.draw(cohorts))
    (fold,) = divided(cohort, design, seed)
    assert fold.test.tolist() == np.flatnonzero(cohort.rows["here"].to_numpy()).tolist()
    assert set(cohort.rows["authority"][fold.train]) == {"la2", "la3"}
    names = cohort.rows["authority"]
    for inner in divided_within(cohort, fold.train, design, seed):
        assert names[inner.test].n_unique() == names[inner.train].n_unique() == 1
    # With one other authority there is none to leave out: its families are divided.
    alone = Cohort(cohort.rows.filter(pl.col("authority") != "la3"), cohort.flow, cohort.horizon)
    (fold,) = divided(alone, design, seed)
    assert len(divided_within(alone, fold.train, design, seed)) == design.inner_folds


@pytest.mark.parametrize(
    ("policy", "train", "test", "aside"),
    [
        (Families.TEST_KEEPS, [1, 2, 3, 4], [6, 7], {"family is tested on": [0, 5]}),
        (Families.TRAIN_KEEPS, [0, 1, 2, 3, 4, 5], [7], {"family is learned from": [6]}),
        (Families.DROP_BOTH, [1, 2, 3, 4], [7], {"family is on both sides": [0, 5, 6]}),
    ],
)
def test_a_family_across_the_day_goes_where_the_policy_says(
    policy: Families,
    train: list[int],
    test: list[int],
    aside: dict[str, list[int]],
    cohort_of: Callable[..., Cohort],
) -> None:
    """Family 7 has cases on days 0, 5 and 1000; the test begins on day 1000."""
    cohort = cohort_of([0, 1, 2, 3, 4, 5, 1000, 1001], [7, 0, 1, 2, 3, 7, 7, 8], [True, False] * 4)
    design = ValidationConfig("p", "", Design.EARLIER_CASES, inner_folds=1, min_positives=0, families=policy)
    (fold,) = outer_folds(cohort, design, 1)
    assert fold.train.tolist() == train
    assert fold.test.tolist() == test
    assert {why: rows.tolist() for why, rows in fold.set_aside.items()} == aside
