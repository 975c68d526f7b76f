"""What belongs in one year's children in need census, as the authority knew it on 31 March."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl

from csc_experiments.synthetic.formats.cin_facts import Facts


def years_covered(first_day: date, last_day: date) -> Iterator[int]:
    """Yield the collection years whose every day, 1 April to 31 March, is covered.

    Examples
    --------
    >>> list(years_covered(date(2021, 4, 1), date(2024, 3, 30)))
    [2022, 2023]
    """
    for year in range(first_day.year, last_day.year + 1):
        if first_day <= date(year - 1, 4, 1) and date(year, 3, 31) <= last_day:
            yield year


def facts_of_year(facts: Facts, year: int, last_day: date) -> Facts:
    """Cut the facts to one return: what was going on in the year, without any day after its 31 March.

    A plan's latest category bears no date. Until the plan has ended, only the return of the day on which the
    records were taken gives it; every other gives the initial one.

    Parameters
    ----------
    year : int
        In which the collection ends.
    last_day : datetime.date
        The day on which the records were taken.
    """
    end = date(year, 3, 31)
    modules = {name: _known(frame, frame.columns[1], end) for name, frame in facts.modules.items()}
    modules["Assessments"] = _with(
        modules["Assessments"], "FactorsIdentifiedAtAssessment", "AssessmentAuthorisationDate"
    )
    modules["Section47"] = _without_later_conference(modules["Section47"])
    modules["ChildProtectionPlans"] = _without_later_reviews(
        modules["ChildProtectionPlans"], end, taken_today=end == last_day
    )
    details = _with(_known(facts.details, "CINreferralDate", end), "ReasonForClosure", "CINclosureDate")
    details = details.with_columns(
        DateOfInitialCPC=pl.when(pl.col("DateOfInitialCPC") >= _first_day(end)).then("DateOfInitialCPC")
    )
    return Facts(_children_of(facts.children, details, end), details, modules)


def _first_day(end: date) -> date:
    return date(end.year - 1, 4, 1)


def _known(rows: pl.DataFrame, begins: str, end: date) -> pl.DataFrame:
    """Keep what was going on in the year; a later day is not known yet."""
    going_on = pl.col("finished").is_null() | (pl.col("finished") >= _first_day(end))
    # The day by which a conference is due is known beforehand.
    happened = pl.col(pl.Date).exclude("InitialCPCtarget")
    return rows.filter(pl.col(begins) <= end, going_on).with_columns(pl.when(happened <= end).then(happened))


def _with(rows: pl.DataFrame, column: str, day: str) -> pl.DataFrame:
    """Keep a column only where the day that it became known has come."""
    return rows.with_columns(pl.when(pl.col(day).is_not_null()).then(column).alias(column))


def _without_later_conference(enquiries: pl.DataFrame) -> pl.DataFrame:
    """Keep the target of a conference that was held; an enquiry that ended without one needed none."""
    not_required = pl.col("finished").is_not_null() & pl.col("DateOfInitialCPC").is_null()
    return _with(enquiries, "InitialCPCtarget", "DateOfInitialCPC").with_columns(
        ICPCnotRequired=not_required.cast(pl.Int8).cast(pl.String)
    )


def _without_later_reviews(plans: pl.DataFrame, end: date, *, taken_today: bool) -> pl.DataFrame:
    final = pl.col("finished").is_not_null() | taken_today
    return plans.with_columns(
        LatestCategoryOfAbuse=pl.when(final)
        .then("LatestCategoryOfAbuse")
        .otherwise("InitialCategoryOfAbuse"),
        Reviews=pl.col("Reviews").list.eval(pl.element().filter(pl.element() <= end)),
    )


def _children_of(children: pl.DataFrame, details: pl.DataFrame, end: date) -> pl.DataFrame:
    """Keep the children of the year's referrals, with the first day of one that led to more."""
    led_on = pl.col("CINreferralDate").filter(pl.col("ReferralNFA") == "0")
    referred = details.group_by("person").agg(referred=led_on.min())
    born = pl.col("PersonBirthDate") <= end
    return (
        children.join(referred, on="person", maintain_order="left")
        .sort("person")
        .with_columns(
            PersonBirthDate=pl.when(born).then("PersonBirthDate"),
            ExpectedPersonBirthDate=pl.when(~born.fill_null(value=False)).then("ExpectedPersonBirthDate"),
            Sex=pl.when(born).then("Sex").otherwise(pl.lit("U")),
            PersonDeathDate=pl.when(pl.col("PersonDeathDate") <= end).then("PersonDeathDate"),
        )
    )
