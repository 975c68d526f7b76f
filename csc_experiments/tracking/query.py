"""Comparing accuracy is a query over runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from csc_experiments.errors import NoRunsError, UnknownChoiceError
from csc_experiments.tracking.choosing import UNSET, check_keys, matches, settings_of
from csc_experiments.tracking.connection import Run, connect, search_runs, store_errors
from csc_experiments.tracking.protocols import looks_at
from csc_experiments.tracking.settings import TrackingConfig
from csc_experiments.tracking.variants import Making, variants

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
ORDER = ("question", "validation", "authority", "representation", "classifier", "variant")
CONFIRMS, EXPLORES = "confirmatory", "exploratory"
CONSTANT = "sklearn.dummy."
"""Where scikit-learn's estimators live that look at no feature."""


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
        What a cell must have been made with: choices (`{"validation": "earlier_cases"}`) and settings
        (`{"question.outcome.within_days": "180", "seed": "1"}`), all of them.
    by : sequence of str
        Columns to sort by, before `ORDER`.

    Returns
    -------
    pandas.DataFrame
        Sorted by `by`, then `ORDER`. Where a configuration was run on several extracts or by several versions
        of the code, the newest. Columns:

        - study, the choices and their labels (str);
        - variant (str): what the names leave open among all cells of the study, whatever `where` leaves of
          them, as `csc_experiments.tracking.variants.variants` says it;
        - baseline (bool): whether the classifier learns nothing but from one column, or nothing at all;
        - tuning_trials (int): settings tried in each fold; 0 where the classifier has nothing to search;
        - cases (str): equal where two cells were tested on the very same rows; empty where it is not known;
        - alarms (str): names of the tripwires that went off, comma-separated; "none", or empty if the run has
          none; protocol (str): "confirmatory" or "exploratory"; looks (int): finished cells of all studies
          that were tested on the same cases;
        - families, rows, positives (int, of the held-out cases), prevalence, average_precision_chance (what a
          random order would score on average), and for each metric its value, `_low` and `_high`;
        - run_id (str).

    Raises
    ------
    NoRunsError
        If the study has no finished cell that matches.
    UnknownChoiceError
        If there is no such metric, setting or column.
    """
    _check_known("metric", metrics, METRICS)
    finished = _finished(tracking, study)
    if finished:
        check_keys(where or (), {*KEYS, *(key for run in finished for key in settings_of(run.data.params))})
    runs = _newest(finished)
    told = variants([_making(run) for run in runs])
    looks = looks_at(tracking)
    rows = [
        {"study": study, **_row(run, variant, metrics, looks)}
        for run, variant in zip(runs, told, strict=True)
        if matches(settings_of(run.data.params), where or {})
    ]
    if not rows:
        raise NoRunsError(
            f"The store has no finished cell of study {study} that matches.",
            todo="Run it first, or ask for less with --where; runs made with `run` are the study adhoc.",
        )
    frame = pd.DataFrame(rows)
    _check_known("column", by, [str(column) for column in frame.columns])
    return frame.sort_values(list(dict.fromkeys([*by, *ORDER])), kind="stable").reset_index(drop=True)


def run_scores(tracking: TrackingConfig, run_id: str) -> dict[str, float]:
    """Read a finished cell's scores; those that are not defined are not among them."""
    with store_errors(tracking):
        found = connect(tracking).get_run(run_id).data.metrics
    return {name.removeprefix("test."): value for name, value in found.items()}


def _check_known(kind: str, names: Iterable[str], known: Sequence[str]) -> None:
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise UnknownChoiceError(f"No {kind} {', '.join(unknown)}.", todo=f"Known: {', '.join(known)}.")


def _finished(tracking: TrackingConfig, study: str) -> list[Run]:
    client = connect(tracking)
    with store_errors(tracking):
        experiment = client.get_experiment_by_name(study)
        if experiment is None:
            return []
        wanted = "tags.`csc.kind` = 'cell' and attributes.status = 'FINISHED'"
        return search_runs(client, experiment.experiment_id, wanted)


def _newest(runs: Iterable[Run]) -> list[Run]:
    """Keep the first, that is the newest, run of each configuration.

    A configuration whose labels were worded anew is the same: nothing would tell its two rows apart.
    """
    kept: dict[object, Run] = {}
    for run in runs:
        kept.setdefault(_configuration(run), run)
    return list(kept.values())


def _configuration(run: Run) -> object:
    settings = _making(run).settings
    if not settings:
        return run.data.tags["csc.config_hash"]
    return frozenset(settings.items()), *(run.data.params[key] for key in KEYS)


def _making(run: Run) -> Making:
    tags = run.data.tags
    return Making(run.data.params, tags.get("csc.data_fingerprint", ""), tags.get("csc.code_version", ""))


def _row(run: Run, variant: str, metrics: Sequence[str], looks: Mapping[str, int]) -> dict[str, object]:
    params, found = run.data.params, run.data.metrics
    return {
        **{key: params[key] for key in KEYS},
        **{label: params.get(leaf, "") for label, leaf in LABELS.items()},
        "variant": variant,
        "baseline": _is_baseline(params),
        "tuning_trials": int(params.get("config.tuning.trials", "0")) if _making(run).searches else 0,
        "cases": run.data.tags.get("csc.cases", ""),
        "alarms": run.data.tags.get("csc.alarms", ""),
        "protocol": CONFIRMS if run.data.tags.get("csc.confirmatory") == "true" else EXPLORES,
        "looks": looks.get(run.data.tags.get("csc.cases") or "", 0),
        **{name: int(found[f"test.{name}"]) for name in COUNTS},
        "prevalence": found["test.prevalence"],
        "average_precision_chance": found["test.average_precision.chance"],
        **_metrics(found, metrics),
        "run_id": run.info.run_id,
    }


def _is_baseline(params: Mapping[str, str]) -> bool:
    looks_at_one = params.get("config.classifier.column", UNSET) != UNSET
    return looks_at_one or params.get("config.classifier.estimator", "").startswith(CONSTANT)


def _metrics(found: Mapping[str, float], metrics: Sequence[str]) -> dict[str, float]:
    return {
        f"{metric}{end}".replace(".", "_"): found.get(f"test.{metric}{end}", float("nan"))
        for metric in metrics
        for end in ("", *INTERVALS)
    }
