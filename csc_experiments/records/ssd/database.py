"""The Standard Safeguarding Dataset in a database, as the standard tables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import polars as pl

from csc_experiments.errors import ConfigError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.judging import read_table
from csc_experiments.records.rejects import rejects_frame
from csc_experiments.records.tables import TABLES, Table
from csc_experiments.records.text_frames import as_text, standard_columns

if TYPE_CHECKING:
    from sqlalchemy import Connection, Inspector
    from sqlalchemy.engine import URL
    from sqlalchemy.sql import ColumnElement

URL_VARIABLE: Final = "CSC_DATABASE_URL"
"""The environment variable that usually holds the address of a database."""
KEYRING_SERVICE: Final = "csc_experiments"
ROWS_AT_ONCE: Final = 50_000
_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "mssql": "mssql+pyodbc", "oracle": "oracle+oracledb"}
_FIRST_TABLE: Final = "ssd_person"


def database_url(variable: str = URL_VARIABLE) -> URL:
    """Return the address of a database from the environment, its password from a keyring if it has none.

    Parameters
    ----------
    variable : str
        Its value is written like ``postgresql://user:password@host/database``. Without a password, and with
        the package `keyring`, the password of service ``csc_experiments`` and that user is taken.

    Raises
    ------
    ConfigError
        If the variable is not set, or its value is no address.
    """
    from sqlalchemy import exc, make_url  # noqa: PLC0415 - half a second, for those who read a database

    said = os.environ.get(variable, "")
    if not said:
        raise ConfigError(
            f"The environment variable {variable} is not set.",
            todo="Set it to postgresql://user:password@host/database; never write it in a configuration.",
        )
    try:
        url = make_url(said)
    except (exc.ArgumentError, ValueError):
        raise ConfigError(
            f"The environment variable {variable} holds no address of a database.",
            todo="Write it like postgresql://user:password@host/database.",
        ) from None
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.username and url.password is None and find_spec("keyring"):
        import keyring  # noqa: PLC0415 - not everybody has one

        return url.set(password=keyring.get_password(KEYRING_SERVICE, url.username))
    return url


def read_ssd_database(url: URL, schema: str | None = None) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Read the standard tables of a database, and of them only the columns that are used.

    Parameters
    ----------
    url : sqlalchemy.engine.URL
        From `database_url`. It is never shown.
    schema : str, optional
        Where the tables stand. Without it, the one schema that has a table ``ssd_person``.

    Returns
    -------
    tables : dict of str to polars.DataFrame
        The tables that were found, by name.
    rejects : polars.DataFrame
        table, row (as the database gave them, from 1), column, reason.

    Raises
    ------
    ConfigError
        If the driver is not installed, or several schemas could be meant.
    RecordsNotFoundError
        If there is no standard table.
    UnreadableInputError, MissingColumnError, InvalidDateError
        If the database or one of its tables cannot be read.
    """
    from sqlalchemy import inspect  # noqa: PLC0415 - half a second, for those who read a database

    with _connected(url) as connection:
        inspector = inspect(connection)
        where = schema or _find_schema(inspector)
        names = [*inspector.get_table_names(where), *inspector.get_view_names(where)]
        found = {name.lower(): name for name in names if name.lower() in TABLES}
        if not found:
            raise RecordsNotFoundError("The database holds no standard table there.", todo=_WHERE)
        read = {
            plain: _read_table(connection, inspector, where, name, TABLES[plain])
            for plain, name in sorted(found.items())
        }
    rejects = pl.concat([rejects_frame([]), *(rejected for _, rejected in read.values())])
    return {name: frame for name, (frame, _) in read.items()}, rejects


_WHERE = "Say which schema: env:VARIABLE/schema."


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    """Open a connection that reads rows as they come; what a driver says is not passed on."""
    from sqlalchemy import create_engine, exc  # noqa: PLC0415 - half a second, for those who read a database

    try:
        engine = create_engine(url, hide_parameters=True)
    except (ImportError, exc.NoSuchModuleError):
        raise ConfigError(
            f"No driver for {url.get_backend_name()} is installed.",
            todo="PostgreSQL: pip install 'csc-experiments[postgresql]'; other databases: docs/records.md.",
        ) from None
    try:
        with engine.connect().execution_options(stream_results=True) as connection:
            yield connection
    except (exc.SQLAlchemyError, pl.exceptions.PolarsError) as error:
        # A driver's message quotes the address, the user, or cells.
        raise UnreadableInputError(
            f"The database could not be read ({type(error).__name__}).",
            todo="Check the address, the password and the right to read its tables.",
        ) from None
    finally:
        engine.dispose()


def _find_schema(inspector: Inspector) -> str | None:
    """Return the schema that has the tables; None stands for the user's own."""

    def holds(schema: str | None) -> bool:
        names = [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]
        return any(name.lower() == _FIRST_TABLE for name in names)

    if holds(None):
        return None
    found = [schema for schema in inspector.get_schema_names() if holds(schema)]
    if not found:
        raise RecordsNotFoundError(f"The database has no table {_FIRST_TABLE}.", todo=_WHERE)
    if len(found) > 1:
        raise ConfigError(f"{len(found)} schemas have a table {_FIRST_TABLE}.", todo=_WHERE)
    return found[0]


def _read_table(
    connection: Connection, inspector: Inspector, schema: str | None, name: str, table: Table
) -> tuple[pl.DataFrame, pl.DataFrame]:
    from sqlalchemy import column, select  # noqa: PLC0415 - half a second, for those who read a database
    from sqlalchemy import table as source  # noqa: PLC0415 - the same

    known = [said for said in inspector.get_columns(name, schema) if said["name"].lower() in table.columns]
    wanted = [_as_plain(column(said["name"], said["type"])) for said in known]
    query = select(*wanted).select_from(source(name, schema=schema))
    parts = pl.read_database(
        query, connection, iter_batches=True, batch_size=ROWS_AT_ONCE, infer_schema_length=None
    )
    empty = pl.DataFrame(schema=dict.fromkeys((said["name"] for said in known), pl.String()))
    text = pl.concat([empty, *(as_text(part) for part in parts)], how="diagonal")
    return read_table(standard_columns(text, table, name), table, name)


def _as_plain(said: ColumnElement[object]) -> ColumnElement[object]:
    """Ask for JSON as the text that it is; drivers would take it apart."""
    from sqlalchemy import JSON, Text, cast, label  # noqa: PLC0415 - half a second, for those who read a database

    return label(str(said.key), cast(said, Text)) if isinstance(said.type, JSON) else said
