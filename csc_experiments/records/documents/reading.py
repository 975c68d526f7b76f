"""Documents in any of the ways in which systems give them out, as the standard table `documents`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from csc_experiments.errors import RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.columns import plain_ids, plain_text
from csc_experiments.records.documents.answers import ROW, join_answers
from csc_experiments.records.documents.cleaning import clean_text
from csc_experiments.records.documents.columns import Layout
from csc_experiments.records.documents.files import read_files
from csc_experiments.records.documents.names import type_documents
from csc_experiments.records.documents.tables import TABLE_SUFFIXES, in_numeric_order, read_tables
from csc_experiments.records.judging import read_table
from csc_experiments.records.places import require_there
from csc_experiments.records.rejects import rejects_frame
from csc_experiments.records.tables import TABLES

_TABLE = TABLES["documents"]
# Longer than any identifier or name of a form: such a column holds texts.
_LONGEST = {"person_id": 60, "document_type": 200}
_NO_ID = "\N{NULL}"


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """Documents that have been read.

    Attributes
    ----------
    documents : polars.DataFrame
        The standard table `documents`.
    rejects : polars.DataFrame
        table, row, column, reason. Rows are those of the source, from 1 and on through the files of a folder;
        of answers the first of the document.
    notes : tuple of str
        What was found, in sentences that hold no value.
    counts : mapping of str to int
        The same as numbers: rows, documents, unmapped_names, copied_texts, shared_ids, repeated_tables,
        unnamed_files.
    """

    documents: pl.DataFrame
    rejects: pl.DataFrame
    notes: tuple[str, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Found:
    """Documents as text, before they are judged."""

    frame: pl.DataFrame
    rejects: pl.DataFrame
    counts: Mapping[str, int]


def read_documents(source: Path, types: Mapping[str, str]) -> DocumentSource:
    """Read documents from a table, from form answers or from files.

    Parameters
    ----------
    source : pathlib.Path
        A CSV, Parquet or XLSX file with a row for each document or for each answer; a folder of such files,
        read in the order of their numbers; or a folder of DOCX, PDF, RTF, HTML and TXT files with one table
        that names them. Columns are told by their names, see `columns.NAMES`.
    types : mapping of str to str
        Type codes by the authority's names for documents. Case, blanks, "(c)" and versions do not count. A
        name that is not there becomes a type of its own.

    Raises
    ------
    RecordsNotFoundError
        If there is nothing to read.
    UnreadableInputError
        If a table is damaged, holds no rows, or has texts where identifiers or names should be.
    MissingColumnError
        If a column cannot be told.
    InvalidDateError
        If more than half of the dates are not dates.
    ConfigError
        If one name has two types, or a library for a kind of file is not installed.
    """
    require_there(source, "documents", "a file or a folder with documents")
    return _judge(_read_folder(source) if source.is_dir() else _read_tables([source]), types, f"{source}")


def _read_folder(folder: Path) -> _Found:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~$"))]
    tables = [path for path in files if path.parent == folder and path.suffix.lower() in TABLE_SUFFIXES]
    if not tables:
        raise RecordsNotFoundError(
            f"{folder} holds no table among its {len(files)} files.",
            todo="Documents as files need an index (CSV, XLSX): each file's name, person, date and type.",
        )
    return _read_tables(in_numeric_order(tables), sorted(set(files) - set(tables)))


def _read_tables(paths: Sequence[Path], others: Sequence[Path] = ()) -> _Found:
    layout, frames = read_tables(paths)
    different = _drop_repeated(frames)
    rows = pl.concat(different, how="diagonal").with_row_index(ROW, offset=1)
    counts = {
        "rows": rows.height,
        "repeated_tables": len(frames) - len(different),
        "unnamed_files": len(others),
    }
    if layout is Layout.FILES:
        return _read_files(paths, rows, others, counts)
    frame = (
        join_answers(rows) if layout is Layout.ANSWERS else rows.with_columns(text=clean_text(rows["text"]))
    )
    return _Found(frame, rejects_frame([]), counts)


def _drop_repeated(frames: Sequence[pl.DataFrame]) -> list[pl.DataFrame]:
    """Leave out a table that is one of those before it: exports are saved twice under two numbers."""
    kept: list[pl.DataFrame] = []
    for frame in frames:
        if frame.height and not any(frame.equals(earlier) for earlier in kept):
            kept.append(frame)
    return kept


def _read_files(
    paths: Sequence[Path], index: pl.DataFrame, files: Sequence[Path], counts: Mapping[str, int]
) -> _Found:
    folder = paths[0].parent
    if len(paths) > 1:
        raise UnreadableInputError(
            f"{folder} holds {len(paths)} indexes of files.", todo="Leave one of them."
        )
    if not files:
        raise RecordsNotFoundError(
            f"{folder} has an index and none of the files.", todo="Put them beside it."
        )
    read = read_files(folder, index, files)
    frame = read.frame.with_columns(text=clean_text(read.frame["text"]))
    return _Found(frame, read.rejects, {**counts, "unnamed_files": read.unnamed})


def _judge(found: _Found, types: Mapping[str, str], origin: str) -> DocumentSource:
    """Give types, set aside what cannot be used, and give identifiers to documents that have none."""
    frame = found.frame
    _check_lengths(frame, origin)
    kinds, unmapped = type_documents(plain_text(frame["document_type"]), types)
    given = plain_ids(frame["document_id"]) if "document_id" in frame.columns else pl.lit(None, pl.String())
    text = frame.with_columns(kinds.alias("document_type"), document_id=given.fill_null(_NO_ID))
    standard = text.select(name for name in _TABLE.columns if name in text.columns)
    documents, rejects = read_table(standard, _TABLE, origin)
    documents = documents.with_columns(_identifiers())
    # What was judged are the rows that were left; their places are those in the source.
    rejects = rejects.with_columns(frame[ROW].cast(pl.Int64).gather(rejects["row"] - 1).alias("row"))
    counts = {
        **found.counts,
        "documents": documents.height,
        "unmapped_names": unmapped,
        "copied_texts": _copied(documents),
        "shared_ids": documents.height - documents["document_id"].n_unique(),
    }
    return DocumentSource(documents, pl.concat([found.rejects, rejects]), _notes(counts), counts)


def _check_lengths(frame: pl.DataFrame, origin: str) -> None:
    for name, longest in _LONGEST.items():
        long = (frame[name].str.len_chars() > longest).sum()
        if 2 * long > frame.height:
            raise UnreadableInputError(
                f"{origin}: {name} is a text of more than {longest} characters in {long} rows.",
                todo="Two columns may be named the other way round.",
            )


def _identifiers() -> pl.Expr:
    key = ["person_id", "authored_date", "document_type"]
    number = pl.int_range(1, pl.len() + 1).over(key)
    made = pl.concat_str(*key, number, separator="-")
    return pl.when(pl.col("document_id") == _NO_ID).then(made).otherwise("document_id").alias("document_id")


def _copied(documents: pl.DataFrame) -> int:
    """Count the texts that stand under more than one child."""
    texts = documents.select("person_id", text=pl.col("text").hash())
    return texts.group_by("text").agg(pl.col("person_id").n_unique()).filter(pl.col("person_id") > 1).height


_NOTES = {
    "repeated_tables": "{} tables hold what one before them holds, and were left out.",
    "unmapped_names": "{} names of documents have no type and became types of their own.",
    "copied_texts": "{} texts stand under more than one child; all copies were kept.",
    "shared_ids": "{} documents have the identifier of an earlier one; they were kept.",
    "unnamed_files": "{} files are no table and in no index, and were not read.",
}


def _notes(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(note.format(counts[name]) for name, note in _NOTES.items() if counts[name])
