"""Children who go by different identifiers in different sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from csc_experiments.errors import MissingColumnError, UnreadableInputError
from csc_experiments.records.columns import read_column
from csc_experiments.records.csv_text import read_csv
from csc_experiments.records.places import require_file
from csc_experiments.records.source import Source
from csc_experiments.records.tables import Kind

PERSON: Final = "person_id"
_WANTED: Final = f"the CSV file that says who is who, with a column {PERSON}"
_WAS, _IS = "was", "is"


def read_identifiers(path: Path, kinds: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Read which identifier in each kind of source is which child's.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file with a column ``person_id``, the identifier that a child shall go by, and a column for
        each kind of source in which children go by others, named as the kind. An empty cell says that the
        child is not known there.
    kinds : sequence of str
        The kinds that there are.

    Returns
    -------
    dict of str to polars.DataFrame
        was, is: for each kind that the file has a column of.

    Raises
    ------
    RecordsNotFoundError
        If the file is not there.
    MissingColumnError
        If there is no column ``person_id``, or none of a kind.
    UnreadableInputError
        If the file cannot be read, or gives one identifier of a source to two children.
    """
    require_file(path, "--identifiers (dataset.identifiers)", _WANTED)
    frame = read_csv(path)
    names = {re.sub(r"\W+", "_", name.strip().lower()): name for name in frame.columns}
    told = [kind for kind in kinds if kind in names]
    if PERSON not in names or not told:
        raise MissingColumnError(
            f"{path} does not say who is who.",
            todo=f"It needs a column {PERSON}, and one for each kind of source with other identifiers:"
            f" {', '.join(kinds)}.",
        )
    plain = pl.DataFrame(
        [read_column(frame[names[name]], Kind.ID).values.alias(name) for name in (PERSON, *told)]
    )
    return {kind: _pairs(path, plain, kind) for kind in told}


def _pairs(path: Path, frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    pairs = frame.select(pl.col(kind).alias(_WAS), pl.col(PERSON).alias(_IS)).drop_nulls().unique()
    twice = pairs.height - pairs[_WAS].n_unique()
    if twice:
        raise UnreadableInputError(
            f"{path}: {twice} identifiers in column {kind} belong to more than one child.",
            todo="Give each identifier of a source to one child.",
        )
    return pairs


def translate(source: Source, identifiers: Mapping[str, pl.DataFrame]) -> Source:
    """Let the children of a source go by the identifiers that they shall go by.

    A child of whom the file says nothing keeps the identifier of the source with the kind before it, so that
    it cannot be taken for another's; the source's notes say how many there are.

    Raises
    ------
    UnreadableInputError
        If the file names none of them.
    """
    pairs = identifiers.get(source.reader)
    if pairs is None:
        return source
    children = {
        name: [column for column in frame.columns if column.endswith(PERSON)]
        for name, frame in source.tables.items()
    }
    everybody = pl.concat(
        [pl.Series(_WAS, [], pl.String).to_frame()]
        + [
            frame.select(pl.col(column).alias(_WAS))
            for name, frame in source.tables.items()
            for column in children[name]
        ]
    )
    known = everybody.drop_nulls().unique().join(pairs, on=_WAS, how="left")
    unknown = known[_IS].null_count()
    if not known.is_empty() and unknown == known.height:
        raise UnreadableInputError(
            f"{source.kind}: the file of identifiers names none of its {unknown} children in column"
            f" {source.reader}.",
            todo="See whether columns are exchanged, or leading zeros lost.",
        )
    apart = pl.format("{}:{}", pl.lit(source.reader), pl.col(_WAS))
    known = known.with_columns(pl.coalesce(_IS, apart))
    tables = {
        name: frame.with_columns(_is_now(frame[column], known) for column in children[name])
        for name, frame in source.tables.items()
    }
    said = (
        f"{known.height - unknown} children go by other identifiers; {unknown} are not in the file of them."
    )
    return replace(source, tables=tables, notes=(*source.notes, said))


def _is_now(ids: pl.Series, known: pl.DataFrame) -> pl.Series:
    found = ids.alias(_WAS).to_frame().join(known, on=_WAS, how="left", maintain_order="left")
    return found[_IS].alias(ids.name)
