"""What was known of a child's brothers and sisters."""

from __future__ import annotations

import polars as pl
from scipy import sparse

from csc_experiments.representations.knowledge import known_before
from csc_experiments.representations.structured.naming import FAMILY, MEMBERS
from csc_experiments.representations.structured.parts import Part


def known_of_relatives(rows: pl.DataFrame, subjects: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Pair each row of a cohort with the facts about the rest of its family that were known by then.

    Who is family is what the records say on the day of the extract: no source dates the link between two
    children. A sibling's facts were each known at the time, but that this is a sibling may have been found
    out later. How many siblings the records hold is therefore no column: one who comes to notice years later
    would be counted years before. Only those count of whom something was known.

    Parameters
    ----------
    rows : polars.DataFrame
        subject_id, family_id, prediction_time.
    subjects : polars.DataFrame
        subject_id, family_id: everybody in the records.
    events : polars.DataFrame
        subject_id, time, known_time and whatever else.

    Returns
    -------
    polars.DataFrame
        row (position in `rows`), subject_id (the relative's), prediction_time and the columns of `events`,
        one row per pair; never a pair of a child with itself.
    """
    kin = (
        rows.select("subject_id", "family_id", "prediction_time")
        .with_row_index("of")
        .join(subjects.select("family_id", relative="subject_id"), on="family_id", how="inner")
        .filter(pl.col("relative") != pl.col("subject_id"))
        .select("of", "prediction_time", subject_id="relative")
    )
    pairs = known_before(kin, events)
    return pairs.with_columns(kin["of"].gather(pairs["row"]).alias("row"))


def member_column(pairs: pl.DataFrame, height: int) -> Part:
    """Count the brothers and sisters of whom any described event was known.

    Parameters
    ----------
    pairs : polars.DataFrame
        row, subject_id.
    height : int
        Rows of the matrix.
    """
    known = pairs.group_by("row").agg(pl.col("subject_id").n_unique())
    at = (known["row"].to_numpy(), [0] * known.height)
    values = sparse.csr_array((known["subject_id"].to_numpy(), at), shape=(height, 1), dtype="float32")
    return Part(values, (f"{MEMBERS}{FAMILY}",))
