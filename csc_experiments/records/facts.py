"""Which columns tell one fact from another, which lead to another row, and which are known at once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
