"""Children who go by different identifiers in different sources are still one child each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.errors import MissingColumnError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records import read_records
from csc_experiments.records.identifiers import read_identifiers, translate
from csc_experiments.records.importing import ORIGINS_FILE, import_records
from csc_experiments.records.rejects import rejects_frame
from csc_experiments.records.source import Source

COVERS = (date(2019, 1, 1), date(2021, 1, 1))


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_child_goes_by_one_identifier_in_all_sources(tmp_path: Path) -> None:
    ssd = written(
        tmp_path / "ssd" / "ssd_person.csv", "pers_person_id,pers_dob\nA,2015-01-01\nB,2016-01-01\n"
    ).parent
    links = written(tmp_path / "links.csv", "child_id,family_id\n77,F\n88,F\nA,F\n")
    who = written(tmp_path / "who.csv", "Person ID,families\nA,77.0\nB,88\nC,\n")
    report = import_records([ssd, links], tmp_path / "la1", authority="la1", covers=COVERS, identifiers=who)
    # The links' own "A" is not in the file, so it is not the child who goes by A.
    assert sorted(read_records(tmp_path / "la1")["ssd_family"]["fami_person_id"]) == ["A", "B", "families:A"]
    assert any("2 children go by other identifiers; 1 are not in the file" in note for note in report.notes)
    origins = pl.read_parquet(tmp_path / "la1" / ORIGINS_FILE)
    assert origins.filter(pl.col("table") == "ssd_person")["source"].to_list() == ["SSD files"] * 2
    assert origins.filter(pl.col("table") == "ssd_family")["source"].to_list() == ["family links"] * 3


def test_a_source_of_another_kind_is_left_as_it_is() -> None:
    frame = pl.DataFrame({"fami_family_id": ["F"], "fami_person_id": ["1"]})
    source = Source("family links", {"ssd_family": frame}, rejects_frame([]), reader="families")
    assert translate(source, {"ssda903": pl.DataFrame({"was": ["1"], "is": ["A"]})}) is source


def test_an_identifier_of_two_children_is_refused_without_naming_it(tmp_path: Path) -> None:
    who = written(tmp_path / "who.csv", "person_id,ssda903\nA,K77\nB,K77\nB,K88\n")
    with pytest.raises(UnreadableInputError, match="1 identifiers in column ssda903") as refused:
        read_identifiers(who, ["ssda903"])
    assert "K77" not in str(refused.value)


@pytest.mark.parametrize("head", ["child,ssda903", "person_id,colour"])
def test_a_file_that_does_not_say_who_is_who_is_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(MissingColumnError, match="person_id, and one for each kind"):
        read_identifiers(written(tmp_path / "who.csv", f"{head}\nA,1\n"), ["ssda903"])


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(RecordsNotFoundError):
        read_identifiers(tmp_path / "who.csv", ["ssda903"])
