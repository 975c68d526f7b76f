"""Which codes a code cell may hold; anything else is set aside, so that no free text becomes a feature.

Sources: the children in need census and the children looked-after (SSDA903) return, code sets of the
Department for Education (https://www.gov.uk/guidance/children-in-need-census,
https://www.gov.uk/guidance/children-looked-after-return). A set holds the codes of all years since 2017,
because an extract reaches over several.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


REFERRAL_SOURCE = _codes("1A 1B 1C 1D 2A 2B 3A 3B 3C 3D 3E 3F 4 5A 5B 5C 5D 6 7 8 9 10")
PRIMARY_NEED = _codes("N0 N1 N2 N3 N4 N5 N6 N7 N8 N9")
CLOSURE_REASON = _codes("RC1 RC2 RC3 RC4 RC5 RC6 RC7 RC8 RC9")
ASSESSMENT_FACTOR = _codes(
    "1A 1B 1C 2A 2B 2C 3A 3B 3C 4A 4B 4C 5A 5B 5C 6A 6B 6C 7A 8B 8C 8D 8E 8F 9A 10A 11A 12A 13A 14A 15A 16A "
    "17A 18A 18B 18C 19A 19B 19C 20 21 22A 23A 24A"
)
ABUSE_CATEGORY = _codes("NEG PHY SAB EMO MUL")
DISABILITY = _codes("NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA")
ETHNICITY = _codes(
    "WBRI WIRI WIRT WOTH WROM MWBC MWBA MWAS MOTH AIND APKN ABAN AOTH BCRB BAFR BOTH CHNE OOTH REFU NOBT"
)
SEX = _codes("M F U")
GENDER = _codes("0 1 2 9 00 01 02 09 M F U")
UPN_UNKNOWN = _codes("UN1 UN2 UN3 UN4 UN5 UN6 UN7")
LEGAL_STATUS = _codes("C1 C2 D1 E1 V2 V3 V4 L1 L2 L3 J1 J2 J3")
CARE_START_REASON = _codes("S L P T B U")
CARE_END_REASON = _codes(
    "X1 E11 E12 E2 E3 E4A E4B E13 E41 E43 E44 E45 E46 E47 E48 E5 E6 E7 E8 E9 E14 E15 E16 E17"
)
PLACEMENT_TYPE = _codes(
    "A3 A4 A5 A6 H5 K1 K2 K3 P1 P2 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U2 U3 U4 U5 U6 Z1 Z11 Z12 Z13 Z14"
)
PLACEMENT_PROVIDER = _codes("PR0 PR1 PR2 PR3 PR4 PR5")
PLACEMENT_CHANGE_REASON = _codes("CARPL CLOSE ALLEG STAND APPRR CREQB CREQO CHILD LAREQ PLACE CUSTOD OTHER")
MISSING_TYPE = _codes("M A")
WORKER_CHANGE_REASON = _codes("MANAGE FCONTA LEFTRL ORGRST TSPROC ABSENC CHCHAN PCCHAN SWDIED OTHERS")

CODE_SETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "pers_sex": SEX,
        "pers_gender": GENDER,
        "pers_ethnicity": ETHNICITY,
        "pers_upn_unknown": UPN_UNKNOWN,
        "disa_disability_code": DISABILITY,
        "cont_contact_source_code": REFERRAL_SOURCE,
        "cine_cin_primary_need_code": PRIMARY_NEED,
        "cine_referral_source_code": REFERRAL_SOURCE,
        "cine_close_reason": CLOSURE_REASON,
        "cinf_assessment_factors_json": ASSESSMENT_FACTOR,
        "cppl_cp_plan_initial_category": ABUSE_CATEGORY,
        "cppl_cp_plan_latest_category": ABUSE_CATEGORY,
        "clae_cla_episode_start_reason": CARE_START_REASON,
        "clae_cla_primary_need_code": PRIMARY_NEED,
        "clae_cla_episode_ceased_reason": CARE_END_REASON,
        "clap_cla_placement_type": PLACEMENT_TYPE,
        "clap_cla_placement_provider": PLACEMENT_PROVIDER,
        "clap_cla_placement_change_reason": PLACEMENT_CHANGE_REASON,
        "lega_legal_status": LEGAL_STATUS,
        "miss_missing_episode_type": MISSING_TYPE,
        "invo_worker_change_reason": WORKER_CHANGE_REASON,
    }
)
"""The code set of each standard column that has a national one."""

SEX_OF_GENDER: Mapping[str, str] = MappingProxyType({"1": "M", "2": "F", "0": "U", "9": "U"})
"""`GenderCurrent` (returns up to 2024) as the `Sex` that replaced it, so that years can be compared."""

SPELLINGS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "pers_sex": SEX_OF_GENDER,
        # The Standard Safeguarding Dataset's guidance spells Chinese this way.
        "pers_ethnicity": MappingProxyType({"CNHE": "CHNE"}),
    }
)
"""Other spellings of a code, by column, with the code that they stand for."""
