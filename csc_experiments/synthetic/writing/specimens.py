"""Some documents of each type, for a reader to judge."""

from __future__ import annotations

import polars as pl

from csc_experiments.synthetic.writing.drafts import TYPES


def specimens(documents: pl.DataFrame, count: int) -> pl.DataFrame:
    """Choose documents of each type, from short to long.

    Parameters
    ----------
    documents : polars.DataFrame
        The standard table.
    count : int
        How many of each type; they are of different children, if there are as many.

    Returns
    -------
    polars.DataFrame
        The same columns, by type.
    """
    chosen: list[pl.DataFrame] = []
    for kind in TYPES:
        own = documents.filter(pl.col("document_type") == kind).unique(
            "person_id", keep="first", maintain_order=True
        )
        own = own.sort(pl.col("text").str.len_chars(), "document_id")
        places = [round((at + 0.5) * own.height / count - 0.5) for at in range(min(count, own.height))]
        chosen.append(own[[min(place, own.height - 1) for place in places]])
    return pl.concat(chosen)
