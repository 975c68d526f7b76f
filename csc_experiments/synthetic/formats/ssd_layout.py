"""The Standard Safeguarding Dataset with all its columns, and how systems spell what is in them.

Source: Data to Insight, Standard Safeguarding Dataset, https://data-to-insight.github.io/ssd-data-model/, and
the extracts that are published with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from csc_experiments.records import TABLES
from csc_experiments.records.tables import Kind
from csc_experiments.synthetic.choices import System
from csc_experiments.synthetic.formats.annex_a_labels import SOURCE
from csc_experiments.synthetic.formats.invented import (
    draw_for,
    postcodes,
    provider_numbers,
    teams,
    worker_numbers,
)
from csc_experiments.synthetic.formats.looked_after import care_episodes

# Columns that the project does not use, which stand in an extract all the same: after which column, and what.
_OTHERS = {
    "ssd_person": (
        "pers_forename pers_surname pers_common_child_id pers_legacy_id pers_send_flag pers_is_mother "
        "pers_nationality"
    ),
    "ssd_contacts": "cont_contact_source_desc",
    "ssd_early_help_episodes": "earl_episode_organisation earl_episode_worker_id",
    "ssd_cin_episodes": "cine_referral_source_desc cine_referral_team cine_referral_worker_id",
    "ssd_cin_assessments": "cina_assessment_outcome_json cina_assessment_team cina_assessment_worker_id",
    "ssd_cin_plans": "cinp_cin_plan_team cinp_cin_plan_worker_id",
    "ssd_s47_enquiry": ("s47e_s47_outcome_json s47e_s47_completed_by_worker_id s47e_s47_completed_by_team"),
    "ssd_initial_cp_conference": (
        "icpc_icpc_meeting_id icpc_cp_plan_id icpc_icpc_outcome_json icpc_icpc_team icpc_icpc_worker_id"
    ),
    "ssd_cp_plans": "cppl_cp_plan_ola",
    "ssd_cp_reviews": (
        "cppr_cp_review_due cppr_cp_review_meeting_id cppr_cp_review_outcome_continue_cp "
        "cppr_cp_review_quorate cppr_cp_review_participation"
    ),
    "ssd_cla_episodes": "clae_cla_placement_id clae_cla_last_iro_contact_date",
    "ssd_cla_placement": "clap_cla_placement_urn clap_cla_placement_distance clap_cla_placement_postcode",
    "ssd_missing": "miss_missing_rhi_offered miss_missing_rhi_accepted",
    "ssd_involvements": "invo_professional_id invo_professional_role_id invo_professional_team",
}
_REFERRALS = {
    "ssd_cin_episodes": "cine_referral_id",
    "ssd_cin_assessments": "cina_referral_id",
    "ssd_cin_plans": "cinp_referral_id",
    "ssd_s47_enquiry": "s47e_referral_id",
    "ssd_initial_cp_conference": "icpc_referral_id",
    "ssd_early_help_episodes": "earl_episode_id",
    "ssd_involvements": "invo_involvements_id",
}
_NO_FLAGS = {
    "cont_contact_outcome_json": (
        "CP_ENQUIRY_FLAG", "NON_AGENCY_ADOPTION_FLAG", "PRIVATE_FOSTERING_FLAG", "MISSING_FLAG",
        "OLA_CP_FLAG",
        "OTHER_OUTCOMES_EXIST_FLAG",
    ),
    "cine_referral_outcome_json": (
        "CLA_REQUEST_FLAG", "NON_AGENCY_ADOPTION_FLAG", "PRIVATE_FOSTERING_FLAG", "CP_TRANSFER_IN_FLAG",
        "CP_CONFERENCE_FLAG", "CARE_LEAVER_FLAG", "OTHER_OUTCOMES_EXIST_FLAG",
    ),
}  # fmt: skip
"""Flags that extracts write too; blank where the system was never asked."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How a case management system's extract spells things.

    Attributes
    ----------
    header : callable
        Writes the name of a column.
    dates : str
        Format of a date in a text file.
    nothing : str
        What an empty cell holds in a text file.
    flags : Mapping[str, str]
        How Y and N are written.
    outcomes, factors : callable
        Write a cell of outcomes (with the name of its column) or of assessment factors anew.
    moments : bool
        Whether typed files and databases keep dates as date-times at midnight.
    """

    header: Callable[[str], str]
    dates: str
    nothing: str
    flags: Mapping[str, str]
    outcomes: Callable[[str, str], str]
    factors: Callable[[str], str]
    moments: bool


def _every_flag(cell: str, column: str) -> str:
    """Write every flag that the extract knows, how many outcomes there were, and an empty comment."""
    said = json.loads(cell)
    blank = dict.fromkeys(_NO_FLAGS.get(column, ()), "")
    count = sum(flag == "Y" for flag in said.values())
    return json.dumps({**said, **blank, "NUMBER_OF_OUTCOMES": count, "COMMENTS": ""})


def _as_said(cell: str, _column: str) -> str:
    return json.dumps(json.loads(cell), separators=(",", ":"))


def _as_list(cell: str) -> str:
    return json.dumps(json.loads(cell))


def _as_answers(cell: str) -> str:
    return json.dumps(dict.fromkeys(json.loads(cell), "Yes"))


_YN = MappingProxyType({"Y": "Y", "N": "N"})
HABITS: Mapping[System, Habit] = MappingProxyType(
    {
        System.SYSTEM_C: Habit(
            str.lower, "%Y-%m-%d 00:00:00.000", "NULL", _YN, _every_flag, _as_list, moments=True
        ),
        System.MOSAIC: Habit(
            str.upper, "%d/%m/%Y", "", MappingProxyType({"Y": "Yes", "N": "No"}), _as_said, _as_answers,
            moments=False,
        ),
        System.ECLIPSE: Habit(
            str.lower, "%Y-%m-%d", "", MappingProxyType({"Y": "true", "N": "false"}), _every_flag, _as_list,
            moments=False,
        ),
    }
)  # fmt: skip
"""Habits of extracts from the three systems that most authorities have."""


def spelt_tables(tables: Mapping[str, pl.DataFrame], habit: Habit, seed: int) -> dict[str, pl.DataFrame]:
    """Return the tables with all their columns, flags and JSON spelt by a habit; dates stay dates."""
    carers = dict(care_episodes(tables).select("placement", "carer").unique().drop_nulls().iter_rows())
    return {
        name: _with_others(name, tables[name].with_columns(_spelt(tables[name], habit)), carers, seed)
        for name in TABLES
    }


def _spelt(frame: pl.DataFrame, habit: Habit) -> list[pl.Expr]:
    kinds = {column: kind for table in TABLES.values() for column, kind in table.columns.items()}
    flags = [pl.col(name).replace(habit.flags) for name in frame.columns if kinds.get(name) is Kind.FLAG]
    cells = [name for name in frame.columns if kinds.get(name) is Kind.JSON]
    return [*flags, *(pl.col(name).replace(_rewritten(frame[name], habit)) for name in cells)]


def _rewritten(cells: pl.Series, habit: Habit) -> dict[str, str]:
    distinct = cells.drop_nulls().unique(maintain_order=True).to_list()
    if cells.name == "cinf_assessment_factors_json":
        return {cell: habit.factors(cell) for cell in distinct}
    return {cell: habit.outcomes(cell, cells.name) for cell in distinct}


def _with_others(name: str, frame: pl.DataFrame, carers: Mapping[str, str], seed: int) -> pl.DataFrame:
    """Add the columns that the project does not use: some drawn, names of people never."""
    others = [column for column in _OTHERS.get(name, "").split() if column not in frame.columns]
    drawn = _drawn(name, frame, carers, seed)
    return frame.with_columns(drawn.get(column, pl.lit(None, pl.String)).alias(column) for column in others)


def _drawn(
    name: str, frame: pl.DataFrame, carers: Mapping[str, str], seed: int
) -> dict[str, pl.Series | pl.Expr]:
    found: dict[str, pl.Series | pl.Expr] = {}
    if name in _REFERRALS:
        key = frame[_REFERRALS[name]]
        workers = draw_for(key, seed, "social workers", worker_numbers)
        units = draw_for(key, seed, "annex a teams", teams)
        for column in _OTHERS[name].split():
            if column.endswith(("worker_id", "professional_id")):
                found[column] = workers
            elif column.endswith("team"):
                found[column] = units
    if name == "ssd_cla_placement":
        key = frame["clap_cla_placement_id"].replace(carers)
        found["clap_cla_placement_postcode"] = draw_for(key, seed, "placement postcodes", postcodes)
        found["clap_cla_placement_urn"] = draw_for(key, seed, "provider numbers", provider_numbers)
    for column, code in (
        ("cont_contact_source_desc", "cont_contact_source_code"),
        ("cine_referral_source_desc", "cine_referral_source_code"),
    ):
        if code in frame.columns:
            labels = {source: label.split(": ")[-1] for source, label in SOURCE.items()}
            found[column] = pl.col(code).replace_strict(labels, default=None, return_dtype=pl.String)
    return found
