"""Lists 8 and 9 of Annex A: children looked after and care leavers."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from csc_experiments.synthetic.formats.annex_a_labels import (
    ACCOMMODATION,
    ACTIVITY,
    CEASED,
    LEGAL,
    NEED,
    PERMANENCE,
    PLACEMENT,
    PROVIDER,
    SECOND_PERIOD,
    YES_NO,
)
from csc_experiments.synthetic.formats.annex_a_moment import Moment
from csc_experiments.synthetic.formats.invented import (
    draw_for,
    postcodes,
    provider_numbers,
    shares,
    worker_names,
)
from csc_experiments.synthetic.formats.looked_after import care_episodes, care_periods
from csc_experiments.synthetic.formats.ssda903_layouts import numbered_in_year

_ELSEWHERE = "893"
"""The number of another authority; it too has been abolished."""
_SHARE_ELSEWHERE = 0.35
_ALONE = "N8"
"""The need of children who came to the country alone."""
_DAYS_OF_LEAVERS = 91


def children_looked_after(moment: Moment) -> pl.DataFrame:
    """Write who is looked after, or ceased to be in six months; the latest period of each child."""
    periods = care_periods(moment.tables)
    rows = (
        periods.filter(pl.col("end").is_null() | (pl.col("end") >= moment.half_year_ago))
        .unique("person", keep="last", maintain_order=True)
        .join(_latest_episodes(moment), on="period", how="left", maintain_order="left")
        .with_columns(begins="start", until=pl.col("end").fill_null(moment.today))
    )
    for name, days in {
        "Date of Latest Statutory Review": 180,
        "Date of Last Social Work Visit": 42,
        "Date of Last IRO Visit / Contact to the Child": 90,
        "Date of Last Health Assessment": 360,
        "Date of Last Dental Check": 300,
    }.items():
        rows = moment.with_day_before(rows, "period", name, days)
    rows = _placed(moment, _absences(moment, rows))
    again = periods.filter(pl.col("end") >= moment.year_ago).select("person", earlier="period")
    second = rows.join(again, on="person").filter(pl.col("period") != pl.col("earlier"))["period"]
    plan = moment.drawn(rows, "period", "permanence", shares(PERMANENCE, (20, 8, 15, 8, 10, 35, 4)))
    told = rows.with_columns(
        yes_no(pl.col("need") == _ALONE).alias(
            "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)"
        ),
        pl.col("start").alias("Date Started to be Looked After"),
        pl.col("need").replace_strict(NEED, default=NEED["N0"]).alias("Child's Category of Need"),
        yes_no(pl.col("period").is_in(second.implode())).alias(SECOND_PERIOD),
        plan.alias("What is the permanence plan for this child?"),
        pl.col("end").alias("Date Ceased to be Looked After"),
        _label("ceased", CEASED).alias("Reason Ceased to be Looked After"),
    )
    return moment.with_children(moment.with_workers(told.drop("born"), "period"))


def _latest_episodes(moment: Moment) -> pl.DataFrame:
    """Return where each child lives, or lived last, and under which legal status."""
    episodes = care_episodes(moment.tables)
    placed = episodes.filter(
        pl.col("placement").ne_missing(pl.col("placement").shift(1).over("period")) | (pl.col("why") == "S")
    )
    status = episodes.filter(
        pl.col("legal").ne_missing(pl.col("legal").shift(1).over("period")) | (pl.col("why") == "S")
    )
    recent = pl.col("ends").is_null() | (pl.col("ends") >= moment.year_ago)
    counts = placed.filter(recent).group_by("period").len("placements")
    latest = {
        "legal": status.group_by("period").agg(pl.last("legal"), legal_from=pl.last("begins")),
        "place": placed.group_by("period").agg(
            pl.last("placement", "carer", "type", "provider"), placed_from=pl.last("begins")
        ),
    }
    return latest["legal"].join(latest["place"], on="period").join(counts, on="period", how="left")


def _placed(moment: Moment, rows: pl.DataFrame) -> pl.DataFrame:
    """Add the placement; its postcode and number are those of the children looked-after return."""
    where = moment.drawn(
        rows, "placement", "elsewhere", shares(("b) Out", "a) In"), (_SHARE_ELSEWHERE, 1 - _SHARE_ELSEWHERE))
    )
    number = draw_for(rows["carer"], moment.seed, "provider numbers", provider_numbers)
    postcode = draw_for(rows["carer"], moment.seed, "placement postcodes", postcodes)
    collection = moment.today.year + (moment.today.month > 3)  # noqa: PLR2004 - from April on, next March's
    registered = pl.col("type").is_in(sorted(numbered_in_year(collection)))
    own = pl.lit(where) == "a) In"
    return rows.with_columns(
        pl.col("legal_from").alias("Start date of current legal status"),
        _label("legal", LEGAL).alias("Child's Legal Status"),
        pl.col("placements").fill_null(0).cast(pl.Int64).alias("Number of Placements in the Last 12 months"),
        pl.col("placed_from").alias("Start Date of Most Recent Placement"),
        _label("type", PLACEMENT).alias("Placement Type"),
        _label("provider", PROVIDER).alias("Placement Provider"),
        postcode.alias("Placement postcode"),
        pl.when(registered).then(number).alias("URN of Placement"),
        where.alias("Placement Location"),
        pl.when(own).then(pl.lit(moment.authority)).otherwise(pl.lit(_ELSEWHERE)).alias("LA of Placement"),
    )


def _absences(moment: Moment, rows: pl.DataFrame) -> pl.DataFrame:
    """Add how often a child went missing or was absent, and what followed the last time missing."""
    year = moment.tables["ssd_missing"].filter(pl.col("miss_missing_episode_start_date") >= moment.year_ago)
    kinds = (("M", "'Missing'"), ("A", "'Absent'"))
    for code, name in kinds:
        counts = (
            year.filter(pl.col("miss_missing_episode_type") == code)
            .group_by(person="miss_person_id")
            .len(code)
        )
        rows = rows.join(counts, on="person", how="left", maintain_order="left").with_columns(
            pl.col(code)
            .fill_null(0)
            .cast(pl.Int64)
            .alias(f"Number of Episodes the Child has been {name} from their Placement in the last 12 months")
        )
    went = pl.col("M").is_not_null()
    offered = moment.drawn(rows, "period", "interview offered", shares(("Y", "N"), (85, 15)))
    accepted = moment.drawn(rows, "period", "interview accepted", shares(("Y", "N"), (60, 40)))
    return rows.with_columns(
        pl.when(went)
        .then(offered.replace_strict(YES_NO))
        .alias("Was the child offered a Return Interview after their last missing episode (Y/N)?"),
        pl.when(went & (pl.lit(offered) == "Y"))
        .then(accepted.replace_strict(YES_NO))
        .alias("Did the child accept a Return Interview after their last missing episode (Y/N)?"),
    )


def care_leavers(moment: Moment) -> pl.DataFrame:
    """Write who is entitled to leaving care services: 13 weeks of care from 14, some of it from 16.

    Those of 16 and 17 are eligible while they are looked after and relevant when they have left; from 18
    until 25 they are former relevant.
    """
    born, end = pl.col("born"), pl.col("end").fill_null(moment.today)
    days = (end - pl.max_horizontal("start", born.dt.offset_by("14y"))).dt.total_days().clip(0)
    people = (
        care_periods(moment.tables)
        .with_columns(days=days, last=end)
        .group_by("person", maintain_order=True)
        .agg(
            pl.first("born"), pl.sum("days"), pl.max("last"), pl.last("ceased", "need", "start", "period"),
            pl.col("end").is_null().any().alias("here"),
        )
    )  # fmt: skip
    years = {age: born.dt.offset_by(f"{age}y") for age in (16, 18, 25)}
    entitled = (
        (pl.col("days") >= _DAYS_OF_LEAVERS)
        & (pl.col("last") >= years[16])
        & (years[25] > moment.today)
        & ~pl.col("ceased").is_in(["E2", "E3", "E11", "E12"]).fill_null(value=False)
    )
    rows = people.filter(entitled).with_columns(
        pl.when(years[18] <= moment.today)
        .then(pl.lit("b) Former relevant child"))
        .when("here")
        .then(pl.lit("d) Eligible child"))
        .otherwise(pl.lit("a) Relevant child"))
        .alias("Eligibility Category"),
        yes_no(pl.col("need") == _ALONE).alias(
            "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)"
        ),
        begins=years[16],
        until=pl.lit(moment.today),
    )
    rows = moment.with_day_before(rows, "period", "Latest Pathway Plan Review Date", 200)
    rows = moment.with_day_before(rows, "period", "Latest Date of Contact", 70)
    return moment.with_children(moment.with_workers(_leaving(moment, rows).drop("born"), "period"))


def _leaving(moment: Moment, rows: pl.DataFrame) -> pl.DataFrame:
    """Add how those who have left live; who is looked after still lives where list 8 says."""
    left = pl.col("Eligibility Category") != "d) Eligible child"
    touch = moment.drawn(rows, "period", "in touch", shares(("a) Yes", "b) No"), (94, 6)))
    told = left & (pl.lit(touch) == "a) Yes")
    home = moment.drawn(rows, "period", "accommodation", shares(ACCOMMODATION, (12, 16, 6, 40, 3, 8, 15)))
    suitable = moment.drawn(rows, "period", "suitable", shares(("a) Suitable", "b) Unsuitable"), (90, 10)))
    activity = moment.drawn(rows, "period", "activity", shares(ACTIVITY, (6, 24, 26, 6, 13, 19, 6)))
    return rows.with_columns(
        moment.drawn(rows, "period", "advisers", worker_names).alias("Allocated Personal Advisor"),
        touch.alias("LA in Touch"),
        pl.when(told).then(home).alias("Type of Accommodation"),
        pl.when(told).then(suitable).alias("Suitability of Accommodation"),
        pl.when(told).then(activity).alias("Activity Status"),
    )


def yes_no(marked: pl.Expr) -> pl.Expr:
    """Write yes and no with their letters; what is not known is no."""
    said = pl.when(marked.fill_null(value=False)).then(pl.lit(YES_NO["Y"]))
    return said.otherwise(pl.lit(YES_NO["N"]))


def _label(column: str, labels: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(labels, default=None, return_dtype=pl.String)
