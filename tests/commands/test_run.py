"""One cell, run as an analyst would."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import skops.io
import yaml

from csc_experiments.config import compose_experiment
from csc_experiments.evaluation.scores import evaluate
from csc_experiments.experiment import cell_key
from csc_experiments.tracking.connection import Run, connect, search_runs

Call = Callable[..., tuple[int, str, str]]
TUNED = (
    "tuning=quick",
    "tuning.trials=2",
    "validation.folds=2",
    "validation.inner_folds=2",
    "evaluation.replicates=50",
)


def runs_of(study: str) -> list[Run]:
    client = connect(compose_experiment().tracking)
    return search_runs(client, client.get_experiment_by_name(study).experiment_id, "")


def artifacts_of(run: Run) -> Path:
    return Path(run.info.artifact_uri.removeprefix("file://"))


@pytest.mark.usefixtures("workspace")
def test_a_cell_is_one_run_with_its_scores_choices_and_provenance(call: Call) -> None:
    code, out, _ = call("run", "--json", *TUNED)
    assert code == 0
    said = json.loads(out)
    cell, *trials = sorted(runs_of("adhoc"), key=lambda run: run.data.tags["csc.kind"])
    assert cell.info.run_id == said["run_id"]
    assert cell.info.status == "FINISHED"
    assert cell.data.metrics["test.average_precision"] == said["average_precision"]
    assert said["average_precision.low"] <= said["average_precision"] <= said["average_precision.high"]
    assert cell.data.params["authority"] == "la1"
    assert cell.data.params["config.question.outcome.within_days"] == "365"
    assert cell.data.tags["csc.cell_key"] == cell_key(compose_experiment(list(TUNED)))
    assert {"csc.data_fingerprint", "csc.code_version", "csc.sensitivity"} <= set(cell.data.tags)
    assert len(cell.data.tags["csc.cases"]) == 32
    assert not {"mlflow.user", "mlflow.source.name"} & set(cell.data.tags)
    assert len(trials) == 2 * 2
    assert {trial.data.tags["mlflow.parentRunId"] for trial in trials} == {cell.info.run_id}
    assert all("C" in trial.data.params for trial in trials)


@pytest.mark.usefixtures("workspace")
def test_its_artifacts_hold_what_the_scores_were_made_from(call: Call) -> None:
    call("run", "--quiet", *TUNED)
    (cell,) = [run for run in runs_of("adhoc") if run.data.tags["csc.kind"] == "cell"]
    folder = artifacts_of(cell)
    predictions = pl.read_parquet(folder / "tables" / "predictions.parquet")
    scores = evaluate(predictions, replicates=1, seed=0)
    for name in ("average_precision", "roc_auc", "prevalence", "rows"):
        assert cell.data.metrics[f"test.{name}"] == pytest.approx(scores[name])
    assert yaml.safe_load((folder / "config.yaml").read_text())["question"]["name"] == "closed_nfa_rereferred"
    models = skops.io.load(
        folder / "model" / "models.skops", trusted=["csc_experiments.classifiers.estimators.BlockScaler"]
    )
    assert len(models) == 2
    flow = pl.read_parquet(folder / "tables" / "flow.parquet")
    assert flow["remaining"][-1] == predictions.height


@pytest.mark.usefixtures("workspace")
def test_a_finished_cell_is_not_run_again(call: Call, cheap: tuple[str, ...]) -> None:
    first = json.loads(call("run", "--json", *cheap)[1])
    second = json.loads(call("run", "--json", *cheap)[1])
    assert {"run_id", "rows", "average_precision", "roc_auc.low"} < set(first)
    assert second == first
    assert len(runs_of("adhoc")) == 1


@pytest.mark.usefixtures("workspace")
def test_a_finished_cell_shows_its_scores_again(call: Call, cheap: tuple[str, ...]) -> None:
    assert call("run", *cheap)[1] == call("run", *cheap)[1]


def test_a_run_that_a_newer_one_replaced_in_comparisons_is_still_named(
    workspace: Path, call: Call, cheap: tuple[str, ...]
) -> None:
    records, others = workspace / "records" / "la1", workspace / "others"
    shutil.copytree(records, others)
    said = yaml.safe_load((others / "extract.yaml").read_text())
    said["coverage"]["from"] = said["coverage"]["from"].replace(year=said["coverage"]["from"].year + 1)
    (others / "extract.yaml").write_text(yaml.safe_dump(said))
    first = json.loads(call("run", "--json", *cheap)[1])
    assert json.loads(call("run", "--json", *cheap, "dataset.records=others")[1]) != first
    code, out, _ = call("run", *cheap)
    assert code == 0
    assert out.startswith("Not shown: 1, which a newer run on other records or code replaced.\n")
    assert f"Run {first['run_id']} of study adhoc." in out


def test_two_runs_of_one_configuration_give_identical_tables(workspace: Path, call: Call) -> None:
    choices = ("classifier=xgboost", "representation=structured+lda", "representation.blocks.lda.topics=3")
    tables = []
    for study in ("first", "second"):
        assert call("run", "--quiet", *TUNED, *choices, f"study_name={study}")[0] == 0
        (cell,) = [run for run in runs_of(study) if run.data.tags["csc.kind"] == "cell"]
        tables.append(pl.read_parquet(artifacts_of(cell) / "tables" / "predictions.parquet"))
        shutil.rmtree(workspace / "cache")
    assert tables[0].equals(tables[1])


@pytest.mark.usefixtures("workspace")
def test_folds_do_not_depend_on_the_classifier_or_the_representation(
    call: Call, cheap: tuple[str, ...]
) -> None:
    call("run", "--quiet", *cheap)
    call("run", "--quiet", *cheap, "representation=spacy_vectors")
    call("run", "--quiet", *cheap, "classifier=previous_referrals")
    held_out = [
        pl.read_parquet(artifacts_of(run) / "tables" / "predictions.parquet").drop("score")
        for run in runs_of("adhoc")
    ]
    assert len(held_out) == 3
    assert all(frame.equals(held_out[0]) for frame in held_out)


@pytest.mark.usefixtures("workspace")
def test_text_is_refused_with_a_reason_where_there_is_none(workspace: Path, call: Call) -> None:
    from csc_experiments.records import read_records, write_records  # noqa: PLC0415 - only here

    records = read_records(workspace / "records" / "la1")
    write_records(
        workspace / "records" / "la1",
        authority="la1",
        extract_date=records.extract.extract_date,
        coverage=(records.extract.coverage_from, records.extract.coverage_to),
        sources=("test",),
        tables={name: table for name, table in records.tables.items() if name != "documents"},
    )
    code, _, err = call("run", "representation=tfidf", *TUNED)
    assert code == 34
    assert "documents" in err
    assert call("run", "--quiet", "representation=structured", *TUNED)[0] == 0
