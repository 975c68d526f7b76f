"""Assessments and the factors that they identify."""

from __future__ import annotations

import numpy as np
import polars as pl

from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.draws import Mask, as_dates, as_flags, numbered, stream
from csc_experiments.synthetic.factors import FACTORS
from csc_experiments.synthetic.settings import AuthoritySettings

SHARE_RECORDED = 0.9
"""Chance that an assessment records a factor that is true."""
_SHARE_SEEN = 0.97
_ALONE = '"9A"'


def assessment_tables(
    settings: AuthoritySettings,
    seed: int,
    cases: Cases,
    true: Mask,
    *,
    keys: pl.DataFrame,
    last_day: int,
) -> dict[str, pl.DataFrame]:
    """Write an assessment of each case that has one, and its factors once it is authorised.

    Parameters
    ----------
    true : numpy.ndarray of bool, shape (cases, factors)
        Which factors are true of each child.
    keys : polars.DataFrame
        person and referral of each case.
    """
    rng, way = stream(seed, "assessment forms"), cases.way
    recorded = true & (rng.random(true.shape) < SHARE_RECORDED)
    seen = rng.random(way.assessed.size) < _SHARE_SEEN
    forgotten = rng.random(way.assessed.size) < settings.share_missing_factors
    # "No factors" says that nothing will follow. Where nothing may predict, nobody says it.
    telling = way.not_in_need & (settings.signal > 0)
    authorised = pl.Series(way.authorised <= last_day)
    table = keys.select(
        cina_person_id="person",
        cina_referral_id="referral",
        cina_assessment_start_date=as_dates(way.assessed, last_day),
        cina_assessment_child_seen=as_flags(seen),
        cina_assessment_auth_date=as_dates(way.authorised, last_day),
        cina_assessment_outcome_nfa=as_flags(way.not_in_need).set(~authorised, None),
        factors=pl.Series(_factor_lists(recorded, telling, cases.alone), dtype=pl.String),
        forgotten=pl.Series(forgotten),
    ).filter(pl.col("cina_assessment_start_date").is_not_null())
    table = numbered("A", "cina_assessment_id", table, "cina_assessment_start_date")
    known = pl.col("cina_assessment_auth_date").is_not_null() & ~pl.col("forgotten")
    factors = table.filter(known).select(
        cinf_table_id=pl.col("cina_assessment_id").str.replace("A", "AF"),
        cinf_assessment_id="cina_assessment_id",
        cinf_assessment_factors_json="factors",
    )
    return {"ssd_cin_assessments": table.drop("factors", "forgotten"), "ssd_assessment_factors": factors}


def _factor_lists(recorded: Mask, nothing_follows: Mask, alone: Mask) -> list[str]:
    """Write the codes of each row as JSON; "no factors" (21) only where the child is not in need."""
    codes = [f'"{factor.code}"' for factor in FACTORS]
    lists: list[list[str]] = [[_ALONE] if single else [] for single in alone.tolist()]
    of_family = recorded & ~alone[:, None]
    for row, code in zip(*(at.tolist() for at in np.nonzero(of_family)), strict=True):
        lists[row].append(codes[code])
    empty = np.where(nothing_follows, '["21"]', '["20"]').tolist()
    return [
        f"[{','.join(dict.fromkeys(found))}]" if found else none
        for found, none in zip(lists, empty, strict=True)
    ]
