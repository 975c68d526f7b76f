"""A question asked of a history: one row per index event, and how many rows each criterion removed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from csc_experiments.errors import EmptyCohortError, LeakError
from csc_experiments.history.events import History
from csc_experiments.history.rules import DEATH
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.questions.moments import after, ever_known, known_then, of_codes, sides_of, spell_at
from csc_experiments.questions.sources import refuse_never_recorded, refuse_unanswerable

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

    The prediction is made when the index event is known: on its day, or at its time where events have one.
    Several of one child at one time are one row. The horizon of every row lies within the extract's coverage,
    before the child's last eligible birthday. A child who died before an index event, or was lost from sight
    on its day, is left out with those who are lost within the horizon.

    Raises
    ------
    MissingTableError
        If the records lack a table that alone could tell of a code or spell that the question names.
    ConfigError
        If the question names codes of given events, and there is none of a code.
    EmptyCohortError
        If no row is left; the message gives the flow.
    """
    refuse_unanswerable(question, history)
    considered, flow = consider(question, history)
    rows = considered.filter(pl.col("left_out").is_null()).drop("left_out")
    if rows.is_empty():
        refuse_never_recorded(question, history)
        said = "; ".join(f"{name}: {removed}" for name, removed, _ in flow.iter_rows())
        raise EmptyCohortError(
            f"Nobody in the records of {history.extract.authority} answers to question {question.name}"
            f" (rows removed: {said}).",
            todo="Records must cover the index event and the whole horizon after it. One CIN census holds"
            " one year; those of several can be imported together, from one folder.",
        )
    return Cohort(rows, flow, timedelta(days=question.outcome.within_days))


def consider(question: QuestionConfig, history: History) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Find every index event, and why it is left out if it is.

    Returns
    -------
    considered : polars.DataFrame
        The columns of `Cohort.rows`, and left_out: the first criterion that it does not meet; null for rows
        of the cohort. Sorted by prediction time and subject.
    flow : polars.DataFrame
        As in `Cohort`.

    Raises
    ------
    LeakError
        If an index event was known only on a later day.
    """
    named = {code for codes in question.codes.values() for code in codes} | {DEATH}
    named |= {code for spells in question.spells.values() for spell in spells for code in sides_of(spell)}
    events = of_codes(history.events, sorted(named))
    rows = _with_outcomes(question, _index_events(question, history, events), events)
    criteria = list(_criteria(question, history, rows, events))
    unmet = [pl.when(mask).then(pl.lit(name)) for name, mask in criteria]
    considered = rows.select(
        "subject_id",
        "family_id",
        "prediction_time",
        pl.col("outcome_time").is_not_null().alias("outcome"),
        "outcome_time",
        "index_code",
        "birth",
        pl.coalesce(*unmet).alias("left_out"),
    ).sort("prediction_time", "subject_id")
    return considered, _flow([name for name, _ in criteria], considered["left_out"])


def _index_events(question: QuestionConfig, history: History, events: pl.DataFrame) -> pl.DataFrame:
    """Find when the question is asked of whom, until when the horizon lasts, and whether it is the first."""
    found = known_then(events, question.index)
    # Where other events have a time of day, one that has only a day is known at the day's end.
    if late := int((found["known_time"].dt.date() > found["time"].dt.date()).sum()):
        raise LeakError(
            f"question.index: {late} index events were not yet known when they happened.",
            todo="Choose an index event that the authority knows of on the day.",
        )
    horizon = timedelta(days=question.outcome.within_days)
    rows = (
        found.select(
            "subject_id", pl.col("known_time").alias("prediction_time"), pl.col("code").alias("index_code")
        )
        .unique(["subject_id", "prediction_time"], keep="first", maintain_order=True)
        .join(history.subjects, on="subject_id", how="left", maintain_order="left")
        .with_columns(last=pl.col("prediction_time") + horizon)
    )
    if not question.index.first_in:
        return rows.with_columns(first=pl.lit(value=True))
    state = spell_at(rows, events, question.index.first_in)
    earliest = pl.col("prediction_time") == pl.col("prediction_time").min().over(
        "subject_id", "open", "number"
    )
    return rows.with_columns(state).with_columns(first=pl.col("open") & earliest).drop("open", "number")


def _with_outcomes(question: QuestionConfig, rows: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Add when the outcome came, and when the child was lost from sight."""
    later = pl.col("time") > pl.col("prediction_time")
    # Which came first on one day is not recorded, and nothing happens to a child who has died.
    day = pl.col("prediction_time").dt.truncate("1d")
    lost = (pl.col("time") >= day) | (pl.col("code") == DEATH)
    outcomes = ever_known(events, question.outcome)
    return rows.with_columns(
        after(rows, outcomes, later, question.outcome.at_least).alias("outcome_time"),
        after(rows, of_codes(events, [DEATH, *question.ends]), lost, 1).alias("end_time"),
    )


def _criteria(
    question: QuestionConfig, history: History, rows: pl.DataFrame, events: pl.DataFrame
) -> Iterator[tuple[str, pl.Expr | pl.Series]]:
    """Name each criterion, in the order in which they count, with the rows that do not meet it."""
    eligible, first = question.eligibility, history.extract.coverage_from
    asked, last = pl.col("prediction_time"), pl.col("last")
    if spell := question.index.first_in:
        yield f"not the first in its {spell}", ~pl.col("first")
    yield "before the records begin", asked < first
    if days := eligible.history_days:
        yield f"less than {days} days of records before it", asked < first + timedelta(days=days)
    yield "horizon ends after the records do", last > history.extract.coverage_to
    if eligible.from_age is not None:
        yield "too young", (asked < _birthday(eligible.from_age)).fill_null(value=False)
    yield "too old within the horizon", (last >= _birthday(eligible.under_age)).fill_null(value=False)
    for spell in eligible.open:
        yield f"{spell} not open", ~spell_at(rows, events, spell)["open"]
    for spell in eligible.not_open:
        yield f"{spell} open", spell_at(rows, events, spell)["open"]
    ended, came = pl.col("end_time"), pl.col("outcome_time")
    yield "no longer to be seen within the horizon", ended.is_not_null() & (came.is_null() | (ended < came))
    if days := question.outcome.not_before_days:
        early = came.dt.truncate("1d") < asked.dt.truncate("1d") + timedelta(days=days)
        yield f"outcome in the first {days} days", early.fill_null(value=False)


def _birthday(years: float) -> pl.Expr:
    return pl.col("birth").dt.offset_by(f"{round(years * MONTHS_PER_YEAR)}mo")


def _flow(criteria: list[str], left_out: pl.Series) -> pl.DataFrame:
    """Count what each criterion removed, in order, those too that removed nothing."""
    removed = dict(left_out.value_counts().iter_rows())
    remaining = left_out.len()
    flow = [("index events", 0, remaining)]
    for name in criteria:
        remaining -= removed.get(name, 0)
        flow.append((name, removed.get(name, 0), remaining))
    return pl.DataFrame(flow, schema=["criterion", "removed", "remaining"], orient="row")
