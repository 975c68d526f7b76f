"""Any source that an authority has becomes a records folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from csc_experiments.errors import ConfigError, UnreadableInputError
from csc_experiments.records.combining import Combined, Part, combine
from csc_experiments.records.families.resolving import resolve
from csc_experiments.records.identifiers import read_identifiers, translate
from csc_experiments.records.meeting import check_births, say_who_meets
from csc_experiments.records.places import require_file
from csc_experiments.records.recognising import DOCUMENTS
from csc_experiments.records.source import Coverage, Source
from csc_experiments.records.sources import KINDS, coverage_of, place_of, read_source
from csc_experiments.records.store import EXTRACT_FILE, Extract, read_extract, write_records

VERSIONS_FILE = Path("provenance") / "versions.parquet"
"""What sources, or the returns of several years, say differently of one fact: on site only."""
ORIGINS_FILE = Path("provenance") / "origins.parquet"
"""Which sources tell of each row of each table: table, row (from 1), source."""
_AUTHORITY = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    extract : Extract
        What the new records folder says about itself.
    rows : dict of str to int
        Rows of each table that was written.
    rejected : dict of (table, column, reason) to int
        How many cells or rows were set aside; the places are in `rejects/rejects.parquet` beside the records.
    notes : tuple of str
        What was assumed, and what was not read.
    """

    extract: Extract
    rows: dict[str, int]
    rejected: dict[tuple[str, str, str], int]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        rejected = [
            {"table": table, "column": column, "reason": reason, "count": count}
            for (table, column, reason), count in self.rejected.items()
        ]
        return {"rows": self.rows, "rejected": rejected, "notes": self.notes}

    def as_text(self) -> str:
        """Lay it out for a terminal."""
        rows = (f"{table}: {count} rows" for table, count in self.rows.items())
        rejected = (
            f"set aside: {table}.{column}: {reason}: {count}"
            for (table, column, reason), count in self.rejected.items()
        )
        return "\n".join((*rows, *rejected, *self.notes))


def import_records(
    sources: Sequence[str | Path],
    out: Path,
    *,
    authority: str,
    covers: tuple[date, date] | None = None,
    types: Mapping[str, str] | None = None,
    identifiers: Path | None = None,
) -> ImportReport:
    """Turn an authority's sources into a records folder.

    Parameters
    ----------
    sources : sequence of str or pathlib.Path
        What `csc_experiments.records.sources.read_source` reads, one at least. If several tell of one fact,
        the first is believed, and where it is silent, the next.
    out : pathlib.Path
        The records folder; an earlier one is replaced whole, and left alone if the import fails.
    authority : str
        The code that the authority chose for itself: lower-case letters, digits, `-` and `_`, at most 32.
    covers : tuple of date, optional
        First and last day between which everything that happened is in the sources. SSD tables need it;
        censuses cover their collection years by default.
    types : mapping of str to str, optional
        Types of documents by the authority's own names for them.
    identifiers : pathlib.Path, optional
        What `csc_experiments.records.identifiers.read_identifiers` reads, if children go by different
        identifiers in different sources.

    Raises
    ------
    ConfigError
        If the authority code or `covers` is not valid or `covers` is needed, a source is a records folder
        already, or `out` holds something else.
    RecordsNotFoundError
        If a source is not there or holds no table.
    UnreadableInputError, MissingColumnError, InvalidDateError
        If a source cannot be used; the message says why.
    """
    _check_request(sources, out, authority, covers)
    pairs = {} if identifiers is None else read_identifiers(identifiers, (*KINDS, DOCUMENTS))
    read = [translate(read_source(source, types), pairs) for source in sources]
    coverage, said = coverage_of(read, covers)
    together = combine([Part(source.kind, source.tables, source.origins, source.versions) for source in read])
    _check_filled(read, together)
    check_births(read, together)
    tables, families = resolve(together.tables, read)
    rejects = pl.concat(
        source.rejects.select(pl.lit(source.kind).alias("source"), pl.all()) for source in read
    )
    extract = write_records(
        out,
        authority=authority,
        extract_date=coverage[1],
        coverage=coverage,
        sources=tuple(source.kind for source in read),
        tables=tables,
        rejects=rejects,
        beside=lambda folder: _put_provenance(together, folder),
    )
    disagreeing = [
        f"{table}.{column} differs between sources in {count} rows; the first source stands."
        for (table, column), count in together.disagreements.items()
    ]
    return ImportReport(
        extract=extract,
        rows={name: tables[name].height for name in extract.tables},
        rejected=_count(rejects),
        notes=(said, *_notes(read), *say_who_meets(read), *disagreeing, *families),
    )


def read_types(path: Path) -> dict[str, str]:
    """Read which type of document each of an authority's names stands for.

    Raises
    ------
    RecordsNotFoundError
        If the file is not there.
    UnreadableInputError
        If it is not YAML with a type for each name.
    """
    require_file(path, "--types (dataset.types)", "the YAML file with one `name: type` a line")
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        said = None
    if not isinstance(said, dict) or not all(isinstance(word, str) for pair in said.items() for word in pair):
        raise UnreadableInputError(
            f"{path} does not say the types of documents.", todo="Write one `name: type` a line."
        )
    return said


def _check_filled(read: Sequence[Source], together: Combined) -> None:
    if not together.tables:
        aside = sum(source.rejects.height for source in read)
        raise UnreadableInputError(
            f"{' and '.join(source.kind for source in read)}: there is no row to import, and {aside} cells or"
            " rows could not be used.",
            todo="Addresses alone are no records; of anything else, see whether it is what its name says.",
        )


def _put_provenance(together: Combined, folder: Path) -> None:
    """Write which sources tell of each row, and what they say differently, if there is more than one."""
    origins = pl.concat(
        source.to_frame().select(
            pl.lit(table).alias("table"), pl.int_range(1, pl.len() + 1).alias("row"), "source"
        )
        for table, source in sorted(together.origins.items())
    )
    if origins["source"].n_unique() == 1:
        return
    (folder / ORIGINS_FILE).parent.mkdir()
    origins.write_parquet(folder / ORIGINS_FILE)
    if not together.versions.is_empty():
        together.versions.write_parquet(folder / VERSIONS_FILE)


def _notes(read: Sequence[Source]) -> list[str]:
    """Say of which source a note is, where there are several."""
    if len(read) == 1:
        return list(read[0].notes)
    return [f"{source.kind}: {note}" for source in read for note in source.notes]


def _check_request(sources: Sequence[str | Path], out: Path, authority: str, covers: Coverage | None) -> None:
    if not _AUTHORITY.fullmatch(authority):
        raise ConfigError(
            "The authority code is not valid.",
            todo="Use lower-case letters, digits, - and _, at most 32, starting with a letter or a digit.",
        )
    if covers is not None and covers[0] > covers[1]:
        raise ConfigError("The coverage ends before it starts.", todo="Give the first day, then the last.")
    for source in sources:
        place = place_of(source)
        if place is not None and place.resolve().is_relative_to(out.resolve()):
            raise ConfigError(
                f"{out} would replace the source.", todo="Choose another folder for the records."
            )
    if (out / EXTRACT_FILE).is_file() and read_extract(out).authority != authority:
        raise ConfigError(
            f"{out} holds the records of another authority.", todo="Choose another folder for the records."
        )
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / EXTRACT_FILE).is_file()):
        raise ConfigError(
            f"{out} is there and is not a records folder.", todo="Choose another folder for the records."
        )


def _count(rejects: pl.DataFrame) -> dict[tuple[str, str, str], int]:
    counted = rejects.group_by("table", "column", "reason").len().sort("table", "column", "reason")
    return {(table, column, reason): count for table, column, reason, count in counted.iter_rows()}
