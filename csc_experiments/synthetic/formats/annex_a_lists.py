"""Lists 1 to 7 of Annex A: contacts, early help, referrals, assessments, enquiries, need and protection."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from csc_experiments.synthetic.formats.annex_a_labels import ABUSE, CLOSURE, NEED, SOURCE, YES_NO
from csc_experiments.synthetic.formats.annex_a_moment import Moment, count_in_year_before
from csc_experiments.synthetic.formats.invented import shares

_ORGANISATIONS = {
    "Early Help Service": 5,
    "Early Help Locality 1": 2,
    "Early Help Locality 2": 2,
    "Primary School": 1,
}
_BETWEEN_VISITS = 28
_EMERGENCIES = ("L1", "L2")
_ALONE = {"Y": 6, "N": 4}


def contacts(moment: Moment) -> pl.DataFrame:
    """Write the contacts of six months, a row for each child."""
    rows = moment.tables["ssd_contacts"].select(
        person="cont_person_id",
        **{
            "Date of Contact": pl.col("cont_contact_date"),
            "Contact Source": _labels("cont_contact_source_code", SOURCE, "10"),
        },
    )
    return moment.with_children(rows.filter(pl.col("Date of Contact") >= moment.half_year_ago))


def early_help(moment: Moment) -> pl.DataFrame:
    """Write the early help that was open at any time in six months."""
    rows = moment.tables["ssd_early_help_episodes"].select(
        key="earl_episode_id",
        person="earl_person_id",
        **{
            "Assessment start date": pl.col("earl_episode_start_date"),
            "Assessment completion date": pl.col("earl_episode_end_date"),
        },
    )
    rows = rows.filter(_not_over("Assessment completion date", moment))
    who = moment.drawn(
        rows, "key", "organisations", shares(list(_ORGANISATIONS), list(_ORGANISATIONS.values()))
    )
    return moment.with_children(rows.with_columns(who.alias("Organisation completing assessment")))


def referrals(moment: Moment) -> pl.DataFrame:
    """Write the referrals of six months, each with the number of those in the year before it."""
    every = moment.tables["ssd_cin_episodes"].select(
        key="cine_referral_id",
        person="cine_person_id",
        day="cine_referral_date",
        **{
            "Date of referral": pl.col("cine_referral_date"),
            "Referral Source": _labels("cine_referral_source_code", SOURCE, "10"),
            "Referral NFA?": _labels("cine_referral_nfa", YES_NO, "N"),
        },
    )
    rows = every.filter(pl.col("day") >= moment.half_year_ago)
    before = count_in_year_before(rows, every).alias("Number of Referrals in Last 12 Months")
    return moment.with_children(moment.with_workers(rows.with_columns(before), "key"))


def assessments(moment: Moment) -> pl.DataFrame:
    """Write the assessments that were open at any time in six months."""
    support = pl.when(pl.col("cina_assessment_outcome_nfa") == "N").then(pl.lit("Y")).otherwise(pl.lit("N"))
    rows = moment.tables["ssd_cin_assessments"].select(
        key=pl.coalesce("cina_referral_id", "cina_assessment_id"),
        person="cina_person_id",
        **{
            "Continuous Assessment Start Date": pl.col("cina_assessment_start_date"),
            "Child Seen During Continuous Assessment": _labels("cina_assessment_child_seen", YES_NO, "N"),
            "Continuous Assessment Date of Authorisation": pl.col("cina_assessment_auth_date"),
            "Was the child assessed as requiring LA children's social care support?": pl.when(
                pl.col("cina_assessment_auth_date").is_not_null()
            ).then(support.replace_strict(YES_NO)),
        },
    )
    rows = rows.filter(_not_over("Continuous Assessment Date of Authorisation", moment))
    return moment.with_children(moment.with_workers(rows, "key"))


def enquiries(moment: Moment) -> pl.DataFrame:
    """Write the section 47 enquiries that were open at any time in six months, with their conferences."""
    every = moment.tables["ssd_s47_enquiry"].select(
        enquiry="s47e_s47_enquiry_id",
        key=pl.coalesce("s47e_referral_id", "s47e_s47_enquiry_id"),
        person="s47e_person_id",
        day="s47e_s47_start_date",
        over="s47e_s47_end_date",
        nfa="s47e_s47_nfa",
    )
    held = moment.tables["ssd_initial_cp_conference"].select(
        enquiry="icpc_s47_enquiry_id",
        meeting="icpc_icpc_date",
        plan="icpc_icpc_outcome_cp_flag",
        conferred="icpc_person_id",
    )
    rows = every.filter(_not_over("over", moment)).join(
        held.drop_nulls("enquiry").unique("enquiry", keep="first", maintain_order=True),
        on="enquiry",
        how="left",
        maintain_order="left",
    )
    meetings = held.select(person="conferred", day="meeting")
    unnecessary = pl.when(pl.col("over").is_not_null()).then(_labels("nfa", YES_NO, "N"))
    rows = rows.with_columns(
        count_in_year_before(rows, every).alias("Number of Section 47 Enquiries in the last 12 months"),
        count_in_year_before(rows, meetings).alias("Number of ICPCs in the last 12 months"),
        pl.col("day").alias("Strategy discussion initiating Section 47 Enquiry Start Date"),
        unnecessary.alias("Was an Initial Child Protection Conference deemed unnecessary?"),
        pl.col("meeting").alias("Date of Initial Child Protection Conference"),
        pl.col("plan")
        .replace_strict(YES_NO, default=None, return_dtype=pl.String)
        .alias("Did the Initial Child Protection Conference Result in a Child Protection Plan"),
    )
    return moment.with_children(moment.with_workers(rows, "key"))


def children_in_need(moment: Moment) -> pl.DataFrame:
    """Write who was in need in six months, by the latest case of each; a referral alone is no service."""
    closed = pl.col("cine_close_date").is_not_null()
    rows = (
        moment.tables["ssd_cin_episodes"]
        .filter(_not_over("cine_close_date", moment) & pl.col("cine_referral_nfa").ne_missing("Y"))
        .sort("cine_referral_date", "cine_referral_id")
        .unique("cine_person_id", keep="last", maintain_order=True)
        .select(
            key="cine_referral_id",
            person="cine_person_id",
            begins="cine_referral_date",
            until=pl.col("cine_close_date").fill_null(moment.today),
            closed=closed,
            **{
                "CIN Start Date": pl.col("cine_referral_date"),
                "Primary Need Code": _labels("cine_cin_primary_need_code", NEED, "N0"),
                "CIN Closure Date": pl.col("cine_close_date"),
                "Reason for Closure": pl.col("cine_close_reason").replace_strict(
                    CLOSURE, default=None, return_dtype=pl.String
                ),
            },
        )
    )
    rows = rows.with_columns(_status(moment, rows).alias("Case Status"))
    rows = moment.with_day_before(rows, "key", "Date Child Was Last Seen", _BETWEEN_VISITS)
    return moment.with_children(moment.with_workers(rows, "key"))


def _status(moment: Moment, rows: pl.DataFrame) -> pl.Series:
    """Return what an open case is: the weightiest of the services that a child has today."""
    services = (
        ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_ceased_date", "a) Looked after child"),
        ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_end_date", "b) Child Protection plan"),
        ("ssd_cin_plans", "cinp_person_id", "cinp_cin_plan_end_date", "c) Child in need plan"),
        ("ssd_cin_assessments", "cina_person_id", "cina_assessment_auth_date", "d) Open assessment"),
    )
    status = pl.lit("c) Child in need plan")
    for name, person, ends, label in reversed(services):
        here = moment.tables[name].filter(pl.col(ends).is_null())[person]
        status = pl.when(pl.col("person").is_in(here.implode())).then(pl.lit(label)).otherwise(status)
    told = pl.when("closed").then(pl.lit("e) Closed episode")).otherwise(status)
    return rows.select(told).to_series()


def child_protection(moment: Moment) -> pl.DataFrame:
    """Write the child protection plans that ran at any time in six months, the latest of each child."""
    every = moment.tables["ssd_cp_plans"].sort("cppl_cp_plan_start_date", "cppl_cp_plan_id")
    latest_review = (
        moment.tables["ssd_cp_reviews"]
        .group_by("cppr_cp_plan_id")
        .agg(reviewed=pl.max("cppr_cp_review_date"))
    )
    earlier = (pl.int_range(pl.len()).over("cppl_person_id")).alias(
        "Number of Previous Child Protection Plans"
    )
    rows = (
        every.with_columns(earlier)
        .filter(_not_over("cppl_cp_plan_end_date", moment))
        .unique("cppl_person_id", keep="last", maintain_order=True)
        .join(
            latest_review,
            left_on="cppl_cp_plan_id",
            right_on="cppr_cp_plan_id",
            how="left",
            maintain_order="left",
        )
    )
    rows = rows.select(
        "Number of Previous Child Protection Plans",
        key=pl.coalesce("cppl_referral_id", "cppl_cp_plan_id"),
        person="cppl_person_id",
        begins="cppl_cp_plan_start_date",
        until=pl.col("cppl_cp_plan_end_date").fill_null(moment.today),
        **{
            "Child Protection Plan Start Date": pl.col("cppl_cp_plan_start_date"),
            "Initial Category of Abuse": _labels("cppl_cp_plan_initial_category", ABUSE, "MUL"),
            "Latest Category of Abuse": _labels("cppl_cp_plan_latest_category", ABUSE, "MUL"),
            "Date of latest review conference": pl.col("reviewed"),
            "Child Protection Plan End Date": pl.col("cppl_cp_plan_end_date"),
        },
    )
    return moment.with_children(moment.with_workers(_visited(moment, _emergencies(moment, rows)), "key"))


def _emergencies(moment: Moment, rows: pl.DataFrame) -> pl.DataFrame:
    """Add whether a child was under an emergency order or police protection in six months."""
    orders = moment.tables["ssd_legal_status"].filter(
        pl.col("lega_legal_status").is_in(_EMERGENCIES) & _not_over("lega_legal_status_end_date", moment)
    )["lega_person_id"]
    said = (
        pl.when(pl.col("person").is_in(orders.implode()))
        .then(pl.lit(YES_NO["Y"]))
        .otherwise(pl.lit(YES_NO["N"]))
    )
    return rows.with_columns(
        said.alias(
            "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)"
        )
    )


def _visited(moment: Moment, rows: pl.DataFrame) -> pl.DataFrame:
    rows = moment.with_day_before(rows, "key", "Date of the Last Statutory Visit", _BETWEEN_VISITS)
    alone = moment.drawn(rows, "key", "seen alone", shares(list(_ALONE), list(_ALONE.values())))
    seen = pl.when(pl.col("Date of the Last Statutory Visit").is_not_null()).then(
        alone.replace_strict(YES_NO)
    )
    return rows.with_columns(seen.alias("Was the Child Seen Alone?"))


def _not_over(ends: str, moment: Moment) -> pl.Expr:
    return pl.col(ends).is_null() | (pl.col(ends) >= moment.half_year_ago)


def _labels(column: str, labels: Mapping[str, str], unknown: str) -> pl.Expr:
    """Write codes with their labels; a code that is missing or has no label is the unknown one."""
    return pl.col(column).replace_strict(labels, default=labels[unknown], return_dtype=pl.String)
