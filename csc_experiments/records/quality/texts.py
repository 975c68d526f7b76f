"""How many documents there are, of which kind, how long, and of how many children."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import polars as pl

from csc_experiments.records.store import Records

TYPES: Final = (
    "case_note",
    "conference_report",
    "contact_and_referral_form",
    "management_decision",
    "s47_record",
    "single_assessment",
)
"""The project's own names of types. An authority may have others, which may say anything."""
OTHER: Final = "other"
"""A type of an authority's own, or a year outside the coverage: neither is named."""
QUANTILES: Final[Mapping[str, float]] = {"lower": 0.25, "median": 0.5, "upper": 0.75, "longest_tenth": 0.9}


def measure_texts(records: Records, types: Collection[str] = TYPES) -> pl.DataFrame:
    """Measure every document, once for all that is counted of it.

    Parameters
    ----------
    types : collection of str, optional
        Types that may be named.

    Returns
    -------
    polars.DataFrame
        type, year, person_id, words, empty, copied (the same text stands in another child's document).
    """
    extract = records.extract
    # Hashes stand for the texts: a text is compared with every other.
    text, child = pl.col("text").hash(), pl.col("person_id").hash()
    year = pl.col("authored_date").dt.year()
    return (
        records["documents"]
        .with_columns(words=pl.col("text").str.count_matches(r"\S+").fill_null(0), same=text, child=child)
        .select(
            "person_id",
            "words",
            type=pl.when(pl.col("document_type").is_in(list(types)))
            .then(pl.col("document_type"))
            .otherwise(pl.lit(OTHER)),
            year=pl.when(year.is_between(extract.coverage_from.year, extract.coverage_to.year))
            .then(year.cast(pl.String()))
            .otherwise(pl.lit(OTHER)),
            empty=pl.col("words") == 0,
            copied=(pl.col("words") > 0)
            & (pl.col("child").min().over("same") != pl.col("child").max().over("same")),
        )
    )


def count_texts(measured: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Count measured documents by type, or by type and year.

    Returns
    -------
    polars.DataFrame
        The columns of `by`, documents, children, empty, copied.
    """
    return (
        measured.group_by(*by)
        .agg(
            documents=pl.len(),
            children=pl.col("person_id").n_unique(),
            empty=pl.col("empty").sum(),
            copied=pl.col("copied").sum(),
        )
        .sort(*by)
    )


def measure_lengths(measured: pl.DataFrame) -> pl.DataFrame:
    """Take quantiles of the words of the documents that are not empty, by type.

    Returns
    -------
    polars.DataFrame
        type, children (with such a document), and a column for each of `QUANTILES`, in words.
    """
    return (
        measured.filter(~pl.col("empty"))
        .group_by("type")
        .agg(
            pl.col("person_id").n_unique().alias("children"),
            *(pl.col("words").quantile(share, "nearest").alias(name) for name, share in QUANTILES.items()),
        )
        .sort("type")
    )


def count_reach(records: Records) -> pl.DataFrame:
    """Count the children and the referrals that have a document with text.

    Returns
    -------
    polars.DataFrame
        what, with_text, of.
    """
    written = records["documents"].filter(pl.col("text").str.contains(r"\S"))
    children = records["ssd_person"]["pers_person_id"].drop_nulls().unique()
    referrals = records["ssd_cin_episodes"]["cine_referral_id"].drop_nulls().unique()
    rows = [
        (what, int(known.is_in(written[column].drop_nulls().implode()).sum()), len(known))
        for what, known, column in (
            ("children", children, "person_id"),
            ("children with a referral", _referred(records), "person_id"),
            ("referrals", referrals, "referral_id"),
        )
    ]
    return pl.DataFrame(rows, schema=["what", "with_text", "of"], orient="row")


def _referred(records: Records) -> pl.Series:
    return records["ssd_cin_episodes"]["cine_person_id"].drop_nulls().unique()
