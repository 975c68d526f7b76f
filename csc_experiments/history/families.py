"""Who belongs together: a family is a connected component over shared family identifiers."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def resolve_families(people: pl.Series, links: pl.DataFrame) -> pl.Series:
    """Number the families of people.

    Parameters
    ----------
    people : polars.Series of str, length n
        Unique person identifiers.
    links : polars.DataFrame
        The table `ssd_family`: a person may stand in several families, which are then one.

    Returns
    -------
    polars.Series of int64, length n
        A person whom no link names is a family of their own. Two people belong together also through others
        who have no number here.

    Examples
    --------
    >>> links = pl.DataFrame({"fami_family_id": ["F1", "F1", "F2", "F2"], "fami_person_id": list("abbc")})
    >>> resolve_families(pl.Series(["a", "b", "c", "d"]), links).to_list()
    [0, 0, 0, 1]
    """
    pairs = links.select("fami_family_id", "fami_person_id").drop_nulls()
    everyone = pl.concat([people.rename("fami_person_id"), pairs["fami_person_id"]]).unique(
        maintain_order=True
    )
    edges = pairs.join(
        pl.DataFrame({"fami_person_id": everyone, "person": np.arange(len(everyone))}), on="fami_person_id"
    ).with_columns(family=pl.col("fami_family_id").rank("dense").cast(pl.Int64) - 1 + len(everyone))
    size = len(everyone) + edges["fami_family_id"].n_unique()
    rows, columns = edges["person"].to_numpy(), edges["family"].to_numpy()
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    return pl.Series("family_id", _renumber(component[: len(people)]), dtype=pl.Int64)


def _renumber(
    component: np.ndarray[tuple[int], np.dtype[np.int32]],
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Number components in the order of their first person."""
    _, first, inverse = np.unique(component, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
