"""Random cohorts: some families large, some days crowded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import strategies as st

from csc_experiments.questions.cohort import Cohort
from csc_experiments.validation.settings import Design, ValidationConfig

START = datetime(2018, 1, 1)  # noqa: DTZ001 - days of records have no time zone
HORIZON = 365


def make_cohort(days: list[int], families: list[int], outcomes: list[bool], horizon: int = HORIZON) -> Cohort:
    """Make a cohort of rows given by day, family and outcome; each row is a child of its own."""
    rows = pl.DataFrame(
        {
            "subject_id": range(len(days)),
            "family_id": families,
            "prediction_time": [START + timedelta(days=day) for day in days],
            "outcome": outcomes,
        },
        schema_overrides={
            "family_id": pl.Int64,
            "prediction_time": pl.Datetime("us"),
            "outcome": pl.Boolean,
        },
    )
    flow = pl.DataFrame({"criterion": ["index events"], "removed": [0], "remaining": [len(days)]})
    return Cohort(rows.sort("prediction_time", "subject_id"), flow, timedelta(days=horizon))


def random_cohort(seed: int, size: int, span: int, crowding: int) -> Cohort:
    rng = np.random.default_rng(seed)
    days = rng.integers(0, span // crowding + 1, size) * crowding
    families = np.minimum(rng.integers(0, size, size), rng.integers(0, size, size))
    return make_cohort(days.tolist(), families.tolist(), (rng.random(size) < 0.4).tolist())


@pytest.fixture(scope="session")
def cohort_of() -> Callable[..., Cohort]:
    return make_cohort


@pytest.fixture(scope="session")
def cohorts() -> st.SearchStrategy[Cohort]:
    """Cohorts over three to five years, in which up to a month's cases may stand on one day."""
    return st.builds(
        random_cohort,
        seed=st.integers(0, 2**32 - 1),
        size=st.integers(80, 300),
        span=st.integers(1200, 1800),
        crowding=st.sampled_from([1, 7, 30]),
    )


@pytest.fixture(scope="session")
def all_cases() -> ValidationConfig:
    return ValidationConfig(
        "all_cases", "all cases", Design.ALL_CASES, folds=4, inner_folds=3, min_positives=1
    )


@pytest.fixture(scope="session")
def earlier_cases() -> ValidationConfig:
    return ValidationConfig(
        "earlier_cases",
        "earlier cases",
        Design.EARLIER_CASES,
        test_share=0.25,
        inner_folds=1,
        min_positives=1,
    )
