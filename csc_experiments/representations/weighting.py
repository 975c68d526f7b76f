"""Terms of the training rows, weighted by how rare they are there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from csc_experiments.privacy.vocabulary import FamilyVocabulary
from csc_experiments.representations.matrix import Matrix, Rows
from csc_experiments.representations.settings import LsaConfig, Norm, TfidfConfig, VocabularyConfig


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The counts of a vocabulary that was learned from training rows.

    Attributes
    ----------
    train, rows : scipy.sparse.csr_array, shape (n, v)
        Of the training rows, and of the rows to describe.
    terms : tuple of str, length v
    """

    train: sparse.csr_array
    rows: sparse.csr_array
    terms: tuple[str, ...]


def learn_vocabulary(
    config: VocabularyConfig, raw: Matrix, families: NDArray[np.int64], fit: Rows, rows: Rows
) -> Vocabulary:
    """Choose the terms that stand in the documents of enough training families.

    Parameters
    ----------
    raw : Matrix
        Counts of all rows of the cohort.
    families : array of int
        Of all rows of the cohort.
    fit, rows : array of int
        Training rows, and rows to describe.
    """
    step = FamilyVocabulary(config.min_families, config.max_terms)
    counts = raw.take(fit)
    train = step.fit(counts, families=families[fit]).transform(counts)
    terms = tuple(raw.names[column] for column in step.columns_)
    return Vocabulary(train, step.transform(raw.take(rows)), terms)


def tfidf(config: TfidfConfig, known: Vocabulary) -> sparse.csr_array:
    """Weigh terms as scikit-learn's `TfidfVectorizer` does, with the idf of the training rows.

    Returns
    -------
    scipy.sparse.csr_array of float32, shape (n, v)
    """
    norm = None if config.norm is Norm.NONE else config.norm.value
    weights = TfidfTransformer(norm=norm, sublinear_tf=config.sublinear).fit(known.train)
    return sparse.csr_array(weights.transform(known.rows), dtype=np.float32)


def latent_semantics(config: LsaConfig, known: Vocabulary, seed: int) -> NDArray[np.float32]:
    """Turn the weights of terms toward the directions along which the training rows differ most.

    Deerwester et al. 1990, Indexing by latent semantic analysis; randomised as in Halko, Martinsson and Tropp
    2011, with the seed.

    Returns
    -------
    array of float32, shape (n, components)
        Each row of length one, or zero if it has no term.
    """
    weights = TfidfTransformer(sublinear_tf=config.sublinear).fit(known.train)
    components = min(config.components, *(size - 1 for size in known.train.shape))
    turned = TruncatedSVD(max(components, 1), random_state=seed).fit(weights.transform(known.train))
    values: NDArray[np.float32] = normalize(turned.transform(weights.transform(known.rows))).astype(
        np.float32
    )
    return values
