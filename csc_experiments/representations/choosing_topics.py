"""How many topics: by what held-out cases say, or by whether the top words of a topic go together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.model_selection import GroupShuffleSplit

from csc_experiments.representations.settings import LdaConfig
from csc_experiments.representations.topics import LdaTopics

HELD_OUT = 0.2
"""Share of the training families whose rows are held out to choose by."""
TOP_WORDS = 10
Floats = NDArray[np.float64]


def choose_topics(
    config: LdaConfig, counts: sparse.csr_array, families: NDArray[np.int64], seed: int
) -> tuple[int, pl.DataFrame]:
    """Try each number of topics on the training rows alone, and take the best.

    Parameters
    ----------
    counts : scipy.sparse.csr_array, shape (n, v)
        Of the training rows.
    families : array of int, shape (n,)
        A fifth of them is held out.

    Returns
    -------
    topics : int
    tried : polars.DataFrame
        topics, log_likelihood (per held-out word), coherence, chosen.
    """
    split = GroupShuffleSplit(1, test_size=HELD_OUT, random_state=seed)
    learned, held = next(split.split(np.zeros(families.size), groups=families))
    rows = []
    for topics in config.choose_from:
        model = LdaTopics(topics, config.passes, seed).fit(counts[learned])
        rows.append(
            (topics, held_out_likelihood(model, counts[held], seed), coherence(model, counts[learned]))
        )
    tried = pl.DataFrame(rows, schema=["topics", "log_likelihood", "coherence"], orient="row")
    best = tried.sort(config.choose_by.value, "topics", descending=[True, False])["topics"][0]
    return best, tried.with_columns(chosen=pl.col("topics") == best)


def held_out_likelihood(model: LdaTopics, counts: sparse.csr_array, seed: int) -> float:
    """Say how likely the second half of each row's words is, by what the first half says of its topics.

    Document completion (Wallach, Murray, Salakhutdinov and Mimno 2009, Evaluation methods for topic models).

    Returns
    -------
    float
        Mean of the natural logarithm per word; NaN if there is no word.
    """
    first = counts.copy()
    first.data = np.random.default_rng(seed).binomial(counts.data.astype(np.int64), 0.5).astype(np.float32)
    second = sparse.coo_array(counts - first)
    first.eliminate_zeros()
    shares = model.transform(first)
    words = model.model_.get_topics()
    likely = np.einsum("ij,ij->i", shares[second.row], words[:, second.col].T)
    total = float(second.data.sum())
    return float((second.data * np.log(np.maximum(likely, 1e-12))).sum() / total) if total else float("nan")


def coherence(model: LdaTopics, counts: sparse.csr_array) -> float:
    """Say how far the top words of a topic stand in the same rows: mean normalised pointwise information.

    Bouma 2009; from -1 (never together) to 1 (always).
    """
    held = sparse.csc_array(counts)
    held.data = np.ones_like(held.data)
    found = [_npmi(held[:, top]) for top in top_words(model, TOP_WORDS)]
    return float(np.mean(found))


def _npmi(held: sparse.csc_array) -> float:
    rows = held.shape[0]
    together = (held.T @ held).toarray() / rows
    alone = np.diag(together)
    one, other = np.triu_indices(alone.size, k=1)
    both = together[one, other]
    with np.errstate(divide="ignore", invalid="ignore"):
        normalised = np.log(both / (alone[one] * alone[other])) / -np.log(both)
    # Words that are never together have -1; two that stand in every row go together as far as they can.
    normalised = np.where(both == 0, -1.0, np.where(both >= 1, 1.0, normalised))
    return float(normalised.mean()) if normalised.size else 1.0


def top_words(model: LdaTopics, count: int) -> NDArray[np.intp]:
    """Return the columns of each topic's likeliest words, shape (topics, count), the likeliest first."""
    words = model.model_.get_topics()
    return np.argsort(-words, axis=1, kind="stable")[:, :count]


def topic_table(model: LdaTopics, shares: NDArray[np.float32], terms: Sequence[str]) -> pl.DataFrame:
    """Say of each topic its likeliest words and its size.

    Parameters
    ----------
    shares : array of float32, shape (n, topics)
        Of the training rows.

    Returns
    -------
    polars.DataFrame
        topic, words (the likeliest first), size (its mean share).
    """
    words = [" ".join(terms[term] for term in top) for top in top_words(model, TOP_WORDS)]
    sizes = shares.mean(axis=0, dtype=np.float64)
    return pl.DataFrame({"topic": range(len(words)), "words": words, "size": sizes})


def stability(models: Sequence[LdaTopics]) -> pl.DataFrame:
    """Say how like the topics of other seeds are to those of the first, each paired with its likest.

    Returns
    -------
    polars.DataFrame
        topic, likeness: the cosine of the word shares of paired topics, the mean over the other seeds.
    """
    first, *others = (_unit(model.model_.get_topics()) for model in models)
    found = np.zeros(first.shape[0])
    for other in others:
        alike = first @ other.T
        rows, columns = linear_sum_assignment(alike, maximize=True)
        found[rows] += alike[rows, columns] / len(others)
    return pl.DataFrame({"topic": range(found.size), "likeness": found})


def _unit(words: Floats) -> Floats:
    unit: Floats = words / np.linalg.norm(words, axis=1, keepdims=True)
    return unit
