"""Dirt is what was asked for, counted, and the same for the same seed."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from lxml import etree
from polars.testing import assert_frame_equal

from csc_experiments.errors import ConfigError, UnknownChoiceError
from csc_experiments.records.cin_census.census import read_cin_census
from csc_experiments.records.ssd.files import read_ssd_files
from csc_experiments.synthetic import AuthoritySettings, simulate
from csc_experiments.synthetic.formats.annex_a import write_annex_a
from csc_experiments.synthetic.formats.cin_census import write_cin_census
from csc_experiments.synthetic.formats.dirt import HARMLESS, KINDS, ODDITIES, soil
from csc_experiments.synthetic.formats.dirt_cells import CELL_ODDITIES, Role, role_of
from csc_experiments.synthetic.formats.documents import write_answers, write_documents
from csc_experiments.synthetic.formats.ssd import write_ssd_csv
from csc_experiments.synthetic.formats.ssda903 import write_ssda903
from csc_experiments.synthetic.formats.workbook import read_workbook

SETTINGS = AuthoritySettings(
    authority="la1", children=150, years=2, share_care=0.6, notes_per_quarter=0.3, document_words=0.05
)
IN_CELLS = frozenset(oddity.name for oddity in CELL_ODDITIES)


@cache
def tables() -> dict[str, pl.DataFrame]:
    return simulate(SETTINGS, 1)


def answers() -> pl.DataFrame:
    rows = [
        (
            f"X{at}",
            f"P{at}",
            date(2024, 1, 1),
            "Case Note",
            "1",
            "Q1",
            "What was said?",
            f"Mum's view no. {at}. " * 5,
        )
        for at in range(80)
    ]
    columns = (
        "document_id",
        "person_id",
        "authored_date",
        "document_name",
        "section",
        "question_id",
        "question",
        "answer",
    )
    return pl.DataFrame(rows, columns, orient="row")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write every kind of export once."""
    folder = tmp_path_factory.mktemp("clean")
    write_ssd_csv(tables(), SETTINGS, 1, folder / "ssd")
    write_ssda903(tables(), SETTINGS, 1, folder / "ssda903")
    write_cin_census(tables(), SETTINGS, 1, folder / "cin_census")
    write_annex_a(tables(), SETTINGS, 1, folder / "annex_a")
    write_documents([tables()["documents"]], folder / "documents")
    write_answers([answers()], SETTINGS, 1, folder / "answers", rows_per_workbook=30)
    return {kind: folder / kind for kind in KINDS}


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in files(folder)}


def soiled(clean: Path, to: Path, kind: str, oddities: frozenset[str], seed: int = 1) -> dict[str, int]:
    shutil.copytree(clean, to)
    return soil(kind, files(to), seed, oddities)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_plants_the_same_and_another_something_else(
    clean: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    planted = [
        soiled(clean[kind], tmp_path / f"{n}", kind, frozenset(ODDITIES), seed)
        for n, seed in enumerate((1, 1, 2))
    ]
    first, again, other = (contents(tmp_path / f"{n}") for n in range(3))
    assert first == again
    assert planted[0] == planted[1]
    assert first != other
    assert first != contents(clean[kind])
    assert set(planted[0]) <= set(ODDITIES)
    assert all(number > 0 for number in planted[0].values())


def test_every_oddity_is_planted_somewhere(clean: dict[str, Path], tmp_path: Path) -> None:
    found: set[str] = set()
    for kind in KINDS:
        found |= set(soiled(clean[kind], tmp_path / kind, kind, frozenset(ODDITIES)))
    assert found == set(ODDITIES)


@pytest.mark.parametrize("kind", KINDS)
def test_files_change_only_if_something_was_planted(
    clean: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    assert soiled(clean[kind], tmp_path / "nothing", kind, frozenset()) == {}
    untouched = contents(tmp_path / "nothing")
    for oddity in (
        "tabs",
        "formula",
        "stray text",
        "markup debris",
        "header case",
        "duplicate row",
        "child twice",
    ):
        planted = soiled(clean[kind], tmp_path / oddity, kind, frozenset({oddity}))
        assert set(planted) <= {oddity}
        assert (contents(tmp_path / oddity) != untouched) == bool(planted)


def cells(folder: Path) -> list[tuple[str, int, int, str]]:
    return [
        (path.name, at, column, cell)
        for path in files(folder)
        for at, row in enumerate(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
        for column, cell in enumerate(row)
    ]


@pytest.mark.parametrize("kind", ["ssd", "ssda903"])
def test_as_many_cells_differ_as_were_counted(clean: dict[str, Path], tmp_path: Path, kind: str) -> None:
    planted = soiled(clean[kind], tmp_path / "soiled", kind, IN_CELLS)
    before, after = cells(clean[kind]), cells(tmp_path / "soiled")
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == sum(planted.values())


def test_as_many_rows_are_added_as_were_counted(clean: dict[str, Path], tmp_path: Path) -> None:
    added = frozenset({"duplicate row", "empty row", "orphan row", "repeated child"})
    planted = soiled(clean["ssda903"], tmp_path / "soiled", "ssda903", added)
    rows = [
        sum(len(path.read_bytes().splitlines()) for path in files(folder))
        for folder in (clean["ssda903"], tmp_path / "soiled")
    ]
    assert rows[1] - rows[0] == sum(planted.values())
    assert set(planted) == added


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_harmless_dirt_ssd_files_read_as_before(
    clean: dict[str, Path], tmp_path: Path, seed: int
) -> None:
    planted = soiled(clean["ssd"], tmp_path / "soiled", "ssd", HARMLESS, seed)
    assert {"flag spelling", "date with time", "repeated child", "one-byte encoding"} <= set(planted)
    expected, _ = read_ssd_files(clean["ssd"])
    found, _ = read_ssd_files(tmp_path / "soiled")
    for name, table in expected.items():
        assert_frame_equal(found[name], table)


def test_after_harmless_dirt_a_census_reads_as_before(clean: dict[str, Path], tmp_path: Path) -> None:
    # Of a child that stands there twice the reader keeps every module, so only the person is compared.
    soiled(clean["cin_census"], tmp_path / "soiled", "cin_census", HARMLESS - {"child twice"})
    soiled(clean["cin_census"], tmp_path / "twice", "cin_census", frozenset({"child twice"}))
    for path in files(clean["cin_census"]):
        expected = read_cin_census(path).tables
        found = read_cin_census(tmp_path / "soiled" / path.name).tables
        for name, table in expected.items():
            assert_frame_equal(found[name], table)
        twice = read_cin_census(tmp_path / "twice" / path.name).tables
        assert_frame_equal(twice["ssd_person"], expected["ssd_person"])


def test_a_soiled_census_is_still_well_formed(clean: dict[str, Path], tmp_path: Path) -> None:
    soiled(clean["cin_census"], tmp_path / "soiled", "cin_census", frozenset(ODDITIES))
    for path in files(tmp_path / "soiled"):
        assert etree.parse(str(path)).getroot().tag == "Message"


def test_one_workbook_of_answers_is_there_twice_and_one_breaks_off(
    clean: dict[str, Path], tmp_path: Path
) -> None:
    spoilt = frozenset({"corrupt workbook", "duplicated workbook"})
    assert soiled(clean["answers"], tmp_path / "soiled", "answers", spoilt) == dict.fromkeys(spoilt, 1)
    before, after = contents(clean["answers"]), contents(tmp_path / "soiled")
    (copy,) = (name for name in after if name.endswith(" - Copy.xlsx"))
    (damaged,) = (name for name in after if name.endswith(" (damaged).xlsx"))
    assert after[copy] == after[copy.replace(" - Copy", "")]
    assert not zipfile.is_zipfile(tmp_path / "soiled" / damaged)
    assert set(after) - set(before) == {copy, damaged}


def test_soiled_workbooks_can_still_be_opened(clean: dict[str, Path], tmp_path: Path) -> None:
    planted = soiled(clean["annex_a"], tmp_path / "soiled", "annex_a", frozenset(ODDITIES))
    (path,) = files(tmp_path / "soiled")
    assert len(read_workbook(path)) == 11 - planted["missing module"]
    assert {"formula", "date as text", "not available", "label for code", "title row"} <= set(planted)


@pytest.mark.parametrize(
    ("name", "column", "role"),
    [
        ("DOB", ["", "01/02/2020"], Role.DATE),
        ("close", ["NULL", "2020-02-01 00:00:00.000"], Role.DATE),
        ("day", [date(2020, 1, 1), None], Role.DATE),
        ("nfa", ["Y", "N", ""], Role.FLAG),
        ("CONVICTED", ["0", "1"], Role.FLAG),
        ("NB_ADOPTR", ["1", "1"], Role.CODE),
        ("SEX", ["1", "2"], Role.SEX),
        ("cine_person_id", ["P1"], Role.IDENTIFIER),
        ("text", ["word " * 20], Role.TEXT),
        ("outcome_json", ['{"A_FLAG": "Y"}' * 5], Role.CODE),
        ("count", [1, 2], Role.NUMBER),
        ("empty", ["", ""], Role.CODE),
    ],
)
def test_columns_are_known_by_what_they_hold(
    name: str, column: list[str | int | date | None], role: Role
) -> None:
    assert role_of(name, column) is role


def test_what_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownChoiceError, match="kind 'parquet'"):
        soil("parquet", [tmp_path / "a.csv"], 1)
    with pytest.raises(UnknownChoiceError, match="oddity 'mud'"):
        soil("ssd", [tmp_path / "a.csv"], 1, {"mud"})
    with pytest.raises(ConfigError, match=r"no \.csv file"):
        soil("ssd", [tmp_path / "a.parquet"], 1)
