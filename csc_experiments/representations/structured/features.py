"""The event history as of the prediction time, as numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from scipy import sparse

from csc_experiments.questions.unseen import NOTHING, Unseen
from csc_experiments.representations.knowledge import known_before, refuse_future
from csc_experiments.representations.structured.codes import history_codes
from csc_experiments.representations.structured.counting import event_columns
from csc_experiments.representations.structured.parts import Part, beside
from csc_experiments.representations.structured.person import person_columns
from csc_experiments.representations.structured.relatives import known_of_relatives, member_column
from csc_experiments.representations.structured.settings import StructuredConfig
from csc_experiments.representations.structured.spells import spell_columns
from csc_experiments.representations.structured.valued import value_columns

Features = tuple[sparse.csr_array, tuple[str, ...]]
AT_ONCE = 6_000_000
"""Facts and cells that are held at a time: some 0.5 GB, however large the authority or its families."""


def describe_cohort(
    rows: pl.DataFrame,
    events: pl.DataFrame,
    subjects: pl.DataFrame,
    config: StructuredConfig,
    unseen: Unseen = NOTHING,
) -> Features:
    """Describe each row of a cohort by what was known of child and family at its prediction time.

    Parameters
    ----------
    rows : polars.DataFrame
        subject_id, family_id, prediction_time and what `person_columns` reads; n rows of a cohort.
    events : polars.DataFrame
        Of a history.
    subjects : polars.DataFrame
        subject_id, family_id: everybody in the records.
    config : StructuredConfig
    unseen : Unseen
        What the question keeps from every representation, of the child and of the family.

    Returns
    -------
    values : scipy.sparse.csr_array of float32, shape (n, p)
    names : tuple of str, length p
        As in `structured_features`, of every code of the history.
    """
    codes = history_codes(events)
    told = events.select("subject_id", "time", "known_time", "code", "numeric_value")
    parts = []
    for some in _slices(rows, told, subjects, len(codes)):
        pairs = unseen.without_codes(known_before(some, told))
        kin = unseen.without_codes(known_of_relatives(some, subjects, told)) if config.family else None
        parts.append(structured_features(some, pairs, codes, config, kin))
    return sparse.csr_array(sparse.vstack([values for values, _ in parts], format="csr")), parts[0][1]


def structured_features(
    rows: pl.DataFrame,
    pairs: pl.DataFrame,
    codes: list[str],
    config: StructuredConfig,
    relatives: pl.DataFrame | None = None,
) -> Features:
    """Turn what was known into columns.

    Every code has its columns, whichever rows are asked about; a later step learns on training rows which of
    them are of use. 0 stands for *none* in every column of events, and beside each that could be 0 otherwise
    there is one that says whether there was any: `ever` beside counts and recency, `open` beside the days of
    what is open, the `ever` of a spell's end beside the days of what has ended, `latest|known` beside the
    latest number. Whether there was any was known at the time. Age alone may be missing, and has no such
    column: it would tell of recording, and whether a birth is ever recorded may be known only later.

    How long ago is told as 0.5 ** (days / half life). It is never larger than 1, the same for all codes, and
    falls with every day, so that a linear model and a tree can use it and one old event does not outweigh all
    others, as a number of days would; and *never* is where *long ago* tends to, with `ever` to part them.

    Parameters
    ----------
    rows : polars.DataFrame
        prediction_time and what `person_columns` reads; n rows of a cohort.
    pairs : polars.DataFrame
        From `known_before`: row, subject_id, prediction_time, time, known_time, code, numeric_value.
    codes : list of str
        The codes to describe.
    config : StructuredConfig
    relatives : polars.DataFrame, optional
        From `known_of_relatives`, as `pairs`. Without, the family is not described.

    Returns
    -------
    values : scipy.sparse.csr_array of float32, shape (n, p)
    names : tuple of str, length p
        `CODE|count|365d`, `CODE|count|all`, `CODE|ever`, `CODE|recency|last`, `CODE|recency|first`,
        `SPELL|open`, `SPELL|open|days`, `SPELL|ended|days`, `CODE|latest`, `CODE|latest|known`; the same of
        brothers and sisters together, with `|family` at the end, and `members|family`; `age`, `sex|female`,
        `sex|male`, `month_sin`, `month_cos`. A spell whose end is not among `codes` is not said to be open:
        where a source never records an end (a section 47 enquiry in a census), whatever has started would
        seem open for ever. The latest number is told of codes of given events alone: no other has one.

    Raises
    ------
    LeakError
        If a pair was not known by its prediction time.
    """
    described = list(_described(pairs, rows.height, codes, config))
    if relatives is not None:
        described += [part.of_family() for part in _described(relatives, rows.height, codes, config)]
        seen = relatives.filter(pl.col("code").is_in(codes))
        described.append(member_column(seen, rows.height))
    described.append(person_columns(rows, config))
    part = beside(described)
    return part.values, part.names


def _described(
    pairs: pl.DataFrame, height: int, codes: list[str], config: StructuredConfig
) -> Iterator[Part]:
    refuse_future(pairs)
    column = pairs["code"].cast(pl.Enum(codes), strict=False).to_physical()
    found = pairs.select(
        pl.exclude("code", "prediction_time"),
        column.cast(pl.UInt32).alias("column"),
        days=(pl.col("prediction_time") - pl.col("time")).dt.total_days(),
    ).drop_nulls("column")
    yield event_columns(found, height, codes, config)
    yield spell_columns(found, height, codes)
    yield value_columns(found, height, codes)


def _slices(
    rows: pl.DataFrame, events: pl.DataFrame, subjects: pl.DataFrame, codes: int
) -> Iterator[pl.DataFrame]:
    """Cut rows so that each slice holds no more than can be held at a time, and one row at least."""
    numbers = events.group_by("subject_id").len()
    families = (
        subjects.join(numbers, on="subject_id", how="inner").group_by("family_id").agg(pl.col("len").sum())
    )
    joined = rows.select("family_id").join(families, on="family_id", how="left", maintain_order="left")
    cost = joined.select(pl.col("len").fill_null(0).cast(pl.Int64) + codes).to_series().cum_sum()
    number = (cost // AT_ONCE).to_numpy()
    starts = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    for start, end in zip(starts, [*starts[1:], rows.height], strict=True):
        yield rows[int(start) : int(end)]
