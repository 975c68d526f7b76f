"""Which events a row of each standard table stands for, and when the authority knew of them.

A rule never invents knowledge. Where an extract holds only the latest value of a field that may have been
changed later (the primary need of a referral, say), the value counts as known only once the spell that it
belongs to has ended.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from csc_experiments.records.codes import ASSESSMENT_FACTOR, CODE_SETS


@dataclass(frozen=True, slots=True)
class EventRule:
    """One event for each row of a table in which `time` is not null.

    Attributes
    ----------
    table : str
        A standard table.
    person : str
        The column that holds the child.
    code : str
        The code, a path of parts joined by `//`.
    time : str
        The column that holds when it happened.
    known : str
        The column that holds when it was known; where null, the extract's own date.
    part : str, optional
        A code column that is appended to `code`; rows in which it is null have no such event.
    where : tuple of str, optional
        A flag column and the value (Y or N) that it must have.
    beside : str, optional
        Another standard table without which no row of `table` can be told to be such an event.
    """

    table: str
    person: str
    code: str
    time: str
    known: str
    part: str | None = None
    where: tuple[str, str] | None = None
    beside: str | None = None


def _spell(table: str, person: str, code: str, start: str, end: str) -> tuple[EventRule, EventRule]:
    return (
        EventRule(table, person, f"{code}//START", start, start),
        EventRule(table, person, f"{code}//END", end, end),
    )


_REFERRAL = ("ssd_cin_episodes", "cine_person_id")
_REFERRED, _CLOSED = "cine_referral_date", "cine_close_date"
_ASSESSMENT, _AUTHORISED = ("ssd_cin_assessments", "cina_person_id"), "cina_assessment_auth_date"
_CARE = ("ssd_cla_episodes", "clae_person_id")
_PLACEMENT = ("ssd_cla_placement", "clap_person_id")

RULES: tuple[EventRule, ...] = (
    EventRule("ssd_contacts", "cont_person_id", "CONTACT//START", "cont_contact_date", "cont_contact_date"),
    EventRule(
        "ssd_contacts",
        "cont_person_id",
        "CONTACT//SOURCE",
        "cont_contact_date",
        "cont_contact_date",
        part="cont_contact_source_code",
    ),
    EventRule(
        "ssd_contacts",
        "cont_person_id",
        "CONTACT//NFA",
        "cont_contact_date",
        "cont_contact_date",
        where=("contact_nfa", "Y"),
    ),
    *_spell(
        "ssd_early_help_episodes",
        "earl_person_id",
        "EARLY_HELP",
        "earl_episode_start_date",
        "earl_episode_end_date",
    ),
    EventRule(*_REFERRAL, "REFERRAL//START", _REFERRED, _REFERRED),
    EventRule(*_REFERRAL, "REFERRAL//SOURCE", _REFERRED, _REFERRED, part="cine_referral_source_code"),
    EventRule(*_REFERRAL, "REFERRAL//NEED", _REFERRED, _CLOSED, part="cine_cin_primary_need_code"),
    EventRule(*_REFERRAL, "REFERRAL//NFA", "nfa_date", "nfa_date", where=("cine_referral_nfa", "Y")),
    EventRule(*_REFERRAL, "REFERRAL//CLOSE", _CLOSED, _CLOSED, part="cine_close_reason"),
    EventRule(*_REFERRAL, "REFERRAL//END", "end_date", "end_date"),
    EventRule(*_ASSESSMENT, "ASSESSMENT//START", "cina_assessment_start_date", "cina_assessment_start_date"),
    EventRule(*_ASSESSMENT, "ASSESSMENT//AUTHORISED", _AUTHORISED, _AUTHORISED),
    EventRule(
        *_ASSESSMENT, "ASSESSMENT//NFA", _AUTHORISED, _AUTHORISED, where=("cina_assessment_outcome_nfa", "Y")
    ),
    EventRule(
        "ssd_assessment_factors",
        "cina_person_id",
        "FACTOR",
        _AUTHORISED,
        _AUTHORISED,
        part="factor",
        beside="ssd_cin_assessments",
    ),
    *_spell(
        "ssd_cin_plans", "cinp_person_id", "CIN_PLAN", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date"
    ),
    *_spell("ssd_s47_enquiry", "s47e_person_id", "S47", "s47e_s47_start_date", "s47e_s47_end_date"),
    EventRule(
        "ssd_initial_cp_conference", "icpc_person_id", "ICPC//HELD", "icpc_icpc_date", "icpc_icpc_date"
    ),
    *_spell("ssd_cp_plans", "cppl_person_id", "CP_PLAN", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"),
    EventRule(
        "ssd_cp_plans",
        "cppl_person_id",
        "CP_PLAN//CATEGORY",
        "cppl_cp_plan_start_date",
        "cppl_cp_plan_start_date",
        part="cppl_cp_plan_initial_category",
    ),
    EventRule(
        "ssd_cp_reviews", "cppr_person_id", "CP_REVIEW//HELD", "cppr_cp_review_date", "cppr_cp_review_date"
    ),
    EventRule(*_CARE, "CLA//START", "care_start", "care_start"),
    EventRule(*_CARE, "CLA//END", "care_end", "care_end"),
    EventRule(*_CARE, "CLA//CEASED", "care_end", "care_end", part="clae_cla_episode_ceased_reason"),
    EventRule(
        *_CARE, "CLA//SHORT_BREAK", "short_break_start", "short_break_start", beside="ssd_legal_status"
    ),
    EventRule(*_PLACEMENT, "PLACEMENT//START", "placement_start", "placement_start"),
    EventRule(*_PLACEMENT, "PLACEMENT//TEMPORARY", "temporary_start", "temporary_start"),
    EventRule(
        "ssd_legal_status",
        "lega_person_id",
        "LEGAL_STATUS",
        "lega_legal_status_start_date",
        "lega_legal_status_start_date",
        part="lega_legal_status",
    ),
    *_spell(
        "ssd_involvements",
        "invo_person_id",
        "INVOLVEMENT",
        "invo_involvement_start_date",
        "invo_involvement_end_date",
    ),
    EventRule(
        "ssd_missing",
        "miss_person_id",
        "MISSING//START",
        "miss_missing_episode_start_date",
        "miss_missing_episode_start_date",
    ),
)
"""Every rule. Codes follow https://medical-event-data-standard.github.io (paths joined by `//`)."""

BIRTH, DEATH, DISABILITY = "MEDS_BIRTH", "MEDS_DEATH", "DISABILITY"
_SOURCES: tuple[tuple[str, frozenset[str]], ...] = (
    *((rule.code, frozenset({rule.table, rule.beside or rule.table})) for rule in RULES),
    *((code, frozenset({"ssd_person"})) for code in (BIRTH, DEATH)),
)
PLAIN_CODES: frozenset[str] = frozenset(code for code, _ in _SOURCES)
"""Every code that standard tables tell of, without the part that a code column adds."""


def code_set(column: str) -> frozenset[str]:
    """Return the codes that a part of a code may have."""
    return ASSESSMENT_FACTOR if column == "factor" else CODE_SETS[column]


STANDARD_CODES: frozenset[str] = frozenset(
    code
    for rule in RULES
    for code in ([f"{rule.code}//{part}" for part in code_set(rule.part)] if rule.part else [rule.code])
)
"""Every dated code that standard tables tell of, whole: of the words of the project and of code sets."""


def missing_tables(code: str, filled: AbstractSet[str]) -> tuple[str, ...]:
    """Name the tables for want of which a history cannot hold a code.

    Parameters
    ----------
    code : str
        A code, its beginning, or one that goes on with a part.
    filled : set of str
        The standard tables that have rows.

    Returns
    -------
    tuple of str
        Sorted; empty if any rule for the code, or for one that it begins, has all the tables that it needs.

    Examples
    --------
    >>> missing_tables("REFERRAL//CLOSE//RC8", {"ssd_cin_episodes"})
    ()
    >>> missing_tables("FACTOR//3B", {"ssd_assessment_factors"})
    ('ssd_cin_assessments',)
    """
    needed = [
        tables
        for plain, tables in _SOURCES
        if f"{plain}//".startswith(f"{code}//") or f"{code}//".startswith(f"{plain}//")
    ]
    if any(tables <= filled for tables in needed):
        return ()
    return tuple(sorted(frozenset().union(*needed) - filled))
