"""What a user can get wrong: one clear error, its own exit code, nothing half-written, no value shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.cli import main

Call = Callable[..., tuple[int, str, str]]
CENSUS = Path(__file__).parents[1] / "data" / "cin_census" / "fake_CIN_data.xml"
CANARY = "ZZCANARY"


def everything_in(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("run", "dataset=la9"), 11),
        (("run", "question=nonsense"), 11),
        (("study", "nonsense"), 11),
        (("run", "+classifier.depth=3"), 10),
        (("run", "validaton.folds=2"), 10),
        (("run", "classifer=xgboost"), 10),
        (("study", "quickstart", "validation.fold=2"), 10),
        (("run", "classifier=previous_referrals", "representation=tfidf"), 10),
        (("run", "dataset.records=nowhere"), 20),
        (("check", "nowhere"), 20),
        (("import", "nowhere.xml", "--authority", "la5", "--out", "records/la5"), 20),
        (("import", "records/la1", "--authority", "la5", "--out", "records/la5"), 10),
        (("evaluate", "nowhere.parquet"), 20),
        (("compare", "adhoc"), 42),
        (("compare", "adhoc", "--where", "seed=1", "--where", "seed=2"), 10),
        (("report", "quickstart"), 42),
        (("synthesise", "la1", "--children", "-5", "--out", "elsewhere"), 10),
        (("run", "question.eligibility.under_age=0"), 10),
        (("run", "question.eligibility.history_days=9000"), 30),
        (("run", "validation.min_positives=100000"), 31),
        (("release", "make"), 60),
        (("purge", "la1"), 60),
        (("synthesise", "la1", "--dirt"), 10),
    ],
)
def test_each_mistake_has_its_exit_code_and_one_line(
    workspace: Path, call: Call, arguments: tuple[str, ...], code: int
) -> None:
    before = everything_in(workspace / "records")
    ended, out, err = call(*arguments)
    assert ended == code
    assert out == ""
    assert err.startswith("csc-experiments: ")
    assert err.count("\n") == 1
    assert everything_in(workspace / "records") == before


@pytest.mark.parametrize(
    "arguments", [["run", "--nonsense"], ["nonsense"], [], ["compare", "x", "--where", "seed"]]
)
def test_a_wrong_command_line_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("census.xml", "<Nothing/>", 21),
        ("census.xml", CENSUS.read_text()[:5000], 21),
        ("census.xml", f"<!DOCTYPE x [<!ENTITY a '{CANARY}'>]><Message>&a;</Message>", 21),
        ("census.pdf", CANARY, 21),
        ("tables/ssd_cin_episodes.csv", f"cine_referral_id,cine_person_id\nR1,{CANARY}\n", 22),
        (
            "tables/ssd_cin_episodes.csv",
            f"cine_referral_id,cine_person_id,cine_referral_date\nR1,P1,{CANARY}\nR2,P2,{CANARY}\n",
            23,
        ),
        ("tables/readme.txt", CANARY, 20),
    ],
)
def test_a_source_that_cannot_be_read_leaves_nothing_and_shows_nothing(
    workspace: Path, call: Call, name: str, content: str, code: int
) -> None:
    source = workspace / name
    source.parent.mkdir(exist_ok=True)
    source.write_text(content)
    given = source if source.parent == workspace else source.parent
    before = everything_in(workspace)
    covers = ("--covers", "2019-01-01", "2022-01-01")
    ended, out, err = call("import", str(given), "--authority", "la5", "--out", "records/la5", *covers)
    assert (ended, out) == (code, "")
    assert CANARY not in err
    assert err.count("\n") == 1
    assert everything_in(workspace) == before


def test_tables_whose_coverage_nobody_stated_are_refused_and_no_date_in_them_is_shown(
    workspace: Path, call: Call
) -> None:
    tables = workspace / "tables"
    tables.mkdir()
    rows = [f"R{month},P{month},2020-{month:02}-11" for month in range(1, 13)]
    header = "cine_referral_id,cine_person_id,cine_referral_date"
    (tables / "ssd_cin_episodes.csv").write_text("\n".join([header, *rows, ""]))
    before = everything_in(workspace)
    code, out, err = call("import", "tables", "--authority", "la5", "--out", "records/la5")
    assert (code, out) == (10, "")
    assert err.count("\n") == 1
    assert "--covers FROM TO" in err
    assert "2020" not in err
    assert everything_in(workspace) == before


def test_damaged_records_are_refused(workspace: Path, call: Call) -> None:
    table = workspace / "records" / "la1" / "ssd_person.parquet"
    table.write_bytes(table.read_bytes()[:-50])
    assert call("check", "records/la1")[0] == 21
    table.unlink()
    assert call("check", "records/la1")[0] == 20
    (workspace / "records" / "la1" / "extract.yaml").write_text(f"{CANARY}: [")
    code, _, err = call("check", "records/la1")
    assert code == 21
    assert CANARY not in err


def test_a_locked_store_is_named_and_left_alone(
    workspace: Path, call: Call, cheap: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csc_experiments.tracking.connection.LOCK_SECONDS", 0.2)
    assert call("run", "--quiet", *cheap)[0] == 0
    with closing(sqlite3.connect(workspace / "mlruns" / "mlflow.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        code, _, err = call("run", "--quiet", *cheap, "seed=5")
        assert code == 40
        assert "mlflow.db" in err
    assert call("run", "--quiet", *cheap, "seed=5")[0] == 0


def test_a_corrupt_store_is_named_and_left_alone(workspace: Path, call: Call, cheap: tuple[str, ...]) -> None:
    store = workspace / "mlruns" / "mlflow.db"
    store.parent.mkdir()
    store.write_bytes(b"this is no database" * 1000)
    code, _, err = call("run", *cheap)
    assert code == 41
    assert "mlflow.db" in err
    assert store.read_bytes() == b"this is no database" * 1000


def test_records_of_a_real_authority_are_not_replaced_by_invented_ones(workspace: Path, call: Call) -> None:
    assert call("import", str(CENSUS), "--authority", "la1", "--out", "records/la1")[0] == 0
    before = (workspace / "records" / "la1" / "extract.yaml").read_text()
    assert call("synthesise", "la1")[0] == 10
    assert (workspace / "records" / "la1" / "extract.yaml").read_text() == before


def test_nothing_but_invented_records_is_replaced_by_invented_ones(workspace: Path, call: Call) -> None:
    (workspace / "extracts" / "la1").mkdir(parents=True)
    (workspace / "extracts" / "la1" / "notes.txt").write_text("mine")
    assert call("synthesise", "la1", "--children", "100", "--out", "extracts")[0] == 10
    assert (workspace / "extracts" / "la1" / "notes.txt").read_text() == "mine"


def test_records_are_not_run_under_the_name_of_another_authority(workspace: Path, call: Call) -> None:
    assert call("run", "dataset.records=records/la2")[0] == 10
    assert call("import", str(CENSUS), "--authority", "la9", "--out", "records/la2")[0] == 10
    assert not (workspace / "mlruns").exists()


@pytest.mark.parametrize(
    "override", ["study_name=../up", "study_name=", "dataset.authority='=1+1'", "paths.mlruns=''"]
)
@pytest.mark.usefixtures("workspace")
def test_a_name_or_a_place_that_could_lead_elsewhere_is_refused(call: Call, override: str) -> None:
    assert call("run", override)[0] == 10


@pytest.mark.usefixtures("workspace")
def test_what_nobody_foresaw_is_told_by_kind_and_place_alone(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr("csc_experiments.records.store.Records.__getitem__", fail)
    code, out, err = call("check", "records/la1")
    assert (code, out) == (70, "")
    assert "KeyError in test_bad_input.py, line" in err
    assert CANARY not in err


def test_a_vocabulary_needs_to_know_who_is_family(
    workspace: Path, call: Call, cheap: tuple[str, ...]
) -> None:
    from csc_experiments.records import read_records, write_records  # noqa: PLC0415 - only here

    folder = workspace / "records" / "la1"
    records = read_records(folder)
    extract = records.extract
    write_records(
        folder,
        authority="la1",
        extract_date=extract.extract_date,
        coverage=(extract.coverage_from, extract.coverage_to),
        sources=("test",),
        tables={name: table for name, table in records.tables.items() if name != "ssd_family"},
    )
    code, _, err = call("run", *cheap, "representation=tfidf")
    assert code == 34
    assert "family" in err
    assert call("run", *cheap, "representation=spacy_vectors")[0] == 0


def test_a_name_in_a_code_cell_or_an_identifier_reaches_no_message_run_or_file(
    workspace: Path, call: Call
) -> None:
    tables = workspace / "tables"
    tables.mkdir()
    rows = [
        f"R{row},{CANARY}{row % 40},2020-0{1 + row % 9}-11,{CANARY},{CANARY} Jones,Y,2020-0{1 + row % 9}-20"
        for row in range(200)
    ]
    header = "cine_referral_id,cine_person_id,cine_referral_date,cine_cin_primary_need_code,cine_close_reason"
    (tables / "ssd_cin_episodes.csv").write_text(
        "\n".join([f"{header},cine_referral_nfa,cine_close_date", *rows, ""])
    )
    said = call(
        "import",
        "tables",
        "--authority",
        "la5",
        "--out",
        "records/la5",
        "--covers",
        "2019-01-01",
        "2022-01-01",
    )
    assert said[0] == 0
    for arguments in (
        ("check", "records/la5"),
        ("run", "dataset.records=records/la5", "dataset.authority=la5", "tuning=quick"),
        ("run", "dataset.records=records/la5", "dataset.authority=la5", "representation=tfidf"),
    ):
        assert CANARY not in "".join(map(str, call(*arguments)))
    store = workspace / "mlruns" / "mlflow.db"
    assert CANARY.encode() not in store.read_bytes()
    with_wal = store.with_name("mlflow.db-wal")
    assert not with_wal.exists() or CANARY.encode() not in with_wal.read_bytes()
    assert not [path for path in everything_in(workspace) if CANARY in str(path)]


def test_predictions_that_cannot_be_scored_are_refused(workspace: Path, call: Call) -> None:
    pl.DataFrame({"outcome": [True], "note": [CANARY]}).write_csv(workspace / "scores.csv")
    code, _, err = call("evaluate", "scores.csv")
    assert code == 35
    assert CANARY not in err
    (workspace / "scores.parquet").write_text(CANARY)
    assert call("evaluate", "scores.parquet")[0] == 21
