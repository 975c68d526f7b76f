"""Lists 10 and 11 of Annex A: children for adoption and their adopters."""

from __future__ import annotations

from datetime import date

import polars as pl

from csc_experiments.synthetic.formats.adoption import adoption_plans
from csc_experiments.synthetic.formats.annex_a_care import yes_no
from csc_experiments.synthetic.formats.annex_a_labels import ETHNICITY, GENDER, LEAVING, TAKEN_BACK, YES_NO
from csc_experiments.synthetic.formats.annex_a_moment import Moment
from csc_experiments.synthetic.formats.invented import add_luck, shares, whole_numbers

_SHARE_FOSTERING = 0.2
_STAGES = {
    "Date enquiry received": 520, "Date Stage 1 started": 480, "Date Stage 1 ended": 410,
    "Date Stage 2 started": 400, "Date Stage 2 ended": 290, "Date application submitted": 280,
    "Date application approved": 260,
}  # fmt: skip
"""Days before the match."""


def adoptions(moment: Moment) -> pl.DataFrame:
    """Write the children with a decision for adoption in force at any time in twelve months."""
    rows = _plans(moment)
    reason = moment.drawn(rows, "period", "taken back", shares(TAKEN_BACK, (35, 25, 25, 15)))
    return rows.with_columns(
        pl.col("family").alias("Family identifier"),
        pl.col("start").alias("Date the Child Entered Care"),
        pl.col("decided").alias("Date of Decision that Child Should be Placed for Adoption"),
        pl.col("ordered").alias("Date of Placement Order"),
        pl.col("matched").alias("Date of Matching Child and Prospective Adopters"),
        pl.col("placed").alias("Date Placed for Adoption"),
        pl.col("adopted").alias("Date of Adoption Order"),
        pl.col("reversed").alias("Date of Decision that Child Should No Longer be Placed for Adoption"),
        pl.when(pl.col("reversed").is_not_null())
        .then(reason)
        .alias("Reason Why Child No Longer Placed for Adoption"),
        pl.when(pl.col("fostering") < _SHARE_FOSTERING)
        .then("decided")
        .alias("Date the child was placed for fostering in FFA or concurrent planning placement"),
    )


def _plans(moment: Moment) -> pl.DataFrame:
    over = pl.coalesce("reversed", "adopted")
    plans = adoption_plans(moment.tables, moment.seed)
    recent = plans.filter(over.is_null() | (over >= moment.year_ago))
    return moment.with_children(add_luck(recent, "period", moment.seed, "fostering"))


def adopters(moment: Moment) -> pl.DataFrame:
    """Write the adopters of the children of list 10, one or two to a family, and some who left."""
    families = (
        _plans(moment)
        .drop_nulls("matched")
        .group_by("family", maintain_order=True)
        .agg(pl.min("matched", "placed", "fostering"), pl.max("adopted"), children=pl.col("placed").count())
        .with_columns(left=pl.lit(None, pl.Date))
    )
    rows = pl.concat([families, _gave_up(moment, families.height)], how="diagonal_relaxed")
    number = moment.drawn(rows, "family", "adopters", whole_numbers(1, 3))
    people = rows.with_columns(number=pl.int_ranges(number)).explode("number", empty_as_null=True)
    people = people.with_columns(key=pl.format("{}-{}", "family", pl.col("number") + 1))
    return _described(moment, people).with_columns(
        (pl.col("matched") - pl.duration(days=days)).alias(name) for name, days in _STAGES.items()
    ).with_columns(
        pl.when(pl.col(name) <= pl.col("left").fill_null(date.max)).then(name).alias(name) for name in _STAGES
    )  # fmt: skip


def _gave_up(moment: Moment, families: int) -> pl.DataFrame:
    """Return families who left the process: one for every three who stayed, and one at least if any did."""
    count = -(-families // 3)
    keys = pl.Series("family", [f"AF{number:06}" for number in range(count)], dtype=pl.String)
    rows = pl.DataFrame({"family": keys})
    back = moment.drawn(rows, "family", "gave up", whole_numbers(10, 360))
    return (
        rows.with_columns(back=back)
        .with_columns(left=pl.lit(moment.today) - pl.duration(days="back"))
        .drop("back")
        .with_columns(matched=pl.col("left") + pl.duration(days=300))
    )


def _described(moment: Moment, people: pl.DataFrame) -> pl.DataFrame:
    """Add who the adopters are and how far they came."""
    stayed = pl.col("left").is_null()
    drawn = {
        "Gender": shares(tuple(GENDER.values())[:2], (1, 1)),
        "Ethnicity": shares(tuple(ETHNICITY.values()), (80, *[1] * (len(ETHNICITY) - 1))),
        "Disability": shares((YES_NO["Y"], YES_NO["N"]), (4, 96)),
        "Reason for leaving adoption process": shares(LEAVING, (60, 25, 15)),
    }
    told = people.with_columns(
        moment.drawn(people, "key", name, draw).alias(name) for name, draw in drawn.items()
    )
    return told.with_columns(
        pl.col("key").alias("Individual adopter identifier"),
        pl.col("family").alias("Family identifier"),
        yes_no(pl.col("fostering").fill_null(1) < _SHARE_FOSTERING).alias(
            "Is the (prospective) adopter fostering for adoption?"
        ),
        pl.when(stayed).then("matched").alias("Date adopter matched with child(ren)"),
        pl.col("placed").alias("Date child/children placed with adopter(s)"),
        pl.when(pl.col("placed").is_not_null())
        .then(pl.col("children").cast(pl.Int64))
        .alias("No. of children placed"),
        pl.col("adopted").alias("Date of Adoption Order"),
        pl.col("left").alias("Date of leaving adoption process"),
        pl.when(~stayed)
        .then("Reason for leaving adoption process")
        .alias("Reason for leaving adoption process"),
    )
