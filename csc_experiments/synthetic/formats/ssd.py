"""An invented authority's Standard Safeguarding Dataset: as CSV files, as Parquet files, in a database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import polars as pl

from csc_experiments.errors import ConfigError
from csc_experiments.records import TABLES
from csc_experiments.records.ssd.database import URL_VARIABLE
from csc_experiments.synthetic.formats.ssd_layout import HABITS, Habit, spelt_tables
from csc_experiments.synthetic.settings import AuthoritySettings

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection, Engine, MetaData
    from sqlalchemy.engine import URL

SCHEMA = "ssd_development"
"""Where the published extracts put their tables."""

_MARK = "invented authority"
_SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_ROWS_AT_ONCE = 20_000
_DRIVER = "postgresql+psycopg"

Tables = Mapping[str, pl.DataFrame]


def write_ssd_csv(tables: Tables, settings: AuthoritySettings, seed: int, folder: Path) -> list[Path]:
    """Write a CSV file for each table, spelt as the extract of the authority's system would.

    Parameters
    ----------
    tables : Mapping[str, polars.DataFrame]
        Standard tables, as `simulate(settings, seed)` gives them.
    settings : AuthoritySettings
        What the authority is like; its system decides on headers, dates, flags and empty cells.
    seed : int
        0 or more; it decides on what standard tables do not hold, such as teams and postcodes.
    folder : pathlib.Path
        Made if it is not there.

    Returns
    -------
    list of pathlib.Path
        ``<table>.csv``, readable by `csc_experiments.records.ssd.files.read_ssd_files`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    habit, written = HABITS[settings.system], []
    for name, frame in spelt_tables(tables, habit, seed).items():
        path = folder / f"{name}.csv"
        dates = pl.selectors.date().dt.strftime(habit.dates)
        frame.with_columns(dates).rename(habit.header).write_csv(path, null_value=habit.nothing)
        written.append(path)
    return written


def write_ssd_parquet(tables: Tables, settings: AuthoritySettings, seed: int, folder: Path) -> list[Path]:
    """Write a Parquet file for each table; parameters and result are those of `write_ssd_csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    habit, written = HABITS[settings.system], []
    for name, frame in spelt_tables(tables, habit, seed).items():
        path = folder / f"{name}.parquet"
        typed = frame.with_columns(pl.selectors.date().cast(pl.Datetime("us"))) if habit.moments else frame
        typed.rename(habit.header).write_parquet(path)
        written.append(path)
    return written


def write_ssd_postgresql(
    tables: Tables, settings: AuthoritySettings, seed: int, url: str | URL, *, schema: str = SCHEMA
) -> list[str]:
    """Write the tables into a PostgreSQL database, all or none.

    Parameters
    ----------
    tables, settings, seed
        As in `write_ssd_csv`.
    url : str or sqlalchemy.engine.URL
        From `csc_experiments.records.ssd.database.database_url`. It is never shown.
    schema : str, default="ssd_development"
        Made if it is not there. If it holds an invented authority, that one is replaced.

    Returns
    -------
    list of str
        The names of the tables, with the schema.

    Raises
    ------
    ConfigError
        If the address is not one of PostgreSQL, the driver is not installed, the database cannot be written,
        or the schema holds something that was not invented.
    """
    if not _SCHEMA_NAME.fullmatch(schema):
        raise ConfigError("The schema's name is not valid.", todo="Use lower-case letters, digits and _.")
    habit = HABITS[settings.system]
    frames = spelt_tables(tables, habit, seed)
    with _told_without_values(), _engine(url).begin() as connection:
        _make_room(connection, schema)
        _layout(frames, habit, schema).create_all(connection)
        for name, frame in frames.items():
            _copy(connection, f"{schema}.{name}", frame)
    return [f"{schema}.{name}" for name in frames]


@contextmanager
def _told_without_values() -> Iterator[None]:
    """Turn an error of the database into one that shows neither the address nor a row."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - half a second that few commands need

    try:
        yield
    except ConfigError:
        raise
    except ModuleNotFoundError:
        raise ConfigError(
            "There is no driver for PostgreSQL.",
            todo="Install it: pip install 'csc-experiments[postgresql]'.",
        ) from None
    except Exception as error:
        # The driver's own errors come through while rows are copied; their class is known only with it.
        if isinstance(error, SQLAlchemyError) or type(error).__module__.startswith("psycopg"):
            raise ConfigError(
                f"The database cannot be written: {type(error).__name__}.",
                todo=f"Check {URL_VARIABLE}, and that the user may create a schema.",
            ) from None
        raise


def _engine(url: str | URL) -> Engine:
    from sqlalchemy import create_engine, make_url  # noqa: PLC0415 - as above
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415 - as above
    from sqlalchemy.pool import NullPool  # noqa: PLC0415 - as above

    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is None or address.get_backend_name() != "postgresql":
        raise ConfigError(
            "The database's address is not one of PostgreSQL.",
            todo=f"Set {URL_VARIABLE} to postgresql://user:password@host/database.",
        )
    return create_engine(address.set(drivername=_DRIVER), poolclass=NullPool, hide_parameters=True)


def _make_room(connection: Connection, schema: str) -> None:
    """Make the schema; one that holds an invented authority is emptied, any other is left alone."""
    from sqlalchemy import text  # noqa: PLC0415 - as above

    described = text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :schema")
    found = connection.execute(described, {"schema": schema}).first()
    if found is not None and found[0] != _MARK:
        raise ConfigError(
            f"The schema {schema} holds something that was not invented.", todo="Give another database."
        )
    connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
    connection.execute(text(f"CREATE SCHEMA {schema}"))
    connection.execute(text(f"COMMENT ON SCHEMA {schema} IS '{_MARK}'"))


def _layout(frames: Tables, habit: Habit, schema: str) -> MetaData:
    """Return the tables with types as the published extracts give them, and their own identifiers as keys."""
    from sqlalchemy import Column, Date, DateTime, MetaData, String, Table, Text  # noqa: PLC0415 - as above

    layout = MetaData(schema=schema)
    dates = DateTime() if habit.moments else Date()
    for name, frame in frames.items():
        key = next(iter(TABLES[name].columns))
        columns = [
            Column(
                column,
                dates if dtype == pl.Date else String(48) if column.endswith("_id") else Text(),
                primary_key=column == key,
            )
            for column, dtype in frame.schema.items()
        ]
        Table(name, layout, *columns)
    return layout


def _copy(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Send rows as CSV; an empty cell without quotes is null."""
    driver = cast("psycopg.Connection", connection.connection.dbapi_connection)
    columns = ", ".join(frame.columns)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)") as rows:
        for part in frame.iter_slices(_ROWS_AT_ONCE):
            rows.write(part.write_csv(include_header=False))
