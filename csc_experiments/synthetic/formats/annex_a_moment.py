"""The day on which Annex A is taken: who the children are then, and what lies six and twelve months back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from csc_experiments.synthetic.formats.annex_a_labels import DISABILITY, ETHNICITY, GENDER, YES_NO
from csc_experiments.synthetic.formats.invented import (
    Draw,
    add_luck,
    draw_for,
    teams,
    worker_names,
)
from csc_experiments.synthetic.settings import AuthoritySettings

_UNBORN = -1


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything that the lists are made from.

    Attributes
    ----------
    tables : Mapping[str, polars.DataFrame]
        Standard tables.
    children : polars.DataFrame
        person, born, family, and the columns that lists have in common.
    today, half_year_ago, year_ago : datetime.date
        The day of the workbook, and the first days of the months that it tells of.
    authority : str
        Three digits.
    seed : int
    """

    tables: Mapping[str, pl.DataFrame]
    children: pl.DataFrame
    today: date
    half_year_ago: date
    year_ago: date
    authority: str
    seed: int

    def with_children(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add what lists have in common to rows that have a `person`."""
        return rows.join(self.children, on="person", how="left", maintain_order="left")

    def with_workers(self, rows: pl.DataFrame, key: str) -> pl.DataFrame:
        """Add the team and the worker; a case keeps its own from list to list."""
        return rows.with_columns(
            self.drawn(rows, key, "teams", teams).alias("Allocated Team"),
            self.drawn(rows, key, "workers", worker_names).alias("Allocated Worker"),
        )

    def drawn(self, rows: pl.DataFrame, key: str, name: str, draw: Draw) -> pl.Series:
        """Draw a value for each key."""
        return draw_for(rows[key], self.seed, f"annex a {name}", draw)

    def with_day_before(self, rows: pl.DataFrame, key: str, name: str, days: int) -> pl.DataFrame:
        """Add the day of something that is repeated, last done up to `days` days before `until`.

        Parameters
        ----------
        rows : polars.DataFrame
            With `begins` and `until`; null if the last time would have been before `begins`.
        """
        rows = add_luck(rows, key, self.seed, f"annex a {name}")
        day = pl.col("until") - pl.duration(days=(pl.col(f"annex a {name}") * days).cast(pl.Int64))
        return rows.with_columns(pl.when(day >= pl.col("begins")).then(day).alias(name))


def moment_of(tables: Mapping[str, pl.DataFrame], settings: AuthoritySettings, seed: int) -> Moment:
    """Return the last day of an authority's records."""
    today = settings.last_day
    half_year, year = pl.select(
        half=pl.lit(today).dt.offset_by("-6mo"), year=pl.lit(today).dt.offset_by("-12mo")
    ).row(0)
    return Moment(tables, _children(tables, today), today, half_year, year, settings.lea, seed)


def count_in_year_before(rows: pl.DataFrame, others: pl.DataFrame) -> pl.Series:
    """Count, for each row, what happened to the same person in the twelve months before its day.

    Parameters
    ----------
    rows, others : polars.DataFrame
        person, day.

    Examples
    --------
    >>> days = [date(2024, 1, 1), date(2024, 6, 1), date(2025, 3, 1)]
    >>> rows = pl.DataFrame({"person": ["P1"] * 3, "day": days})
    >>> count_in_year_before(rows, rows).to_list()
    [0, 1, 1]
    """
    numbered = rows.select("person", "day").with_row_index("row")
    pairs = numbered.join(others.select("person", other="day").drop_nulls(), on="person")
    within = (pl.col("other") < pl.col("day")) & (pl.col("other") >= pl.col("day").dt.offset_by("-12mo"))
    counts = pairs.filter(within).group_by("row").len("count")
    return numbered.join(counts, on="row", how="left", maintain_order="left")["count"].fill_null(0)


def _children(tables: Mapping[str, pl.DataFrame], today: date) -> pl.DataFrame:
    families = tables["ssd_family"].sort("fami_table_id").unique("fami_person_id", keep="first")
    disabled = tables["ssd_disability"].filter(pl.col("disa_disability_code") != "NONE")["disa_person_id"]
    born = pl.col("pers_dob")
    had = born.dt.month().cast(pl.Int32) * 100 + born.dt.day() <= today.month * 100 + today.day
    age = pl.lit(today.year) - born.dt.year() - 1 + had.cast(pl.Int32)
    is_disabled = pl.col("pers_person_id").is_in(disabled.implode())
    return (
        tables["ssd_person"]
        .join(families, left_on="pers_person_id", right_on="fami_person_id", how="left")
        .select(
            person="pers_person_id",
            born="pers_dob",
            family="fami_family_id",
            **{
                "Child Unique ID": pl.col("pers_person_id"),
                "Gender": pl.col("pers_sex").fill_null("U").replace_strict(GENDER, default=GENDER["U"]),
                "Ethnicity": pl.col("pers_ethnicity").replace_strict(ETHNICITY, default=ETHNICITY["NOBT"]),
                "Date of Birth": pl.coalesce("pers_dob", "pers_expected_dob"),
                "Age of Child (Years)": age.fill_null(_UNBORN).cast(pl.Int64),
                DISABILITY: pl.when(is_disabled).then(pl.lit(YES_NO["Y"])).otherwise(pl.lit(YES_NO["N"])),
            },
        )
    )
