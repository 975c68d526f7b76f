"""Episodes of care are chained into periods, and placements and legal statuses are made of them."""

from __future__ import annotations

import polars as pl

from csc_experiments.records.rejects import Reason
from csc_experiments.records.ssda903.cells import list_rejects
from csc_experiments.records.store import conform

_TABLE = "episodes"
_PLACED_ANEW = ("S", "P", "T", "B", "U")
"""Reasons for an episode that begins with another placement."""


def chain(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """Put each child's episodes in order, and set aside the cells that cannot be true beside the next ones.

    A period of care begins with an episode that says so (RNE is S), or that nothing before goes on to. What
    began before the first return is not in any: such a period has no day of entering care.

    Parameters
    ----------
    rows : polars.DataFrame
        One row for each episode: id, year, row, slip and the columns of the file.

    Returns
    -------
    episodes : polars.DataFrame
        Sorted by child and first day, with period, period_id (the id of its first episode) and entered (the
        day of entering care; null where not known).
    rejects : polars.DataFrame
    notes : tuple of str
    """
    at_once = (pl.col("DEC") == pl.col("DECOM")).fill_null(value=False)
    rows = rows.sort("CHILD", "DECOM", ~at_once, "id")
    rows, ends = _check_ends(rows)
    rows, notes = _complete_reasons(rows)
    rows, reasons = _check_reasons(rows)
    lost = rows.filter((pl.col("REC") == "X1") & _next("DECOM").is_null()).height
    if lost:
        notes = (*notes, f"episodes: {lost} go on (X1), but no return tells with what.")
    return _mark_periods(rows), pl.concat([*ends, *reasons]), notes


def episode_table(episodes: pl.DataFrame) -> pl.DataFrame:
    """Return the table `ssd_cla_episodes`."""
    frame = episodes.select(
        clae_cla_episode_id="id",
        clae_person_id="CHILD",
        clae_cla_episode_start_date="DECOM",
        clae_cla_episode_start_reason="RNE",
        clae_cla_primary_need_code="CIN",
        clae_cla_episode_ceased_date="DEC",
        clae_cla_episode_ceased_reason="REC",
        clae_cla_id="period_id",
        clae_entered_care_date="entered",
    )
    return conform("ssd_cla_episodes", frame, _TABLE)


def placement_table(episodes: pl.DataFrame) -> pl.DataFrame:
    """Return the table `ssd_cla_placement`: a placement runs on where the legal status alone changes."""
    anew = pl.col("RNE").is_in(_PLACED_ANEW).fill_null(value=True) | _first_of("period")
    frame = (
        episodes.with_columns(run=anew.cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            clap_cla_placement_id=pl.first("id"),
            clap_cla_id=pl.first("period_id"),
            clap_person_id=pl.first("CHILD"),
            clap_cla_placement_start_date=pl.first("DECOM"),
            clap_cla_placement_type=pl.first("PLACE"),
            clap_cla_placement_provider=pl.first("PLACE_PROVIDER"),
            clap_cla_placement_end_date=pl.last("DEC"),
            clap_cla_placement_change_reason=pl.last("REASON_PLACE_CHANGE"),
        )
    )
    return conform("ssd_cla_placement", frame, _TABLE)


def legal_table(episodes: pl.DataFrame) -> pl.DataFrame:
    """Return the table `ssd_legal_status`: a status runs on inside a period until another is told."""
    told = episodes.drop_nulls("LS")
    frame = (
        told.with_columns(run=(_first_of("period") | _first_of("LS")).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            lega_legal_status_id=pl.first("id"),
            lega_person_id=pl.first("CHILD"),
            lega_legal_status=pl.first("LS"),
            lega_legal_status_start_date=pl.first("DECOM"),
            lega_legal_status_end_date=pl.last("DEC"),
        )
    )
    return conform("ssd_legal_status", frame, _TABLE)


def _next(column: str) -> pl.Expr:
    """Return what the child's next episode says; the rows are sorted, which saves finding each child's."""
    return pl.when(pl.col("CHILD") == pl.col("CHILD").shift(-1)).then(pl.col(column).shift(-1))


def _last(column: str) -> pl.Expr:
    return pl.when(pl.col("CHILD") == pl.col("CHILD").shift(1)).then(pl.col(column).shift(1))


def _first_of(column: str) -> pl.Expr:
    return pl.col(column).ne_missing(pl.col(column).shift(1))


def _set_aside(
    rows: pl.DataFrame, column: str, where: pl.Expr, reason: Reason
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Empty a cell where it cannot be true; what is not known is no fault."""
    marked = rows.with_columns(where.fill_null(value=False).alias("fault"))
    kept = marked.with_columns(pl.when(~pl.col("fault")).then(pl.col(column)).alias(column))
    return kept.drop("fault"), list_rejects(marked.filter("fault"), _TABLE, column, reason)


def _check_ends(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Set aside ends after the start of the next episode, and reasons for an end that has no day."""
    undated = pl.col("DEC").is_null() & pl.col("REC").is_not_null() & ~pl.col("slip")
    open_still = pl.col("DEC").is_null() & ~pl.col("slip") & _next("DECOM").is_not_null()
    left_open = list_rejects(rows.filter(open_still), _TABLE, "DEC", Reason.STILL_OPEN)
    rows, reasons = _set_aside(rows, "REC", undated, Reason.END_WITHOUT_DATE)
    rows, ends = _set_aside(rows, "DEC", pl.col("DEC") > _next("DECOM"), Reason.OVERLAPPING)
    return rows, [left_open, reasons, ends]


def _complete_reasons(rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Say that care went on where an end without a reason is followed on its day by an episode that goes on.

    Without it a child would seem to leave care and enter it on one day.
    """
    went_on = (pl.col("REC").is_null() & (_next("DECOM") == pl.col("DEC")) & (_next("RNE") != "S")).fill_null(
        value=False
    )
    count = rows.filter(went_on).height
    note = f"episodes: {count} ended without a reason and went on that day; X1 was put."
    rows = rows.with_columns(REC=pl.when(went_on).then(pl.lit("X1")).otherwise("REC"))
    return rows, (note,) if count else ()


def _check_reasons(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Set aside reasons that the episode before or after belies."""
    missing = pl.col("DEC").is_not_null() & pl.col("REC").is_null()
    unsaid = list_rejects(rows.filter(missing), _TABLE, "REC", Reason.MISSING)
    starts, joins = pl.col("RNE") == "S", _last("DEC") == pl.col("DECOM")
    goes_on, ended = _last("REC") == "X1", _last("DEC").is_not_null()
    broken = ~starts & ended & ~(joins & goes_on.fill_null(value=False))
    lost = (pl.col("REC") == "X1") & (_next("DECOM") > pl.col("DEC")) & (_next("RNE") == "S")
    marked = rows.with_columns(broken=broken, anew=starts & joins & goes_on)
    rows, nothing_after = _set_aside(marked, "REC", lost, Reason.NOTHING_AFTER)
    rows, nothing_before = _set_aside(rows, "RNE", pl.col("broken"), Reason.NOTHING_BEFORE)
    rows, anew = _set_aside(rows, "RNE", pl.col("anew"), Reason.STARTS_ANEW)
    return rows.drop("broken", "anew"), [unsaid, nothing_after, nothing_before, anew]


def _mark_periods(rows: pl.DataFrame) -> pl.DataFrame:
    follows = ((_last("REC") == "X1") | _last("DEC").is_null()) & _last("DECOM").is_not_null()
    starts = (pl.col("RNE") == "S").fill_null(value=False)
    marked = rows.with_columns(begins=starts | ~follows.fill_null(value=False), starts=starts)
    marked = marked.with_columns(
        pl.col("begins").cum_sum().alias("period"),
        pl.when("begins").then("DECOM").forward_fill().alias("period_start"),
        pl.when("begins").then("id").forward_fill().alias("period_id"),
        pl.when("begins").then("starts").forward_fill().alias("starts"),
    )
    return marked.with_columns(entered=pl.when("starts").then("period_start")).drop(
        "begins", "starts", "period_start"
    )
