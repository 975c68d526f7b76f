"""The store, opened and checked."""

from __future__ import annotations

import logging
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from csc_experiments.errors import StoreCorruptError, StoreLockedError
from csc_experiments.tracking.settings import TrackingConfig

__all__ = [
    "Metric",
    "MlflowClient",
    "Param",
    "Run",
    "connect",
    "experiment_id",
    "search_runs",
    "store_errors",
]
SQLITE = "sqlite:///"
# Tells MLflow's pages to show metrics and parameters, not conversations.
EXPERIMENT_TAGS = {"mlflow.experimentKind": "custom_model_development"}
LOCK_SECONDS = 5.0
# While one process makes a store, which takes seconds, the others wait.
MAKING_SECONDS = 120.0
PAGE = 1000

with warnings.catch_warnings():
    # MLflow 3.17 uses an option that SQLAlchemy 2.1 announces the end of.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.simplefilter("ignore", FutureWarning)
    from mlflow.entities import Metric, Param, Run
    from mlflow.exceptions import MlflowException
    from mlflow.tracking import MlflowClient


# A store that is made or brought up to date would otherwise tell so on standard error, line by line.
logging.getLogger("mlflow").setLevel(logging.WARNING)


def connect(tracking: TrackingConfig) -> MlflowClient:
    """Open a store, making a SQLite one if it is not there.

    Raises
    ------
    StoreLockedError
        If another program holds it.
    StoreCorruptError
        If it is damaged, or no run store.
    """
    with store_errors(tracking), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if not tracking.uri.startswith(SQLITE):
            return _open_server(tracking.uri)
        path = Path(tracking.uri.removeprefix(SQLITE)).resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes that make one store at the same time would break it.
        with FileLock(path.with_suffix(".lock"), timeout=MAKING_SECONDS):
            _check(path)
            # MLflow remembers a store by its address, so the address must not depend on the working folder.
            return _open(f"{SQLITE}{path}")


def _open_server(uri: str) -> MlflowClient:
    if not uri.startswith("http"):
        # MLflow would try a database that is not there for minutes.
        engine = create_engine(uri)
        engine.connect().close()
        engine.dispose()
    return _open(uri)


def _open(uri: str) -> MlflowClient:
    client = MlflowClient(tracking_uri=uri)
    client.search_experiments(max_results=1)
    return client


@contextmanager
def store_errors(tracking: TrackingConfig) -> Iterator[None]:
    """Turn what a store may raise into one clear error."""
    try:
        yield
    except (sqlite3.Error, Timeout, MlflowException, SQLAlchemyError) as error:
        place = tracking.uri if tracking.uri.startswith(SQLITE) else f"tracking={tracking.name}"
        if isinstance(error, Timeout) or "locked" in str(error).lower():
            raise StoreLockedError(
                f"The run store {place} is locked by another program.",
                todo="Close the other program (a study, the MLflow UI, a database browser) and try again.",
            ) from None
        raise StoreCorruptError(
            f"The run store {place} is damaged, cannot be reached, or is not a run store.",
            todo="Put back a copy, or move it away: the next run makes a new one.",
        ) from None


def experiment_id(client: MlflowClient, tracking: TrackingConfig, study: str) -> str:
    """Identifier of a study's MLflow experiment, made if it is not there."""
    with store_errors(tracking):
        found = client.get_experiment_by_name(study)
        if found is not None:
            return str(found.experiment_id)
        place = (Path(tracking.artifacts).resolve() / study).as_uri()
        try:
            return str(client.create_experiment(study, artifact_location=place, tags=EXPERIMENT_TAGS))
        except MlflowException:
            # Another process was quicker.
            return str(client.get_experiment_by_name(study).experiment_id)


def search_runs(client: MlflowClient, experiment: str, wanted: str) -> list[Run]:
    """All runs of an experiment that a filter finds, newest first."""
    found: list[Run] = []
    token: str | None = None
    while True:
        page = client.search_runs([experiment], wanted, max_results=PAGE, page_token=token)
        found += page
        token = page.token
        if not token:
            return found


def _check(path: Path) -> None:
    """Try to write: the file is whole and free, or an error says what is wrong."""
    with closing(sqlite3.connect(path, timeout=LOCK_SECONDS)) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("BEGIN IMMEDIATE")
        store.execute("SELECT count(*) FROM sqlite_master")
        store.rollback()
