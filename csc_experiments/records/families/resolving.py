"""Each way of telling who is family, in turn, and how many children it finds one for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from csc_experiments.records.families.addresses import ADDRESSES
from csc_experiments.records.families.same_referral import MOST_CHILDREN, families_by_referral
from csc_experiments.records.meeting import children_of
from csc_experiments.records.source import Source
from csc_experiments.records.tables import TABLES

FAMILIES = "ssd_family"


def resolve(
    tables: Mapping[str, pl.DataFrame], read: Sequence[Source]
) -> tuple[Mapping[str, pl.DataFrame], list[str]]:
    """Add the families that addresses tell of, where a source of addresses was given.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        Standard tables, sources put together.
    read : sequence of Source
        The sources, of which those may tell of families.

    Returns
    -------
    tables : mapping of str to polars.DataFrame
        The same with a longer ``ssd_family``.
    notes : list of str
        For each way of telling, how many children it gives a family to.
    """
    others = {name: table for name, table in tables.items() if name != FAMILIES}
    known = children_of(others)
    children = len(known)
    notes = [
        f"Families: of {children} children, {_together(source.tables[FAMILIES], known)} are together with"
        f" another by {source.kind}."
        for source in read
        if FAMILIES in source.tables
    ]
    addresses = [source.tables[ADDRESSES] for source in read if ADDRESSES in source.tables]
    if not addresses:
        return tables, notes or ["Nothing says who is family: each child counts as a family of its own."]
    links = tables.get(FAMILIES, pl.DataFrame(schema=TABLES[FAMILIES].schema))
    referrals = tables.get("ssd_cin_episodes", pl.DataFrame(schema=TABLES["ssd_cin_episodes"].schema))
    found = families_by_referral(referrals, pl.concat(addresses), links)
    notes.append(
        f"Families: addresses put {found.children} of {children} children, whom no link names, together with"
        " another who was referred on the same day by the same source;"
        f" {found.too_large} groups of more than {MOST_CHILDREN} were left apart."
    )
    return {**tables, FAMILIES: pl.concat([links, found.links])}, notes


def _together(links: pl.DataFrame, known: pl.Series) -> int:
    """Count the children of the records who share a family with another, be it one of them or not."""
    pairs = links.select("fami_family_id", "fami_person_id").drop_nulls().unique()
    shared = pairs.filter(pl.len().over("fami_family_id") > 1)["fami_person_id"].unique()
    return int(shared.is_in(known.implode()).sum())
