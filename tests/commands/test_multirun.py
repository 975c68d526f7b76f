"""Every combination of several choices, run as an analyst would: each cell has its turn, all are compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from csc_experiments.config import compose_experiment
from csc_experiments.tracking.connection import Run, connect, search_runs

Call = Callable[..., tuple[int, str, str]]


def runs_of(study: str) -> list[Run]:
    client = connect(compose_experiment().tracking)
    return search_runs(client, client.get_experiment_by_name(study).experiment_id, "")


def rows_in(table: str) -> list[list[str]]:
    """The rows of cells in a table for a terminal: representation, classifier, figures."""
    return [line.split() for line in table.splitlines() if line.startswith("structured ")]


@pytest.mark.usefixtures("workspace")
def test_a_grid_runs_every_cell_and_compares_its_cells_and_no_other(
    call: Call, cheap: tuple[str, ...]
) -> None:
    assert call("run", "--quiet", *cheap, "seed=1")[0] == 0
    grid = ("dataset=la1,la2", "question=closed_nfa_rereferred,open_case_escalates")
    code, out, err = call("run", "-m", *cheap, *grid)
    assert (code, err) == (0, "")
    chosen = {(run.data.params["dataset"], run.data.params["question"]) for run in runs_of("adhoc")}
    assert len(chosen) == 4
    assert len(runs_of("adhoc")) == 5
    assert len(rows_in(out)) == 4
    assert "4 runs of study adhoc." in out


@pytest.mark.usefixtures("workspace")
def test_a_grid_of_one_cell_says_what_the_cell_alone_says(call: Call, cheap: tuple[str, ...]) -> None:
    assert call("run", "-m", *cheap) == call("run", *cheap)
    (listed,) = json.loads(call("run", "-m", "--json", *cheap)[1])
    assert listed == json.loads(call("run", "--json", *cheap)[1])


@pytest.mark.parametrize(
    ("refusing", "grid", "reason"),
    [
        ("validation.min_positives=100000", ["validation.min_positives=100000,1"], "fold 0"),
        (
            "dataset.records=nowhere",
            ["dataset.records=nowhere,records/la1"],
            "nowhere is not a records folder",
        ),
        (
            "representation=tfidf",
            ["representation=tfidf,structured", "classifier=previous_referrals"],
            "Choose representation=structured.",
        ),
        # Hydra looks at what came out after each batch, and would go no further.
        (
            "dataset.records=nowhere",
            ["dataset.records=nowhere,records/la1", "hydra.sweeper.max_batch_size=1"],
            "nowhere is not a records folder",
        ),
        # In processes of their own.
        (
            "dataset.records=nowhere",
            ["dataset.records=nowhere,records/la1", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2"],
            "nowhere is not a records folder",
        ),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_a_first_cell_that_refuses_stops_no_other_and_is_told_at_the_end(
    call: Call, cheap: tuple[str, ...], refusing: str, grid: list[str], reason: str
) -> None:
    code, out, err = call("run", "-m", *cheap, *grid)
    assert code == 50
    assert len(rows_in(out)) == 1
    told, refusal = err.splitlines()
    assert told == "csc-experiments: 1 of 2 cells refused to run:"
    assert refusal.startswith(f"- {refusing}: ")
    assert reason in refusal
    assert [run.info.status for run in runs_of("adhoc")].count("FINISHED") == 1


@pytest.mark.usefixtures("workspace")
def test_a_program_can_read_which_cells_finished(call: Call, cheap: tuple[str, ...]) -> None:
    grid = ("dataset.records=nowhere,records/la1", "seed=1,2")
    code, out, err = call("run", "-m", "--json", *cheap, *grid)
    assert code == 50
    assert "2 of 4 cells refused to run" in err
    finished = {run.info.run_id: run for run in runs_of("adhoc")}
    said = json.loads(out)
    assert {cell["run_id"] for cell in said} == set(finished)
    for cell in said:
        metrics = finished[cell["run_id"]].data.metrics
        assert metrics == {f"test.{name}": value for name, value in cell.items() if name != "run_id"}
    assert json.loads(call("run", "-m", "--json", *cheap, *grid)[1]) == said


@pytest.mark.usefixtures("workspace")
def test_where_every_cell_refuses_nothing_is_compared(call: Call) -> None:
    grid = ("run", "-m", "dataset.records=nowhere,elsewhere")
    for arguments, expected in ((grid, ""), ((*grid, "--json"), "[]\n")):
        code, out, err = call(*arguments)
        assert (code, out) == (50, expected)
        assert "2 of 2 cells refused to run" in err


@pytest.mark.usefixtures("workspace")
def test_a_quiet_grid_says_nothing_but_errors(call: Call, cheap: tuple[str, ...]) -> None:
    assert call("run", "-m", "--quiet", *cheap, "seed=1,2") == (0, "", "")


@pytest.mark.parametrize(
    ("grid", "code", "said"),
    [
        ("validaton.folds=2,3", 10, "Did you mean validation.folds?"),
        ("classifer=xgboost,prevalence", 10, "Did you mean classifier?"),
        ("dataset=la1,la9", 11, "Known: event_files, la1, la2, "),
    ],
)
def test_a_grid_that_cannot_be_composed_is_refused_before_any_cell_runs(
    workspace: Path, call: Call, grid: str, code: int, said: str
) -> None:
    ended, out, err = call("run", "-m", grid)
    assert (ended, out) == (code, "")
    assert err.count("\n") == 1
    assert said in err
    assert not (workspace / "mlruns").exists()
