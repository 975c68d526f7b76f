from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.representations.text.sequences import Matches, Ragged, Sequences

symbols = st.lists(st.integers(0, 3), max_size=30)
forms = st.sets(st.lists(st.integers(0, 3), min_size=1, max_size=4).map(tuple), max_size=6)


def as_tuples(found: Matches) -> list[tuple[int, int, int]]:
    return list(zip(found.start.tolist(), found.length.tolist(), found.value.tolist(), strict=True))


def slowly(text: list[int], known: list[tuple[int, ...]]) -> list[tuple[int, int, int]]:
    return [
        (at, length, known.index(tuple(text[at : at + length])))
        for at in range(len(text))
        for length in range(1, 5)
        if at + length <= len(text) and tuple(text[at : at + length]) in known
    ]


@given(text=symbols, known=forms.map(sorted))
def test_every_place_of_every_sequence_is_found(text: list[int], known: list[tuple[int, ...]]) -> None:
    sequences = Sequences((form, value) for value, form in enumerate(known))
    found = sequences.find(np.array(text, dtype=np.int32))
    assert as_tuples(found) == slowly(text, known)


@given(text=symbols, known=forms.map(sorted))
def test_matches_that_stand_alone_are_read_from_left_to_right(
    text: list[int], known: list[tuple[int, ...]]
) -> None:
    sequences = Sequences((form, value) for value, form in enumerate(known))
    expected, end = [], 0
    for start, length, value in sorted(slowly(text, known), key=lambda match: (match[0], -match[1])):
        if start >= end:
            expected.append((start, length, value))
            end = start + length
    assert as_tuples(sequences.find(np.array(text, dtype=np.int32)).alone()) == expected


@given(
    sequences=st.lists(st.lists(st.integers(0, 9), max_size=4).map(tuple), min_size=1),
    which=st.lists(st.integers(0, 100)),
)
def test_sequences_are_taken_in_the_order_asked_for(
    sequences: list[tuple[int, ...]], which: list[int]
) -> None:
    places = [number % len(sequences) for number in which]
    taken = Ragged.of(sequences).take(np.array(places, dtype=np.intp))
    assert taken.symbols.tolist() == [value for place in places for value in sequences[place]]
    assert taken.lengths.tolist() == [len(sequences[place]) for place in places]
