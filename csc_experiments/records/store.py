"""A records folder: `extract.yaml` and one Parquet file per standard table."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
import yaml

from csc_experiments.errors import MissingColumnError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.parquet import write_frames
from csc_experiments.records.tables import RECORD_TABLES

EXTRACT_FILE = "extract.yaml"
REJECTS_FILE = Path("rejects") / "rejects.parquet"


@dataclass(frozen=True, slots=True)
class Extract:
    """What a records folder says about itself.

    Attributes
    ----------
    authority : str
        The code that the authority chose for itself.
    extract_date : date
        The day on which the records were taken.
    coverage_from, coverage_to : date
        Between these days (both included) everything that happened is in the records.
    sources : tuple of str
        Where the records came from, in words that hold no path and no value.
    tables : Mapping[str, str]
        SHA-256 of each table's file, by table name.
    """

    authority: str
    extract_date: date
    coverage_from: date
    coverage_to: date
    sources: tuple[str, ...]
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """One hash for all that the records say (hexadecimal, 16 characters)."""
        parts = [self.authority, f"{self.coverage_from}", f"{self.coverage_to}", f"{self.extract_date}"]
        parts += [f"{name}={sha}" for name, sha in sorted(self.tables.items())]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Records:
    """An authority's records: the extract's description and its tables.

    A table that the source could not fill is an empty frame with the standard columns.
    """

    extract: Extract
    tables: Mapping[str, pl.DataFrame]

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return a table of `RECORD_TABLES`, empty if the source had none."""
        if name in self.tables:
            return self.tables[name]
        return pl.DataFrame(schema=RECORD_TABLES[name].schema)


def conform(name: str, frame: pl.DataFrame, origin: str) -> pl.DataFrame:
    """Give a frame the columns, order and types of a standard table.

    Parameters
    ----------
    name : str
        A key of `RECORD_TABLES`.
    frame : polars.DataFrame
        Columns beyond the standard ones are dropped; optional ones that are missing become null.
    origin : str
        The file to name in an error.

    Raises
    ------
    MissingColumnError
        If a required column is not there.
    UnreadableInputError
        If a column cannot be read as its standard type.

    Examples
    --------
    >>> family = pl.DataFrame({"fami_family_id": ["F1"], "fami_person_id": ["P1"]})
    >>> conform("ssd_family", family, "family.csv").columns
    ['fami_table_id', 'fami_family_id', 'fami_person_id']
    >>> conform("ssd_family", family.drop("fami_person_id"), "family.csv")
    Traceback (most recent call last):
    ...
    csc_experiments.errors.MissingColumnError: family.csv: missing 'fami_person_id'. ...
    """
    table = RECORD_TABLES[name]
    missing = sorted(table.required - set(frame.columns))
    if missing:
        listed = ", ".join(f"'{column}'" for column in missing)
        raise MissingColumnError(
            f"{origin}: missing {listed}.", todo=f"Table {name} cannot be used without; see docs/records.md."
        )
    try:
        return frame.select(
            (pl.col(column).cast(dtype) if column in frame.columns else pl.lit(None, dtype)).alias(column)
            for column, dtype in table.schema.items()
        )
    except pl.exceptions.PolarsError:
        # The library's own message quotes cells, so it is not passed on.
        raise UnreadableInputError(
            f"{origin}: a column of table {name} is not of its standard type.",
            todo="Import the source again with `csc-experiments import`.",
        ) from None


def write_records(
    folder: Path,
    *,
    authority: str,
    extract_date: date,
    coverage: tuple[date, date],
    sources: tuple[str, ...],
    tables: Mapping[str, pl.DataFrame | Iterable[pl.DataFrame]],
    rejects: pl.DataFrame | None = None,
    beside: Callable[[Path], None] | None = None,
) -> Extract:
    """Write a records folder; it appears whole or not at all.

    Parameters
    ----------
    folder : pathlib.Path
        Replaced if it exists.
    coverage : tuple of date
        First and last day on which the records are complete.
    tables : Mapping[str, polars.DataFrame or iterable of polars.DataFrame]
        Standard tables by name; empty ones are not written. An iterable is written frame by frame.
    rejects : polars.DataFrame, optional
        What could not be used, by place and reason; `rejects/rejects.parquet`.
    beside : callable, optional
        Called with the folder when its tables are written and before it appears. What it adds is no part of
        the records: it has no SHA-256, and `read_records` does not see it.

    Returns
    -------
    Extract
        As `read_extract(folder)` gives it afterwards.
    """
    # Through a link, so that records go where it leads.
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as made:
        fresh = Path(made) / "records"
        fresh.mkdir()
        hashes: dict[str, str] = {}
        for name in sorted(tables):
            path = fresh / f"{name}.parquet"
            if _write_table(name, tables[name], path):
                hashes[name] = _sha256(path)
        extract = Extract(authority, extract_date, coverage[0], coverage[1], sources, hashes)
        (fresh / EXTRACT_FILE).write_text(_to_yaml(extract), encoding="utf-8")
        if rejects is not None:
            (fresh / REJECTS_FILE).parent.mkdir()
            rejects.write_parquet(fresh / REJECTS_FILE)
        if beside is not None:
            beside(fresh)
        _put_in_place(fresh, folder, Path(made) / "replaced")
    return extract


def read_extract(folder: Path) -> Extract:
    """Read what a records folder says about itself.

    Raises
    ------
    RecordsNotFoundError
        If the folder or its `extract.yaml` is not there.
    UnreadableInputError
        If `extract.yaml` is not a valid description.
    """
    path = folder / EXTRACT_FILE
    if not path.is_file():
        raise RecordsNotFoundError(
            f"{folder} is not a records folder: it has no {EXTRACT_FILE}.",
            todo="Make one with `csc-experiments import` or `csc-experiments synthesise`.",
        )
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Extract(
            authority=str(said["authority"]),
            extract_date=_as_date(said["extract_date"]),
            coverage_from=_as_date(said["coverage"]["from"]),
            coverage_to=_as_date(said["coverage"]["to"]),
            sources=tuple(str(source) for source in said["sources"]),
            tables={str(name): str(sha) for name, sha in said["tables"].items()},
        )
    except (
        yaml.YAMLError,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        AttributeError,
        ValueError,
        RecursionError,
    ):
        # The reader's own message quotes the file, so it is not passed on.
        raise UnreadableInputError(
            f"{path} does not describe an extract.", todo="Import the source again."
        ) from None


def check_intact(folder: Path) -> Extract:
    """Check every file of a records folder against its SHA-256, and read no table.

    Raises
    ------
    RecordsNotFoundError
        If the folder or one of its tables is not there.
    UnreadableInputError
        If a table is not the one that was written.
    """
    extract = read_extract(folder)
    for name, sha in extract.tables.items():
        if name not in RECORD_TABLES:
            raise UnreadableInputError(f"{folder / EXTRACT_FILE} names an unknown table.")
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise RecordsNotFoundError(f"{path} is missing.", todo="Import the source again.")
        if _sha256(path) != sha:
            raise UnreadableInputError(
                f"{path} is not the file that was imported (its SHA-256 differs).",
                todo="Import the source again.",
            )
    return extract


def read_records(folder: Path) -> Records:
    """Read a records folder; raises what `check_intact` does."""
    extract = check_intact(folder)
    tables = {name: pl.DataFrame(schema=table.schema) for name, table in RECORD_TABLES.items()}
    for name in extract.tables:
        path = folder / f"{name}.parquet"
        tables[name] = conform(name, _read_parquet(path), path.name)
    return Records(extract, tables)


def _write_table(name: str, frames: pl.DataFrame | Iterable[pl.DataFrame], path: Path) -> int:
    """Write a table and return its number of rows; without any there is no file."""
    if not isinstance(frames, pl.DataFrame):
        return write_frames((conform(name, frame, name) for frame in frames), path)
    if not frames.is_empty():
        conform(name, frames, name).write_parquet(path)
    return frames.height


def _put_in_place(fresh: Path, folder: Path, aside: Path) -> None:
    """Exchange folders; if the second step fails, the earlier records come back."""
    if folder.exists():
        folder.rename(aside)
    try:
        fresh.rename(folder)
    except BaseException:
        if aside.exists():
            aside.rename(folder)
        raise


def _read_parquet(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise UnreadableInputError(f"{path} is damaged.", todo="Import the source again.") from None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _as_date(value: object) -> date:
    return date.fromisoformat(str(value)[:10])


def _to_yaml(extract: Extract) -> str:
    said = {
        "authority": extract.authority,
        "extract_date": extract.extract_date,
        "coverage": {"from": extract.coverage_from, "to": extract.coverage_to},
        "sources": list(extract.sources),
        "tables": dict(extract.tables),
    }
    return yaml.safe_dump(said, sort_keys=False)
