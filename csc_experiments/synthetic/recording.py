"""Children whom an authority records less well: what happened to them happened, and is not written down."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from csc_experiments.synthetic.choices import Group
from csc_experiments.synthetic.draws import stream

SHARE_NOT_RECORDED = 0.5
"""Of what is not recorded of every child of the group."""
_ETHNICITIES: Mapping[Group, tuple[str, ...]] = MappingProxyType(
    {
        Group.WHITE: ("WBRI", "WIRI", "WIRT", "WROM", "WOTH"),
        Group.MIXED: ("MWBC", "MWBA", "MWAS", "MOTH"),
        Group.ASIAN: ("AIND", "APKN", "ABAN", "AOTH", "CHNE"),
        Group.BLACK: ("BCRB", "BAFR", "BOTH"),
        Group.OTHER: ("OOTH",),
    }
)
_SEXES = MappingProxyType({Group.GIRLS: "F", Group.BOYS: "M"})
_LOST = MappingProxyType(
    {
        "ssd_contacts": "cont_person_id",
        "ssd_early_help_episodes": "earl_person_id",
        "ssd_missing": "miss_person_id",
    }
)


def members(group: Group, tables: Mapping[str, pl.DataFrame]) -> pl.Series:
    """Return the identifiers of the children of a group."""
    people, disabled = tables["ssd_person"], tables["ssd_disability"]
    if group in _ETHNICITIES:
        people = people.filter(pl.col("pers_ethnicity").is_in(_ETHNICITIES[group]))
    elif group in _SEXES:
        people = people.filter(pl.col("pers_sex") == _SEXES[group])
    elif group is Group.DISABLED:
        return disabled["disa_person_id"].unique(maintain_order=True)
    else:
        people = people.clear()
    return people["pers_person_id"]


def under_record(group: Group, seed: int, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Leave out half of what is recorded of a group's children before anybody decides on a case.

    That is contacts which led to no referral, early help, missing episodes and the factors of assessments.
    Referrals, plans and care are recorded as those of others are, so outcomes are right and what they are
    predicted from is not.

    Returns
    -------
    dict of str to polars.DataFrame
        The tables that change.
    """
    if group is Group.NONE:
        return {}
    own = members(group, tables).implode()
    found = {name: tables[name].filter(~_lost(name, seed, tables[name], own)) for name in _LOST}
    assessed = tables["ssd_cin_assessments"].filter(pl.col("cina_person_id").is_in(own))
    factors = tables["ssd_assessment_factors"]
    theirs = pl.col("cinf_assessment_id").is_in(assessed["cina_assessment_id"].implode())
    return {**found, "ssd_assessment_factors": factors.filter(~(theirs & _unlucky(seed, "factors", factors)))}


def _lost(name: str, seed: int, table: pl.DataFrame, own: pl.Series) -> pl.Expr:
    lost = pl.col(_LOST[name]).is_in(own) & _unlucky(seed, name, table)
    if name == "ssd_contacts":
        referred = pl.col("cont_contact_outcome_json").str.contains('"NEW_REFERRAL_FLAG":"Y"', literal=True)
        lost &= ~referred.fill_null(value=False)
    return lost


def _unlucky(seed: int, name: str, table: pl.DataFrame) -> pl.Series:
    return pl.Series(stream(seed, f"not recorded {name}").random(table.height) < SHARE_NOT_RECORDED)
