"""Records become an event history."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from csc_experiments.history.care import care_periods, placements
from csc_experiments.history.families import resolve_families
from csc_experiments.history.given import given_births, given_events, has_clock, known_by_evening
from csc_experiments.history.rules import BIRTH, DEATH, DISABILITY, RULES, EventRule, code_set
from csc_experiments.records import Extract, Records
from csc_experiments.records.tables import RECORD_TABLES

TIME = pl.Datetime("us")
EVENT_SCHEMA: dict[str, pl.DataType] = {
    "subject_id": pl.Int64(),
    "time": TIME,
    "code": pl.String(),
    "numeric_value": pl.Float32(),
    "text_value": pl.String(),
    "known_time": TIME,
}
_DISABILITY_CODE = "disa_disability_code"
_SPELL_DATES = (
    ("ssd_early_help_episodes", "earl_episode_start_date", "earl_episode_end_date"),
    ("ssd_cin_episodes", "cine_referral_date", "cine_close_date"),
    ("ssd_cin_plans", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"),
    ("ssd_s47_enquiry", "s47e_s47_start_date", "s47e_s47_end_date"),
    ("ssd_cp_plans", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    ("ssd_cla_episodes", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date"),
    ("ssd_involvements", "invo_involvement_start_date", "invo_involvement_end_date"),
)


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
    linked : bool
        Whether the records say who is family; if not, each child is a family of its own.
    tables : frozenset of str
        The tables that had rows. What only another can tell of did not fail to happen: nobody knows.
    """

    extract: Extract
    events: pl.DataFrame
    subjects: pl.DataFrame
    characteristics: pl.DataFrame
    documents: pl.DataFrame
    linked: bool = True
    tables: frozenset[str] = frozenset(RECORD_TABLES)


def build_history(records: Records) -> History:
    """Turn standard tables, and what was given as events, into one table of dated events.

    Children who stand in another table but not in `ssd_person` have a history like any other, without birth.
    Where events come with a time of day, what has only a day counts as known at the end of that day: a
    document of the afternoon must not tell of a morning's prediction.
    """
    subjects = _subjects(records)
    keys = subjects.select("person_id", "subject_id")
    last = records.extract.extract_date
    sources = _sources(records)
    frames = [_apply(rule, sources[rule.table], keys, last) for rule in RULES]
    told = pl.concat([_people(records, keys), *frames])
    documents = _documents(records, keys)
    if has_clock(records["events"]):
        told, documents = known_by_evening(told), known_by_evening(documents)
    events = pl.concat([told, given_events(records["events"], keys).select(told.columns)]).sort(
        "subject_id", "time", "code", "known_time", "numeric_value", "text_value"
    )
    return History(
        extract=records.extract,
        events=events,
        subjects=subjects.drop("person_id"),
        characteristics=_characteristics(records, keys),
        documents=documents,
        linked=not records["ssd_family"].is_empty(),
        tables=frozenset(name for name, table in records.tables.items() if not table.is_empty()),
    )


def _subjects(records: Records) -> pl.DataFrame:
    """Number every child that any table names, in the order of their identifiers."""
    columns = {rule.table: rule.person for rule in RULES if rule.person in RECORD_TABLES[rule.table].columns}
    columns |= {"ssd_person": "pers_person_id", "documents": "person_id", "events": "person_id"}
    named = [records[table].select(pl.col(column).alias("person_id")) for table, column in columns.items()]
    people = pl.concat(named).drop_nulls().unique().sort("person_id").with_row_index("subject_id")
    births = records["ssd_person"].select(
        pl.col("pers_person_id").alias("person_id"),
        pl.coalesce("pers_dob", "pers_expected_dob").cast(TIME).alias("birth"),
    )
    return (
        people.with_columns(pl.col("subject_id").cast(pl.Int64))
        .join(births.unique("person_id", keep="first", maintain_order=True), on="person_id", how="left")
        .join(given_births(records["events"]), on="person_id", how="left")
        .with_columns(pl.coalesce("birth", "given_birth"))
        .with_columns(family_id=resolve_families(people["person_id"], records["ssd_family"]))
        .select("person_id", "subject_id", "family_id", "birth")
        .sort("subject_id")
    )


def _sources(records: Records) -> dict[str, pl.DataFrame]:
    """Tables as the rules name them, with the columns that need more than one cell to be known."""
    tables = dict(records.tables)
    for name, start, end in _SPELL_DATES:
        # An end before the start is a slip: when the spell really ended is not known.
        tables[name] = tables[name].with_columns(pl.when(pl.col(end) >= pl.col(start)).then(end).alias(end))
    # A referral with no further action ends on the day it is made, where no closing date says otherwise.
    nfa_date = pl.coalesce("cine_close_date", "cine_referral_date")
    tables["ssd_cin_episodes"] = tables["ssd_cin_episodes"].with_columns(
        nfa_date=nfa_date,
        end_date=pl.when(pl.col("cine_referral_nfa") == "Y").then(nfa_date).otherwise("cine_close_date"),
    )
    tables["ssd_contacts"] = tables["ssd_contacts"].with_columns(contact_nfa=_contact_nfa())
    tables["ssd_cla_episodes"] = care_periods(tables["ssd_cla_episodes"], tables["ssd_legal_status"])
    tables["ssd_cla_placement"] = placements(tables["ssd_cla_placement"])
    tables["ssd_assessment_factors"] = _factors(
        tables["ssd_assessment_factors"], tables["ssd_cin_assessments"]
    )
    return tables


def _contact_nfa() -> pl.Expr:
    """Y where the outcomes of a contact hold the flag of no further action, whatever an extract calls it.

    No date says when the outcome was decided. It counts as known on the day of the contact, as a referral
    without further action does that has no closing date: within a working day it should be.
    """
    said = r'(?i)"(?:OUTCOME_)?NFA_FLAG"\s*:\s*"?(?:y|yes|t|true|1)\b'
    return pl.when(pl.col("cont_contact_outcome_json").str.contains(said)).then(pl.lit("Y"))


def _factors(factors: pl.DataFrame, assessments: pl.DataFrame) -> pl.DataFrame:
    """One row per factor of an authorised assessment; the JSON is a list of codes or flags by code."""
    codes = factors.select(
        pl.col("cinf_assessment_id").alias("cina_assessment_id"),
        factor=pl.col("cinf_assessment_factors_json").str.extract_all(
            r'"\d{1,2}[A-Z]?"(\s*:\s*("[^"]*"|\w+))?'
        ),
    ).explode("factor", empty_as_null=True)
    said = codes.filter(~pl.col("factor").str.contains(r'(?i):\s*"?(n|no|0|f|false|null|)"?$')).with_columns(
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
        rows = _with_known_codes(rows, rule.part)
        code = pl.concat_str(pl.lit(rule.code), pl.col(rule.part), separator="//")
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


def _with_known_codes(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Keep the rows whose code is of its code set: a name in a code cell must not become a column heading."""
    known = sorted(code_set(column))
    return rows.with_columns(pl.col(column).str.to_uppercase()).filter(pl.col(column).is_in(known))


def _people(records: Records, keys: pl.DataFrame) -> pl.DataFrame:
    """Births and deaths, dated, and disabilities, static."""
    people = records["ssd_person"].join(keys, left_on="pers_person_id", right_on="person_id")
    disabled = records["ssd_disability"].join(keys, left_on="disa_person_id", right_on="person_id")
    births = people.select(
        "subject_id", time=pl.coalesce("pers_dob", "pers_expected_dob").cast(TIME), code=pl.lit(BIRTH)
    )
    deaths = people.select("subject_id", time=pl.col("pers_death_date").cast(TIME), code=pl.lit(DEATH))
    dated = pl.concat([births, deaths]).drop_nulls("time")
    static = _with_known_codes(disabled, _DISABILITY_CODE).select(
        "subject_id",
        time=pl.lit(None, TIME),
        code=pl.concat_str(pl.lit(DISABILITY), _DISABILITY_CODE, separator="//"),
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
        .sort("subject_id", "time", "known_time", "document_type", "text")
    )
