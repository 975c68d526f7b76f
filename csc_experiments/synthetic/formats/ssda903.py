"""An invented authority's children looked-after returns (SSDA903): a folder of CSV files for each year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from csc_experiments.records.codes import PLACEMENT_CHANGE_REASON, WORKER_CHANGE_REASON
from csc_experiments.synthetic.formats.adoption import adoption_plans
from csc_experiments.synthetic.formats.cin_returns import years_covered
from csc_experiments.synthetic.formats.invented import (
    add_luck,
    draw_for,
    postcodes,
    provider_numbers,
    shares,
    worker_numbers,
)
from csc_experiments.synthetic.formats.looked_after import care_episodes, care_periods
from csc_experiments.synthetic.formats.ssda903_layouts import (
    FILES,
    codes_of_year,
    files_of_year,
    numbered_in_year,
)
from csc_experiments.synthetic.formats.ssda903_outcomes import (
    adoptions,
    care_leavers,
    health,
    placed_for_adoption,
    previous_permanence,
    reviews,
)
from csc_experiments.synthetic.formats.upn import pupil_numbers
from csc_experiments.synthetic.settings import AuthoritySettings

_SCHOOL_AGE = 5
_SHARE_OF_MOTHERS = 0.03
_ALONE = "N8"
"""The need of children who came to the country alone."""


@dataclass(frozen=True, slots=True)
class Care:
    """Everything that the returns are made from.

    Attributes
    ----------
    children : polars.DataFrame
        CHILD, SEX, DOB, ETHNIC, number (the pupil number), born_to (when a girl became a mother).
    periods, episodes, plans : polars.DataFrame
        As `looked_after` and `adoption` give them; the episodes with their postcodes and provider numbers.
    missing, workers : polars.DataFrame
        CHILD and the columns of their file.
    """

    children: pl.DataFrame
    periods: pl.DataFrame
    episodes: pl.DataFrame
    plans: pl.DataFrame
    missing: pl.DataFrame
    workers: pl.DataFrame


def write_ssda903(
    tables: Mapping[str, pl.DataFrame], settings: AuthoritySettings, seed: int, folder: Path
) -> list[Path]:
    """Write the returns of every collection year that the records cover wholly.

    Each return tells what the authority knew on its 31 March of children looked after at any time in the
    year, and of care leavers: an episode that ended later is open in it. Dates are written dd/mm/yyyy.
    Standard tables hold no postcodes, health checks, reviews and the like, so those are drawn; a child keeps
    its own from year to year.

    Parameters
    ----------
    tables : Mapping[str, polars.DataFrame]
        Standard tables, as `simulate(settings, seed)` gives them.
    settings : AuthoritySettings
        What the authority is like.
    seed : int
        0 or more.
    folder : pathlib.Path
        Made if it is not there.

    Returns
    -------
    list of pathlib.Path
        ``<year>/<file>.csv``, every file of the year's layout, those without a row too.
    """
    care = _gather(tables, settings, seed)
    written: list[Path] = []
    for year in years_covered(settings.first_day, settings.last_day):
        (folder / f"{year}").mkdir(parents=True, exist_ok=True)
        frames = files_of(care, year, settings.lea, seed)
        for name in files_of_year(year):
            path = folder / f"{year}" / f"{name}.csv"
            frames[name].write_csv(path, date_format="%d/%m/%Y", line_terminator="\r\n")
            written.append(path)
    return written


def files_of(care: Care, year: int, authority: str, seed: int) -> dict[str, pl.DataFrame]:
    """Return every file of one year's return, with the columns and codes of its layout."""
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    episodes = _known(care.episodes, "DECOM", "DEC", last).filter(_meets(first, "DEC"))
    episodes = episodes.with_columns(
        pl.when(pl.col("DEC").is_not_null()).then(pl.col("REC", "REASON_PLACE_CHANGE")),
        pl.when(pl.col("PLACE").is_in(sorted(numbered_in_year(year)))).then("URN"),
    )
    periods = _known(care.periods, "start", "end", last).with_columns(
        ceased=pl.when(pl.col("end").is_not_null()).then("ceased")
    )
    current = periods.filter(_meets(first, "end"))
    here = care.children.join(current.select(CHILD="person").unique(), on="CHILD", how="semi")
    leavers = care_leavers(care.children, periods, year, seed)
    listed = care.children.filter(
        pl.col("CHILD").is_in(pl.concat([here["CHILD"], leavers["CHILD"]]).implode())
    )
    frames = {
        "header": _header(listed, here, last),
        "episodes": episodes,
        "uasc": _alone(here, periods, first),
        "oc2": health(here, current, year, seed),
        "oc3": leavers,
        "ad1": adoptions(care.plans, year, seed),
        "placed_adoption": placed_for_adoption(care.plans, year, seed),
        "reviews": reviews(here, current, year, seed),
        "previous_permanence": previous_permanence(
            periods, current.filter(pl.col("start") >= first), authority
        ),
        "missing": _known(care.missing, "MIS_START", "MIS_END", last).filter(_meets(first, "MIS_END")),
        "social_worker": _workers(care.workers, current, first, last),
    }
    return {name: _finish(frames[name], name, care.children, year) for name in FILES}


def _finish(frame: pl.DataFrame, name: str, children: pl.DataFrame, year: int) -> pl.DataFrame:
    """Give a file its date of birth, its codes, its columns and its order."""
    columns = FILES[name]
    if "DOB" in columns and "DOB" not in frame.columns:
        frame = frame.join(children.select("CHILD", "DOB"), on="CHILD", how="left")
    codes = {column: said for column, said in codes_of_year(year).items() if column in columns}
    frame = frame.with_columns(pl.col(column).replace(said) for column, said in codes.items())
    dates = [column for column in columns if frame.schema[column] == pl.Date]
    return frame.select(columns).unique().sort("CHILD", *dates, *columns, nulls_last=True)


def _known(frame: pl.DataFrame, begins: str, ends: str, last: date) -> pl.DataFrame:
    """Keep what had begun by 31 March; what ended later goes on."""
    begun = frame.filter(pl.col(begins) <= last)
    return begun.with_columns(pl.when(pl.col(ends) <= last).then(pl.col(ends)).alias(ends))


def _meets(first: date, ends: str) -> pl.Expr:
    return pl.col(ends).is_null() | (pl.col(ends) >= first)


def _gather(tables: Mapping[str, pl.DataFrame], settings: AuthoritySettings, seed: int) -> Care:
    periods = care_periods(tables)
    return Care(
        children=_children(tables, settings, periods, seed),
        periods=periods,
        episodes=_episodes(tables, seed),
        plans=adoption_plans(tables, seed),
        missing=_missing(tables, periods),
        workers=_involvements(tables, seed),
    )


def _children(
    tables: Mapping[str, pl.DataFrame], settings: AuthoritySettings, periods: pl.DataFrame, seed: int
) -> pl.DataFrame:
    """Return who was ever looked after."""
    numbers = pupil_numbers(tables["ssd_person"], settings.lea, seed)
    known = tables["ssd_person"].join(
        periods.select(pers_person_id="person").unique(), on="pers_person_id", how="semi"
    )
    children = known.select(CHILD="pers_person_id", SEX="pers_sex", DOB="pers_dob", ETHNIC="pers_ethnicity")
    luck = pl.col("mothers")
    age = 15 + luck / _SHARE_OF_MOTHERS * 2
    becomes = pl.col("DOB") + pl.duration(days=(age * 365).cast(pl.Int64))
    mother = (pl.col("SEX") == "F") & (luck < _SHARE_OF_MOTHERS)
    return (
        add_luck(children, "CHILD", seed, "mothers")
        .sort("CHILD")
        .with_columns(
            number=pl.col("CHILD").replace_strict(numbers, default=None, return_dtype=pl.String),
            born_to=pl.when(mother).then(becomes),
        )
    )


def _header(listed: pl.DataFrame, here: pl.DataFrame, last: date) -> pl.DataFrame:
    """Write who the children are; whether a girl is a mother is asked of those looked after in the year."""
    day = pl.lit(last)
    of_school_age = pl.col("DOB") <= day.dt.offset_by(f"-{_SCHOOL_AGE}y")
    asked = (pl.col("SEX") == "F") & pl.col("CHILD").is_in(here["CHILD"].implode())
    is_mother = (pl.col("born_to") <= last).fill_null(value=False)
    return listed.with_columns(
        UPN=pl.when(of_school_age & pl.col("number").is_not_null()).then("number").otherwise(pl.lit("UN1")),
        MOTHER=pl.when(asked).then(is_mother.cast(pl.Int8).cast(pl.String)),
        MC_DOB=pl.when(asked & is_mother).then("born_to"),
    )


def _episodes(tables: Mapping[str, pl.DataFrame], seed: int) -> pl.DataFrame:
    episodes = care_episodes(tables)
    families = tables["ssd_family"].sort("fami_table_id").unique("fami_person_id", keep="first")
    homes = families.select(person="fami_person_id", family="fami_family_id")
    episodes = episodes.join(homes, on="person", how="left", maintain_order="left")
    moves = pl.col("why").shift(-1).over("period").is_in(["P", "B", "T", "U"])
    reason = pl.when(pl.col("change").is_in(sorted(PLACEMENT_CHANGE_REASON))).then("change")
    return episodes.with_columns(
        HOME_POST=draw_for(episodes["family"], seed, "home postcodes", postcodes),
        PL_POST=draw_for(episodes["carer"], seed, "placement postcodes", postcodes),
        URN=draw_for(episodes["carer"], seed, "provider numbers", provider_numbers),
    ).select(
        CHILD="person",
        DECOM="begins",
        RNE="why",
        LS="legal",
        CIN="need",
        PLACE="type",
        PLACE_PROVIDER="provider",
        DEC="ends",
        REC="ceased",
        REASON_PLACE_CHANGE=pl.when(moves).then(reason.otherwise(pl.lit("CARPL"))),
        HOME_POST="HOME_POST",
        PL_POST="PL_POST",
        URN="URN",
    )


def _alone(here: pl.DataFrame, periods: pl.DataFrame, first: date) -> pl.DataFrame:
    """Write who came to the country alone; that status is to end with the 18th birthday."""
    grown = pl.col("born").dt.offset_by("18y")
    came = periods.filter((pl.col("need") == _ALONE) & (grown >= first)).select(CHILD="person", DUC=grown)
    return here.join(came.unique("CHILD"), on="CHILD")


def _missing(tables: Mapping[str, pl.DataFrame], periods: pl.DataFrame) -> pl.DataFrame:
    """Return who went missing while looked after; the end is never after that of the period."""
    missing = tables["ssd_missing"].select(
        person="miss_person_id",
        MISSING="miss_missing_episode_type",
        MIS_START="miss_missing_episode_start_date",
        MIS_END="miss_missing_episode_end_date",
    )
    joined = missing.join(periods.select("person", "start", "end"), on="person")
    inside = (pl.col("MIS_START") >= pl.col("start")) & (
        pl.col("MIS_START") <= pl.col("end").fill_null(date.max)
    )
    return joined.filter(inside).select(
        "MISSING", "MIS_START", CHILD="person", MIS_END=pl.min_horizontal("MIS_END", "end")
    )


def _involvements(tables: Mapping[str, pl.DataFrame], seed: int) -> pl.DataFrame:
    """Return the social workers of each child; a first contact brings the first, what is recorded others."""
    table = tables["ssd_involvements"].sort("invo_involvement_start_date", "invo_involvements_id")
    key = table["invo_involvements_id"]
    other = draw_for(
        key, seed, "social worker reasons", shares(("TSPROC", "LEFTRL", "MANAGE", "ABSENC"), (5, 3, 1, 1))
    )
    before = pl.col("invo_worker_change_reason").shift(1).over("invo_person_id", "invo_referral_id")
    begun = pl.int_range(pl.len()).over("invo_person_id", "invo_referral_id") == 0
    return table.select(
        CHILD="invo_person_id",
        SW_ID=draw_for(key, seed, "social workers", worker_numbers),
        SW_DECOM="invo_involvement_start_date",
        SW_DEC="invo_involvement_end_date",
        SW_REASON=pl.when(begun)
        .then(pl.lit("FCONTA"))
        .when(before.is_in(sorted(WORKER_CHANGE_REASON)))
        .then(before)
        .otherwise(other),
    )


def _workers(workers: pl.DataFrame, current: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """Write the year's social workers of the children who are looked after on 31 March."""
    here = current.filter(pl.col("end").is_null()).select(CHILD="person").unique()
    known = _known(workers, "SW_DECOM", "SW_DEC", last).filter(_meets(first, "SW_DEC"))
    return known.join(here, on="CHILD", how="semi")
