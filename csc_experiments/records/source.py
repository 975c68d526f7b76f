"""What a reader makes of a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

Coverage = tuple[date, date]
"""First and last day between which everything that happened is in a source."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source that has been read.

    Attributes
    ----------
    kind : str
        What it is, in words that hold no path and no value.
    tables : mapping of str to polars.DataFrame
        Standard tables by name.
    rejects : polars.DataFrame
        table, row, column, reason: what could not be used, as `csc_experiments.records.rejects` has it.
    coverage : Coverage, optional
        The days that the source is complete for, if it says so.
    notes : tuple of str
        What was assumed, and what was not read.
    origins : mapping of str to polars.Series
        As `csc_experiments.records.combining.Combined` has it, if the source has several parts.
    versions : polars.DataFrame, optional
        The same.
    reader : str
        Which of the readers read it, a key of `csc_experiments.records.sources.KINDS` or the like.
    """

    kind: str
    tables: Mapping[str, pl.DataFrame]
    rejects: pl.DataFrame
    coverage: Coverage | None = None
    notes: tuple[str, ...] = ()
    origins: Mapping[str, pl.Series] = field(default_factory=dict)
    versions: pl.DataFrame | None = None
    reader: str = ""
