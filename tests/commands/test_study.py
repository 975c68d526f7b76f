"""A named grid: planned, resumed, compared, reported."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from csc_experiments.config import StudyConfig, SuccessConfig, compose_experiment
from csc_experiments.errors import CellsRefusedError
from csc_experiments.records import read_records, write_records
from csc_experiments.study import conclude, plan_study, run_plan
from csc_experiments.tracking.connection import connect, search_runs
from csc_experiments.tracking.query import compare_cells
from csc_experiments.tracking.runs import RunStore

Call = Callable[..., tuple[int, str, str]]
OVERRIDES = ["validation.folds=2", "evaluation.replicates=50", "tuning=quick", "tuning.trials=2"]
OVERRIDES += ["validation.inner_folds=2"]
GRID = {
    "dataset": ["la1", "la2"],
    "validation": ["all_cases"],
    "representation": ["structured"],
    "classifier": ["prevalence", "previous_referrals"],
}


def small(**changes: object) -> StudyConfig:
    said = {"name": "small", "label": "A small study", "overrides": OVERRIDES, "grids": [GRID], **changes}
    return StudyConfig(**said)


@pytest.mark.usefixtures("workspace")
def test_a_study_runs_once_and_is_then_finished() -> None:
    plan = plan_study(small())
    assert (len(plan.finished), len(plan.waiting)) == (0, 4)
    assert not [outcome for outcome in run_plan(plan, jobs=1) if outcome.refusal]
    again = plan_study(small())
    assert (len(again.finished), len(again.waiting)) == (4, 0)


@pytest.mark.usefixtures("workspace")
def test_two_processes_give_what_one_gives() -> None:
    rows = []
    for name, jobs in (("one", 1), ("two", 2)):
        study = small(name=name)
        plan = plan_study(study)
        outcomes = list(run_plan(plan, jobs))
        said = conclude(study, plan, outcomes)
        assert "average precision" in said.lower()
        with Path("reports", name, "comparison.csv").open(newline="") as file:
            rows.append([{**row, "study": "", "run_id": "", "looks": ""} for row in csv.DictReader(file)])
    assert rows[0] == rows[1]
    assert len(rows[0]) == 4


def test_a_cell_that_refuses_does_not_stop_the_others(workspace: Path) -> None:
    records = read_records(workspace / "records" / "la1")
    extract = records.extract
    write_records(
        workspace / "records" / "la1",
        authority="la1",
        extract_date=extract.extract_date,
        coverage=(extract.coverage_from, extract.coverage_to),
        sources=("test",),
        tables={name: table for name, table in records.tables.items() if name != "documents"},
    )
    study = small(grids=[{**GRID, "classifier": ["prevalence"], "representation": ["tfidf", "structured"]}])
    plan = plan_study(study)
    outcomes = list(run_plan(plan, jobs=1))
    (refused,) = [outcome for outcome in outcomes if outcome.refusal]
    assert refused.cell == "la1 closed_nfa_rereferred all_cases tfidf prevalence"
    assert [outcome.finished is None for outcome in outcomes] == [outcome is refused for outcome in outcomes]
    with pytest.raises(CellsRefusedError, match="1 of 4 cells refused") as raised:
        conclude(study, plan, outcomes)
    assert f"- {refused.cell}: {refused.refusal}" in str(raised.value)
    assert Path("reports/small/comparison.html").exists()


@pytest.mark.usefixtures("workspace")
def test_the_page_holds_average_precision_against_what_the_study_fixed() -> None:
    study = small(
        success=SuccessConfig(at_least=0.31), grids=[{"dataset": ["la1"], "classifier": ["prevalence"]}]
    )
    plan = plan_study(study)
    conclude(study, plan, list(run_plan(plan, jobs=1)))
    page = Path("reports/small/comparison.html").read_text()
    assert "0.31" in page
    assert "0.65" not in page


TUNED = {**GRID, "classifier": ["logistic_regression", "xgboost"], "representation": ["structured", "tfidf"]}


def test_a_study_that_was_killed_goes_on_where_it_stopped(workspace: Path) -> None:
    study = small(grids=[GRID, TUNED])
    program = (
        "from csc_experiments.config import StudyConfig, SuccessConfig; from csc_experiments.study import *;"
        f" list(run_plan(plan_study(StudyConfig(**{vars(study)!r})), 1))"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, cwd=workspace, start_new_session=True) as killed:
        store = RunStore(compose_experiment().tracking, study.name)
        while len(store.finished()) < 5:
            assert killed.poll() is None
            time.sleep(0.05)
        os.killpg(killed.pid, signal.SIGKILL)
    plan = plan_study(study)
    assert 5 <= len(plan.finished) < 12
    before = {row["run_id"] for row in rows_of(study)}
    assert not [outcome for outcome in run_plan(plan, jobs=1) if outcome.refusal]
    assert before < {row["run_id"] for row in rows_of(study)}
    assert len(plan_study(study).finished) == len(rows_of(study)) == 12
    client = connect(compose_experiment().tracking)
    experiment = client.get_experiment_by_name(study.name).experiment_id
    assert not search_runs(client, experiment, "attributes.status = 'RUNNING'")


def rows_of(study: StudyConfig) -> list[dict[str, object]]:
    return compare_cells(compose_experiment().tracking, study.name).to_dict("records")


@pytest.mark.usefixtures("workspace")
def test_the_comparison_has_one_row_per_cell_in_every_format(call: Call) -> None:
    list(run_plan(plan_study(small()), jobs=1))
    rows = json.loads(call("compare", "small", "--format", "json")[1])
    assert len(rows) == 4
    assert all(row["average_precision_low"] <= row["average_precision_high"] for row in rows)
    assert len(list(csv.DictReader(call("compare", "small", "--format", "csv")[1].splitlines()))) == 4
    for form in ("table", "markdown", "latex", "html"):
        code, out, _ = call("compare", "small", "--format", form, "--metric", "roc_auc")
        assert code == 0
        assert out.count("previous") == 2
    only = json.loads(call("compare", "small", "--format", "json", "--where", "dataset=la2")[1])
    assert {row["authority"] for row in only} == {"la2"}
    ordered = json.loads(call("compare", "small", "--format", "json", "--by", "roc_auc")[1])
    assert [row["roc_auc"] for row in ordered] == sorted(row["roc_auc"] for row in rows)
    assert call("compare", "small", "--metric", "luck")[0] == 11
    assert call("compare", "small", "--by", "luck")[0] == 11
    assert call("compare", "small", "--where", "validation=earlier_cases")[0] == 42
    assert call("compare", "never_run")[0] == 42
