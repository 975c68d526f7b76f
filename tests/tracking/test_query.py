"""The comparison tells cells apart, and finds those that were meant."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from csc_experiments.errors import NoRunsError, UnknownChoiceError
from csc_experiments.tracking.query import KEYS, compare_cells
from csc_experiments.tracking.runs import RunRecord, RunStore
from csc_experiments.tracking.settings import TrackingConfig

METRICS = {"test.rows": 40.0, "test.families": 30.0, "test.positives": 10.0, "test.prevalence": 0.25}
METRICS |= {"test.average_precision": 0.4, "test.average_precision.chance": 0.26}
DRAWN = """
    question classifier days seed trials search column           estimator                 label cases records
    returns  boosting   180  1    5      yes    None             xgboost.XGBClassifier     Trees c180  old
    returns  boosting   365  1    5      yes    None             xgboost.XGBClassifier     Trees c365  old
    returns  logistic   365  1    20     yes    None             sklearn.linear_model.Line Line  c365  old
    returns  constant   365  1    20     no     None             sklearn.dummy.Dummy       None  c365  old
    returns  previous   365  1    20     no     structured:N|all csc_experiments.RankBy    Count none  old
    moves    logistic   90   1    5      yes    None             sklearn.linear_model.Line Line  c90   new
"""


def record(line: dict[str, str]) -> RunRecord:
    leaves = {
        "question.name": line["question"],
        "question.outcome.within_days": line["days"],
        "seed": line["seed"],
        "tuning.name": "quick",
        "tuning.trials": line["trials"],
        "classifier.name": line["classifier"],
        "classifier.label": line["label"],
        "classifier.column": line["column"],
        "classifier.estimator": line["estimator"],
        **({"classifier.search.C.low": "0.1"} if line["search"] == "yes" else {}),
    }
    names = {**dict.fromkeys(KEYS, "x"), "question": line["question"], "classifier": line["classifier"]}
    params = {**names, "seed": line["seed"], **{f"config.{key}": value for key, value in leaves.items()}}
    tags = {"csc.config_hash": str(sorted(params.items())), "csc.code_version": "c" * 32}
    tags["csc.data_fingerprint"] = line["records"] * 8
    if line["cases"] != "none":
        tags["csc.cases"] = line["cases"]
    return RunRecord("cell", params, METRICS, tags)


def lines() -> list[dict[str, str]]:
    heading, *rows = DRAWN.strip().splitlines()
    return [dict(zip(heading.split(), row.split(), strict=True)) for row in rows]


def write(tracking: TrackingConfig, written: list[dict[str, str]]) -> None:
    store = RunStore(tracking, "study")
    for number, line in enumerate(written):
        store.write(record(line), [], lambda _: None, cell_key=f"{number}", started=1000 + number)


@pytest.fixture(scope="module")
def tracking(tmp_path_factory: pytest.TempPathFactory) -> TrackingConfig:
    folder = tmp_path_factory.mktemp("store")
    config = TrackingConfig("local", f"sqlite:///{folder}/mlflow.db", str(folder / "artifacts"))
    write(config, lines())
    return config


def found(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return list(frame[["question", "classifier", *columns]].itertuples(index=False, name=None))


def test_the_variant_says_what_the_names_leave_open(tracking: TrackingConfig) -> None:
    assert found(compare_cells(tracking, "study"), "variant") == [
        ("moves", "logistic", "tuning.trials=5; records=newnewne"),
        ("returns", "boosting", "question.outcome.within_days=180; tuning.trials=5; records=oldoldol"),
        ("returns", "boosting", "question.outcome.within_days=365; tuning.trials=5; records=oldoldol"),
        ("returns", "constant", "question.outcome.within_days=365; records=oldoldol"),
        ("returns", "logistic", "question.outcome.within_days=365; tuning.trials=20; records=oldoldol"),
        ("returns", "previous", "question.outcome.within_days=365; records=oldoldol"),
    ]


def test_baselines_trials_and_cases_are_said(tracking: TrackingConfig) -> None:
    frame = compare_cells(tracking, "study", where={"question.outcome.within_days": "365"})
    assert found(frame, "baseline", "tuning_trials", "cases") == [
        ("returns", "boosting", False, 5, "c365"),
        ("returns", "constant", True, 0, "c365"),
        ("returns", "logistic", False, 20, "c365"),
        ("returns", "previous", True, 0, ""),
    ]
    assert frame["baseline"].dtype == bool
    assert frame["tuning_trials"].dtype == int


def test_a_variant_does_not_depend_on_what_else_is_asked_for(tracking: TrackingConfig) -> None:
    every = compare_cells(tracking, "study").set_index("run_id")["variant"]
    for where in ({"seed": "1"}, {"classifier": "logistic"}, {"tuning.trials": "5", "question": "moves"}):
        part = compare_cells(tracking, "study", where=where).set_index("run_id")["variant"]
        assert part.to_dict() == every[part.index].to_dict()


def test_names_and_settings_are_found_together_and_as_typed(tracking: TrackingConfig) -> None:
    where = {"classifier": "boosting", "question.outcome.within_days": "180.0", "classifier.column": "null"}
    assert found(compare_cells(tracking, "study", where=where)) == [("returns", "boosting")]


def test_what_nobody_has_is_not_found_and_what_nobody_knows_is_refused(tracking: TrackingConfig) -> None:
    with pytest.raises(NoRunsError):
        compare_cells(tracking, "study", where={"seed": "2"})
    with pytest.raises(UnknownChoiceError, match=r"within_day\. Did you mean question\.outcome\.within_days"):
        compare_cells(tracking, "study", where={"within_day": "180"})
    with pytest.raises(NoRunsError):
        compare_cells(tracking, "never_run", where={"within_day": "180"})


def test_any_column_sorts(tracking: TrackingConfig) -> None:
    for column in compare_cells(tracking, "study").columns:
        values = compare_cells(tracking, "study", by=[column])[column].to_list()
        assert values == sorted(values)
    with pytest.raises(UnknownChoiceError, match="No column luck"):
        compare_cells(tracking, "study", by=["luck"])


def test_a_label_worded_anew_makes_no_second_row(tmp_path: Path) -> None:
    tracking = TrackingConfig("local", f"sqlite:///{tmp_path}/mlflow.db", str(tmp_path / "artifacts"))
    first = lines()[0]
    write(tracking, [first, {**first, "label": "Forest"}])
    frame = compare_cells(tracking, "study")
    assert frame["classifier_label"].to_list() == ["Forest"]
    assert frame["variant"].to_list() == [""]
