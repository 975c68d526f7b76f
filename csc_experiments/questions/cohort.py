"""A question asked of a history: one row per index event, and how many rows each criterion removed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import polars as pl

from csc_experiments.errors import EmptyCohortError, LeakError
from csc_experiments.history.events import History
from csc_experiments.history.rules import DEATH
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.questions.sources import refuse_missing_tables

MONTHS_PER_YEAR = 12


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who is asked about, and what happened to them.

    Attributes
    ----------
    rows : polars.DataFrame
        subject_id, family_id, prediction_time, outcome (bool), outcome_time, index_code, birth: one row per
        index event, sorted by prediction time and subject.
    flow : polars.DataFrame
        criterion, removed, remaining: rows in the order in which the criteria were applied.
    horizon : datetime.timedelta
        How far the outcome looks ahead.
    """

    rows: pl.DataFrame
    flow: pl.DataFrame
    horizon: timedelta


def ask(question: QuestionConfig, history: History) -> Cohort:
    """Find the index events of a question, who is eligible, and their outcomes.

    Several index events of one child on one day are one row. The horizon of every row lies within the
    extract's coverage, before the child's last eligible birthday. A child who died before an index event, or
    was lost from sight on its day, is left out with those who are lost within the horizon.

    Raises
    ------
    MissingTableError
        If the records lack a table that alone could tell of a code or spell that the question names.
    EmptyCohortError
        If no row is left; the message gives the flow.
    """
    refuse_missing_tables(question, history)
    horizon = timedelta(days=question.outcome.within_days)
    steps = _Flow(_index_events(question, history))
    first = history.extract.coverage_from
    steps.keep("before the records begin", pl.col("prediction_time") >= first)
    if days := question.eligibility.history_days:
        steps.keep(
            f"less than {days} days of records before it",
            pl.col("prediction_time") >= first + timedelta(days=days),
        )
    steps.keep(
        "horizon ends after the records do",
        pl.col("prediction_time") + horizon <= history.extract.coverage_to,
    )
    months = round(question.eligibility.under_age * MONTHS_PER_YEAR)
    too_old = pl.col("prediction_time") + horizon >= pl.col("birth").dt.offset_by(f"{months}mo")
    steps.keep("too old within the horizon", ~too_old.fill_null(value=False))
    for spell in question.eligibility.open:
        steps.match(f"{spell} not open", _open_spells(spell, steps.rows, history.events), how="semi")
    for spell in question.eligibility.not_open:
        steps.match(f"{spell} open", _open_spells(spell, steps.rows, history.events), how="anti")
    steps.rows = _with_outcomes(question, horizon, steps.rows, history.events)
    steps.keep("no longer to be seen within the horizon", ~pl.col("ended"))
    if steps.rows.is_empty():
        said = "; ".join(f"{name}: {removed}" for name, removed, _ in steps.flow)
        raise EmptyCohortError(
            f"Nobody in the records of {history.extract.authority} answers to question {question.name}"
            f" (rows removed: {said}).",
            todo="Records must cover the index event and the whole horizon after it. One CIN census holds"
            " one year; those of several can be imported together, from one folder.",
        )
    rows = steps.rows.drop("ended").sort("prediction_time", "subject_id")
    flow = pl.DataFrame(steps.flow, schema=["criterion", "removed", "remaining"], orient="row")
    return Cohort(rows, flow, horizon)


def begins(column: str, codes: list[str]) -> pl.Expr:
    """Whether a code is one of `codes` or continues one.

    Examples
    --------
    >>> frame = pl.DataFrame({"code": ["CLA//START", "CLA", "CLAIM"]})
    >>> frame.select(begins("code", ["CLA"]))["code"].to_list()
    [True, True, False]
    """
    return pl.any_horizontal(
        *((pl.col(column) == code) | pl.col(column).str.starts_with(f"{code}//") for code in codes)
    ).alias(column)


class _Flow:
    """Rows, and a note of each criterion that removed some."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows
        self.flow: list[tuple[str, int, int]] = [("index events", 0, rows.height)]

    def keep(self, criterion: str, mask: pl.Expr) -> None:
        self._replace(criterion, self.rows.filter(mask))

    def match(self, criterion: str, keys: pl.DataFrame, how: Literal["semi", "anti"]) -> None:
        self._replace(
            criterion,
            self.rows.join(keys, on=["subject_id", "prediction_time"], how=how, maintain_order="left"),
        )

    def _replace(self, criterion: str, kept: pl.DataFrame) -> None:
        self.flow.append((criterion, self.rows.height - kept.height, kept.height))
        self.rows = kept


def _index_events(question: QuestionConfig, history: History) -> pl.DataFrame:
    found = history.events.filter(begins("code", question.index.any) & pl.col("time").is_not_null())
    if (found["known_time"] > found["time"]).any():
        late = int((found["known_time"] > found["time"]).sum())
        raise LeakError(
            f"question.index: {late} index events were not yet known when they happened.",
            todo="Choose an index event that the authority knows of on the day.",
        )
    return (
        found.select(
            "subject_id", pl.col("time").alias("prediction_time"), pl.col("code").alias("index_code")
        )
        .unique(["subject_id", "prediction_time"], keep="first", maintain_order=True)
        .join(history.subjects, on="subject_id", how="left", maintain_order="left")
    )


def _open_spells(spell: str, rows: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Rows for which more of a spell's starts than ends are known at the prediction time."""
    change = (
        pl.when(begins("code", [f"{spell}//START"])).then(1).when(begins("code", [f"{spell}//END"])).then(-1)
    )
    changes = events.with_columns(change=change).drop_nulls("change")
    return (
        rows.select("subject_id", "prediction_time")
        .join(changes, on="subject_id", how="inner")
        .filter(pl.col("known_time") <= pl.col("prediction_time"))
        .group_by("subject_id", "prediction_time")
        .agg(pl.col("change").sum())
        .filter(pl.col("change") > 0)
    )


def _with_outcomes(
    question: QuestionConfig, horizon: timedelta, rows: pl.DataFrame, events: pl.DataFrame
) -> pl.DataFrame:
    """Add outcome, outcome_time and ended: sight was lost by the end of the horizon, before an outcome."""
    after = pl.col("time") > pl.col("prediction_time")
    # Which came first on one day is not recorded, and nothing happens to a child who has died.
    lost = (pl.col("time") >= pl.col("prediction_time")) | (pl.col("code") == DEATH)
    outcome = _first(rows, events, question.outcome.any, after, horizon).rename({"time": "outcome_time"})
    end = _first(rows, events, [DEATH, *question.ends], lost, horizon).rename({"time": "end_time"})
    keys = ["subject_id", "prediction_time"]
    joined = rows.join(outcome, on=keys, how="left", maintain_order="left").join(
        end, on=keys, how="left", maintain_order="left"
    )
    return joined.with_columns(
        outcome=pl.col("outcome_time").is_not_null(),
        ended=pl.col("end_time").is_not_null()
        & (pl.col("outcome_time").is_null() | (pl.col("end_time") < pl.col("outcome_time"))),
    ).drop("end_time")


def _first(
    rows: pl.DataFrame, events: pl.DataFrame, codes: list[str], counts: pl.Expr, horizon: timedelta
) -> pl.DataFrame:
    """When the first event that counts came to each row's child, up to the end of the horizon."""
    return (
        rows.select("subject_id", "prediction_time")
        .join(events.filter(begins("code", codes)), on="subject_id", how="inner")
        .filter(counts & (pl.col("time") <= pl.col("prediction_time") + horizon))
        .group_by("subject_id", "prediction_time")
        .agg(pl.col("time").min())
    )
