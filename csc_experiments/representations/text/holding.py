"""In how many families' documents something stands, over a whole authority."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

FAMILIES_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Holding:
    """Which paragraphs stand in the documents of which family, and how many families are enough.

    What fewer than that many families of the authority have, fewer than that many training families have: no
    fold that asks for as many, or more, loses anything.

    Attributes
    ----------
    families : scipy.sparse.csr_array of float32, shape (f, p)
        1 where a paragraph stands in a family's documents.
    least : int
    """

    families: sparse.csr_array
    least: int

    @classmethod
    def of(
        cls, places: pl.DataFrame, families: NDArray[np.int64] | None, paragraphs: int, least: int
    ) -> Holding:
        """Tell from the places of paragraphs.

        Parameters
        ----------
        places : polars.DataFrame
            document, paragraph.
        families : array of int, shape (d,), or None
            Of each document; None where nobody knows who is family, and documents are counted instead.
        paragraphs : int
            How many there are, p.
        least : int
        """
        document = places["document"].to_numpy()
        holder = document if families is None else families[document]
        _, family = np.unique(holder, return_inverse=True)
        ones = np.ones(len(family), dtype=np.float32)
        shape = (family.max(initial=-1) + 1, paragraphs)
        return cls(sparse.csr_array((ones, (family, places["paragraph"].to_numpy())), shape=shape), least)

    def enough(self, counts: sparse.csr_array) -> NDArray[np.bool_]:
        """Tell of each column whether enough families' documents hold it.

        Parameters
        ----------
        counts : scipy.sparse.csr_array, shape (p, v)
            Not negative.
        """
        if self.least <= 1:
            return np.ones(counts.shape[1], dtype=bool)
        held = np.zeros(counts.shape[1], dtype=np.int64)
        for start in range(0, self.families.shape[0], FAMILIES_AT_ONCE):
            some = self.families[start : start + FAMILIES_AT_ONCE] @ counts
            held += np.bincount(some.indices, minlength=counts.shape[1])
        enough: NDArray[np.bool_] = held >= self.least
        return enough
