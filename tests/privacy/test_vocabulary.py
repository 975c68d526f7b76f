from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.exceptions import NotFittedError

from csc_experiments.errors import MatrixError
from csc_experiments.privacy.vocabulary import FamilyVocabulary

TERMS = 6
cases = st.lists(
    st.tuples(st.integers(0, 7), st.lists(st.integers(0, 3), min_size=TERMS, max_size=TERMS)),
    min_size=1,
    max_size=25,
)
Cases = list[tuple[int, list[int]]]  # family, count of each term


def split(said: Cases) -> tuple[sparse.csr_array, np.ndarray]:  # type: ignore[type-arg] # integers
    counts = sparse.csr_array(np.array([row for _, row in said], np.float32))
    return counts, np.array([family for family, _ in said], np.int64)


def families_of(said: Cases, term: int) -> int:
    return len({family for family, row in said if row[term]})


def total_of(said: Cases, term: int) -> int:
    return sum(row[term] for _, row in said)


def kept(said: Cases, min_families: int, max_terms: int = TERMS) -> list[int]:
    counts, families = split(said)
    return list(FamilyVocabulary(min_families, max_terms).fit(counts, families=families).columns_)


@given(said=cases, min_families=st.integers(1, 8), max_terms=st.integers(1, TERMS))
def test_what_stays_is_what_the_obvious_loop_keeps(said: Cases, min_families: int, max_terms: int) -> None:
    allowed = [term for term in range(TERMS) if families_of(said, term) >= min_families]
    if not allowed:
        with pytest.raises(MatrixError, match=f"{min_families} training families"):
            kept(said, min_families, max_terms)
        return
    # Of equally common terms the first in the alphabet stay.
    commonest = sorted(allowed, key=lambda term: (-total_of(said, term), term))[:max_terms]
    assert kept(said, min_families, max_terms) == sorted(commonest)


@given(said=cases, repeats=st.integers(2, 50), min_families=st.integers(2, 8))
def test_a_family_that_is_written_about_often_gets_no_term_in(
    said: Cases, repeats: int, min_families: int
) -> None:
    name_of_a_family = [[0] * TERMS for _ in range(repeats)]
    for row in name_of_a_family:
        row[2] = 9
    without = [(family, [*row[:2], 0, *row[3:]]) for family, row in said]
    about_few = [(family % (min_families - 1), row) for family, row in enumerate(name_of_a_family)]
    everyone = [*((100 + family, row) for family, row in without), *about_few]
    try:
        assert 2 not in kept(everyone, min_families)
    except MatrixError:
        assert all(families_of(everyone, term) < min_families for term in range(TERMS))


def test_a_stored_zero_is_no_occurrence() -> None:
    counts, families = split([(family, [1, 1, 0, 0, 0, 0]) for family in range(5)])
    counts.data[counts.indices == 1] = 0
    assert FamilyVocabulary(5).fit(counts, families=families).columns_.tolist() == [0]


@given(said=cases, numbers=st.permutations(range(8)))
def test_how_families_are_numbered_changes_nothing(said: Cases, numbers: list[int]) -> None:
    renumbered = [(1000 * numbers[family] - 3, row) for family, row in said]
    try:
        before = kept(said, 2)
    except MatrixError:
        with pytest.raises(MatrixError):
            kept(renumbered, 2)
        return
    assert kept(renumbered, 2) == before


@given(said=cases, others=cases)
def test_other_rows_are_described_by_the_terms_of_the_training_rows(said: Cases, others: Cases) -> None:
    counts, families = split([*said, (0, [1] * TERMS)])
    step = FamilyVocabulary(1, 3).fit(counts, families=families)
    other, _ = split(others)
    found = step.transform(other)
    assert found.toarray().tolist() == other.toarray()[:, step.columns_].tolist()
    assert found.shape == (len(others), len(step.columns_))


def test_an_unfitted_vocabulary_says_so() -> None:
    with pytest.raises(NotFittedError):
        FamilyVocabulary().transform(sparse.csr_array((1, 1), dtype=np.float32))
