"""A key that wants a file or a folder says so, in one way for all keys."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from csc_experiments.errors import RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.identifiers import read_identifiers
from csc_experiments.records.importing import import_records, read_types
from csc_experiments.records.sources import KINDS, read_source

FILES = ("families", "addresses")
FOLDERS = ("ssd", "ssda903")


@pytest.mark.parametrize("kind", [*KINDS, "documents"])
def test_a_source_that_is_not_there_is_named_with_its_kind_and_what_it_takes(
    kind: str, tmp_path: Path
) -> None:
    with pytest.raises(RecordsNotFoundError, match=rf"^{kind}: .*absent is not there\. Give "):
        read_source(f"{kind}:{tmp_path / 'absent'}")


@pytest.mark.parametrize("kind", FILES)
def test_a_folder_in_the_place_of_a_file_is_said_to_be_none(kind: str, tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableInputError, match=rf"^{kind}: .* is not a file\. Give the CSV file with a child"
    ):
        read_source(f"{kind}:{tmp_path}")


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_file_in_the_place_of_a_folder_is_said_to_be_none(kind: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableInputError, match=rf"^{kind}: .* is not a folder\. Give the folder"):
        read_source(f"{kind}:{tmp_path / 'a.csv'}")


def test_files_beside_the_sources_are_asked_for_in_the_same_way(tmp_path: Path) -> None:
    for name, error, words in (
        ("", UnreadableInputError, "is not a file"),
        ("absent", RecordsNotFoundError, "is not there"),
    ):
        with pytest.raises(
            error, match=rf"^--identifiers \(dataset.identifiers\): .* {words}\. Give the CSV"
        ):
            read_identifiers(tmp_path / name, [*KINDS])
        with pytest.raises(error, match=rf"^--types \(dataset.types\): .* {words}\. Give the YAML"):
            read_types(tmp_path / name)


def test_nothing_is_written_where_a_file_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    covers = (date(2020, 1, 1), date(2021, 1, 1))
    with pytest.raises(UnreadableInputError):
        import_records([f"families:{tmp_path / 'links'}"], tmp_path / "la1", authority="la1", covers=covers)
    assert not (tmp_path / "la1").exists()
