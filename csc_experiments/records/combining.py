"""Several sources that tell of the same children become one set of standard tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

from csc_experiments.records.store import conform
from csc_experiments.records.tables import TABLES, Kind

KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ssd_person": ("pers_person_id",),
        "ssd_disability": ("disa_person_id", "disa_disability_code"),
        "ssd_contacts": ("cont_person_id", "cont_contact_date"),
        "ssd_early_help_episodes": ("earl_person_id", "earl_episode_start_date"),
        "ssd_cin_episodes": ("cine_person_id", "cine_referral_date"),
        "ssd_cin_assessments": ("cina_person_id", "cina_assessment_start_date"),
        "ssd_assessment_factors": ("cinf_assessment_id",),
        "ssd_cin_plans": ("cinp_person_id", "cinp_cin_plan_start_date"),
        "ssd_s47_enquiry": ("s47e_person_id", "s47e_s47_start_date"),
        "ssd_initial_cp_conference": ("icpc_person_id", "icpc_icpc_date"),
        "ssd_cp_plans": ("cppl_person_id", "cppl_cp_plan_start_date"),
        "ssd_cp_reviews": ("cppr_person_id", "cppr_cp_review_date"),
        "ssd_cla_episodes": ("clae_person_id", "clae_cla_episode_start_date"),
        "ssd_cla_placement": ("clap_person_id", "clap_cla_placement_start_date"),
        "ssd_legal_status": ("lega_person_id", "lega_legal_status_start_date", "lega_legal_status"),
        "ssd_missing": ("miss_person_id", "miss_missing_episode_start_date"),
        "ssd_involvements": ("invo_person_id", "invo_involvement_start_date"),
    }
)
"""Columns that tell whether two sources speak of one fact; tables not named are put one after the other."""
TOLD_AT_ONCE: Final = frozenset(
    {
        "cont_contact_source_code",
        "cine_referral_source_code",
        "cine_referral_nfa",
        "cinf_assessment_factors_json",
        "cppl_cp_plan_initial_category",
    }
)
"""Columns that count as known on the day of the fact: what a later return changed, nobody knew then."""
REFERENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cina_referral_id": "ssd_cin_episodes",
        "cinf_assessment_id": "ssd_cin_assessments",
        "cinp_referral_id": "ssd_cin_episodes",
        "s47e_referral_id": "ssd_cin_episodes",
        "icpc_s47_enquiry_id": "ssd_s47_enquiry",
        "icpc_referral_id": "ssd_cin_episodes",
        "cppl_referral_id": "ssd_cin_episodes",
        "cppl_icpc_id": "ssd_initial_cp_conference",
        "cppr_cp_plan_id": "ssd_cp_plans",
        "clae_referral_id": "ssd_cin_episodes",
        "invo_referral_id": "ssd_cin_episodes",
        "referral_id": "ssd_cin_episodes",
    }
)
"""Columns that hold the identifier of a row of another table, which stands earlier in `TABLES`."""
VERSIONS_SCHEMA: Final = {
    "table": pl.String(),
    "id": pl.String(),
    "column": pl.String(),
    "source": pl.String(),
    "value": pl.String(),
}
_PART, _PLACE, _OF = "part", "place in its key", "standing row"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the sources: what it is called, and its standard tables."""

    name: str
    tables: Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Combined:
    """What several sources say together.

    Attributes
    ----------
    tables : dict of str to polars.DataFrame
    disagreements : dict of (table, column) to int
        In how many rows sources say different things; the first of them stands.
    versions : polars.DataFrame
        table, id, column, source, value: everything that was said in these rows. It stays on site.
    """

    tables: dict[str, pl.DataFrame]
    disagreements: dict[tuple[str, str], int]
    versions: pl.DataFrame


def combine(parts: Sequence[Part], *, first_told: AbstractSet[str] = frozenset()) -> Combined:
    """Put sources together, child by child and fact by fact.

    Two rows of different sources are one fact if they agree in the columns of `KEYS`; where a source has
    several such rows, the first belongs to the first. Where one source is silent, the next one speaks.

    Parameters
    ----------
    parts : sequence of Part
        The one that is believed first stands first. Children go by the same identifiers in all of them.
    first_told : set of str
        Columns in which the last part is believed first. For the returns of several years, which stand from
        the latest to the earliest, these are `TOLD_AT_ONCE`.
    """
    tables: dict[str, pl.DataFrame] = {}
    moved: dict[str, pl.DataFrame] = {}
    versions = [pl.DataFrame(schema=VERSIONS_SCHEMA)]
    for name in TABLES:
        told = [
            (number, _renamed(name, part.tables[name], number, moved))
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
        tables[name] = conform(name, rows, name)
    said = pl.concat(versions)
    counted = said.unique(["table", "column", "id"]).group_by("table", "column").len().sort("table", "column")
    return Combined(tables, {(table, column): count for table, column, count in counted.iter_rows()}, said)


def _renamed(name: str, frame: pl.DataFrame, number: int, moved: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Keep identifiers of different sources apart, and let references lead to the row that stands."""
    frame = conform(name, frame, name)
    ids = [
        column
        for column, kind in TABLES[name].columns.items()
        if kind is Kind.ID and not _names_a_child(column)
    ]
    if number:
        frame = frame.with_columns(pl.format("{}.{}", pl.lit(number), column).alias(column) for column in ids)
    for column in ids:
        led = moved.get(REFERENCES.get(column, ""))
        if led is not None:
            found = frame.select(was=column).join(led, on="was", how="left", maintain_order="left")
            frame = frame.with_columns(pl.coalesce(found["stands"], column).alias(column))
    return frame


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
    columns = [column for column in rows.columns if column not in {_OF, _PART, _PLACE}]
    return rows.group_by(_OF, maintain_order=True).agg(
        pl.col(column).drop_nulls().last() if column in first_told else pl.col(column).drop_nulls().first()
        for column in columns
    )
