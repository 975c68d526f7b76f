"""Codes as workers had them to choose from: before a code came into use, the one that stood for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from csc_experiments.synthetic.formats.cin_layouts import layout_of

_FIRST, _LAST = 2017, 2026
_APRIL: Final = 4
_COLUMNS: Final = (
    ("ssd_cin_episodes", "cine_referral_source_code", "cine_referral_date", "ReferralSource"),
    ("ssd_cin_episodes", "cine_close_reason", "cine_close_date", "ReasonForClosure"),
    ("ssd_contacts", "cont_contact_source_code", "cont_contact_date", "ReferralSource"),
)
_FACTORS, _ASSESSMENTS = "ssd_assessment_factors", "ssd_cin_assessments"


def codes_in_use(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the tables whose codes have come into use over the years, each row with those of its own year.

    Years are those of the children in need census, as `layout_of` has them.
    """
    changed = dict(tables)
    for table, column, day, element in _COLUMNS:
        changed[table] = changed[table].with_columns(_written(pl.col(column), day, element).alias(column))
    dated = changed[_FACTORS].join(
        changed[_ASSESSMENTS].select("cina_assessment_id", "cina_assessment_auth_date"),
        left_on="cinf_assessment_id",
        right_on="cina_assessment_id",
        how="left",
        maintain_order="left",
    )
    codes = pl.col("code")
    each = (
        dated.with_row_index("row")
        .with_columns(code=pl.col("cinf_assessment_factors_json").str.json_decode(pl.List(pl.String())))
        .explode("code", empty_as_null=True)
        .with_columns(_written(codes, "cina_assessment_auth_date", "AssessmentFactors").alias("code"))
        .group_by("row", maintain_order=True)
        .agg(codes.unique(maintain_order=True))
    )
    said = pl.format('["{}"]', codes.list.join('", "'))
    changed[_FACTORS] = changed[_FACTORS].with_columns(
        each.select(cinf_assessment_factors_json=said).to_series()
    )
    return {name: changed[name] for name in (*dict.fromkeys(name for name, *_ in _COLUMNS), _FACTORS)}


def _written(code: pl.Expr, day: str, element: str) -> pl.Expr:
    """Write a code as the layout of its year has it."""
    date = pl.col(day)
    year = (date.dt.year() + (date.dt.month() >= _APRIL)).clip(_FIRST, _LAST)
    for at in range(_FIRST, _LAST + 1):
        older = dict(layout_of(at).codes[element])
        if older:
            code = pl.when(year == at).then(code.replace(older)).otherwise(code)
    return code
