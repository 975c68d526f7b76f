from __future__ import annotations

from typing import Any

import pytest

from csc_experiments.classifiers.settings import ClassifierConfig, SearchRange
from csc_experiments.errors import ConfigError

NAN, INF = float("nan"), float("inf")
REFUSED: list[dict[str, Any]] = [
    {},
    {"low": 1},
    {"high": 1},
    {"low": 1, "high": 1},
    {"low": 2, "high": 1},
    {"low": NAN, "high": 1},
    {"low": 0, "high": NAN},
    {"low": 0, "high": INF},
    {"low": -INF, "high": 0},
    {"low": 0, "high": 1, "log": True},
    {"low": -1, "high": 1, "log": True},
    {"low": 0.5, "high": 4, "integer": True},
    {"low": 1, "high": 3.5, "integer": True, "log": True},
    {"choices": []},
    {"choices": ["a"], "low": 0},
    {"choices": ["a"], "high": 0},
]
ACCEPTED: list[dict[str, Any]] = [
    {"low": 0, "high": 1},
    {"low": -1.5, "high": 0.0},
    {"low": 1e-9, "high": 1e9, "log": True},
    {"low": 1.0, "high": 2.0, "integer": True},
    {"choices": ["l1"]},
    {"choices": [None, 3, "x", True]},
]


@pytest.mark.parametrize("said", REFUSED)
def test_a_range_that_cannot_be_drawn_from_is_refused_by_its_key(said: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"classifier\.search\.depth"):
        ClassifierConfig(search={"depth": SearchRange(**said)}).check()


@pytest.mark.parametrize("said", ACCEPTED)
def test_any_other_range_is_accepted(said: dict[str, Any]) -> None:
    ClassifierConfig(search={"depth": SearchRange(**said)}).check()


def test_a_parameter_is_either_set_or_searched() -> None:
    config = ClassifierConfig(parameters={"C": 1, "tol": 1}, search={"C": SearchRange(low=0, high=1)})
    with pytest.raises(ConfigError, match="C stands in both"):
        config.check()
