# noqa: INP001 - a script, not a package
"""Write histories and our answers to every question, for ACES to judge: `write_labels.py FOLDER`.

Each world is a folder with ``events.parquet`` (a plain MEDS data set), ``coverage.yaml`` and, for each
question that is asked of it, ``<question>.parquet`` (MEDS labels). Some worlds are invented authorities. The
others, one for each question, are crowded: few kinds of things happen, many on one day or a horizon apart.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import yaml

from csc_experiments.config import choices, compose_experiment
from csc_experiments.history.events import EVENT_SCHEMA, TIME, History, build_history
from csc_experiments.history.rules import BIRTH, DEATH
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.questions.labels import meds_labels
from csc_experiments.questions.moments import sides_of
from csc_experiments.records import Extract, read_records
from csc_experiments.records.store import write_records
from csc_experiments.synthetic import settings_from
from csc_experiments.synthetic.simulation import simulate_lives

SEED = 1
AUTHORITIES = ("la1", "la2", "la3")
# ACES looks at every day of every child, so whole authorities would take it an hour.
POPULATION = 16_000
CROWD = 1_500
EVENTS_OF_A_CHILD = (2, 16)
FIRST, LAST = date(2018, 1, 1), date(2022, 12, 31)
# Nothing that a question names, but codes that begin as it does.
DECOYS = (
    "CLA//SHORT_BREAK",
    "CP_PLAN//CATEGORY//NEG",
    "PLACEMENT//TEMPORARY",
    "REFERRAL//CLOSE//RC7",
    "REFERRAL//SOURCE//6",
)
Happening = tuple[date, str]


def main(folder: Path) -> None:
    """Write every world."""
    questions = [compose_experiment([f"question={name}"]).question for name in choices("question")]
    for name in AUTHORITIES:
        write_world(folder / name, invented(name, folder / "records" / name), questions)
    for question in questions:
        write_world(folder / f"crowded_{question.name}", crowded(question), [question])


def write_world(folder: Path, history: History, questions: list[QuestionConfig]) -> None:
    """Write a history as plain MEDS, and the labels of questions asked of it."""
    folder.mkdir(parents=True)
    named = {code for question in questions for code in codes_of(question)}
    late = history.events.filter(pl.col("code").is_in(named) & (pl.col("known_time") != pl.col("time")))
    if late.height:
        # ACES knows when things happened, not when they were known, so both must be the same.
        sys.exit(f"{folder.name}: {late.height} events that questions name were known late.")
    plain = ["subject_id", "time", "code", "numeric_value"]
    history.events.select(plain).write_parquet(folder / "events.parquet")
    extract = history.extract
    coverage = {"first": extract.coverage_from, "last": extract.coverage_to}
    (folder / "coverage.yaml").write_text(yaml.safe_dump(coverage), encoding="utf-8")
    for question in questions:
        labels = meds_labels(ask(question, history))
        labels.write_parquet(folder / f"{question.name}.parquet")


def invented(name: str, folder: Path) -> History:
    """Invent an authority of some thousand known children, without documents: no question asks about them."""
    knobs = dict(compose_experiment([f"dataset={name}"]).dataset.synthetic or {})
    settings = settings_from(name, knobs | {"child_population": POPULATION})
    write_records(
        folder,
        authority=name,
        extract_date=settings.last_day,
        coverage=(settings.first_day, settings.last_day),
        sources=("invented",),
        tables=simulate_lives(settings, SEED).standard_tables(),
    )
    return build_history(read_records(folder))


def crowded(question: QuestionConfig) -> History:
    """Draw children to whom only what a question names happens, on days on which its answer turns."""
    draw = random.Random(f"{SEED} {question.name}")  # noqa: S311 - lots, not secrets
    rows = [(child, *event) for child in range(CROWD) for event in happenings(question, draw)]
    events = (
        pl.DataFrame(rows, schema=["subject_id", "time", "code"], orient="row")
        .with_columns(
            pl.col("time").cast(TIME),
            numeric_value=pl.lit(None),
            text_value=pl.lit(None),
            known_time=pl.col("time").cast(TIME),
        )
        .cast(pl.Schema(EVENT_SCHEMA))
        .select(EVENT_SCHEMA.keys())
        .sort("subject_id", "time", "code")
    )
    born = events.filter(pl.col("code") == BIRTH).select("subject_id", pl.col("time").alias("birth"))
    subjects = pl.DataFrame({"subject_id": range(CROWD), "family_id": range(CROWD)}).join(
        born, on="subject_id", how="left", maintain_order="left"
    )
    extract = Extract("crowded", LAST, FIRST, LAST, ("drawn",))
    return History(extract, events, subjects, pl.DataFrame(), pl.DataFrame())


def happenings(question: QuestionConfig, draw: random.Random) -> Iterator[Happening]:
    """Draw what happens to one child: often just so long after something else that an answer may turn."""
    horizon = question.outcome.within_days
    edges = (FIRST, LAST - timedelta(days=horizon))
    near = sorted({0, 14, question.outcome.not_before_days, 365, horizon})
    days: list[date] = [draw.choice(edges) + timedelta(days=draw.choice((-1, 0, 0, 1)))]
    for _ in range(draw.randint(*EVENTS_OF_A_CHILD)):
        follows = draw.choice(days) + timedelta(days=max(0, draw.choice(near) + draw.choice((-1, 0, 1))))
        anyhow = FIRST + timedelta(days=draw.randrange(-400, (LAST - FIRST).days))
        days.append(draw.choice((follows, follows, anyhow)))
    codes = weighted(question)
    drawn = [(day, draw.choice(codes)) for day in days]
    yield from drawn
    turning = [day for day, code in drawn if code in question.index.any] or days
    if draw.random() < 0.3:  # noqa: PLR2004 - a share
        lost = draw.choice(turning) + timedelta(days=draw.choice((-1, 0, horizon, horizon + 1)))
        yield lost, draw.choice((DEATH, *question.ends))
    if draw.random() < 0.5:  # noqa: PLR2004 - a share
        grown = draw.choice(turning) + timedelta(days=horizon + draw.choice((-1, 0, 1)))
        yield eighteen_years_before(grown), BIRTH


def weighted(question: QuestionConfig) -> list[str]:
    """List codes as often as they should be drawn: what loses a child from sight seldom."""
    index, outcome = question.index.any, question.outcome.any
    wanted = {*question.eligibility.open, question.index.first_in}
    sides = []
    for spell in sorted({spell for named in question.spells.values() for spell in named}):
        start, end = sides_of(spell)
        sides += [start] * (12 if spell in wanted else 3) + [end] * 2
    often = [*index * (12 // len(index)), *outcome * (8 // len(outcome)), *sides]
    return [*often, *question.ends, *DECOYS]


def codes_of(question: QuestionConfig) -> set[str]:
    """List every code that decides about a row of a question."""
    return {code for code in weighted(question) if code not in DECOYS} | {DEATH}


def eighteen_years_before(day: date) -> date:
    """Return a birth; who turns 18 on a day that the year of birth lacks was born the day before."""
    return day.replace(year=day.year - 18, day=28 if (day.month, day.day) == (2, 29) else day.day)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
