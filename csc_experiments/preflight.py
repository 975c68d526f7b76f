"""What an extract can support: what it holds, and what each question would learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from csc_experiments.errors import EmptyCohortError
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.records import Records, read_records


@dataclass(frozen=True, slots=True)
class Check:
    """Counts, and nothing but counts, of an extract; small ones are hidden.

    Attributes
    ----------
    authority : str
    coverage : tuple of str
        First and last day.
    tables : dict of str to str
        Rows by table.
    questions : tuple of dict of str to str
        question, year, index_events, families, positives.
    notes : tuple of str
    """

    authority: str
    coverage: tuple[str, str]
    tables: dict[str, str]
    questions: tuple[dict[str, str], ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)


def check_records(folder: Path, questions: Sequence[QuestionConfig], min_count: int) -> Check:
    """Count what a records folder holds, and what each question finds in it.

    Parameters
    ----------
    folder : pathlib.Path
    questions : sequence of QuestionConfig
    min_count : int
        Smaller counts, but not zero, are shown as "<min_count".

    Raises
    ------
    RecordsNotFoundError, UnreadableInputError
        As `read_records` does.
    """
    records = read_records(folder)
    history = build_history(records)
    extract = records.extract
    counted: list[dict[str, str]] = []
    notes = list(_notes(records))
    for question in questions:
        try:
            counted += _count(question, history, min_count)
        except EmptyCohortError:
            notes.append(f"{question.name}: nobody in these records answers to this question.")
    return Check(
        authority=extract.authority,
        coverage=(extract.coverage_from.isoformat(), extract.coverage_to.isoformat()),
        tables={name: shown(table.height, min_count) for name, table in records.tables.items()},
        questions=tuple(counted),
        notes=tuple(notes),
    )


def shown(count: int, min_count: int) -> str:
    """Show a count, unless it is small.

    Examples
    --------
    >>> shown(0, 10), shown(9, 10), shown(10, 10)
    ('0', '<10', '10')
    """
    return f"<{min_count}" if 0 < count < min_count else str(count)


def as_text(check: Check) -> str:
    """Lay a check out for a terminal."""
    lines = [f"Authority {check.authority}, {check.coverage[0]} to {check.coverage[1]}", "", "Rows by table"]
    lines += [f"  {name:<28}{rows:>10}" for name, rows in check.tables.items()]
    lines += ["", f"  {'question':<28}{'year':>6}{'index events':>14}{'families':>10}{'outcomes':>10}"]
    lines += [
        f"  {row['question']:<28}{row['year']:>6}{row['index_events']:>14}"
        f"{row['families']:>10}{row['positives']:>10}"
        for row in check.questions
    ]
    return "\n".join([*lines, "", *check.notes])


def _count(question: QuestionConfig, history: History, min_count: int) -> Iterator[dict[str, str]]:
    by_year = (
        ask(question, history)
        .rows.group_by(pl.col("prediction_time").dt.year().alias("year"))
        .agg(
            index_events=pl.len(), families=pl.col("family_id").n_unique(), positives=pl.col("outcome").sum()
        )
        .sort("year")
    )
    for row in by_year.iter_rows(named=True):
        counts = {name: shown(row[name], min_count) for name in ("index_events", "families", "positives")}
        if 0 < row["index_events"] - row["positives"] < min_count:
            # The few without the outcome would follow from the two counts.
            counts["positives"] = "hidden"
        yield {"question": question.name, "year": str(row["year"]), **counts}


def _notes(records: Records) -> Iterator[str]:
    if records["ssd_family"].is_empty():
        yield "ssd_family is empty: each child counts as a family of its own, so siblings may be split."
    if records["documents"].is_empty():
        yield "documents is empty: text representations will refuse to run."
