"""What stands in the eleven lists of Ofsted's Annex A, and which standard tables it fills.

Source: Ofsted, Inspecting local authority children's services, Annex A
(https://www.gov.uk/government/publications/inspecting-local-authority-childrens-services-from-2018), in its
layouts since 2017. Authorities rename, reorder, drop and add columns, so a heading is known by the words that
it holds. Words are looked for in `csc_experiments.records.annex_a.sheets.plain_words` of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csc_experiments.records.annex_a.parts import START, AnnexList, Field, Part

LISTS_OF_CHILDREN = range(1, 11)
"""List 11 is of adopters."""


_CHILD = (
    Field(
        "child", "Child Unique ID",
        r"\b(?:child|childs|unique|person|client)\b.*\b(?:id|identifier|ref|reference)\b|childid",
    ),
    Field("sex", "Gender", r"^(?:childs? )?(?:gender|sex)\b"),
    Field("ethnicity", "Ethnicity", r"\bethnic"),
    Field("born", "Date of Birth", r"\bbirth\b|\bdob\b"),
    Field("age", "Age of Child (Years)", r"^age\b"),
    Field("disabled", "Does the Child have a Disability", r"\bdisab"),
)  # fmt: skip
_COMPLETED = r"\b(?:compl|end).*\bdate\b|\bdate\b.*\b(?:compl|end)"
_SOURCE = r"\bsource\b"
_NEED = r"\bprimary need|\bneed code|\bcategory of need"

LISTS: Mapping[int, AnnexList] = MappingProxyType(
    {
        1: AnnexList(
            "contacts",
            (
                *_CHILD,
                Field(START, "Date of Contact", r"\bdate\b.*\bcontact\b|\bcontact\b.*\bdate\b"),
                Field("source", "Contact Source", _SOURCE),
            ),
            (
                Part(
                    "ssd_contacts", "cont_person_id", "cont_contact_date",
                    # Two contacts on one day are two if they came from two places.
                    ids={"cont_contact_id": "C start source"},
                    cells={"cont_contact_source_code": "source"},
                ),
            ),
        ),
        2: AnnexList(
            "early help assessments",
            (
                *_CHILD,
                Field(START, "Assessment start date", r"\bstart"),
                Field("end", "Assessment completion date", _COMPLETED),
                Field("organisation", "Organisation completing assessment", r"\borganisation\b"),
            ),
            (
                Part(
                    "ssd_early_help_episodes", "earl_person_id", "earl_episode_start_date",
                    ids={"earl_episode_id": "E start"},
                    cells={"earl_episode_end_date": "end"},
                ),
            ),
        ),
        3: AnnexList(
            "referrals",
            (
                *_CHILD,
                Field(START, "Date of referral", r"\bdate\b.*\breferr|\breferral\b.*\bdate\b"),
                Field("source", "Referral Source", _SOURCE),
                Field("nfa", "Referral NFA?", r"\bnfa\b|\bno further action\b"),
                Field("referrals", "Number of Referrals in Last 12 Months", r"\bnumber of referrals\b"),
            ),
            (
                Part(
                    "ssd_cin_episodes", "cine_person_id", "cine_referral_date",
                    ids={"cine_referral_id": "R start"},
                    cells={"cine_referral_source_code": "source", "cine_referral_nfa": "nfa"},
                ),
            ),
        ),
        4: AnnexList(
            "assessments",
            (
                *_CHILD,
                Field(START, "Continuous Assessment Start Date", r"\bstart"),
                Field("seen", "Child Seen During Continuous Assessment", r"\bseen\b"),
                Field(
                    "end", "Continuous Assessment Date of Authorisation",
                    rf"\bauthori[sz]|{_COMPLETED}",
                ),
                Field(
                    "support", "Was the child assessed as requiring LA children's social care support?",
                    r"\brequir.*\bsupport\b",
                ),
            ),
            (
                Part(
                    "ssd_cin_assessments", "cina_person_id", "cina_assessment_start_date",
                    ids={"cina_assessment_id": "A start"},
                    cells={"cina_assessment_auth_date": "end", "cina_assessment_child_seen": "seen"},
                    opposite={"cina_assessment_outcome_nfa": "support"},
                ),
            ),
        ),
        5: AnnexList(
            "section 47 enquiries and conferences",
            (
                *_CHILD,
                Field(
                    START, "Strategy discussion initiating Section 47 Enquiry Start Date",
                    r"\bstart|\bdate\b.*\bstrategy\b|\bstrategy\b.*\bdate\b",
                ),
                Field(
                    "unnecessary", "Was an Initial Child Protection Conference deemed unnecessary?",
                    r"\bunnecessary\b",
                ),
                Field(
                    "conference", "Date of Initial Child Protection Conference",
                    r"\bdate\b.*\b(?:conference|icpc)\b|\b(?:conference|icpc)\b.*\bdate\b",
                ),
                Field(
                    "plan", "Did the Initial Child Protection Conference Result in a Child Protection Plan",
                    r"\bresult",
                ),
            ),
            (
                Part(
                    "ssd_s47_enquiry", "s47e_person_id", "s47e_s47_start_date",
                    ids={"s47e_s47_enquiry_id": "S start"},
                ),
                Part(
                    "ssd_initial_cp_conference", "icpc_person_id", "icpc_icpc_date",
                    ids={"icpc_icpc_id": "I conference", "icpc_s47_enquiry_id": "S start"},
                    cells={"icpc_icpc_outcome_cp_flag": "plan"},
                    since="conference",
                ),
            ),
        ),
        6: AnnexList(
            "children in need",
            (
                *_CHILD,
                Field(START, "CIN Start Date", r"\bstart"),
                Field("need", "Primary Need Code", _NEED),
                Field("seen", "Date Child Was Last Seen", r"\blast seen\b"),
                Field("end", "CIN Closure Date", r"\b(?:clos|end).*\bdate\b|\bdate\b.*\b(?:clos|end)"),
                Field("reason", "Reason for Closure", r"\breason\b"),
                Field("status", "Case Status", r"\bcase status\b"),
            ),
            (
                Part(
                    "ssd_cin_episodes", "cine_person_id", "cine_referral_date",
                    ids={"cine_referral_id": "R start"},
                    cells={
                        "cine_cin_primary_need_code": "need",
                        "cine_close_date": "end",
                        "cine_close_reason": "reason",
                    },
                ),
            ),
        ),
        7: AnnexList(
            "child protection plans",
            (
                *_CHILD,
                Field(START, "Child Protection Plan Start Date", r"\bstart"),
                Field("initial", "Initial Category of Abuse", r"\binitial\b.*\bcateg|\bcateg.*\binitial\b"),
                Field("latest", "Latest Category of Abuse", r"\b(?:latest|current)\b.*\bcateg"),
                Field("visit", "Date of the Last Statutory Visit", r"\bvisit\b"),
                Field("review", "Date of latest review conference", r"\breview\b"),
                Field("end", "Child Protection Plan End Date", r"\b(?:end|ended|ceased|closed|closure)\b"),
                Field("previous", "Number of Previous Child Protection Plans", r"\bnumber of previous\b"),
            ),
            (
                Part(
                    "ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date",
                    ids={"cppl_cp_plan_id": "P start"},
                    cells={
                        "cppl_cp_plan_end_date": "end",
                        "cppl_cp_plan_initial_category": "initial",
                        "cppl_cp_plan_latest_category": "latest",
                    },
                ),
                Part(
                    "ssd_cp_reviews", "cppr_person_id", "cppr_cp_review_date",
                    ids={"cppr_cp_review_id": "V review", "cppr_cp_plan_id": "P start"},
                    since="review",
                ),
            ),
        ),
        8: AnnexList(
            "children looked after",
            (
                *_CHILD,
                Field(
                    START, "Date Started to be Looked After",
                    r"\bstart.*\blooked after\b|\blooked after\b.*\bstart|\bbecame looked after\b",
                ),
                Field("need", "Child's Category of Need", _NEED),
                Field(
                    "legal_start", "Start date of current legal status",
                    r"\b(?:start|date)\b.*\blegal status\b|\blegal status\b.*\b(?:start|date)\b",
                ),
                Field("legal", "Child's Legal Status", r"^(?!.*\b(?:start|date)\b).*\blegal status\b"),
                Field("end", "Date Ceased to be Looked After", r"\bdate\b.*\bceased\b|\bceased\b.*\bdate\b"),
                Field("reason", "Reason Ceased to be Looked After", r"\breason\b.*\bceased\b"),
                Field(
                    "placed", "Start Date of Most Recent Placement",
                    r"\b(?:start|date)\b.*\bplacement\b|\bplacement\b.*\bstart",
                ),
                Field("type", "Placement Type", r"\bplacement type\b|\btype of placement\b"),
                Field("provider", "Placement Provider", r"\bprovider\b"),
            ),
            (
                Part(
                    "ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date",
                    ids={"clae_cla_episode_id": "L start", "clae_cla_id": "L start"},
                    cells={
                        "clae_entered_care_date": START,
                        "clae_cla_primary_need_code": "need",
                        "clae_cla_episode_ceased_date": "end",
                        "clae_cla_episode_ceased_reason": "reason",
                    },
                    # The list has the day on which the child came into care, not that of the latest episode.
                    fixed={"clae_cla_episode_start_reason": "S"},
                ),
                Part(
                    "ssd_legal_status", "lega_person_id", "lega_legal_status_start_date",
                    ids={"lega_legal_status_id": "G legal_start"},
                    cells={"lega_legal_status": "legal"},
                    since="legal_start",
                ),
                Part(
                    "ssd_cla_placement", "clap_person_id", "clap_cla_placement_start_date",
                    ids={"clap_cla_placement_id": "T placed", "clap_cla_id": "L start"},
                    cells={"clap_cla_placement_type": "type", "clap_cla_placement_provider": "provider"},
                    since="placed",
                ),
            ),
        ),
        9: AnnexList(
            "care leavers",
            (
                *_CHILD,
                Field("eligibility", "Eligibility Category", r"\beligib"),
                Field("touch", "LA in Touch", r"\bin touch\b"),
                Field("home", "Type of Accommodation", r"\btype of accommodation\b"),
                Field("activity", "Activity Status", r"\bactivity\b"),
            ),
        ),
        10: AnnexList(
            "children for adoption",
            (
                *_CHILD,
                Field(
                    "decided", "Date of Decision that Child Should be Placed for Adoption",
                    r"\bshould be placed\b",
                ),
                Field("ordered", "Date of Placement Order", r"\bplacement order\b"),
                Field("matched", "Date of Matching Child and Prospective Adopters", r"\bmatching\b"),
                Field("placed", "Date Placed for Adoption", r"\bdate placed for adoption\b"),
            ),
        ),
        11: AnnexList(
            "prospective adopters",
            (
                Field("child", "Individual adopter identifier", r"\badopter\b.*\b(?:id|identifier)\b"),
                Field("enquiry", "Date enquiry received", r"\benquiry\b"),
                Field("began", "Date Stage 1 started", r"\bstage 1 start"),
                Field("approved", "Date application approved", r"\bapproved\b"),
            ),
        ),
    }
)  # fmt: skip
"""The lists by number."""
