from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.cell_record import same_cases

TESTED = pl.DataFrame(
    {
        "subject_id": [3, 1, 1],
        "family_id": [2, 1, 1],
        "prediction_time": [date(2020, 1, 1), date(2020, 1, 1), date(2021, 5, 5)],
        "outcome": [True, False, True],
        "score": [0.1, 0.2, 0.3],
        "fold": pl.Series([0, 1, 0], dtype=pl.Int32),
    }
)


@given(order=st.permutations(range(3)), scores=st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_what_a_model_says_and_the_order_of_the_rows_leave_the_cases_the_same(
    order: list[int], scores: list[float]
) -> None:
    other = TESTED.with_columns(score=pl.Series(scores))[order]
    assert same_cases(other) == same_cases(TESTED)


@pytest.mark.parametrize(
    "change",
    [
        {"subject_id": pl.Series([4, 1, 1])},
        {"prediction_time": pl.Series([date(2020, 1, 2), date(2020, 1, 1), date(2021, 5, 5)])},
        {"outcome": pl.Series([False, False, True])},
        {"fold": pl.Series([1, 1, 0], dtype=pl.Int32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_child_day_outcome_or_fold_makes_other_cases(change: dict[str, pl.Series]) -> None:
    assert same_cases(TESTED.with_columns(**change)) != same_cases(TESTED)


def test_one_row_fewer_makes_other_cases() -> None:
    assert same_cases(TESTED[:2]) != same_cases(TESTED)
