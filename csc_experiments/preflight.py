"""What an extract can support: what it holds, and what each question would learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from csc_experiments.errors import EmptyCohortError, MissingTableError
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.records import Records, read_records
from csc_experiments.records.quality import broken_rules, orphans


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
    rules : tuple of dict of str to str
        rule, table, what, rows: orders of events that cannot be, and references that lead nowhere, where
        there are any.
    notes : tuple of str
        What the records lack, and which questions they cannot answer and why.
    """

    authority: str
    coverage: tuple[str, str]
    tables: dict[str, str]
    questions: tuple[dict[str, str], ...]
    rules: tuple[dict[str, str], ...]
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
    notes = list(_notes(records, min_count))
    for question in questions:
        try:
            counted += _count(question, history, min_count)
        except EmptyCohortError:
            notes.append(f"{question.name}: nobody in these records answers to this question.")
        except MissingTableError as refusal:
            notes.append(str(refusal))
    return Check(
        authority=extract.authority,
        coverage=(extract.coverage_from.isoformat(), extract.coverage_to.isoformat()),
        tables={name: shown(table.height, min_count) for name, table in records.tables.items()},
        questions=tuple(counted),
        rules=tuple(_broken(records, min_count)),
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


def shown_part(part: int, whole: int, min_count: int) -> str:
    """Show a count beside that of its whole, unless it, the whole or what is left of the whole is small.

    Examples
    --------
    >>> shown_part(95, 100, 10), shown_part(100, 100, 10), shown_part(5, 100, 10), shown_part(5, 5, 10)
    ('hidden', '100', '<10', 'hidden')
    """
    if 0 < whole < min_count or 0 < whole - part < min_count:
        # The few of the whole, or those who are left, would follow.
        return "hidden"
    return shown(part, min_count)


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
    if check.rules:
        lines += ["", "What cannot be (the rule's number is that of the children in need census)"]
    lines += [f"  {row['rule']:<6}{row['table']:<26}{row['rows']:>8}  {row['what']}" for row in check.rules]
    return "\n".join([*lines, "", *check.notes])


def _broken(records: Records, min_count: int) -> Iterator[dict[str, str]]:
    for row in broken_rules(records.tables).filter(pl.col("rows") > 0).iter_rows(named=True):
        rows = shown_part(row["rows"], row["of"], min_count)
        yield {"rule": row["rule"], "table": row["table"], "what": row["what"], "rows": rows}
    for (table, column), count in orphans(records.tables).items():
        rows = shown_part(count, records[table][column].count(), min_count)
        yield {
            "rule": "",
            "table": table,
            "what": f"{column} of nobody and nothing that is there",
            "rows": rows,
        }


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
        counts = {name: shown(row[name], min_count) for name in ("index_events", "families")}
        counts["positives"] = shown_part(row["positives"], row["index_events"], min_count)
        yield {"question": question.name, "year": str(row["year"]), **counts}


def _notes(records: Records, min_count: int) -> Iterator[str]:
    if records["ssd_person"].is_empty():
        yield (
            "ssd_person is empty: ages and dates of death are unknown, so no question leaves anybody out for"
            " them."
        )
    if records["ssd_family"].is_empty():
        yield "ssd_family is empty: each child counts as a family of its own, so siblings may be split."
    if records["documents"].is_empty():
        yield "documents is empty: text representations will refuse to run."
    undated = records["documents"]["recorded_date"].null_count()
    if undated:
        said = shown_part(undated, records["documents"].height, min_count)
        yield (
            f"documents without recorded_date: {said}. Each counts as known on the day on which it was"
            " written; if it was typed in later, a text representation reads it too early."
        )
