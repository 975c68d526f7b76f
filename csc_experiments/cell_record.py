"""What a cell says of itself in the store: its choices, its scores, what they were made from, its trials."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from csc_experiments import __version__
from csc_experiments.config import AXES, ExperimentConfig, compose_experiment
from csc_experiments.provenance import digest
from csc_experiments.records import read_extract
from csc_experiments.tracking.runs import RunRecord
from csc_experiments.tuning.search import Trial


def cell_record(
    config: ExperimentConfig,
    code: str,
    *,
    scores: Mapping[str, float] | None = None,
    cases: str = "",
    error: str = "",
    alarms: str = "",
    terms: Mapping[str, str] | None = None,
) -> RunRecord:
    """Say what a cell is and how it went.

    Parameters
    ----------
    config : ExperimentConfig
    code : str
        Hash of the code that shaped the result.
    scores : mapping of str to float, optional
        On the held-out cases; none if the cell refused to run.
    cases : str
        `same_cases` of its predictions.
    error : str
        The kind of error with which it refused to run.
    alarms : str
        Names of the tripwires that did not pass, comma-separated.
    terms : mapping of str to str, optional
        Tags that say whether the cell confirms or explores.
    """
    choices = {axis: getattr(config, axis).name for axis in AXES}
    params = {"authority": config.dataset.authority, **choices, "seed": str(config.seed)}
    others = others_fingerprint(config)
    told = {"cases": cases, "error": error, "alarms": alarms, "others_fingerprint": others}
    tags = {
        "csc.config_hash": digest(config.shaping),
        "csc.data_fingerprint": read_extract(Path(config.dataset.records)).fingerprint,
        "csc.code_version": code,
        "csc.package_version": __version__,
        "csc.sensitivity": "on_site_only",
        **{f"csc.{name}": said for name, said in told.items() if said},
        **(terms or {}),
    }
    metrics = {f"test.{name}": value for name, value in (scores or {}).items()}
    leaves = {f"config.{key}": value for key, value in _leaves(config.shaping)}
    return RunRecord("/".join(choices.values()), params | leaves, metrics, tags)


def other_records(config: ExperimentConfig) -> list[Path]:
    """Name the folders of the records of the authorities that `validation.others` names."""
    # A path may hold what Hydra would read as more than one word.
    places = f"paths.records={json.dumps(config.paths.records, ensure_ascii=False)}"
    others = [compose_experiment([f"dataset={name}", places]) for name in config.validation.others]
    return [Path(other.dataset.records) for other in others]


def others_fingerprint(config: ExperimentConfig) -> str:
    """Hash what the others' records say; empty if there are no others."""
    fingerprints = [read_extract(folder).fingerprint for folder in other_records(config)]
    return digest(fingerprints)[:16] if fingerprints else ""


def same_cases(predictions: pl.DataFrame) -> str:
    """Hash who was tested, when, in which fold and with what outcome: equal for cells that can be paired.

    Hexadecimal, 32 characters.
    """
    keys = ["subject_id", "prediction_time"]
    tested = predictions.select(*keys, "outcome", "fold").sort(*keys, "fold")
    columns = (tested[name].to_physical().to_numpy().tobytes() for name in tested.columns)
    return hashlib.blake2b(b"".join(columns), digest_size=16).hexdigest()


def trial_records(config: ExperimentConfig, trials: Sequence[Sequence[Trial]]) -> list[RunRecord]:
    """Say what each fold's search tried."""
    return [
        RunRecord(
            name=f"fold_{number}/trial_{trial.number}",
            params={
                "authority": config.dataset.authority,
                "fold": str(number),
                **{name: str(value) for name, value in trial.parameters.items()},
            },
            metrics={"inner.average_precision": trial.mean, "seconds": trial.seconds},
        )
        for number, tried in enumerate(trials)
        for trial in tried
    ]


def _leaves(said: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Flatten a configuration: `question.outcome.within_days` and its value."""
    for key, value in said.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
