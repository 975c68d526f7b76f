"""Check a records folder: what it holds, and what each question would learn from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from csc_experiments.errors import (
    ConfigError,
    EmptyCohortError,
    LeakError,
    MissingTableError,
    TooFewPositivesError,
)
from csc_experiments.history.events import History, build_history
from csc_experiments.preflight import holdings, learning
from csc_experiments.preflight.hiding import shown, shown_part
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.records import Records, read_records
from csc_experiments.records.quality import TYPES
from csc_experiments.validation.settings import ValidationConfig

Rows = tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Counts, and nothing but counts, of an extract; small ones are hidden and others rounded.

    Attributes
    ----------
    authority : str
    coverage : tuple of str
        First and last day.
    min_count : int
        Smaller counts are hidden.
    tables : dict of str to str
        Rows by table.
    outside : tuple of dict of str to str
        table, dated_by, before, after, undated, months_without: rows outside the coverage, and months of it
        without a row.
    months : tuple of dict of str to str
        month and, by table, its rows in that month.
    missing : tuple of dict of str to str
        table, column, need, rows, missing, share: in how many rows a column is empty.
    codes : tuple of dict of str to str
        table, column, year (of the returns: to 31 March), codes, foreign (of no code set), other_years (of
        the code set of other years).
    rules : tuple of dict of str to str
        rule, table, what, rows: orders of events that cannot be, and references that lead nowhere, where
        there are any.
    duplicates : tuple of dict of str to str
        table, what, rows: what stands several times.
    rejects : tuple of dict of str to str
        table, column, reason, count: cells and rows that the import set aside, the most frequent first.
    document_types, document_years : tuple of dict of str to str
        type (and year), documents, children, empty, copied; of the types also the words of documents.
    reach : tuple of dict of str to str
        what, with_text, of, share: children and referrals that have a document.
    questions : tuple of dict of str to str
        question, year, index_events, families, positives.
    folds : tuple of dict of str to str
        question, design, fold, side, index_events, families, positives.
    refusals, warnings, notes : tuple of str
        Designs that cannot be used; where outcomes are too few; what the records lack, and which questions
        they cannot answer and why.
    """

    authority: str
    coverage: tuple[str, str]
    min_count: int
    tables: dict[str, str]
    outside: Rows
    months: Rows
    missing: Rows
    codes: Rows
    rules: Rows
    duplicates: Rows
    rejects: Rows
    document_types: Rows
    document_years: Rows
    reach: Rows
    questions: Rows
    folds: Rows
    refusals: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)


def check_records(
    folder: Path,
    questions: Sequence[QuestionConfig],
    designs: Sequence[ValidationConfig],
    *,
    min_count: int,
    seed: int,
    unasked: Mapping[str, str] = MappingProxyType({}),
) -> Check:
    """Count what a records folder holds, and what each question finds in it.

    Parameters
    ----------
    folder : pathlib.Path
    questions : sequence of QuestionConfig
    designs : sequence of ValidationConfig
        Each question's cases are divided by each.
    min_count : int
        Smaller counts are hidden, and so is what would give one away.
    seed : int
        That of the configuration, so that folds are those of a run.
    unasked : mapping of str to str
        Questions whose configuration is refused, with the reason: noted beside those that are asked.

    Raises
    ------
    RecordsNotFoundError, UnreadableInputError
        As `read_records` does.
    """
    records = read_records(folder)
    extract = records.extract
    asked = _Questions(extract.authority, seed, min_count)
    history = build_history(records)
    for question in questions:
        asked.ask(question, designs, history)
    outside, months, gaps = holdings.dated_rows(records, min_count)
    types = {*TYPES, *(name for question in questions for name in question.document_types)}
    by_type, by_year, reach = holdings.texts(records, types, min_count)
    return Check(
        authority=extract.authority,
        coverage=(extract.coverage_from.isoformat(), extract.coverage_to.isoformat()),
        min_count=min_count,
        tables={name: shown(table.height, min_count) for name, table in records.tables.items()},
        outside=tuple(outside),
        months=tuple(months),
        missing=tuple(holdings.missing_cells(records, min_count)),
        codes=tuple(holdings.codes_by_year(records, min_count)),
        rules=tuple(holdings.broken(records, min_count)),
        duplicates=tuple(holdings.duplicates(records, min_count)),
        rejects=tuple(holdings.set_aside(folder, min_count)),
        document_types=tuple(by_type),
        document_years=tuple(by_year),
        reach=tuple(reach),
        questions=tuple(asked.years),
        folds=tuple(asked.folds),
        refusals=tuple(asked.refusals),
        warnings=(*learning.warnings(asked.years, asked.folds), *gaps),
        notes=(*_notes(records, min_count), *asked.notes, *(_of_question(*one) for one in unasked.items())),
    )


class _Questions:
    """What came of asking every question."""

    def __init__(self, authority: str, seed: int, least: int) -> None:
        self._authority = authority
        self._seed = seed
        self._least = least
        self.years: list[dict[str, str]] = []
        self.folds: list[dict[str, str]] = []
        self.refusals: list[str] = []
        self.notes: list[str] = []

    def ask(self, question: QuestionConfig, designs: Sequence[ValidationConfig], history: History) -> None:
        try:
            question.check()
            cohort = ask(question, history)
        except EmptyCohortError:
            # The error's own message holds exact counts.
            self.notes.append(f"{question.name}: nobody in these records answers to this question.")
            return
        except LeakError:
            # So does this one's.
            self.notes.append(
                f"{question.name}: refused; index events were not yet known when they happened. Choose an"
                " index event that the authority knows of on the day."
            )
            return
        except (ConfigError, MissingTableError) as refusal:
            self.notes.append(_of_question(question.name, str(refusal)))
            return
        asked = learning.Asked(question.name, self._authority, cohort, self._seed)
        self.years += learning.by_year(asked, self._least)
        for design in designs:
            self._divide(asked, design)

    def _divide(self, asked: learning.Asked, design: ValidationConfig) -> None:
        try:
            folds = learning.divide(asked, design)
        except TooFewPositivesError as refusal:
            self.refusals.append(str(refusal))
            return
        self.folds += learning.by_fold(asked, design.name, folds, self._least)
        if not learning.can_search(asked, folds, design):
            self.refusals.append(
                f"{asked.question}, {design.name}: refused with a search for settings; each side inside a"
                f" fold needs {design.min_positives} outcomes and {design.min_positives} cases without."
            )


def _of_question(name: str, reason: str) -> str:
    return reason if f"question {name}" in reason else f"{name}: {reason}"


def _notes(records: Records, least: int) -> Iterator[str]:
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
        said = shown_part(undated, records["documents"].height, least)
        yield (
            f"documents without recorded_date: {said}. Each counts as known on the day on which it was"
            " written; if it was typed in later, a text representation reads it too early."
        )
