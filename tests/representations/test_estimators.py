"""Every step that learns is an estimator as scikit-learn wants it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import sklearn
from scipy import sparse
from sklearn.base import BaseEstimator, clone
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import estimator_checks_generator

from csc_experiments.privacy.vocabulary import FamilyVocabulary
from csc_experiments.representations.pooling import PooledVectors
from csc_experiments.representations.structured.columns import UsefulColumns
from csc_experiments.representations.topics import LdaTopics

STEPS = [
    FamilyVocabulary(1),
    LdaTopics(3, 1),
    PooledVectors(),
    PooledVectors(pooling="tfidf"),
    PooledVectors(pooling="sif"),
    UsefulColumns(),
    UsefulColumns(1),
]


CHECKS = [
    pytest.param(step, check, id=f"{type(step).__name__}-{number}-{name}")
    for number, step in enumerate(STEPS)
    for _, check in estimator_checks_generator(step)
    # Only runs where SciPy was told to work on other array libraries, which this project does not use.
    if (name := getattr(check, "func", check).__name__) != "check_array_api_input"
]


@pytest.mark.parametrize(("step", "check"), CHECKS)
def test_it_passes_the_checks_of_scikit_learn(
    step: BaseEstimator, check: Callable[[BaseEstimator], None]
) -> None:
    check(clone(step))


def test_families_reach_the_vocabulary_through_a_pipeline() -> None:
    draw = np.random.default_rng(3)
    counts = sparse.csr_array(draw.poisson(0.6, (40, 12)).astype(np.float32))
    # All of the first term's rows are one family's.
    families = np.where(counts[:, [0]].toarray().ravel() > 0, 0, np.arange(1, 41))
    with sklearn.config_context(enable_metadata_routing=True):
        vocabulary = FamilyVocabulary(5).set_fit_request(families=True)
        steps = make_pipeline(vocabulary, TfidfTransformer(), TruncatedSVD(3, random_state=1))
        values = steps.fit_transform(counts, families=families)
    assert values.shape == (40, 3)
    assert 0 not in steps[0].columns_
    assert 0 in FamilyVocabulary(5).fit(counts).columns_
