"""Documents are counted once: tokens by spaCy, one row of counts per document."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
import spacy
from numpy.typing import NDArray
from scipy import sparse
from spacy.attrs import IS_ALPHA, IS_STOP, LENGTH, LOWER

from csc_experiments.errors import NoTextError
from csc_experiments.representations.knowledge import refuse_future


def count_terms(texts: pl.Series) -> tuple[sparse.csr_array, tuple[str, ...]]:
    """Count the terms of each document.

    A term is a token of spaCy's English tokenizer that is made of letters, longer than one, no stop word, in
    lower case; control characters, which office software leaves between table cells, part words as spaces do.
    Nothing is fitted: which terms a cell may use is decided on its training cases.

    Parameters
    ----------
    texts : polars.Series of str, length d

    Returns
    -------
    counts : scipy.sparse.csr_array of float32, shape (d, v)
    terms : tuple of str, length v
        Sorted.
    """
    language = spacy.blank("en")
    # One hash per distinct token, so that counting is integer work.
    hashes = list(_term_hashes(language, texts))
    document = np.repeat(np.arange(len(hashes)), [len(found) for found in hashes])
    every = np.concatenate(hashes) if hashes else np.empty(0, dtype=np.uint64)
    distinct, column = np.unique(every, return_inverse=True)
    terms = np.array([language.vocab.strings[int(term)] for term in distinct], dtype=object)
    order = np.argsort(terms)
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    ones = np.ones(len(column), dtype=np.float32)
    counts = sparse.csr_array((ones, (document, rank[column])), shape=(len(texts), len(terms)))
    counts.sum_duplicates()
    return counts, tuple(terms[order])


def row_counts(pairs: pl.DataFrame, counts: sparse.csr_array, height: int) -> sparse.csr_array:
    """Add up the documents that were known at each row's prediction time.

    Parameters
    ----------
    pairs : polars.DataFrame
        From `known_before`: row, document (position in `counts`), prediction_time, time, known_time.
    counts : scipy.sparse.csr_array, shape (d, v)
    height : int
        Rows of the cohort.

    Returns
    -------
    scipy.sparse.csr_array, shape (height, v)

    Raises
    ------
    LeakError
        If a document was not known by its prediction time.
    NoTextError
        If no row has a document.
    """
    refuse_future(pairs)
    if pairs.is_empty():
        raise NoTextError(
            f"None of the {height} cases has a document that was known at its prediction time.",
            todo="Import documents, widen lookback_days or question.document_types, or use structured data.",
        )
    at = (pairs["row"].to_numpy(), pairs["document"].to_numpy())
    ones = np.ones(pairs.height, dtype=np.float32)
    select = sparse.csr_array((ones, at), shape=(height, counts.shape[0]))
    return sparse.csr_array(select @ counts)


def _term_hashes(language: spacy.Language, texts: pl.Series) -> Iterator[NDArray[np.uint64]]:
    for document in language.tokenizer.pipe(texts.str.replace_all(r"\p{Cc}", " ").to_list()):
        found = document.to_array([LOWER, IS_ALPHA, IS_STOP, LENGTH]).astype(np.uint64)
        keep = (found[:, 1] == 1) & (found[:, 2] == 0) & (found[:, 3] > 1)
        yield found[keep, 0]
