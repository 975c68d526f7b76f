from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from csc_experiments.arguments import EXPORTS
from csc_experiments.records import read_records
from csc_experiments.synthetic.export import DATABASE, FILES

Call = Callable[..., tuple[int, str, str]]
FEW = ("--children", "150")


def test_every_format_that_can_be_typed_can_be_written() -> None:
    assert sorted(EXPORTS) == sorted([*FILES, DATABASE])


@pytest.mark.parametrize("name", FILES)
def test_each_format_is_written_where_it_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = call("synthesise", "la1", *FEW, "--as", name)
    assert code == 0
    places = [Path(line) for line in out.splitlines()]
    assert places
    assert all(place.is_file() and place.is_relative_to(Path("exports/la1") / name) for place in places)
    assert not Path("records").exists()


def test_what_is_there_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "exports" / "la1" / "ssd_csv" / "own.csv"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    code, _, said = call("synthesise", "la1", *FEW, "--as", "ssd_csv")
    assert code == 10
    assert "is not empty" in said
    assert own.read_text() == "mine"


def test_dirt_is_counted_and_refused_where_there_can_be_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = call("synthesise", "la1", *FEW, "--quiet", "--as", "ssd_csv", "--dirt")
    assert code == 0
    counts = [int(line.rpartition(" ")[2]) for line in out.splitlines()]
    assert counts
    assert all(count > 0 for count in counts)
    assert call("synthesise", "la1", *FEW, "--as", "ssd_parquet", "--dirt")[0] == 10


def test_a_setting_is_changed_for_once_and_a_wrong_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("synthesise", "la1", *FEW, "--set", "leak=worker_set_later", "--set", "years=3")[0] == 0
    assert read_records(Path("records/la1")).extract.coverage_from.year == 2022
    for wrong, key in (
        ("leak=all", "synthetic.leak"),
        ("yaers=3", "synthetic.yaers"),
        ("years=x", "synthetic.years"),
    ):
        code, _, said = call("synthesise", "la1", *FEW, "--set", wrong)
        assert code == 10
        assert key in said


def test_dirt_needs_a_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, said = call("synthesise", "la1", *FEW, "--dirt")
    assert code == 10
    assert "--as" in said
    assert not (tmp_path / "records").exists()


def test_a_database_is_asked_for_by_its_variable(monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.delenv("CSC_DATABASE_URL", raising=False)
    code, _, said = call("synthesise", "la1", *FEW, "--as", DATABASE)
    assert code == 10
    assert "CSC_DATABASE_URL" in said


def test_the_calibration_is_a_table_for_a_reader_and_for_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = call("synthesise", "la1", "--children", "1500", "--report")
    assert code == 0
    assert "measures lie within their band" in out
    code, out, _ = call("synthesise", "la1", "--children", "1500", "--report", "--json")
    assert code == 0
    assert len(json.loads(out)["la1"]) >= 30
    assert not list(tmp_path.iterdir())


def test_a_small_authority_has_short_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("synthesise", "la1", "--small", *FEW)[0] == 0
    documents = read_records(tmp_path / "records" / "la1")["documents"]
    assessments = documents.filter(pl.col("document_type") == "single_assessment")["text"]
    assert assessments.len() > 0
    assert np.median(assessments.str.count_matches(r"\s+").to_numpy()) < 1000
