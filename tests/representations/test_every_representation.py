"""What every representation must do; a new file in conf/representation is tested without a word here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import sparse

from csc_experiments.config import choices, compose_experiment
from csc_experiments.representations.matrix import Matrix, check_informative

if TYPE_CHECKING:
    from tests.representations.conftest import Authority, Rows

pytestmark = pytest.mark.parametrize("name", choices("representation"))
Describe = Callable[[str, str], Matrix]


def as_dense(matrix: Matrix, rows: Rows) -> np.ndarray:  # type: ignore[type-arg] # whatever NumPy gives
    values = matrix.take(rows)
    return values.toarray() if sparse.issparse(values) else np.asarray(values)


def test_values_are_finite_numbers_with_a_name_for_each_column(
    describe: Describe, authority: Authority, name: str
) -> None:
    matrix = describe(name, "own")
    assert matrix.values.shape == (len(authority.latest), len(matrix.names))
    assert matrix.values.dtype == np.float32
    assert np.isfinite(as_dense(matrix, authority.latest)).all()
    assert matrix.rows.tolist() == authority.latest.tolist()


def test_columns_are_named_once_by_block_and_none_is_a_sensitive_characteristic(
    describe: Describe, name: str
) -> None:
    names = describe(name, "own").names
    assert len(set(names)) == len(names)
    blocks = list(dict.fromkeys(column.partition(":")[0] for column in names))
    assert blocks == list(compose_experiment([f"representation={name}"]).representation.blocks)
    if "structured" in blocks:
        features = [column.partition(":")[2].lower() for column in names if column.startswith("structured")]
        sensitive = ("disability", "sex", "gender", "ethnic", "meds_")
        assert [feature for feature in features if feature.startswith(sensitive)] == []


def test_every_column_varies_over_the_training_rows(
    describe: Describe, authority: Authority, name: str
) -> None:
    matrix = describe(name, "own")
    check_informative(matrix.take(authority.fit))
    training = as_dense(matrix, authority.fit)
    constant = np.flatnonzero(training.max(axis=0) == training.min(axis=0))
    assert [matrix.names[column] for column in constant] == []


def test_the_same_records_settings_and_seed_give_an_identical_matrix(
    describe: Describe, authority: Authority, name: str
) -> None:
    found, again = describe(name, "own"), describe(name, "own again")
    assert again.names == found.names
    assert as_dense(again, authority.latest).tobytes() == as_dense(found, authority.latest).tobytes()


def test_what_was_not_yet_known_changes_nothing(describe: Describe, authority: Authority, name: str) -> None:
    worlds = authority.worlds()
    assert not worlds["another future"].documents.equals(worlds["own"].documents)
    assert not worlds["another future"].events.equals(worlds["own"].events)
    found, other = describe(name, "own"), describe(name, "another future")
    assert other.names == found.names
    assert as_dense(other, authority.latest).tobytes() == as_dense(found, authority.latest).tobytes()


def test_what_was_known_matters(describe: Describe, authority: Authority, name: str) -> None:
    found, other = describe(name, "own"), describe(name, "another past")
    same_names = other.names == found.names
    assert not same_names or (as_dense(other, authority.fit) != as_dense(found, authority.fit)).any()


def test_cases_that_are_tested_on_teach_nothing(describe: Describe, authority: Authority, name: str) -> None:
    found, other = describe(name, "own"), describe(name, "other strangers")
    assert other.names == found.names
    assert as_dense(other, authority.fit).tobytes() == as_dense(found, authority.fit).tobytes()
    tested = np.setdiff1d(authority.latest, authority.fit)
    assert (as_dense(other, tested) != as_dense(found, tested)).any()
