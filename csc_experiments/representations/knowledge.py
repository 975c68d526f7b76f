"""What was known: the one place where rows of a cohort meet facts."""

from __future__ import annotations

import polars as pl

from csc_experiments.errors import LeakError


def known_before(rows: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Pair each row of a cohort with the facts about its child that were known by its prediction time.

    Parameters
    ----------
    rows : polars.DataFrame
        subject_id, prediction_time.
    facts : polars.DataFrame
        subject_id, time, known_time and whatever else.

    Returns
    -------
    polars.DataFrame
        row (position in `rows`), prediction_time and the columns of `facts`, one row per pair.
    """
    return (
        rows.select("subject_id", "prediction_time")
        .with_row_index("row")
        .join(facts.drop_nulls("time"), on="subject_id", how="inner", maintain_order="left_right")
        .filter(pl.col("known_time") <= pl.col("prediction_time"))
    )


def refuse_future(pairs: pl.DataFrame) -> None:
    """Refuse pairs in which a fact was not yet known, or had not yet happened, at the prediction time.

    A fact of which nobody can say when it was known is refused too.

    Raises
    ------
    LeakError
        With the number of such pairs.
    """
    usable = (pl.col("known_time") <= pl.col("prediction_time")) & (
        pl.col("time") <= pl.col("prediction_time")
    )
    late = pairs.filter(~usable.fill_null(value=False)).height
    if late:
        raise LeakError(
            f"{late} facts were known only after the prediction time that they would be used for.",
            todo="A representation must take its facts from `known_before`.",
        )
