"""An authority's records in the words of the children in need census."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from csc_experiments.seeds import seed_for

EXPECTED_WITHIN = 14
"""A birth comes at most this many days before or after the day on which it was expected."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a census can tell.

    Columns that are named as elements are written. `person` and `referral` say where a row belongs, and
    `finished` is the last day whose return it belongs to.

    Attributes
    ----------
    children : polars.DataFrame
        One row per child.
    details : polars.DataFrame
        One row per referral.
    modules : dict of str to polars.DataFrame
        By element, what stands inside a referral. The first column is the referral, the second the day on
        which the row begins.
    """

    children: pl.DataFrame
    details: pl.DataFrame
    modules: dict[str, pl.DataFrame]


def gather_facts(tables: Mapping[str, pl.DataFrame], seed: int) -> Facts:
    """Put the standard tables into the census's words, with all that is known today.

    Where a code is missing that every return must have, the code for "not known" stands.

    Parameters
    ----------
    tables : Mapping[str, polars.DataFrame]
        Standard tables; the documents are not used.
    seed : int
        0 or more; it decides by how far the expected day of a birth missed the birth.
    """
    modules = {
        "Assessments": _assessments(tables),
        "CINPlanDates": _cin_plans(tables["ssd_cin_plans"]),
        "Section47": _enquiries(tables),
        "ChildProtectionPlans": _protection_plans(tables),
    }
    return Facts(_children(tables, seed), _details(tables), modules)


def _children(tables: Mapping[str, pl.DataFrame], seed: int) -> pl.DataFrame:
    disabilities = (
        tables["ssd_disability"]
        .filter(pl.col("disa_disability_code") != "NONE")
        .group_by(person="disa_person_id")
        .agg(Disabilities=pl.col("disa_disability_code").unique().sort())
    )
    persons = tables["ssd_person"]
    expected = [
        birth
        and birth
        + timedelta(seed_for(seed, "expected", person) % (2 * EXPECTED_WITHIN + 1) - EXPECTED_WITHIN)
        for person, birth in persons.select("pers_person_id", "pers_dob").iter_rows()
    ]
    return (
        persons.select(
            person="pers_person_id",
            PersonBirthDate="pers_dob",
            ExpectedPersonBirthDate=pl.coalesce("pers_expected_dob", pl.Series(expected, dtype=pl.Date)),
            Sex=pl.col("pers_sex").fill_null("U"),
            PersonDeathDate="pers_death_date",
            Ethnicity=pl.col("pers_ethnicity").fill_null("NOBT"),
        )
        .join(disabilities, on="person", how="left")
        .with_columns(pl.col("Disabilities").fill_null(["NONE"]))
    )


def _details(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Write referrals; one with no further action belongs to the year of its referral alone."""
    nfa = (pl.col("cine_referral_nfa") == "Y").fill_null(value=False)
    moved_in = (
        tables["ssd_initial_cp_conference"]
        .filter(pl.col("icpc_s47_enquiry_id").is_null())
        .group_by(referral="icpc_referral_id")
        .agg(DateOfInitialCPC=pl.col("icpc_icpc_date").min())
    )
    return (
        tables["ssd_cin_episodes"]
        .select(
            referral="cine_referral_id",
            person="cine_person_id",
            CINreferralDate="cine_referral_date",
            ReferralSource=pl.col("cine_referral_source_code").fill_null("10"),
            PrimaryNeedCode=pl.coalesce("cine_cin_primary_need_code", pl.when(~nfa).then(pl.lit("N0"))),
            CINclosureDate="cine_close_date",
            ReasonForClosure="cine_close_reason",
            ReferralNFA=nfa.cast(pl.Int8).cast(pl.String),
            finished=pl.when(nfa).then("cine_referral_date").otherwise("cine_close_date"),
        )
        .join(moved_in, on="referral", how="left")
        .sort("person", "CINreferralDate", "referral")
    )


def _assessments(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Write assessments; "no factors" (21) stands only where it stands alone."""
    codes = pl.col("cinf_assessment_factors_json").str.json_decode(pl.List(pl.String))
    factors = (
        tables["ssd_assessment_factors"]
        .select(pl.col("cinf_assessment_id").alias("assessment"), code=codes)
        .explode("code")
        .drop_nulls()
        .unique(maintain_order=True)
        .filter((pl.col("code") != "21") | (pl.len().over("assessment") == 1))
        .group_by("assessment", maintain_order=True)
        .agg(FactorsIdentifiedAtAssessment="code")
    )
    return (
        tables["ssd_cin_assessments"]
        .select(
            referral="cina_referral_id",
            AssessmentActualStartDate="cina_assessment_start_date",
            AssessmentAuthorisationDate="cina_assessment_auth_date",
            assessment="cina_assessment_id",
            finished="cina_assessment_auth_date",
        )
        .join(factors, on="assessment", how="left")
        .sort("AssessmentActualStartDate", "assessment")
    )


def _cin_plans(plans: pl.DataFrame) -> pl.DataFrame:
    return plans.select(
        referral="cinp_referral_id",
        CINPlanStartDate="cinp_cin_plan_start_date",
        CINPlanEndDate="cinp_cin_plan_end_date",
        finished="cinp_cin_plan_end_date",
        plan="cinp_cin_plan_id",
    ).sort("CINPlanStartDate", "plan")


def _enquiries(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Write enquiries with their conferences: an enquiry with a conference ends on its day."""
    conferences = (
        tables["ssd_initial_cp_conference"]
        .drop_nulls(["icpc_s47_enquiry_id", "icpc_icpc_date"])
        .sort("icpc_icpc_date")
        .unique("icpc_s47_enquiry_id", keep="first", maintain_order=True)
        .select(
            enquiry="icpc_s47_enquiry_id",
            InitialCPCtarget="icpc_icpc_target_date",
            DateOfInitialCPC="icpc_icpc_date",
        )
    )
    return (
        tables["ssd_s47_enquiry"]
        .select(
            referral="s47e_referral_id",
            S47ActualStartDate="s47e_s47_start_date",
            ended="s47e_s47_end_date",
            enquiry="s47e_s47_enquiry_id",
        )
        .join(conferences, on="enquiry", how="left")
        .with_columns(finished=pl.coalesce("DateOfInitialCPC", "ended"))
        .sort("S47ActualStartDate", "enquiry")
    )


def _protection_plans(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Write plans with their reviews, and how many the child had before."""
    reviews = (
        tables["ssd_cp_reviews"]
        .drop_nulls("cppr_cp_review_date")
        .group_by(plan="cppr_cp_plan_id")
        .agg(Reviews=pl.col("cppr_cp_review_date").unique().sort())
    )
    return (
        tables["ssd_cp_plans"]
        .sort("cppl_cp_plan_start_date", "cppl_cp_plan_id")
        .select(
            referral="cppl_referral_id",
            CPPstartDate="cppl_cp_plan_start_date",
            CPPendDate="cppl_cp_plan_end_date",
            InitialCategoryOfAbuse="cppl_cp_plan_initial_category",
            LatestCategoryOfAbuse="cppl_cp_plan_latest_category",
            NumberOfPreviousCPP=pl.int_range(pl.len()).over("cppl_person_id"),
            finished="cppl_cp_plan_end_date",
            plan="cppl_cp_plan_id",
        )
        .join(reviews, on="plan", how="left")
    )
