"""Comparing accuracy is a query over runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from csc_experiments.errors import NoRunsError, UnknownChoiceError
from csc_experiments.tracking.connection import connect, search_runs, store_errors
from csc_experiments.tracking.settings import TrackingConfig

KEYS = ("authority", "dataset", "question", "representation", "classifier", "validation")
LABELS = {
    "question_label": "config.question.short_label",
    "representation_label": "config.representation.label",
    "classifier_label": "config.classifier.label",
    "validation_label": "config.validation.label",
}
COUNTS = ("rows", "families", "positives")
METRICS = ("average_precision", "roc_auc")
INTERVALS = (".low", ".high")
ORDER = ("question", "validation", "authority", "representation", "classifier")


def compare_cells(
    tracking: TrackingConfig,
    study: str,
    *,
    metrics: Sequence[str] = METRICS,
    where: Mapping[str, str] | None = None,
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """One row per finished cell of a study, across authorities.

    Parameters
    ----------
    tracking : TrackingConfig
    study : str
    metrics : sequence of str
        Of `METRICS`.
    where : mapping of str to str, optional
        Choices that a cell must have made, such as `{"validation": "earlier_cases"}`.
    by : sequence of str
        Columns to sort by, before `ORDER`.

    Returns
    -------
    pandas.DataFrame
        study, the choices and their labels, families, rows, positives (of the held-out cases), prevalence,
        average_precision_chance (what a random order would score on average), and for each metric its value,
        `_low` and `_high`; run_id. Sorted by `by`, then `ORDER`. Where a configuration was run on several
        extracts or by several versions of the code, the newest.

    Raises
    ------
    NoRunsError
        If the study has no finished cell.
    UnknownChoiceError
        If there is no such metric or column.
    """
    known = (*KEYS, *COUNTS, "prevalence", "average_precision_chance", *metrics)
    for kind, names, allowed in (("metric", metrics, METRICS), ("column", by, known)):
        unknown = sorted(set(names) - set(allowed))
        if unknown:
            raise UnknownChoiceError(f"No {kind} {', '.join(unknown)}.", todo=f"Known: {', '.join(allowed)}.")
    client = connect(tracking)
    wanted = "tags.`csc.kind` = 'cell' and attributes.status = 'FINISHED'"
    with store_errors(tracking):
        experiment = client.get_experiment_by_name(study)
        runs = search_runs(client, experiment.experiment_id, wanted) if experiment is not None else []
    rows = [
        {
            "study": study,
            **{key: run.data.params[key] for key in KEYS},
            **{label: run.data.params.get(leaf, "") for label, leaf in LABELS.items()},
            **{name: int(run.data.metrics[f"test.{name}"]) for name in COUNTS},
            "prevalence": run.data.metrics["test.prevalence"],
            "average_precision_chance": run.data.metrics["test.average_precision.chance"],
            **_metrics(run.data.metrics, metrics),
            "run_id": run.info.run_id,
            "config_hash": run.data.tags["csc.config_hash"],
        }
        for run in runs
        if all(run.data.params.get(key) == value for key, value in (where or {}).items())
    ]
    if not rows:
        raise NoRunsError(
            f"The store has no finished cell of study {study} that matches.",
            todo="Run it first, or ask for less with --where; runs made with `run` are the study adhoc.",
        )
    frame = pd.DataFrame(rows).drop_duplicates("config_hash").drop(columns="config_hash")
    return frame.sort_values([*by, *ORDER], kind="stable").reset_index(drop=True)


def _metrics(found: Mapping[str, float], metrics: Sequence[str]) -> dict[str, float]:
    return {
        f"{metric}{end}".replace(".", "_"): found.get(f"test.{metric}{end}", float("nan"))
        for metric in metrics
        for end in ("", *INTERVALS)
    }
