"""Several authorities' histories and cohorts as one, to learn from some and test on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TypeVar

import polars as pl

from csc_experiments.errors import ConfigError
from csc_experiments.history.events import History
from csc_experiments.questions.cohort import Cohort
from csc_experiments.records import Extract

Asked = tuple[History, Cohort]
Numbered = TypeVar("Numbered", pl.DataFrame, pl.Series)


def join_authorities(asked: Sequence[Asked]) -> Asked:
    """Put histories, and the cohorts that one question found in each, side by side.

    Each authority was asked by itself, within the coverage of its own records. The numbers of children and
    families of all but the first are moved on, so that no child or family of one is ever one of another, even
    where both know a child who has moved: nothing in the records says that they do.

    Parameters
    ----------
    asked : sequence of (History, Cohort)
        At least one; the first is the authority that is tested on, and its numbers stay.

    Returns
    -------
    (History, Cohort)
        The rows have two more columns: `authority`, and `here`, true for those of the first. A table counts
        as filled if all authorities filled it, families as linked if all linked theirs. The flow adds up the
        rows that each criterion removed. With one authority, what was given.

    Raises
    ------
    ConfigError
        If an authority stands there twice, or the horizons differ.
    """
    if len(asked) == 1:
        return asked[0]
    histories, cohorts = [history for history, _ in asked], [cohort for _, cohort in asked]
    names = [history.extract.authority for history in histories]
    if len(set(names)) < len(names):
        raise ConfigError(
            "validation.others: an authority would stand on both sides, or be learned from twice.",
            todo="Name datasets of other authorities.",
        )
    if len({cohort.horizon for cohort in cohorts}) > 1:
        raise ConfigError("Cohorts of different horizons cannot be joined.")
    children = _starts([history.subjects["subject_id"] for history in histories])
    families = _starts([history.subjects["family_id"] for history in histories])
    starts = list(zip(children, families, strict=True))
    told = [_told_apart(history, *start) for history, start in zip(histories, starts, strict=True)]
    rows = [_moved(cohort.rows, *start) for cohort, start in zip(cohorts, starts, strict=True)]
    return _one_history(told), _one_cohort(cohorts, rows, names)


def _starts(numbers: Sequence[pl.Series]) -> list[int]:
    """Return where each authority's numbers begin, so that none meets another's."""
    return list(accumulate((_top(each) + 1 for each in numbers[:-1]), initial=0))


def _top(numbers: pl.Series) -> int:
    return int(numbers.cast(pl.Int64).to_numpy().max(initial=-1))


def _moved(frame: pl.DataFrame, children: int, families: int) -> pl.DataFrame:
    """Move the numbers of children, and of families where there are any."""
    starts = {"subject_id": children, "family_id": families}
    return frame.with_columns(pl.col(name) + start for name, start in starts.items() if name in frame.columns)


def _told_apart(history: History, children: int, families: int) -> History:
    return replace(
        history,
        events=_moved(history.events, children, families),
        subjects=_moved(history.subjects, children, families),
        characteristics=_moved(history.characteristics, children, families),
        documents=_moved(history.documents, children, families),
    )


def _one_history(histories: Sequence[History]) -> History:
    """Join histories whose numbers differ; children stay in order, for each begins where another ends."""
    documents = [history.documents for history in histories]
    if any(each.is_empty() for each in documents):
        # An authority without documents has nothing that a text could be learned from or tested on.
        documents = [each.clear() for each in documents]
    return History(
        extract=_one_extract([history.extract for history in histories]),
        events=pl.concat(history.events for history in histories),
        subjects=pl.concat(history.subjects for history in histories),
        characteristics=pl.concat(history.characteristics for history in histories),
        documents=pl.concat(documents),
        linked=all(history.linked for history in histories),
        tables=frozenset.intersection(*(history.tables for history in histories)),
    )


def _one_extract(extracts: Sequence[Extract]) -> Extract:
    return Extract(
        authority="+".join(extract.authority for extract in extracts),
        extract_date=max(extract.extract_date for extract in extracts),
        coverage_from=max(extract.coverage_from for extract in extracts),
        coverage_to=min(extract.coverage_to for extract in extracts),
        sources=tuple(source for extract in extracts for source in extract.sources),
        # Each authority's own fingerprint stands for all that its records say.
        tables={extract.authority: extract.fingerprint for extract in extracts},
    )


def _one_cohort(cohorts: Sequence[Cohort], rows: Sequence[pl.DataFrame], names: Sequence[str]) -> Cohort:
    told = [
        each.with_columns(authority=pl.lit(name), here=pl.lit(name == names[0]))
        for each, name in zip(rows, names, strict=True)
    ]
    flow = (
        pl.concat(cohort.flow for cohort in cohorts)
        .group_by("criterion", maintain_order=True)
        .agg(pl.col("removed", "remaining").sum())
    )
    return Cohort(pl.concat(told).sort("prediction_time", "subject_id"), flow, cohorts[0].horizon)
