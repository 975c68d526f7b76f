"""A design that cannot be, and a fold without outcomes, are refused with numbers and advice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from csc_experiments.config import choices, compose_experiment
from csc_experiments.errors import ConfigError, TooFewPositivesError
from csc_experiments.questions.cohort import Cohort
from csc_experiments.validation.folds import inner_folds, outer_folds
from csc_experiments.validation.settings import Design, ValidationConfig

Make = Callable[..., Cohort]


def by_day(make: Make, size: int = 40, *, outcome: Callable[[int], bool]) -> Cohort:
    """Make a cohort of families of one, a case every 40 days."""
    return make(list(range(0, 40 * size, 40)), list(range(size)), [outcome(row) for row in range(size)])


@pytest.mark.parametrize("outcome", [lambda _: False, lambda _: True], ids=["never", "always"])
@pytest.mark.parametrize("design", ["all_cases", "earlier_cases"])
def test_no_design_divides_a_cohort_in_which_all_are_alike(
    design: str, outcome: Callable[[int], bool], cohort_of: Make, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(TooFewPositivesError, match=r"(0|40) outcomes in"):
        outer_folds(by_day(cohort_of, outcome=outcome), request.getfixturevalue(design), 1)


def test_fewer_outcomes_than_folds_are_refused(cohort_of: Make, all_cases: ValidationConfig) -> None:
    cohort = by_day(cohort_of, outcome=lambda row: row < 3)
    with pytest.raises(TooFewPositivesError, match=r"3 outcomes in 40 cases cannot be divided into 4 folds"):
        outer_folds(cohort, all_cases, 1)


def test_fewer_families_than_folds_are_refused(cohort_of: Make, all_cases: ValidationConfig) -> None:
    cohort = cohort_of(list(range(40)), [row % 3 for row in range(40)], [row % 2 == 0 for row in range(40)])
    with pytest.raises(TooFewPositivesError, match=r"3 families cannot be divided into 4 folds"):
        outer_folds(cohort, all_cases, 1)


def test_outcomes_that_are_all_of_one_family_are_refused(
    cohort_of: Make, all_cases: ValidationConfig
) -> None:
    """Wherever the family goes, other folds test on no outcome at all."""
    cohort = cohort_of(
        list(range(40)), [max(0, row - 9) for row in range(40)], [row < 10 for row in range(40)]
    )
    with pytest.raises(TooFewPositivesError, match=r"fold \d: the (training|test) side has 0 outcomes in"):
        outer_folds(cohort, all_cases, 1)


def test_the_inner_folds_are_refused_under_their_own_name(
    cohort_of: Make, all_cases: ValidationConfig
) -> None:
    cohort = by_day(cohort_of, outcome=lambda row: row % 2 == 0)
    with pytest.raises(TooFewPositivesError, match="outcomes in 4 cases cannot be divided into 3 folds"):
        inner_folds(cohort, np.arange(4), all_cases, 1)
    late = by_day(cohort_of, outcome=lambda row: row > 30)
    design = replace(all_cases, design=Design.EARLIER_CASES, inner_folds=1)
    with pytest.raises(TooFewPositivesError, match="inner fold 0: the training side has 0 outcomes"):
        inner_folds(late, np.arange(40), design, 1)


@pytest.mark.parametrize(("fewest", "refused"), [(2, False), (3, True)])
def test_each_side_must_have_the_least_number_of_outcomes(
    fewest: int,
    refused: bool,  # noqa: FBT001 - an expected value
    cohort_of: Make,
    earlier_cases: ValidationConfig,
) -> None:
    """The last ten cases are tested on; two of them have the outcome."""
    cohort = by_day(cohort_of, outcome=lambda row: (row < 15 and row % 2 == 0) or row in {35, 36})
    design = replace(earlier_cases, min_positives=fewest)
    if not refused:
        assert outer_folds(cohort, design, 1)[0].test.tolist() == list(range(30, 40))
        return
    with pytest.raises(TooFewPositivesError, match="the test side has 2 outcomes in 10 cases; it needs 3"):
        outer_folds(cohort, design, 1)


def test_records_no_longer_than_a_horizon_leave_nothing_to_learn_from(
    cohort_of: Make, earlier_cases: ValidationConfig
) -> None:
    cohort = cohort_of(list(range(300)), list(range(300)), [row % 2 == 0 for row in range(300)])
    with pytest.raises(TooFewPositivesError, match="the training side has 0 outcomes in 0 cases"):
        outer_folds(cohort, earlier_cases, 1)


def test_cases_that_are_all_of_one_day_are_not_divided_in_time(
    cohort_of: Make, earlier_cases: ValidationConfig
) -> None:
    cohort = cohort_of([5] * 20, list(range(20)), [row % 2 == 0 for row in range(20)])
    with pytest.raises(TooFewPositivesError, match="the training side has 0 outcomes in 0 cases"):
        outer_folds(cohort, earlier_cases, 1)


def test_the_designs_of_the_study_can_be_run() -> None:
    assert {"all_cases", "earlier_cases"} <= set(choices("validation"))
    for name in choices("validation"):
        compose_experiment([f"validation={name}"]).validation.check()


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"folds": 1}, "validation.folds"),
        ({"inner_folds": 1}, "validation.inner_folds"),
        ({"inner_folds": 0, "design": Design.EARLIER_CASES}, "validation.inner_folds"),
        ({"test_share": 0.0}, "validation.test_share"),
        ({"test_share": 1.0}, "validation.test_share"),
        ({"test_share": float("nan")}, "validation.test_share"),
        ({"min_positives": 0}, "validation.min_positives"),
        ({"inner_folds": 4, "test_share": 0.25, "design": Design.EARLIER_CASES}, "validation.inner_folds"),
    ],
)
def test_numbers_that_make_no_design_are_refused_by_their_key(
    change: dict[str, object], key: str, all_cases: ValidationConfig
) -> None:
    all_cases.check()
    with pytest.raises(ConfigError, match=key):
        replace(all_cases, **change).check()
