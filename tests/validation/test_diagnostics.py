"""The tables of the folds say what is in them; the test of likeness is right when families are alike."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.questions.cohort import Cohort
from csc_experiments.validation.diagnostics import (
    COLUMNS,
    Covariates,
    alike_table,
    covariates,
    fold_table,
    holm,
)
from csc_experiments.validation.fold import Fold
from csc_experiments.validation.folds import outer_folds
from csc_experiments.validation.settings import Design, ValidationConfig

Make = Callable[..., Cohort]
FAMILIES, SIZE = 60, 4


def with_births(cohort: Cohort) -> Cohort:
    born = pl.col("prediction_time").dt.offset_by("-8y")
    return Cohort(cohort.rows.with_columns(birth=born), cohort.flow, cohort.horizon)


@pytest.fixture
def large_families(cohort_of: Make) -> Cohort:
    """Sixty families of four cases each."""
    rows = range(FAMILIES * SIZE)
    return with_births(cohort_of(list(rows), [row // SIZE for row in rows], [row % 5 == 0 for row in rows]))


def halves(cohort: Cohort, rng: np.random.Generator) -> Fold:
    """Draw half of the families to the test."""
    tested = rng.permutation(FAMILIES)[: FAMILIES // 2]
    on_test = np.isin(cohort.rows["family_id"].to_numpy(), tested)
    return Fold(np.flatnonzero(~on_test), np.flatnonzero(on_test), {})


def p_value(cohort: Cohort, fold: Fold, values: np.ndarray, seed: int) -> float:
    compared = Covariates(("value",), values)
    table = alike_table(cohort, [fold], compared, Design.ALL_CASES, permutations=99, seed=seed)
    return float(table["p_value"].item())


def test_families_drawn_at_random_are_called_different_as_rarely_as_the_p_value_says(
    large_families: Cohort,
) -> None:
    """All of a family's cases have one value, so a test that moved cases would find far too much."""
    rng = np.random.default_rng(3)
    found = []
    for seed in range(200):
        values = rng.normal(size=FAMILIES)[large_families.rows["family_id"].to_numpy()][:, None]
        found.append(p_value(large_families, halves(large_families, rng), values, seed))
    assert np.mean(np.array(found) <= 0.1) == pytest.approx(0.1, abs=0.06)
    assert np.mean(np.array(found) <= 0.5) == pytest.approx(0.5, abs=0.11)


def test_sides_that_differ_are_found_and_the_column_is_named(large_families: Cohort) -> None:
    rng = np.random.default_rng(1)
    fold = halves(large_families, rng)
    values = rng.normal(size=(large_families.rows.height, 3))
    values[fold.test, 1] += 2
    compared = Covariates(("a", "b", "c"), values)
    table = alike_table(large_families, [fold], compared, Design.ALL_CASES, permutations=99, seed=1)
    (row,) = table.to_dicts()
    assert row["p_value"] == row["p_holm"] == 0.01
    assert row["most_different"] == "b"
    assert row["difference"] > 1
    assert row["distance"] > 10 * row["chance"]
    assert row["families"] == FAMILIES


@pytest.mark.parametrize(
    ("design", "expected"),
    [(Design.ALL_CASES, "alike"), (Design.SPLITTER, "unknown"), (Design.ROLLING, "different")],
)
def test_what_is_expected_hangs_on_the_design(design: Design, expected: str, large_families: Cohort) -> None:
    folds = [halves(large_families, np.random.default_rng(seed)) for seed in range(3)]
    compared = covariates(large_families)
    tables = [alike_table(large_families, folds, compared, design, permutations=19, seed=5) for _ in range(2)]
    assert tables[0].equals(tables[1])
    assert tables[0]["expected"].to_list() == [expected] * 3
    assert tables[0]["p_holm"].to_list() == holm(tables[0]["p_value"].to_list())


def test_no_permutations_make_no_rows_and_constant_columns_are_alike(large_families: Cohort) -> None:
    fold = halves(large_families, np.random.default_rng(1))
    compared = covariates(large_families)
    none = alike_table(large_families, [fold], compared, Design.ALL_CASES, permutations=0, seed=1)
    some = alike_table(large_families, [fold], compared, Design.ALL_CASES, permutations=9, seed=1)
    assert none.is_empty()
    assert none.schema == some.schema
    assert p_value(large_families, fold, np.ones((FAMILIES * SIZE, 1)), 1) == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holms_correction_is_that_of_the_slow_way(values: list[float]) -> None:
    """Reject from the smallest on while p <= level / (how many are left): the least such level."""
    corrected = holm(values)
    ranked = sorted(values)
    for value, said in zip(values, corrected, strict=True):
        before = [p * (len(values) - rank) for rank, p in enumerate(ranked) if p <= value]
        assert said == pytest.approx(min(1.0, max(before)))


def test_structured_columns_are_those_that_tell_most_rows_apart(large_families: Cohort) -> None:
    rows = large_families.rows.height
    features = np.zeros((rows, COLUMNS + 10))
    for column in range(COLUMNS + 10):
        features[: column * 4, column] = 1
    names = [f"c{column}" for column in range(COLUMNS + 10)]
    chosen = covariates(large_families, features, names)
    assert chosen.names[:3] == ("outcome", "age", "cases in the family")
    assert chosen.names[3:] == tuple(names[10:])
    assert chosen.values.shape == (rows, COLUMNS + 3)
    assert chosen.values[:, 2].tolist() == [SIZE] * rows


@pytest.mark.parametrize("design", ["all_cases", "earlier_cases"])
def test_the_table_of_folds_counts_every_row_once_a_fold(
    design: str, large_families: Cohort, request: pytest.FixtureRequest
) -> None:
    config: ValidationConfig = request.getfixturevalue(design)
    cohort = Cohort(large_families.rows, large_families.flow, large_families.horizon / 36)
    folds = outer_folds(cohort, config, 1)
    table = fold_table(cohort, folds)
    for number, fold in enumerate(folds):
        said = table.filter(fold=number)
        assert said["rows"].sum() == cohort.rows.height
        assert said["positives"].sum() == cohort.rows["outcome"].sum()
        test = said.row(by_predicate=pl.col("side") == "test", named=True)
        days = cohort.rows["prediction_time"][fold.test]
        assert (test["first"], test["last"]) == (days.min(), days.max())
        assert test["families"] == cohort.rows["family_id"][fold.test].n_unique()
        assert test["prevalence"] == cohort.rows["outcome"][fold.test].mean()
