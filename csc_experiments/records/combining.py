"""Several sources that tell of the same children become one set of standard tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from csc_experiments.records.facts import KEYS, REFERENCES
from csc_experiments.records.store import conform
from csc_experiments.records.tables import RECORD_TABLES, TABLES, Kind

VERSIONS_SCHEMA: Final = {
    "table": pl.String(),
    "id": pl.String(),
    "column": pl.String(),
    "source": pl.String(),
    "value": pl.String(),
}
_PART, _PLACE, _OF, _SAID_BY = "part", "place in its key", "standing row", "said by"
_AND = "; "


@dataclass(frozen=True, slots=True)
class Part:
    """One of the sources.

    Attributes
    ----------
    name : str
        What it is called.
    tables : mapping of str to polars.DataFrame
        Its standard tables.
    origins : mapping of str to polars.Series
        For tables that have been put together before: which sources tell of each row.
    versions : polars.DataFrame, optional
        What these sources say differently, as `Combined` has it.
    """

    name: str
    tables: Mapping[str, pl.DataFrame]
    origins: Mapping[str, pl.Series] = field(default_factory=dict)
    versions: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Combined:
    """What several sources say together.

    Attributes
    ----------
    tables : dict of str to polars.DataFrame
    origins : dict of str to polars.Series
        For each row of each table, the names of the sources that tell of it.
    disagreements : dict of (table, column) to int
        In how many rows sources say different things; the first of them stands.
    versions : polars.DataFrame
        table, id, column, source, value: everything that was said in these rows. It stays on site.
    """

    tables: dict[str, pl.DataFrame]
    origins: dict[str, pl.Series]
    disagreements: dict[tuple[str, str], int]
    versions: pl.DataFrame


def combine(parts: Sequence[Part], *, first_told: AbstractSet[str] = frozenset()) -> Combined:
    """Put sources together, child by child and fact by fact.

    Two rows of different sources are one fact if they agree in the columns of
    `csc_experiments.records.facts.KEYS`; where a source has several such rows, the first belongs to the
    first. Where one source is silent, the next one speaks.

    Parameters
    ----------
    parts : sequence of Part
        The one that is believed first stands first. Children go by the same identifiers in all of them.
    first_told : set of str
        Columns in which the last part is believed first. For the returns of several years, which stand from
        the latest to the earliest, these are `csc_experiments.records.facts.TOLD_AT_ONCE`.
    """
    tables: dict[str, pl.DataFrame] = {}
    origins: dict[str, pl.Series] = {}
    moved: dict[str, pl.DataFrame] = {}
    versions = [pl.DataFrame(schema=VERSIONS_SCHEMA)]
    for name in RECORD_TABLES:
        told = [
            (number, _renamed(name, part, number, moved))
            for number, part in enumerate(parts)
            if name in part.tables and not part.tables[name].is_empty()
        ]
        if not told:
            continue
        rows = pl.concat(frame.with_columns(pl.lit(number).alias(_PART)) for number, frame in told)
        if name in KEYS and len(told) > 1:
            rows, moved[name] = _one_row_a_fact(name, rows)
            versions.append(_versions(name, rows, [part.name for part in parts]))
            rows = _standing(rows, first_told)
        tables[name], origins[name] = conform(name, rows, name), rows[_SAID_BY].alias("source")
    said = pl.concat(versions)
    counted = said.unique(["table", "column", "id"]).group_by("table", "column").len().sort("table", "column")
    disagreements = {(table, column): count for table, column, count in counted.iter_rows()}
    earlier = [
        _followed(part.versions, number, moved)
        for number, part in enumerate(parts)
        if part.versions is not None
    ]
    return Combined(tables, origins, disagreements, pl.concat([said, *earlier]))


def _renamed(name: str, part: Part, number: int, moved: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Keep identifiers of different sources apart, and let references lead to the row that stands."""
    frame = conform(name, part.tables[name], name)
    ids = [
        column
        for column, kind in RECORD_TABLES[name].columns.items()
        if kind is Kind.ID and not _names_a_child(column)
    ]
    if number:
        frame = frame.with_columns(_apart(column, number) for column in ids)
    for column in ids:
        led = moved.get(REFERENCES.get(column, ""))
        if led is not None:
            frame = frame.with_columns(_led(frame[column], led))
    return frame.with_columns(part.origins.get(name, pl.lit(part.name)).alias(_SAID_BY))


def _apart(column: str, number: int) -> pl.Expr:
    return pl.format("{}.{}", pl.lit(number), column).alias(column)


def _led(ids: pl.Series, led: pl.DataFrame) -> pl.Series:
    """Put the identifier of the row that stands in the place of those that gave way."""
    found = ids.alias("was").to_frame().join(led, on="was", how="left", maintain_order="left")
    return found.select(pl.coalesce("stands", "was")).to_series().alias(ids.name)


def _followed(versions: pl.DataFrame, number: int, moved: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Let versions that were told of before go by the identifiers of the rows that stand."""
    parts = [pl.DataFrame(schema=VERSIONS_SCHEMA)]
    for (table,), told in versions.group_by("table", maintain_order=True):
        name = str(table)
        own = next(iter(TABLES[name].columns))
        ids = told if _names_a_child(own) or not number else told.with_columns(_apart("id", number))
        parts.append(ids.with_columns(_led(ids["id"], moved[name])) if name in moved else ids)
    return pl.concat(parts)


def _names_a_child(column: str) -> bool:
    return column.endswith("person_id")


def _one_row_a_fact(name: str, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number the fact that each row speaks of, and list the identifiers that give way to another's."""
    key, own = KEYS[name], next(iter(TABLES[name].columns))
    rows = rows.with_row_index(_OF).with_columns(
        pl.int_range(pl.len()).over(_PART, *key).alias(_PLACE),
    )
    known = pl.all_horizontal(pl.col(column).is_not_null() for column in key)
    first = pl.col(_OF).first().over(*key, _PLACE)
    rows = rows.with_columns(pl.when(known).then(first).otherwise(_OF).alias(_OF))
    led = rows.select(was=own, stands=pl.col(own).first().over(_OF)).filter(pl.col("was") != pl.col("stands"))
    return rows, led.unique("was", keep="first", maintain_order=True)


def _versions(name: str, rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """List what was said wherever sources say different things."""
    own = next(iter(TABLES[name].columns))
    several = rows.filter(pl.len().over(_OF) > 1).with_columns(id=pl.col(own).first().over(_OF))
    said = [
        several.select(
            pl.lit(name).alias("table"),
            "id",
            pl.lit(column).alias("column"),
            source=pl.col(_PART).replace_strict(dict(enumerate(names)), return_dtype=pl.String),
            value=pl.col(column).cast(pl.String),
            fact=_OF,
        )
        .drop_nulls("value")
        .filter(pl.col("value").n_unique().over("fact") > 1)
        .drop("fact")
        for column, kind in TABLES[name].columns.items()
        if kind is not Kind.ID and column not in KEYS[name]
    ]
    return pl.concat([pl.DataFrame(schema=VERSIONS_SCHEMA), *said])


def _standing(rows: pl.DataFrame, first_told: AbstractSet[str]) -> pl.DataFrame:
    """Take of each fact what the first source says of it that says anything."""
    columns = [column for column in rows.columns if column not in {_OF, _PART, _PLACE, _SAID_BY}]
    return rows.group_by(_OF, maintain_order=True).agg(
        *(
            pl.col(column).drop_nulls().last()
            if column in first_told
            else pl.col(column).drop_nulls().first()
            for column in columns
        ),
        pl.col(_SAID_BY).unique(maintain_order=True).str.join(_AND),
    )
