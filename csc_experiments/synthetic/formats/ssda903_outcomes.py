"""What a return asks about children long in care, care leavers and adoption: drawn, as no table holds it."""

from __future__ import annotations

from datetime import date

import polars as pl

from csc_experiments.synthetic.formats.invented import add_luck, draw_for, shares

# Department for Education, Children looked after in England 2023: health and conduct of children looked after
# for 12 months; care leavers. Finer shares are the author's.
_CHECKED = {"IMMUNISATIONS": 0.82, "TEETH_CHECK": 0.76, "HEALTH_ASSESSMENT": 0.89}
_HEALTH_CHECK, _CONVICTED, _MISUSE, _RECEIVED, _OFFERED, _NO_SCORE = 0.88, 0.02, 0.03, 0.45, 0.7, 0.22
_AGE_OF_CONDUCT, _AGE_OF_MISUSE, _AGE_OF_CHECKS = 10, 11, 5
_REASONS = {"SDQ2": 25.0, "SDQ3": 15.0, "SDQ4": 45.0, "SDQ5": 15.0}
_TOUCH = {"YES": 91.0, "NO": 4.0, "REFU": 1.5, "NREQ": 2.0, "RHOM": 1.5}
_ACTIVITY = {
    "F1": 6.0, "F2": 22.0, "P2": 2.0, "F4": 4.0, "F5": 22.0, "P5": 6.0, "G4": 13.0, "G5": 19.0, "G6": 6.0,
}  # fmt: skip
_HOMES = {
    "B1": 12.0, "C1": 3.0, "D1": 16.0, "E1": 6.0, "K1": 2.0, "U1": 36.0, "U2": 2.0, "V2": 1.0, "X2": 3.0,
    "Y1": 6.0, "Z1": 13.0,
}  # fmt: skip
_TAKEN_BACK = {"RD1": 35.0, "RD2": 25.0, "RD3": 25.0, "RD4": 15.0}
_ADOPTERS = {
    "2 MF L11": 60.0,
    "2 MF L3": 15.0,
    "2 MM L12": 8.0,
    "2 FF L12": 6.0,
    "1 F1 L0": 10.0,
    "1 M1 L0": 1.0,
}
_PERMANENCE = {
    "E11": "P1", "E12": "P1", "E43": "P2", "E44": "P2", "E45": "P2", "E46": "P2", "E47": "P2", "E48": "P2",
    "E41": "P3",
}  # fmt: skip
_STAYS_PUT, _AT_HOME = "Z1", "B1"
"""Homes of care leavers: with the former foster carers, which begins at 18, and with parents or relatives."""
_VOICES = {"PN1": 55.0, "PN2": 5.0, "PN3": 4.0, "PN4": 2.0, "PN5": 4.0, "PN6": 24.0, "PN7": 6.0}
_AGE_OF_VOICE = 4
_REVIEWS_FROM_START = (28, 118)
_BETWEEN_LATER_REVIEWS = 180
_DAYS_OF_LEAVERS = 91
_GROWN = 18
_NOT_LEAVING = ("E2", "E3", "E11", "E12")


def health(here: pl.DataFrame, current: pl.DataFrame, year: int, seed: int) -> pl.DataFrame:
    """Write the health of children who were looked after from 1 April to 31 March, both days included.

    Parameters
    ----------
    here : polars.DataFrame
        CHILD, DOB of the children of the year.
    current : polars.DataFrame
        person, start, end of the year's periods, as they were known on 31 March.
    """
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    long = current.filter((pl.col("end").is_null() | (pl.col("end") >= last)) & (pl.col("start") <= first))
    frame = here.join(long.select(CHILD="person").unique(), on="CHILD", how="semi").sort("CHILD")
    lasting = ("misuse", "manner")
    yearly = (*_CHECKED, "HEALTH_CHECK", "CONVICTED", "RECEIVED", "OFFERED", "mood", "refusal")
    frame = add_luck(frame, "CHILD", seed, *lasting)
    frame = frame.with_columns(
        add_luck(frame.select("CHILD"), "CHILD", seed, *(f"{name} {year}" for name in yearly))
        .drop("CHILD")
        .rename(lambda name: name.removesuffix(f" {year}"))
    )
    age = _age_on(last)
    misuse = (age >= _AGE_OF_MISUSE) & (pl.col("misuse") < _MISUSE)
    received = pl.col("RECEIVED") < _RECEIVED
    # A score is asked of whoever was 4 to 16 at some time in the year, or became 17 on its first day.
    asked = (age >= 4) & (_age_on(date(year - 1, 3, 31)) < 17)  # noqa: PLR2004 - the guide's ages
    given = asked & (pl.col("refusal") >= _NO_SCORE)
    score = (4 + 20 * pl.col("manner") + 6 * pl.col("mood")).round().cast(pl.Int64)
    refused = draw_for(
        frame["CHILD"], seed, f"no score {year}", shares(list(_REASONS), list(_REASONS.values()))
    )
    return frame.select(
        "CHILD",
        *(_yes(pl.col(name) < share).alias(name) for name, share in _CHECKED.items()),
        SDQ_SCORE=pl.when(given).then(score),
        SDQ_REASON=pl.when(asked & ~given).then(refused),
        CONVICTED=pl.when(age >= _AGE_OF_CONDUCT).then(_yes(pl.col("CONVICTED") < _CONVICTED)),
        HEALTH_CHECK=pl.when(age < _AGE_OF_CHECKS).then(_yes(pl.col("HEALTH_CHECK") < _HEALTH_CHECK)),
        SUBSTANCE_MISUSE=_yes(misuse),
        INTERVENTION_RECEIVED=pl.when(misuse).then(_yes(received)),
        INTERVENTION_OFFERED=pl.when(misuse & ~received).then(_yes(pl.col("OFFERED") < _OFFERED)),
    )


def _age_on(day: date) -> pl.Expr:
    """Return whole years of age."""
    born = pl.col("DOB")
    had = born.dt.month().cast(pl.Int32) * 100 + born.dt.day() <= day.month * 100 + day.day
    return pl.lit(day.year) - born.dt.year() - 1 + had.cast(pl.Int32)


def _yes(marked: pl.Expr) -> pl.Expr:
    return marked.cast(pl.Int8).cast(pl.String)


def care_leavers(children: pl.DataFrame, periods: pl.DataFrame, year: int, seed: int) -> pl.DataFrame:
    """Write who turned 17 to 21 in the year and had left care after 13 weeks of it since the 14th birthday.

    Care must have lasted into the 17th year of life and have ended before the birthday of the year.

    Parameters
    ----------
    periods : polars.DataFrame
        person, born, start, end, ceased of every period, as it was known on 31 March.
    """
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    born = pl.col("born")
    since = pl.max_horizontal("start", born.dt.offset_by("14y"))
    days = (pl.col("end") - since).dt.total_days().clip(0)
    left = (
        periods.with_columns(days=days)
        .group_by("person", maintain_order=True)
        .agg(
            pl.first("born"),
            pl.last("end", "ceased"),
            pl.sum("days"),
            pl.col("end").is_null().any().alias("open"),
        )
    )
    turns = last.year - born.dt.year()
    this_year, year_before = (born.dt.offset_by(pl.format("{}y", turns - back)) for back in (0, 1))
    birthday = pl.when(this_year > last).then(year_before).otherwise(this_year)
    age = birthday.dt.year() - born.dt.year()
    entitled = (
        ~pl.col("open")
        & (pl.col("days") >= _DAYS_OF_LEAVERS)
        & (pl.col("end") >= born.dt.offset_by("16y"))
        & (pl.col("end") < birthday)
        & birthday.is_between(first, last)
        & age.is_between(17, 21)
        & ~pl.col("ceased").is_in(_NOT_LEAVING)
    )
    leavers = left.filter(entitled).select(grown=age >= _GROWN, CHILD="person")
    frame = children.join(leavers, on="CHILD").sort("CHILD")
    key, grown = frame["CHILD"], frame["grown"]
    touch = draw_for(key, seed, f"in touch {year}", shares(list(_TOUCH), list(_TOUCH.values())))
    activity = draw_for(key, seed, f"activity {year}", shares(list(_ACTIVITY), list(_ACTIVITY.values())))
    home = draw_for(key, seed, f"accommodation {year}", shares(list(_HOMES), list(_HOMES.values())))
    possible = pl.when(pl.lit(grown) | (pl.lit(home) != _STAYS_PUT)).then(pl.lit(home))
    return frame.select("CHILD", IN_TOUCH=touch).with_columns(
        ACTIV=_if_in_touch(activity), ACCOM=_if_in_touch(possible.otherwise(pl.lit(_AT_HOME)))
    )


def _if_in_touch(told: pl.Series | pl.Expr) -> pl.Expr:
    return pl.when(pl.col("IN_TOUCH") == "YES").then(told).otherwise(pl.lit("0"))


def adoptions(plans: pl.DataFrame, year: int, seed: int) -> pl.DataFrame:
    """Write the adoptions of the year."""
    frame = plans.filter(pl.col("adopted").is_between(date(year - 1, 4, 1), date(year, 3, 31)))
    drawn = draw_for(frame["person"], seed, "adopters", shares(list(_ADOPTERS), list(_ADOPTERS.values())))
    told = drawn.str.split_exact(" ", 2).struct.rename_fields(["number", "sex", "status"])
    return frame.select(
        CHILD="person",
        DATE_INT="decided",
        DATE_MATCH="matched",
        FOSTER_CARE=_yes(pl.col("by_carers")),
        NB_ADOPTR=told.struct.field("number"),
        SEX_ADOPTR=told.struct.field("sex"),
        LS_ADOPTR=told.struct.field("status"),
    )


def placed_for_adoption(plans: pl.DataFrame, year: int, seed: int) -> pl.DataFrame:
    """Write the decisions for adoption that were in force in the year."""
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    over = pl.coalesce("reversed", "adopted")
    frame = plans.filter((pl.col("decided") <= last) & (over.is_null() | (over >= first)))
    reason = draw_for(
        frame["period"], seed, "plans taken back", shares(list(_TAKEN_BACK), list(_TAKEN_BACK.values()))
    )
    back = pl.col("reversed") <= last
    return frame.select(
        CHILD="person",
        DATE_PLACED="decided",
        DATE_PLACED_CEASED=pl.when(back).then("reversed"),
        REASON_PLACED_CEASED=pl.when(back).then(reason),
    )


def reviews(here: pl.DataFrame, current: pl.DataFrame, year: int, seed: int) -> pl.DataFrame:
    """Write the reviews of the year: after four weeks of care, three months later, then every six months."""
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    begun = current.select("person", "period", "start", until=pl.col("end").fill_null(last))
    later = (pl.col("until") - pl.col("start")).dt.total_days() - _REVIEWS_FROM_START[-1]
    after = pl.int_ranges(
        _REVIEWS_FROM_START[-1], _REVIEWS_FROM_START[-1] + later.clip(0) + 1, _BETWEEN_LATER_REVIEWS
    )
    early = pl.concat_list(pl.lit(_REVIEWS_FROM_START[0], pl.Int64))
    held = begun.with_columns(day=pl.concat_list(early, after)).explode("day", empty_as_null=True)
    held = held.with_columns(key=pl.format("{} {}", "period", "day"))
    held = add_luck(held, "key", seed, "days late")
    on = pl.col("start") + pl.duration(days=pl.col("day") - (pl.col("days late") * 10).cast(pl.Int64))
    voice = draw_for(held["key"], seed, "participation", shares(list(_VOICES), list(_VOICES.values())))
    return (
        held.with_columns(REVIEW=on, voice=voice)
        .filter(pl.col("REVIEW").is_between(first, last) & (pl.col("REVIEW") <= pl.col("until")))
        .join(here.select("DOB", person="CHILD"), on="person")
        .select(
            "REVIEW",
            CHILD="person",
            REVIEW_CODE=pl.when(pl.col("REVIEW") < pl.col("DOB").dt.offset_by(f"{_AGE_OF_VOICE}y"))
            .then(pl.lit("PN0"))
            .otherwise("voice"),
        )
    )


def previous_permanence(periods: pl.DataFrame, current: pl.DataFrame, authority: str) -> pl.DataFrame:
    """Write of children who started to be looked after how an earlier period had ended, if for good.

    Parameters
    ----------
    periods : polars.DataFrame
        Every period that had begun by 31 March.
    current : polars.DataFrame
        Those that began in the year.
    authority : str
        The three digits of the authority that made the earlier order.
    """
    starts = current.group_by("person").agg(latest=pl.max("start"))
    order = pl.col("ceased").replace_strict(_PERMANENCE, default=None)
    before = (
        periods.join(starts, on="person")
        .filter(pl.col("end") <= pl.col("latest"))
        .with_columns(option=order)
        .drop_nulls("option")
        .sort("end")
        .unique("person", keep="last")
        .select("person", "option", "end")
    )
    return starts.join(before, on="person", how="left").select(
        CHILD="person",
        PREV_PERM=pl.col("option").fill_null("Z1"),
        LA_PERM=pl.when(pl.col("option").is_not_null()).then(pl.lit(authority)),
        DATE_PERM="end",
    )
