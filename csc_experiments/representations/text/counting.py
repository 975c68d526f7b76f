"""Terms are counted once for each distinct paragraph of an authority."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.progress import track
from csc_experiments.representations.text.cutting import batches
from csc_experiments.representations.text.holding import Holding
from csc_experiments.representations.text.ngrams import Stream, count_ngrams
from csc_experiments.representations.text.paragraphs import Paragraphs
from csc_experiments.representations.text.reading import Reader
from csc_experiments.representations.text.settings import TokensConfig
from csc_experiments.representations.text.terms import TermFinder, Terms

Counted = tuple[sparse.csr_array, tuple[str, ...]]


def count_tokens(
    paragraphs: Paragraphs,
    config: TokensConfig,
    families: NDArray[np.int64] | None,
    min_families: int,
    *,
    quiet: bool = True,
) -> Counted:
    """Count the terms of each distinct paragraph.

    A term is a word made of letters, longer than one, no stop word, in small letters, under its dictionary
    form; or a known phrase. Numbers, dates, postcodes, telephone numbers and e-mail addresses are never
    terms. Nothing is fitted: which terms a cell may use is decided on its training cases.

    Parameters
    ----------
    paragraphs : Paragraphs
    config : TokensConfig
    families : array of int, shape (d,), or None
        The family of each document; None where the records do not say who is family.
    min_families : int
        Terms that stand in the documents of fewer families (where those are not known, in fewer documents)
        are left out. A fold that asks for at least as many among its training families would leave them out
        too. 1 keeps every term; ask for it where no fold chooses terms, or what a row says would depend on
        other rows.
    quiet : bool
        Show no progress.

    Returns
    -------
    counts : scipy.sparse.csr_array of float32, shape (p, v)
    terms : tuple of str, length v
        Sorted. Words of phrases are joined by `_`, terms of n-grams by a space; what is said not to be begins
        with `not_`.

    Raises
    ------
    ConfigError
        If the settings cannot be used, or name what is not installed.
    """
    reader = Reader(config)
    finder = TermFinder(config, reader)
    read = _Read.nothing()
    cut = list(batches(paragraphs.texts))
    for texts in track(cut, len(cut), "blocks of paragraphs", quiet=quiet):
        read.add(finder.find(reader.read(texts)), len(texts), ngrams=config.ngrams)
    counts = read.counts()
    holding = Holding.of(paragraphs.places, families, counts.shape[0], min_families)
    kept = holding.enough(counts)
    kept &= np.bincount(counts.indices, minlength=counts.shape[1]) > 0
    parts = [sparse.csr_array(counts[:, kept])]
    names = [finder.name(term) for term in np.flatnonzero(kept).tolist()]
    del counts
    stream = read.stream(kept)
    for length in range(2, config.ngrams + 1):
        ngrams = count_ngrams(stream, length, holding, parts[0].shape[0])
        parts.append(ngrams.counts)
        names += [" ".join(map(finder.name, terms)) for terms in ngrams.parts.tolist()]
    del stream
    whole = sparse.csr_array(sparse.hstack(parts, format="csr"))
    parts.clear()
    return _sorted(whole, names)


@dataclass(frozen=True, slots=True)
class _Read:
    """What has been read: counts of each batch, and for n-grams the words one after the other."""

    batches: list[sparse.csr_array]
    streams: list[Stream]

    @classmethod
    def nothing(cls) -> _Read:
        none = np.empty(0, dtype=np.int32)
        return cls([sparse.csr_array((0, 0), dtype=np.float32)], [Stream(none, none, none.astype(bool))])

    def add(self, found: Terms, height: int, *, ngrams: int) -> None:
        if ngrams > 1:
            begins = np.diff(found.sentence, prepend=-1) > 0
            before = sum(batch.shape[0] for batch in self.batches)
            self.streams.append(Stream(found.words, found.paragraph + np.int32(before), begins))
        terms = np.concatenate([found.words, found.phrases])
        at = (np.concatenate([found.paragraph, found.phrase_paragraph]), terms)
        ones = np.ones(len(terms), dtype=np.float32)
        counts = sparse.csr_array((ones, at), shape=(height, terms.max(initial=-1) + 1))
        counts.sum_duplicates()
        self.batches.append(counts)

    def counts(self) -> sparse.csr_array:
        """Put the batches together, which are let go."""
        width = max(batch.shape[1] for batch in self.batches)
        for batch in self.batches:
            batch.resize((batch.shape[0], width))
        whole = sparse.csr_array(sparse.vstack(self.batches, format="csr", dtype=np.float32))
        self.batches.clear()
        return whole

    def stream(self, kept: NDArray[np.bool_]) -> Stream:
        """Put the words one after the other, those that are not kept as -1; the batches are let go."""
        words = np.concatenate([part.words for part in self.streams])
        words[~kept[words]] = -1
        paragraph = np.concatenate([part.paragraph for part in self.streams])
        begins = np.concatenate([part.begins for part in self.streams])
        self.streams.clear()
        return Stream(words, paragraph, begins)


def _sorted(counts: sparse.csr_array, names: list[str]) -> Counted:
    """Put the columns in the order of their names, in place."""
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(order), dtype=counts.indices.dtype)
    rank[order] = np.arange(len(order))
    counts.indices = rank[counts.indices]
    counts.has_sorted_indices = False
    counts.sort_indices()
    return counts, tuple(names[column] for column in order)
