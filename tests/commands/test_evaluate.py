"""Predictions scored again, by themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., tuple[int, str, str]]


def test_a_runs_predictions_score_as_the_run_did_and_the_intervals_are_said_to_be_drawn_anew(
    workspace: Path, call: Call, cheap: tuple[str, ...]
) -> None:
    scores = json.loads(call("run", "--json", *cheap)[1])
    (predictions,) = workspace.glob(
        f"mlruns/artifacts/adhoc/{scores['run_id']}/artifacts/tables/predictions.*"
    )
    again = json.loads(call("evaluate", "--json", str(predictions))[1])
    for name, value in again.items():
        drawn = name.endswith((".low", ".high"))
        assert value == pytest.approx(scores[name], abs=0.05 if drawn else 1e-12)
    code, out, _ = call("evaluate", str(predictions))
    *lines, note = out.splitlines()
    assert code == 0
    assert [line.partition(": ")[0] for line in lines] == list(again)
    assert note.startswith("Intervals are drawn anew (1000 draws of families from seed 2020)")
    assert call("evaluate", "--quiet", str(predictions))[1].splitlines() == lines
