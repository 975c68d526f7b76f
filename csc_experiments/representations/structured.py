"""Structured history as of the prediction time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.history.rules import BIRTH, DEATH, STANDARD_CODES
from csc_experiments.privacy.vocabulary import count_families
from csc_experiments.questions.definition import SPELLS
from csc_experiments.representations.knowledge import refuse_future
from csc_experiments.representations.matrix import Matrix, Rows
from csc_experiments.representations.settings import StructuredConfig, VocabularyConfig

Floats = NDArray[np.float32]
DAYS_PER_YEAR = 365.25
MIN_FAMILIES = VocabularyConfig.min_families
"""Of a code that no national code set holds, as of a word: in the histories of so many training families."""
REFERRALS_COUNT = "REFERRAL//START|count|all"
"""The column that the baseline `previous_referrals` ranks by."""


def structured_features(
    rows: pl.DataFrame, pairs: pl.DataFrame, codes: list[str], config: StructuredConfig
) -> tuple[Floats, tuple[str, ...]]:
    """Describe each row's child by what was known at the prediction time.

    Sensitive characteristics are not among the features, except age. Every code of the history has its
    columns, whichever rows are asked about; `fit` of a later step drops those that do not vary.

    Parameters
    ----------
    rows : polars.DataFrame
        prediction_time and birth; n rows of a cohort.
    pairs : polars.DataFrame
        From `known_before`: row, prediction_time, time, known_time, code, numeric_value.
    codes : list of str
        The codes to describe, in the order of the columns.

    Returns
    -------
    values : array of float32, shape (n, p)
        Age is 0 before birth and NaN where the birth is not recorded. `VaryingColumns` puts the median age
        of the training rows there; no column says that it was missing, for that would tell of recording, and
        whether a birth is ever recorded may be known only later.
    names : tuple of str, length p
        `CODE|count|365d`, `CODE|count|all`, `CODE|recency`, `SPELL|open`, `CODE|latest`, `age`, `month_sin`,
        `month_cos`. A spell whose end is not among `codes` has no `SPELL|open`: where a source never records
        an end (a section 47 enquiry in a census), whatever has started would seem open for ever. The latest
        value, NaN where none is known, is told of codes of given events alone: no other has one.

    Raises
    ------
    LeakError
        If a pair was not known by its prediction time.
    """
    refuse_future(pairs)
    described = pl.DataFrame(
        {"code": codes, "column": np.arange(len(codes))}, {"code": pl.String, "column": pl.Int64}
    )
    found = pairs.join(described, on="code", how="inner").with_columns(
        days=(pl.col("prediction_time") - pl.col("time")).dt.total_days()
    )
    blocks = [
        *_event_columns(found, rows.height, codes, config),
        _open_columns(pairs, rows.height, _spells(codes)),
        _latest_columns(found, rows.height, [code for code in codes if code not in STANDARD_CODES]),
        _row_columns(rows),
    ]
    return np.hstack([values for values, _ in blocks]), tuple(name for _, names in blocks for name in names)


def history_codes(events: pl.DataFrame) -> list[str]:
    """Codes of dated events, without birth and death, sorted.

    A code of given events that fewer than `MIN_FAMILIES` people have can never be a column, and is left out.
    """
    people = events.drop_nulls("time").group_by("code").agg(pl.col("subject_id").n_unique())
    standard = pl.col("code").is_in(sorted(STANDARD_CODES))
    found = people.filter(standard | (pl.col("subject_id") >= MIN_FAMILIES))
    return sorted(set(found["code"]) - {BIRTH, DEATH})


def without_rare_codes(raw: Matrix, fit: Rows, families: NDArray[np.int64]) -> Matrix:
    """Leave out the columns of given codes that too few training families have.

    Their names come from somebody else's records and may leave the site with a model, so one family must not
    be able to shape them. Which columns there are is learned from the training rows alone, as everything is
    that is fitted.

    Parameters
    ----------
    raw : Matrix
        From `structured_features`.
    fit : array of int
        Training rows.
    families : array of int
        Of every row of the cohort.
    """
    recency = [name.endswith("|recency") for name in raw.names]
    codes = [name.partition("|")[0] for name in raw.names if name.endswith("|recency")]
    counts = count_families(sparse.csr_array(raw.take(fit)[:, recency]), families[fit])
    rare = {
        code
        for code, count in zip(codes, counts, strict=True)
        if count < MIN_FAMILIES and code not in STANDARD_CODES
    }
    kept = [column for column, name in enumerate(raw.names) if rare.isdisjoint(_codes_of(name))]
    if len(kept) == len(raw.names):
        return raw
    return Matrix(raw.values[:, kept], tuple(raw.names[column] for column in kept), raw.rows)


def _codes_of(name: str) -> tuple[str, ...]:
    """Return the codes whose events a column describes."""
    said, _, what = name.partition("|")
    return (f"{said}//START", f"{said}//END") if what == "open" else (said,)


def _spells(codes: list[str]) -> list[str]:
    """List the spells that are described as open: those of which an end is recorded."""
    known = set(codes)
    ended = {code.removesuffix("//END") for code in known if code.endswith("//END")}
    return sorted(spell for spell in ended if spell in SPELLS or f"{spell}//START" in known)


def _event_columns(
    found: pl.DataFrame, height: int, codes: list[str], config: StructuredConfig
) -> Iterator[tuple[Floats, list[str]]]:
    windows = {f"{days}d" if days else "all": days for days in config.windows_days}
    counted = found.group_by("row", "column").agg(
        *(
            (pl.len() if days is None else (pl.col("days") <= days).sum()).alias(window)
            for window, days in windows.items()
        ),
        recency=0.5 ** (pl.col("days").min() / config.half_life_days),
    )
    at = (counted["row"].to_numpy(), counted["column"].to_numpy())
    for name in (*windows, "recency"):
        values = np.zeros((height, len(codes)), dtype=np.float32)
        values[at] = counted[name].to_numpy()
        yield values, [f"{code}|{name}" if name == "recency" else f"{code}|count|{name}" for code in codes]


def _open_columns(pairs: pl.DataFrame, height: int, spells: list[str]) -> tuple[Floats, list[str]]:
    """Whether more of a spell's starts than ends were known."""
    values = np.zeros((height, len(spells)), dtype=np.float32)
    for column, spell in enumerate(spells):
        for code, change in ((f"{spell}//START", 1), (f"{spell}//END", -1)):
            np.add.at(values[:, column], pairs.filter(pl.col("code") == code)["row"].to_numpy(), change)
    return (values > 0).astype(np.float32), [f"{spell}|open" for spell in spells]


def _latest_columns(found: pl.DataFrame, height: int, codes: list[str]) -> tuple[Floats, list[str]]:
    """Return the number that came with the latest event of a code, of those that came with one."""
    values = np.full((height, len(codes)), np.nan, dtype=np.float32)
    if codes:
        place = {code: column for column, code in enumerate(codes)}
        latest = (
            found.filter(pl.col("code").is_in(codes))
            .drop_nulls("numeric_value")
            .sort("time", "known_time", "numeric_value")
            .group_by("row", "code")
            .agg(pl.col("numeric_value").last())
        )
        columns = latest["code"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
        values[latest["row"].to_numpy(), columns] = latest["numeric_value"].to_numpy()
    return values, [f"{code}|latest" for code in codes]


def _row_columns(rows: pl.DataFrame) -> tuple[Floats, list[str]]:
    months = rows["prediction_time"].dt.month().to_numpy() * (2 * np.pi / 12)
    # Records tell the later birth of a child who was unborn at the time: before birth, age is 0.
    days = (pl.col("prediction_time") - pl.col("birth")).dt.total_days().clip(lower_bound=0)
    age = rows.select((days / DAYS_PER_YEAR).fill_null(float("nan"))).to_series()
    values = np.column_stack([age.to_numpy(), np.sin(months), np.cos(months)]).astype(np.float32)
    return values, ["age", "month_sin", "month_cos"]
