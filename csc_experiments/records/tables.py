"""The standard tables: which columns each has, and of what kind.

Names are those of the Standard Safeguarding Dataset (Data to Insight,
https://data-to-insight.github.io/ssd-data-model/), unchanged, plus two tables of ours: `documents`, and
`events` for what somebody else gives as events (https://medical-event-data-standard.github.io).
Only the columns that the project uses are listed; an extract may hold more, and they are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import polars as pl


class Kind(StrEnum):
    """What a column holds, and so how it is read and what may be shown of it."""

    ID = "id"
    CODE = "code"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    FLAG = "flag"
    JSON = "json"
    TEXT = "text"


_TYPES: Mapping[Kind, pl.DataType] = MappingProxyType(
    {Kind.DATE: pl.Date(), Kind.TIME: pl.Datetime("us"), Kind.NUMBER: pl.Float32()}
)
"""How a kind is stored; every other is text."""


@dataclass(frozen=True, slots=True)
class Table:
    """One standard table.

    Attributes
    ----------
    name : str
        As in the Standard Safeguarding Dataset.
    columns : Mapping[str, Kind]
        Every column that may be used, in order.
    required : frozenset[str]
        Columns without which the table cannot be used.
    """

    name: str
    columns: Mapping[str, Kind]
    required: frozenset[str]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Column names with the types that they have in a records folder."""
        return {column: _TYPES.get(kind, pl.String()) for column, kind in self.columns.items()}


def _table(name: str, columns: str) -> Table:
    """Read a table from `name:kind` words; a star marks a required column."""
    kinds: dict[str, Kind] = {}
    required: set[str] = set()
    for word in columns.split():
        column, kind = word.rstrip("*").split(":")
        kinds[column] = Kind(kind)
        if word.endswith("*"):
            required.add(column)
    return Table(name, MappingProxyType(kinds), frozenset(required))


_ALL = (
    _table(
        "ssd_person",
        "pers_person_id:id* pers_sex:code pers_gender:code pers_ethnicity:code pers_dob:date* "
        "pers_expected_dob:date pers_death_date:date pers_upn_unknown:code",
    ),
    _table("ssd_family", "fami_table_id:id fami_family_id:id* fami_person_id:id*"),
    _table("ssd_disability", "disa_table_id:id disa_person_id:id* disa_disability_code:code*"),
    _table(
        "ssd_contacts",
        "cont_contact_id:id* cont_person_id:id* cont_contact_date:date* cont_contact_source_code:code "
        "cont_contact_outcome_json:json",
    ),
    _table(
        "ssd_early_help_episodes",
        "earl_episode_id:id* earl_person_id:id* earl_episode_start_date:date* earl_episode_end_date:date "
        "earl_episode_reason:code earl_episode_end_reason:code",
    ),
    _table(
        "ssd_cin_episodes",
        "cine_referral_id:id* cine_person_id:id* cine_referral_date:date* cine_cin_primary_need_code:code "
        "cine_referral_source_code:code cine_referral_outcome_json:json cine_referral_nfa:flag "
        "cine_close_reason:code cine_close_date:date",
    ),
    _table(
        "ssd_cin_assessments",
        "cina_assessment_id:id* cina_person_id:id* cina_referral_id:id cina_assessment_start_date:date* "
        "cina_assessment_child_seen:flag cina_assessment_auth_date:date cina_assessment_outcome_nfa:flag",
    ),
    _table(
        "ssd_assessment_factors",
        "cinf_table_id:id cinf_assessment_id:id* cinf_assessment_factors_json:json*",
    ),
    _table(
        "ssd_cin_plans",
        "cinp_cin_plan_id:id* cinp_referral_id:id cinp_person_id:id* cinp_cin_plan_start_date:date* "
        "cinp_cin_plan_end_date:date",
    ),
    _table(
        "ssd_s47_enquiry",
        "s47e_s47_enquiry_id:id* s47e_referral_id:id s47e_person_id:id* s47e_s47_start_date:date* "
        "s47e_s47_end_date:date s47e_s47_nfa:flag",
    ),
    _table(
        "ssd_initial_cp_conference",
        "icpc_icpc_id:id* icpc_s47_enquiry_id:id icpc_person_id:id* icpc_referral_id:id "
        "icpc_icpc_transfer_in:flag icpc_icpc_target_date:date icpc_icpc_date:date "
        "icpc_icpc_outcome_cp_flag:flag",
    ),
    _table(
        "ssd_cp_plans",
        "cppl_cp_plan_id:id* cppl_referral_id:id cppl_icpc_id:id cppl_person_id:id* "
        "cppl_cp_plan_start_date:date* cppl_cp_plan_end_date:date cppl_cp_plan_initial_category:code "
        "cppl_cp_plan_latest_category:code",
    ),
    _table(
        "ssd_cp_reviews",
        "cppr_cp_review_id:id* cppr_person_id:id* cppr_cp_plan_id:id cppr_cp_review_date:date",
    ),
    _table(
        "ssd_cla_episodes",
        "clae_cla_episode_id:id* clae_person_id:id* clae_cla_episode_start_date:date* "
        "clae_cla_episode_start_reason:code clae_cla_primary_need_code:code "
        "clae_cla_episode_ceased_date:date clae_cla_episode_ceased_reason:code clae_cla_id:id "
        "clae_referral_id:id clae_entered_care_date:date",
    ),
    _table(
        "ssd_cla_placement",
        "clap_cla_placement_id:id* clap_cla_id:id clap_person_id:id* clap_cla_placement_start_date:date* "
        "clap_cla_placement_type:code clap_cla_placement_provider:code clap_cla_placement_end_date:date "
        "clap_cla_placement_change_reason:code",
    ),
    _table(
        "ssd_legal_status",
        "lega_legal_status_id:id* lega_person_id:id* lega_legal_status:code* "
        "lega_legal_status_start_date:date* lega_legal_status_end_date:date",
    ),
    _table(
        "ssd_missing",
        "miss_table_id:id* miss_person_id:id* miss_missing_episode_start_date:date* "
        "miss_missing_episode_type:code miss_missing_episode_end_date:date",
    ),
    _table(
        "ssd_involvements",
        "invo_involvements_id:id* invo_person_id:id* invo_referral_id:id invo_involvement_start_date:date* "
        "invo_involvement_end_date:date invo_worker_change_reason:code",
    ),
    _table(
        "documents",
        "document_id:id* person_id:id* referral_id:id document_type:code* authored_date:date* "
        "recorded_date:date text:text*",
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _ALL})
"""Every standard table by name."""
EVENTS = _table(
    "events",
    "person_id:id* time:time* code:code* numeric_value:number text_value:text known_time:time",
)
"""Somebody else's events, in no national code set; a row without a time tells of something that lasts."""
RECORD_TABLES: Mapping[str, Table] = MappingProxyType({**TABLES, EVENTS.name: EVENTS})
"""Every table that a records folder may hold: the standard ones, and `events`."""
