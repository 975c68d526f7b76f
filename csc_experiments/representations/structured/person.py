"""Who is described, and in which month: what no event says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.errors import ConfigError
from csc_experiments.representations.structured.naming import AGE, MONTHS, SEXES
from csc_experiments.representations.structured.parts import Part
from csc_experiments.representations.structured.settings import StructuredConfig

DAYS_PER_YEAR = 365.25


def person_columns(rows: pl.DataFrame, config: StructuredConfig) -> Part:
    """Describe the child and the calendar month.

    Parameters
    ----------
    rows : polars.DataFrame
        prediction_time; birth if age is wanted, sex if sex is.
    config : StructuredConfig

    Returns
    -------
    Part
        `age` in years: 0 before birth, for records tell the later birth of a child who was unborn at the
        time, and NaN where the birth is not recorded. `sex|female` and `sex|male`, both 0 where the records
        hold neither. `month_sin` and `month_cos`, so that December stands beside January.

    Raises
    ------
    ConfigError
        If sex is wanted of a cohort that does not hold it.
    """
    columns = dict(_columns(rows, config))
    values = np.column_stack(list(columns.values())).astype(np.float32)
    return Part(sparse.csr_array(values), tuple(columns))


def _columns(rows: pl.DataFrame, config: StructuredConfig) -> Iterator[tuple[str, NDArray[np.float64]]]:
    if config.age:
        days = (pl.col("prediction_time") - pl.col("birth")).dt.total_days().clip(lower_bound=0)
        yield AGE, rows.select((days / DAYS_PER_YEAR).fill_null(float("nan"))).to_series().to_numpy()
    if config.sex:
        if "sex" not in rows.columns:
            raise ConfigError("representation: sex is not among what a cohort holds.", todo="Set sex=false.")
        for name, code in zip(SEXES, ("F", "M"), strict=True):
            yield name, (rows["sex"] == code).fill_null(value=False).to_numpy().astype(np.float64)
    months = rows["prediction_time"].dt.month().to_numpy() * (2 * np.pi / 12)
    yield from zip(MONTHS, (np.sin(months), np.cos(months)), strict=True)
