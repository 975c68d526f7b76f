"""A finished cell becomes a run, and its trials the run's children."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from csc_experiments.tracking.connection import (
    Metric,
    MlflowClient,
    Param,
    Run,
    connect,
    experiment_id,
    search_runs,
    store_errors,
)
from csc_experiments.tracking.settings import TrackingConfig

PARENT = "mlflow.parentRunId"
KIND, CELL_KEY = "csc.kind", "csc.cell_key"
# What MLflow takes in one batch.
MAX_METRICS, MAX_PARAMS = 1000, 100


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What is written of a run; no value from a record may stand in it.

    Attributes
    ----------
    name : str
    params, tags : mapping of str to str
    metrics : mapping of str to float
        NaN metrics are left out.
    """

    name: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str] = field(default_factory=dict)


class RunStore:
    """The runs of one study.

    Parameters
    ----------
    tracking : TrackingConfig
    study : str
        The name of the MLflow experiment.

    Raises
    ------
    StoreLockedError, StoreCorruptError
        As `connect` does.
    """

    def __init__(self, tracking: TrackingConfig, study: str) -> None:
        self._tracking = tracking
        self._client: MlflowClient = connect(tracking)
        self._experiment = experiment_id(self._client, tracking, study)

    def finished(self) -> dict[str, str]:
        """Run identifiers of finished cells, by cell key."""
        found = self._search(f"tags.`{KIND}` = 'cell' and attributes.status = 'FINISHED'")
        return {run.data.tags[CELL_KEY]: run.info.run_id for run in found}

    def find(self, cell_key: str) -> str | None:
        """Identifier of the finished run of a cell, if there is one."""
        found = self._search(
            f"tags.`{CELL_KEY}` = '{cell_key}' and tags.`{KIND}` = 'cell' and attributes.status = 'FINISHED'"
        )
        return found[0].info.run_id if found else None

    def write(
        self,
        record: RunRecord,
        trials: Sequence[RunRecord],
        write_artifacts: Callable[[Path], None],
        *,
        cell_key: str,
        started: float,
    ) -> str:
        """Write a finished cell: the run, its artifacts, its trials as children; then it counts as finished.

        What an earlier, killed attempt left of the same cell is deleted first.

        Parameters
        ----------
        write_artifacts : callable
            Writes files into the folder that it is given.
        started : float
            Seconds since 1970.

        Returns
        -------
        str
            The run's identifier.
        """
        with store_errors(self._tracking):
            self._delete_unfinished(cell_key)
            run_id = self._create(record, started, {KIND: "cell", CELL_KEY: cell_key})
            # Beside the artifacts: what is written must not pass through another disk.
            beside = Path(self._tracking.artifacts)
            beside.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=beside, prefix=".writing-") as made:
                write_artifacts(Path(made))
                self._client.log_artifacts(run_id, made)
            for trial in trials:
                tags = {KIND: "trial", CELL_KEY: cell_key, PARENT: run_id}
                self._client.set_terminated(self._create(trial, started, tags))
            self._client.set_terminated(run_id)
            return run_id

    def refuse(self, record: RunRecord, *, cell_key: str, started: float) -> None:
        """Write a cell that refused to run, as a failed run without results."""
        with store_errors(self._tracking):
            self._delete_unfinished(cell_key)
            run_id = self._create(record, started, {KIND: "cell", CELL_KEY: cell_key})
            self._client.set_terminated(run_id, status="FAILED")

    def _create(self, record: RunRecord, started: float, tags: Mapping[str, str]) -> str:
        run = self._client.create_run(
            self._experiment,
            start_time=int(started * 1000),
            tags={**record.tags, **tags},
            run_name=record.name,
        )
        run_id = str(run.info.run_id)
        now = int(time.time() * 1000)
        metrics = [Metric(key, value, now, 0) for key, value in record.metrics.items() if value == value]  # noqa: PLR0124 - not NaN
        params = [Param(key, value) for key, value in record.params.items()]
        self._client.log_batch(run_id, metrics=metrics[:MAX_METRICS], params=params[:MAX_PARAMS])
        for start in range(MAX_PARAMS, len(params), MAX_PARAMS):
            self._client.log_batch(run_id, params=params[start : start + MAX_PARAMS])
        return run_id

    def _delete_unfinished(self, cell_key: str) -> None:
        for run in self._search(f"tags.`{CELL_KEY}` = '{cell_key}' and attributes.status != 'FINISHED'"):
            self._client.delete_run(run.info.run_id)
            children = f"tags.`{PARENT}` = '{run.info.run_id}'"
            for child in self._search(children):
                self._client.delete_run(child.info.run_id)

    def _search(self, wanted: str) -> list[Run]:
        with store_errors(self._tracking):
            return search_runs(self._client, self._experiment, wanted)
