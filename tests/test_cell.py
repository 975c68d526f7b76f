from __future__ import annotations

from csc_experiments.cell import blocks_for
from csc_experiments.config import compose_experiment
from csc_experiments.representations.settings import LsaConfig, TfidfConfig

BOTH = "representation=structured+tfidf"


def test_trees_see_the_same_words_in_few_dimensions_and_linear_models_each_by_itself() -> None:
    own = ["representation.blocks.tfidf.min_families=7", "representation.blocks.tfidf.lookback_days=30"]
    trees = blocks_for(compose_experiment([BOTH, "classifier=xgboost", *own]))
    assert trees["tfidf"] == LsaConfig(lookback_days=30, min_families=7, components=100)
    linear = compose_experiment([BOTH, "classifier=logistic_regression", *own])
    assert blocks_for(linear) == linear.blocks
    assert trees["structured"] == linear.blocks["structured"]


def test_trees_that_are_told_so_see_the_words() -> None:
    told = compose_experiment([BOTH, "classifier=xgboost", "classifier.text_components=null"])
    assert isinstance(blocks_for(told)["tfidf"], TfidfConfig)
    # What the comparison shows of a representation is the same for every classifier.
    assert told.shaping["representation"] == compose_experiment([BOTH]).shaping["representation"]
