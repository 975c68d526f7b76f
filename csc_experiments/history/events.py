"""Records become an event history."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from csc_experiments.history.families import resolve_families
from csc_experiments.history.rules import BIRTH, DEATH, DISABILITY, RULES, EventRule
from csc_experiments.records import Extract, Records

TIME = pl.Datetime("us")
EVENT_SCHEMA: dict[str, pl.DataType] = {
    "subject_id": pl.Int64(),
    "time": TIME,
    "code": pl.String(),
    "numeric_value": pl.Float32(),
    "text_value": pl.String(),
    "known_time": TIME,
}
# A code cell must look like a code, or it could carry a name into a column heading.
CODE_PATTERN = r"^[A-Za-z0-9_.-]{1,12}$"
SHORT_BREAKS = ("V3", "V4")


@dataclass(frozen=True, slots=True)
class History:
    """What happened to an authority's children, and when the authority knew.

    Attributes
    ----------
    extract : Extract
        The records that the history was made from.
    events : polars.DataFrame
        The columns of `EVENT_SCHEMA` (a MEDS data set with `known_time`), sorted by subject and time; static
        facts have no time and stand first.
    subjects : polars.DataFrame
        subject_id, family_id, birth; one row per child, sorted by subject.
    characteristics : polars.DataFrame
        subject_id, sex, ethnicity, disabled: kept apart from everything that a representation can reach.
    documents : polars.DataFrame
        subject_id, time, known_time, document_type, text; sorted by subject and time.
    """

    extract: Extract
    events: pl.DataFrame
    subjects: pl.DataFrame
    characteristics: pl.DataFrame
    documents: pl.DataFrame


def build_history(records: Records) -> History:
    """Turn standard tables into one table of dated events.

    Children who stand in another table but not in `ssd_person` have a history like any other, without birth.
    """
    subjects = _subjects(records)
    keys = subjects.select("person_id", "subject_id")
    last = records.extract.extract_date
    sources = _sources(records)
    frames = [_apply(rule, sources[rule.table], keys, last) for rule in RULES]
    events = pl.concat([_people(records, keys), *frames]).sort(
        "subject_id", "time", "code", nulls_last=False, maintain_order=True
    )
    return History(
        extract=records.extract,
        events=events,
        subjects=subjects.drop("person_id"),
        characteristics=_characteristics(records, keys),
        documents=_documents(records, keys),
    )


def _subjects(records: Records) -> pl.DataFrame:
    """Number every child that any table names, in the order of their identifiers."""
    columns = {rule.table: rule.person for rule in RULES if rule.table != "assessment_factors"}
    columns |= {"ssd_person": "pers_person_id", "documents": "person_id"}
    named = [records[table].select(pl.col(column).alias("person_id")) for table, column in columns.items()]
    people = pl.concat(named).drop_nulls().unique().sort("person_id").with_row_index("subject_id")
    births = records["ssd_person"].select(
        pl.col("pers_person_id").alias("person_id"),
        pl.coalesce("pers_dob", "pers_expected_dob").cast(TIME).alias("birth"),
    )
    return (
        people.with_columns(pl.col("subject_id").cast(pl.Int64))
        .join(births.unique("person_id", keep="first", maintain_order=True), on="person_id", how="left")
        .with_columns(family_id=resolve_families(people["person_id"], records["ssd_family"]))
        .select("person_id", "subject_id", "family_id", "birth")
        .sort("subject_id")
    )


def _sources(records: Records) -> dict[str, pl.DataFrame]:
    """Tables as the rules name them, with the columns that need more than one cell to be known."""
    tables = dict(records.tables)
    # A referral with no further action ends on the day it is made, where no closing date says otherwise.
    nfa_date = pl.coalesce("cine_close_date", "cine_referral_date")
    tables["ssd_cin_episodes"] = tables["ssd_cin_episodes"].with_columns(
        nfa_date=nfa_date,
        end_date=pl.when(pl.col("cine_referral_nfa") == "Y").then(nfa_date).otherwise("cine_close_date"),
    )
    tables["ssd_cla_episodes"] = _care_periods(tables["ssd_cla_episodes"], tables["ssd_legal_status"])
    tables["assessment_factors"] = _factors(tables["ssd_assessment_factors"], tables["ssd_cin_assessments"])
    return tables


def _care_periods(episodes: pl.DataFrame, legal: pl.DataFrame) -> pl.DataFrame:
    """Mark where a period of care starts and ends; short breaks are no period of care, as in DfE's counts."""
    breaks = legal.filter(pl.col("lega_legal_status").is_in(SHORT_BREAKS)).select(
        pl.col("lega_person_id").alias("clae_person_id"),
        pl.col("lega_legal_status_start_date").alias("clae_cla_episode_start_date"),
        short_break=True,
    )
    marked = episodes.join(
        breaks.unique(), on=["clae_person_id", "clae_cla_episode_start_date"], how="left"
    ).with_columns(pl.col("short_break").fill_null(value=False))
    start, end = pl.col("clae_cla_episode_start_date"), pl.col("clae_cla_episode_ceased_date")
    starts = pl.col("clae_cla_episode_start_reason").fill_null("S") == "S"
    ends = pl.col("clae_cla_episode_ceased_reason").fill_null("") != "X1"
    return marked.with_columns(
        care_start=pl.when(starts & ~pl.col("short_break")).then(start),
        care_end=pl.when(ends & ~pl.col("short_break")).then(end),
        short_break_start=pl.when(starts & pl.col("short_break")).then(start),
    )


def _factors(factors: pl.DataFrame, assessments: pl.DataFrame) -> pl.DataFrame:
    """One row per factor of an authorised assessment; the JSON is a list of codes or flags by code."""
    codes = factors.select(
        pl.col("cinf_assessment_id").alias("cina_assessment_id"),
        factor=pl.col("cinf_assessment_factors_json").str.extract_all(r'"\d{1,2}[A-Z]?"(\s*:\s*"[^"]*")?'),
    ).explode("factor", empty_as_null=True)
    said = codes.filter(~pl.col("factor").str.contains(r'(?i):\s*"(n|no|0|false|)"')).with_columns(
        factor=pl.col("factor").str.extract(r'"(\w+)"')
    )
    dated = assessments.select("cina_assessment_id", "cina_person_id", "cina_assessment_auth_date")
    return dated.join(said.unique(), on="cina_assessment_id", how="inner")


def _apply(rule: EventRule, table: pl.DataFrame, keys: pl.DataFrame, last: object) -> pl.DataFrame:
    rows = table.filter(pl.col(rule.time).is_not_null())
    if rule.where is not None:
        rows = rows.filter(pl.col(rule.where[0]) == rule.where[1])
    code = pl.lit(rule.code)
    if rule.part is not None:
        rows = rows.filter(pl.col(rule.part).str.contains(CODE_PATTERN))
        code = pl.concat_str(pl.lit(rule.code), pl.col(rule.part).str.to_uppercase(), separator="//")
    known = pl.coalesce(pl.col(rule.known), pl.lit(last, pl.Date()))
    return (
        rows.select(
            pl.col(rule.person).alias("person_id"),
            time=pl.col(rule.time).cast(TIME),
            code=code,
            known_time=pl.max_horizontal(known, rule.time).cast(TIME),
        )
        .join(keys, on="person_id", how="inner")
        .select(
            "subject_id",
            "time",
            "code",
            pl.lit(None, pl.Float32()).alias("numeric_value"),
            pl.lit(None, pl.String()).alias("text_value"),
            "known_time",
        )
    )


def _people(records: Records, keys: pl.DataFrame) -> pl.DataFrame:
    """Births and deaths, dated, and disabilities, static."""
    people = records["ssd_person"].join(keys, left_on="pers_person_id", right_on="person_id")
    disabled = records["ssd_disability"].join(keys, left_on="disa_person_id", right_on="person_id")
    births = people.select(
        "subject_id", time=pl.coalesce("pers_dob", "pers_expected_dob").cast(TIME), code=pl.lit(BIRTH)
    )
    deaths = people.select("subject_id", time=pl.col("pers_death_date").cast(TIME), code=pl.lit(DEATH))
    dated = pl.concat([births, deaths]).drop_nulls("time")
    static = disabled.filter(pl.col("disa_disability_code").str.contains(CODE_PATTERN)).select(
        "subject_id",
        time=pl.lit(None, TIME),
        code=pl.concat_str(pl.lit(DISABILITY), "disa_disability_code", separator="//"),
    )
    return (
        pl.concat([dated, static])
        .with_columns(
            numeric_value=pl.lit(None, pl.Float32()),
            text_value=pl.lit(None, pl.String()),
            known_time=pl.col("time"),
        )
        .select(EVENT_SCHEMA.keys())
    )


def _characteristics(records: Records, keys: pl.DataFrame) -> pl.DataFrame:
    people = records["ssd_person"].unique("pers_person_id", keep="first", maintain_order=True)
    disabled = (
        records["ssd_disability"]
        .filter(pl.col("disa_disability_code") != "NONE")
        .select(pl.col("disa_person_id").alias("person_id"), disabled=True)
        .unique()
    )
    return (
        keys.join(people, left_on="person_id", right_on="pers_person_id", how="left")
        .join(disabled, on="person_id", how="left")
        .select(
            "subject_id",
            pl.coalesce("pers_sex", "pers_gender").alias("sex"),
            pl.col("pers_ethnicity").alias("ethnicity"),
            pl.col("disabled").fill_null(value=False),
        )
        .sort("subject_id")
    )


def _documents(records: Records, keys: pl.DataFrame) -> pl.DataFrame:
    return (
        records["documents"]
        .drop_nulls(["authored_date", "text"])
        .join(keys, on="person_id", how="inner")
        .select(
            "subject_id",
            pl.col("authored_date").cast(TIME).alias("time"),
            pl.max_horizontal("authored_date", "recorded_date").cast(TIME).alias("known_time"),
            "document_type",
            "text",
        )
        .sort("subject_id", "time", maintain_order=True)
    )
