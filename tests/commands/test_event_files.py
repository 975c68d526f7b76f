"""A question outside children's services, from somebody else's events to a finished run."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from csc_experiments.config import compose_experiment
from csc_experiments.tracking.connection import Run, connect, search_runs

Call = Callable[..., tuple[int, str, str]]
MEMBERS = 300
FIRST = datetime(2019, 1, 1, 9)  # noqa: DTZ001 - times have no zone
QUESTION = (
    "question.name=fined_within_90_days",
    "question.label=Is a fine due within 90 days of a loan?",
    "question.vocabulary=events",
    "question.index.any=[LOAN//START]",
    "question.eligibility.under_age=150",
    "question.eligibility.open=[LOAN]",
    "question.eligibility.not_open=[BAN]",
    "question.outcome.any=[FINE]",
    "question.outcome.within_days=90",
    "question.ends=[MEMBER//LEFT]",
    "question.document_types=[note]",
    "question.decision_codes=[]",
)
DATASET = ("dataset.authority=library", "dataset.records=made/library")


def borrow(folder: Path) -> None:
    """Write a MEDS data set of a library's members, notes about them, and their households."""
    draw = np.random.default_rng(7)
    events: list[tuple[int, datetime | None, str, float | None]] = []
    notes = ["PersonID,DocumentType,Date,Text"]
    for member in range(MEMBERS):
        careless = member % 3 == 0
        events += [(member, datetime(1980, 5, 1), "MEDS_BIRTH", None), (member, None, "BRANCH//EAST", None)]  # noqa: DTZ001
        for start in sorted(draw.integers(0, 1200, 4).tolist()):
            lent = FIRST + timedelta(days=start, hours=int(draw.integers(0, 8)))
            kept = 60 if careless and draw.random() < 0.7 else 10
            events += [
                (member, lent, "LOAN//START", None),
                (member, lent + timedelta(days=kept), "LOAN//END", None),
            ]
            if kept > 21:
                events.append((member, lent + timedelta(days=22), "FINE", 0.2 * kept))
            notes.append(
                f"{member},Note,{lent:%d/%m/%Y},asked {'again about late books' if careless else 'a map'}"
            )
        if member % 25 == 0:
            events += [
                (member, FIRST, "BAN//START", None),
                (member, FIRST + timedelta(days=30), "BAN//END", None),
            ]
        if member % 40 == 0:
            events.append((member, FIRST + timedelta(days=1300), "MEMBER//LEFT", None))
    schema = {
        "subject_id": pl.Int64,
        "time": pl.Datetime("us"),
        "code": pl.String,
        "numeric_value": pl.Float32,
    }
    frame = pl.DataFrame(events, schema=schema, orient="row").sort("subject_id", "time")
    halves = frame.with_columns(half=pl.col("subject_id") // 150).partition_by("half", include_key=False)
    for shard, part in enumerate(halves):
        path = folder / "meds" / "data" / "train" / f"{shard}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_parquet(path)
    (folder / "meds" / "metadata").mkdir()
    (folder / "documents.csv").write_text("\n".join(notes))
    links = [f"{member},H{member // 2}" for member in range(MEMBERS)]
    (folder / "family_links.csv").write_text("\n".join(["person_id,household_id", *links]))


def cells() -> list[Run]:
    client = connect(compose_experiment().tracking)
    runs = search_runs(client, client.get_experiment_by_name("adhoc").experiment_id, "")
    return [run for run in runs if run.data.tags["csc.kind"] == "cell"]


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    borrow(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("library")
def test_a_librarys_events_become_records_and_a_finished_run(call: Call) -> None:
    sources = "dataset.sources=[meds,documents.csv,family_links.csv]"
    code, out, err = call(
        "import", "--dataset", "event_files", *DATASET, sources, "dataset.covers=[2019-01-01,2023-12-31]"
    )
    assert (code, err) == (0, "")
    assert "documents: " in out
    assert f"{MEMBERS} events have no time" in out
    cheap = (
        "validation.folds=2",
        "tuning=quick",
        "tuning.trials=2",
        "validation.inner_folds=2",
        "evaluation.replicates=50",
    )
    choices = ("dataset=event_files", "representation=structured+tfidf", *DATASET, *QUESTION, *cheap)
    code, out, err = call("run", "--json", *choices)
    assert (code, err) == (0, "")
    said = json.loads(out)
    (run,) = cells()
    assert run.info.status == "FINISHED"
    assert run.info.run_id == said["run_id"]
    assert said["average_precision.low"] > said["prevalence"]
    assert run.data.params["config.question.vocabulary"] == "events"
    # Where records came from is no part of a result, and a path may tell of people.
    assert not [name for name in run.data.params if name.startswith("config.dataset.sources")]


@pytest.mark.usefixtures("library")
def test_a_code_that_is_not_there_is_refused_by_its_key(call: Call) -> None:
    options = "--authority library --out made/library --covers 2019-01-01 2023-12-31"
    assert call("import", "meds", *options.split())[0] == 0
    code, _, err = call("run", "dataset=own", *DATASET, *QUESTION, "question.ends=[LEFT]")
    assert code == 10
    assert "question.ends: LEFT" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("meds",), "--authority"),
        (("--authority", "library", "--out", "made/library"), "SOURCE"),
        (("--dataset", "own"), "dataset.sources"),
        (("--dataset", "nonsense"), "event_files"),
        (("--dataset", "event_files", "dataset.covers=[2019-01-01]"), "dataset.covers"),
        (("--dataset", "event_files", "dataset.covers=[1,2]"), "dataset.covers"),
        (("--dataset", "event_files", "dataset.sources=['']"), "dataset.sources"),
        (("--dataset", "event_files", "dataset.source=[meds]"), "dataset.sources"),
        (("--dataset", "event_files", "--authority", "library"), "dataset.authority"),
        (("--dataset", "event_files"), "exports/own/events"),
        (("--dataset", "event_files", "dataset.sources=[meds]"), "--covers"),
    ],
)
def test_what_an_import_lacks_is_said(
    library: Path, call: Call, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = call("import", *arguments)
    assert code in {10, 11, 20}
    assert out == ""
    assert said in err
    assert not (library / "records").exists()


@pytest.mark.parametrize(
    ("name", "exported", "more"),
    [
        ("statutory_returns", ("cin_census", "ssda903"), ()),
        ("ssd_files", ("ssd_csv",), ("dataset.covers=[2018-04-01,2022-03-31]",)),
    ],
)
def test_a_dataset_says_how_its_records_are_made(
    name: str,
    exported: tuple[str, ...],
    more: tuple[str, ...],
    library: Path,
    call: Call,
) -> None:
    for form in exported:
        small = ("--children", "200", "--set", "years=4", "--set", "document_words=0.05")
        assert call("synthesise", "la1", "--as", form, *small)[0] == 0
    code, out, err = call("import", "--dataset", name, "dataset.authority=la1", *more)
    assert (code, err) == (0, "")
    assert "ssd_cin_episodes:" in out
    records = compose_experiment([f"dataset={name}", "dataset.authority=la1"]).dataset.records
    assert (library / records / "extract.yaml").is_file()
