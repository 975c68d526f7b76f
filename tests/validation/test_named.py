"""Any splitter of scikit-learn's can be named; one that is none, or parts a family, is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from csc_experiments.errors import ConfigError, LeakError, TooFewPositivesError
from csc_experiments.questions.cohort import Cohort
from csc_experiments.validation.folds import inner_folds, outer_folds
from csc_experiments.validation.settings import Design, ValidationConfig

Make = Callable[..., Cohort]
HOME = "sklearn.model_selection"


def named(name: str, **arguments: object) -> ValidationConfig:
    design = ValidationConfig(
        "x", "", Design.SPLITTER, splitter=name, arguments=arguments, inner_folds=2, min_positives=1
    )
    design.check()
    return design


@pytest.fixture
def cohort(cohort_of: Make) -> Cohort:
    """Eighty cases, two in a family, one of each kind."""
    return cohort_of(list(range(80)), [row // 2 for row in range(80)], [row % 2 == 0 for row in range(80)])


@pytest.mark.parametrize(
    ("name", "arguments", "outer", "inner"),
    [
        ("GroupShuffleSplit", {"n_splits": 3, "test_size": 0.2}, 3, 2),
        ("GroupKFold", {"n_splits": 4, "shuffle": True}, 4, 2),
        ("GroupKFold", {"n_splits": 4}, 4, 2),
        ("StratifiedGroupKFold", {"n_splits": 4}, 4, 2),
        ("LeavePGroupsOut", {"n_groups": 1}, 40, 32),
    ],
)
def test_a_named_splitter_divides_families_outside_and_inside(
    name: str, arguments: dict[str, Any], outer: int, inner: int, cohort: Cohort
) -> None:
    design = named(f"{HOME}.{name}", **arguments)
    folds = outer_folds(cohort, design, 1)
    assert len(folds) == outer
    if name != "LeavePGroupsOut":
        assert len(inner_folds(cohort, folds[0].train, design, 1)) == inner
    again = outer_folds(cohort, design, 1)
    assert [fold.test.tolist() for fold in folds] == [fold.test.tolist() for fold in again]
    drawn = name == "GroupShuffleSplit" or "shuffle" in arguments
    other = outer_folds(cohort, design, 2)
    assert ([fold.test.tolist() for fold in folds] != [fold.test.tolist() for fold in other]) is drawn


@pytest.mark.parametrize("name", ["KFold", "ShuffleSplit", "TimeSeriesSplit"])
def test_a_splitter_that_parts_families_is_refused(name: str, cohort: Cohort) -> None:
    with pytest.raises(LeakError, match="families stand on both sides"):
        outer_folds(cohort, named(f"{HOME}.{name}", n_splits=6), 1)


@pytest.mark.parametrize(
    "name", [f"{HOME}.NoSuch", f"{HOME}.GridSearchCV", f"{HOME}.BaseCrossValidator", "os.system", "KFold"]
)
def test_what_is_no_splitter_is_refused(name: str, cohort: Cohort) -> None:
    with pytest.raises(ConfigError, match="is not a splitter"):
        outer_folds(cohort, named(name), 1)


def test_arguments_it_does_not_know_or_take_are_refused(cohort: Cohort) -> None:
    with pytest.raises(ConfigError, match="has no parameter folds, seed"):
        outer_folds(cohort, named(f"{HOME}.GroupKFold", seed=1, folds=2), 1)
    with pytest.raises(ConfigError, match=r"validation.arguments: .*n_splits"):
        outer_folds(cohort, named(f"{HOME}.GroupKFold", n_splits=0), 1)
    with pytest.raises(TooFewPositivesError, match="cannot divide 80 cases of 40 families"):
        outer_folds(cohort, named(f"{HOME}.GroupKFold", n_splits=50), 1)


@pytest.mark.parametrize(
    ("key", "settings"),
    [
        ("splitter", {"design": Design.SPLITTER}),
        ("splitter", {"design": Design.ALL_CASES, "splitter": "x"}),
        ("others", {"design": Design.OTHER_AUTHORITIES}),
        ("others", {"design": Design.ROLLING, "test_share": 0.1, "others": ["la2"]}),
        ("others", {"design": Design.OTHER_AUTHORITIES, "others": ["la2", "la2"]}),
        ("arguments", {"design": Design.ALL_CASES, "arguments": {"n": 1}}),
        ("repeats", {"design": Design.ROLLING, "test_share": 0.1, "repeats": 2}),
        ("repeats", {"design": Design.ALL_CASES, "repeats": 0}),
        ("origins", {"design": Design.ROLLING, "test_share": 0.1, "origins": 10}),
        ("window_days", {"design": Design.EARLIER_CASES, "test_share": 0.1, "window_days": 700}),
        ("window_days", {"design": Design.ROLLING, "test_share": 0.1, "window_days": 0}),
        ("holdout_share", {"design": Design.ALL_CASES, "holdout_share": 1.0}),
        ("holdout_share", {"design": Design.ALL_CASES, "holdout_share": float("nan")}),
        ("permutations", {"design": Design.ALL_CASES, "permutations": -1}),
    ],
)
def test_settings_that_make_no_design_are_refused_by_their_key(key: str, settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=f"validation.{key}"):
        ValidationConfig("x", "", **settings).check()
