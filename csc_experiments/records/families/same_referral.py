"""Who may be family where nothing says so: children referred on one day, by one source, from one address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

MOST_CHILDREN: Final = 12
"""A larger group at one address on one day is taken for a home or a hostel, not for a family."""
_CHILD, _DAY, _SOURCE = "cine_person_id", "cine_referral_date", "cine_referral_source_code"
_GROUP: Final = (_DAY, _SOURCE, "place")


@dataclass(frozen=True, slots=True)
class SameReferral:
    """Families that were taken for such from referrals and addresses.

    Attributes
    ----------
    links : polars.DataFrame
        Rows of ``ssd_family``; their identifiers say nothing of where anybody lived.
    children : int
        Children whom no other link named and who now have a family.
    families : int
        Groups that they are in.
    too_large : int
        Groups left apart because no family is so large.
    """

    links: pl.DataFrame
    children: int
    families: int
    too_large: int


def families_by_referral(
    referrals: pl.DataFrame, addresses: pl.DataFrame, links: pl.DataFrame
) -> SameReferral:
    """Take children for a family who were referred on one day, by one source, while living at one address.

    Only groups with a child whom no link names are told of. Neighbours may be taken for a family so; for a
    division of the cases that errs on the safe side.

    Parameters
    ----------
    referrals : polars.DataFrame
        The table ``ssd_cin_episodes``.
    addresses : polars.DataFrame
        The columns of `csc_experiments.records.families.addresses.SCHEMA`.
    links : polars.DataFrame
        The table ``ssd_family`` as far as it goes.
    """
    there = pl.col("addr_address_start_date").is_null() | (pl.col("addr_address_start_date") <= pl.col(_DAY))
    still = pl.col("addr_address_end_date").is_null() | (pl.col("addr_address_end_date") >= pl.col(_DAY))
    grouped = (
        referrals.select(_CHILD, _DAY, _SOURCE)
        .drop_nulls()
        .join(addresses, left_on=_CHILD, right_on="addr_person_id", how="inner")
        .filter(there & still)
        .select(_CHILD, *_GROUP)
        .unique()
        .with_columns(
            size=pl.len().over(_GROUP),
            alone=~pl.col(_CHILD).is_in(links["fami_person_id"].drop_nulls().implode()),
        )
        .filter(pl.col("size") > 1)
        .filter(pl.col("alone").any().over(_GROUP))
    )
    found = grouped.filter(pl.col("size") <= MOST_CHILDREN).sort(*_GROUP, _CHILD)
    numbered = found.with_columns(family=pl.struct(_GROUP).rank("dense")).with_row_index("row", offset=1)
    return SameReferral(
        numbered.select(
            fami_table_id=pl.format("same_referral.{}", "row"),
            fami_family_id=pl.format("same_referral.{}", "family"),
            fami_person_id=_CHILD,
        ),
        children=found.filter("alone")[_CHILD].n_unique(),
        families=numbered["family"].n_unique(),
        too_large=grouped.filter(pl.col("size") > MOST_CHILDREN).select(_GROUP).n_unique(),
    )
