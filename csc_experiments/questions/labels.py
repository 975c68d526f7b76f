"""The outcomes of a cohort as labels that other tools read."""

from __future__ import annotations

import polars as pl

from csc_experiments.questions.cohort import Cohort

LABEL_SCHEMA: dict[str, pl.DataType] = {
    "subject_id": pl.Int64(),
    "prediction_time": pl.Datetime("us"),
    "boolean_value": pl.Boolean(),
    "integer_value": pl.Int64(),
    "float_value": pl.Float32(),
    "categorical_value": pl.String(),
}
"""The label schema of MEDS (https://medical-event-data-standard.github.io)."""


def meds_labels(cohort: Cohort) -> pl.DataFrame:
    """Write a cohort's outcomes as MEDS labels.

    Returns
    -------
    polars.DataFrame
        The columns of `LABEL_SCHEMA`, a row for each of the cohort, sorted by subject and prediction time;
        the outcome is boolean_value, and the other values are null.
    """
    return (
        cohort.rows.select("subject_id", "prediction_time", pl.col("outcome").alias("boolean_value"))
        .with_columns(pl.lit(None, kind).alias(name) for name, kind in list(LABEL_SCHEMA.items())[3:])
        .cast(pl.Schema(LABEL_SCHEMA))
        .sort("subject_id", "prediction_time")
    )
