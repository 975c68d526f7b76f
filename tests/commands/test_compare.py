"""Cells that differ in more than their names, compared as an analyst would."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def two_horizons(workspace: object, call: Call, cheap: tuple[str, ...]) -> None:  # noqa: ARG001 - works in it
    for override in ("question.outcome.within_days=180", "question.outcome.within_days=365"):
        assert call("run", "--quiet", *cheap, "validation.min_positives=1", override)[0] == 0


@pytest.mark.usefixtures("two_horizons")
def test_every_format_tells_two_horizons_of_one_question_apart(call: Call) -> None:
    for form in ("table", "csv", "json", "markdown", "latex", "html"):
        code, out, _ = call("compare", "adhoc", "--format", form)
        assert code == 0
        said = out.replace("\\", "")
        for days in (180, 365):
            assert said.count(f"question.outcome.within_days={days}") == 1


@pytest.mark.usefixtures("two_horizons")
def test_any_setting_chooses_and_any_column_sorts(call: Call) -> None:
    chosen = json.loads(
        call("compare", "adhoc", "--where", "question.outcome.within_days=180", "--format", "json")[1]
    )
    assert [row["variant"] for row in chosen] == ["question.outcome.within_days=180"]
    assert chosen[0]["baseline"] is True
    assert chosen[0]["tuning_trials"] == 0
    both = json.loads(call("compare", "adhoc", "--by", "positives", "--format", "json")[1])
    assert [row["positives"] for row in both] == sorted(row["positives"] for row in both)
    assert both[0]["cases"] != both[1]["cases"]


@pytest.mark.usefixtures("two_horizons")
def test_a_setting_that_nobody_has_is_one_clear_error(call: Call) -> None:
    code, out, err = call("compare", "adhoc", "--where", "question.within_days=180")
    assert (code, out) == (11, "")
    assert "Did you mean question.outcome.within_days?" in err
    assert err.count("\n") == 1
    assert call("compare", "adhoc", "--where", "seed=77")[0] == 42


@pytest.mark.usefixtures("two_horizons")
def test_a_run_says_what_tells_it_from_its_namesakes(call: Call, cheap: tuple[str, ...]) -> None:
    said = call("run", *cheap, "validation.min_positives=1", "question.outcome.within_days=180")[1]
    assert "Variant: question.outcome.within_days=180." in said
