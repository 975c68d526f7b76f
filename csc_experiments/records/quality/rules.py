"""Orders of events that cannot be: rules of the Department for Education, counted in standard tables.

The numbers are those of the validation rules that the Department publishes with the specification of the
children in need census (https://www.gov.uk/guidance/children-in-need-census); the words are ours. Rules
without a number are the same for care.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

Tables = Mapping[str, pl.DataFrame]
_FORTY_WEEKS = pl.duration(weeks=40)
_AFTER_ASSESSMENT: Final = ("RC8", "RC9")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: which rows of a table break it.

    Attributes
    ----------
    number : str
        As published; empty if there is none.
    table : str
        The standard table whose rows are counted.
    what : str
        What is wrong with a row that breaks it.
    broken : polars.Expr
        Over the columns of the table, those of the child (`pers_*`) and of the referral (`cine_*`).
    """

    number: str
    table: str
    what: str
    broken: pl.Expr


def _before(column: str, other: str) -> pl.Expr:
    return pl.col(column) < pl.col(other)


def _same_child_overlaps(person: str, start: str, end: str) -> pl.Expr:
    """Mark spells that begin before the child's last one, by start, has ended."""
    last_end = pl.col(end).fill_null(pl.date(9999, 1, 1)).shift(1).over(person, order_by=[start, end])
    return pl.col(start) < last_end


def _again_open(person: str, start: str, end: str) -> pl.Expr:
    """Mark open spells of a child who has more than one."""
    return (
        pl.col(end).is_null() & (pl.col(end).is_null().sum().over(person) > 1) & pl.col(start).is_not_null()
    )


_UNBORN = pl.col("pers_dob").is_null() & pl.col("pers_expected_dob").is_not_null()
_BIRTH = pl.coalesce("pers_dob", "pers_expected_dob")
_CASE = ("cine_person_id", "cine_referral_date", "cine_close_date")
_NEED_PLAN = ("cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date")
_PLAN = ("cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date")
_CARE = ("clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date")
_OPENED = pl.col("cine_referral_nfa").fill_null("N") == "N"
RULES: Final[tuple[Rule, ...]] = (
    Rule("8525Q", "ssd_person", "neither a date of birth nor an expected one, or both",
         pl.col("pers_dob").is_null() == pl.col("pers_expected_dob").is_null()),
    Rule("8535Q", "ssd_person", "died before birth", _before("pers_death_date", "pers_dob")),
    Rule("8750", "ssd_person", "unborn, with a sex",
         _UNBORN & (pl.col("pers_sex") != "U")),
    Rule("8790", "ssd_disability", "no disability beside one",
         (pl.col("disa_disability_code") == "NONE") & (pl.len().over("disa_person_id") > 1)),
    Rule("8555Q", "ssd_cin_episodes", "referred after death",
         _before("pers_death_date", "cine_referral_date")),
    Rule("8606", "ssd_cin_episodes", "referred more than 40 weeks before birth",
         pl.col("cine_referral_date") < _BIRTH - _FORTY_WEEKS),
    Rule("8630", "ssd_cin_episodes", "closed before the referral",
         _before("cine_close_date", "cine_referral_date")),
    Rule("8805", "ssd_cin_episodes", "closed without a reason",
         pl.col("cine_close_date").is_not_null() & pl.col("cine_close_reason").is_null()),
    Rule("8810", "ssd_cin_episodes", "a reason for closure without a date",
         pl.col("cine_close_date").is_null() & pl.col("cine_close_reason").is_not_null()),
    Rule("8815", "ssd_cin_episodes", "more than one open case",
         _OPENED & _again_open(*_CASE)),
    Rule("8820", "ssd_cin_episodes", "cases of one child overlap",
         _OPENED & _same_child_overlaps(*_CASE)),
    Rule("8585Q", "ssd_cin_episodes", "closed because of death, which is not recorded",
         (pl.col("cine_close_reason") == "RC2") & pl.col("pers_death_date").is_null()),
    Rule("8610", "ssd_cin_episodes", "no primary need, though there was further action",
         _OPENED & pl.col("cine_cin_primary_need_code").is_null()),
    Rule("8825Q", "ssd_cin_episodes", "closed after an assessment that is not there",
         pl.col("cine_close_reason").is_in(_AFTER_ASSESSMENT) & ~pl.col("assessed")),
    Rule("1103", "ssd_cin_assessments", "an assessment before its referral",
         _before("cina_assessment_start_date", "cine_referral_date")),
    Rule("8608", "ssd_cin_assessments", "authorised before it started",
         _before("cina_assessment_auth_date", "cina_assessment_start_date")),
    Rule("8867", "ssd_cin_assessments", "not authorised, though the case is closed",
         pl.col("cina_assessment_auth_date").is_null() & pl.col("cine_close_date").is_not_null()),
    Rule("8831", "ssd_cin_assessments", "an assessment of a referral without further action",
         pl.col("cine_referral_nfa") == "Y"),
    Rule("2889", "ssd_s47_enquiry", "an enquiry before its referral",
         _before("s47e_s47_start_date", "cine_referral_date")),
    Rule("8565", "ssd_s47_enquiry", "an enquiry after the case was closed",
         _before("cine_close_date", "s47e_s47_start_date")),
    Rule("4011", "ssd_cin_plans", "a child in need plan ends before it starts",
         _before("cinp_cin_plan_end_date", "cinp_cin_plan_start_date")),
    Rule("4015", "ssd_cin_plans", "a child in need plan before its referral",
         _before("cinp_cin_plan_start_date", "cine_referral_date")),
    Rule("4014", "ssd_cin_plans", "child in need plans of one child overlap",
         _same_child_overlaps(*_NEED_PLAN)),
    Rule("1105", "ssd_cp_plans", "a child protection plan before its referral",
         _before("cppl_cp_plan_start_date", "cine_referral_date")),
    Rule("8565", "ssd_cp_plans", "a child protection plan that starts after the case was closed",
         _before("cine_close_date", "cppl_cp_plan_start_date")),
    Rule("8840", "ssd_cp_plans", "a child protection plan of no day",
         pl.col("cppl_cp_plan_start_date") == pl.col("cppl_cp_plan_end_date")),
    Rule("8915", "ssd_cp_plans", "a child protection plan that starts after death",
         _before("pers_death_date", "cppl_cp_plan_start_date")),
    Rule("8925", "ssd_cp_plans", "a child protection plan ends before it starts",
         _before("cppl_cp_plan_end_date", "cppl_cp_plan_start_date")),
    Rule("8935", "ssd_cp_plans", "more than one open child protection plan",
         _again_open(*_PLAN)),
    Rule("8940", "ssd_cp_plans", "child protection plans of one child overlap",
         _same_child_overlaps(*_PLAN)),
    Rule("", "ssd_cla_episodes", "a care episode ends before it starts",
         _before("clae_cla_episode_ceased_date", "clae_cla_episode_start_date")),
    Rule("", "ssd_cla_episodes", "care episodes of one child overlap",
         _same_child_overlaps(*_CARE)),
    Rule("", "ssd_cla_episodes", "more than one open care episode",
         _again_open(*_CARE)),
)  # fmt: skip
_PERSON: Final[Mapping[str, str]] = {
    "ssd_disability": "disa_person_id", "ssd_cin_episodes": "cine_person_id",
    "ssd_cin_assessments": "cina_person_id", "ssd_s47_enquiry": "s47e_person_id",
    "ssd_cin_plans": "cinp_person_id", "ssd_cp_plans": "cppl_person_id", "ssd_cla_episodes": "clae_person_id",
}  # fmt: skip
_REFERRAL: Final[Mapping[str, str]] = {
    "ssd_cin_assessments": "cina_referral_id", "ssd_s47_enquiry": "s47e_referral_id",
    "ssd_cin_plans": "cinp_referral_id", "ssd_cp_plans": "cppl_referral_id",
}  # fmt: skip


def broken_rules(tables: Tables) -> pl.DataFrame:
    """Count the rows that break each rule.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        Every standard table, empty where there is nothing.

    Returns
    -------
    polars.DataFrame
        rule, table, what, rows (that break it), of (rows of the table); one row for each rule of `RULES`.
    """
    seen = {name: _widened(name, tables) for name in dict.fromkeys(rule.table for rule in RULES)}
    rows = [
        (
            rule.number,
            rule.table,
            rule.what,
            int(seen[rule.table].select(rule.broken.fill_null(value=False).sum()).item()),
            seen[rule.table].height,
        )
        for rule in RULES
    ]
    return pl.DataFrame(rows, schema=["rule", "table", "what", "rows", "of"], orient="row")


def _widened(name: str, tables: Tables) -> pl.DataFrame:
    """Give each row of a table what is known of its child and its referral."""
    frame = tables[name]
    if name in _REFERRAL:
        referrals = tables["ssd_cin_episodes"].unique("cine_referral_id", keep="first")
        frame = frame.join(referrals, left_on=_REFERRAL[name], right_on="cine_referral_id", how="left")
    if name == "ssd_cin_episodes":
        assessed = tables["ssd_cin_assessments"]["cina_referral_id"].drop_nulls().implode()
        frame = frame.with_columns(assessed=pl.col("cine_referral_id").is_in(assessed))
    if name in _PERSON:
        people = tables["ssd_person"].unique("pers_person_id", keep="first")
        frame = frame.join(people, left_on=_PERSON[name], right_on="pers_person_id", how="left")
    return frame


def orphans(tables: Tables) -> dict[tuple[str, str], int]:
    """Count references that lead nowhere, by table and column.

    A child who does not stand in `ssd_person` is one, and so is a referral that does not stand in
    `ssd_cin_episodes`.
    """
    people = tables["ssd_person"]["pers_person_id"].drop_nulls().implode()
    referrals = tables["ssd_cin_episodes"]["cine_referral_id"].drop_nulls().implode()
    return {
        (name, column): count
        for known, ends in ((people, "person_id"), (referrals, "referral_id"))
        for name, frame in tables.items()
        for column in frame.columns
        if column.endswith(ends) and not (name == "ssd_person" or column == "cine_referral_id")
        if (count := int((~frame[column].drop_nulls().is_in(known)).sum()))
    }
