from __future__ import annotations

from functools import cache

import polars as pl
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from spacy.lang.en.stop_words import STOP_WORDS

from csc_experiments.errors import NoTextError
from csc_experiments.representations.terms import count_terms, row_counts

WORDS = [
    "Mother",
    "school",
    "SCHOOL",
    "the",
    "a",
    "no",
    "2021",
    "don't",
    "mental-health",
    "naïve",
    "Straße",
    "x",
]
PARTS = [" ", "  ", "\n", "\x07", "\x00", ". ", "/", ", "]

documents = st.lists(
    st.lists(st.sampled_from([*WORDS, *PARTS]), max_size=12).map("".join) | st.text(max_size=30), max_size=25
)


@cache
def english() -> spacy.Language:
    return spacy.blank("en")


def slowly(texts: list[str]) -> list[dict[str, int]]:
    """Count one token at a time, over spaCy's own documents."""
    language = english()
    found = []
    for text in texts:
        counts: dict[str, int] = {}
        for token in language("".join(" " if is_control(letter) else letter for letter in text)):
            if token.is_alpha and not token.is_stop and len(token) > 1:
                counts[token.lower_] = counts.get(token.lower_, 0) + 1
        found.append(counts)
    return found


def is_control(letter: str) -> bool:
    return ord(letter) < 32 or 127 <= ord(letter) < 160


def as_dicts(counts: sparse.csr_array, terms: tuple[str, ...]) -> list[dict[str, int]]:
    return [
        {term: int(count) for term, count in zip(terms, row, strict=True) if count}
        for row in counts.toarray()
    ]


def counted(texts: list[str]) -> list[dict[str, int]]:
    return as_dicts(*count_terms(pl.Series(texts)))


# A tokenizer takes a tenth of a second to make, so few examples of many documents.
@settings(max_examples=15, deadline=None)
@given(texts=documents)
def test_counts_are_those_of_the_obvious_loop(texts: list[str]) -> None:
    counts, terms = count_terms(pl.Series(texts, dtype=pl.String))
    assert as_dicts(counts, terms) == slowly(texts)
    assert list(terms) == sorted(set(terms))
    assert all(term.isalpha() and term == term.lower() and term not in STOP_WORDS for term in terms)
    assert counts.dtype == "float32"
    assert (counts.data > 0).all()
    assert not terms or (counts.sum(axis=0) > 0).all()


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        (" \n\t ", ()),
        ("12/03/2021 -- 14:30 !?", ()),
        ("the and of", ()),
        ("I a x", ()),
        ("School. SCHOOL! school", ("school",)),
        ("home\x07school\x00family\x1bvisit\x85end", ("end", "family", "home", "school", "visit")),
        ("mental-health", ("health", "mental")),
        ("alcohol/drugs", ("alcohol", "drugs")),
    ],
)
def test_what_is_a_term(text: str, terms: tuple[str, ...]) -> None:
    assert count_terms(pl.Series([text]))[1] == terms


@pytest.mark.parametrize("texts", [[], [""], ["", "123"], ["...", "---", ""]])
def test_documents_without_letters_have_rows_and_no_terms(texts: list[str]) -> None:
    counts, terms = count_terms(pl.Series(texts, dtype=pl.String))
    assert counts.shape == (len(texts), 0)
    assert terms == ()


def test_a_document_of_a_megabyte_is_counted_like_any_other() -> None:
    text = "father visited grandmother " * 40_000
    assert len(text) > 1_000_000
    assert counted([text, "father"]) == [
        {"father": 40_000, "visited": 40_000, "grandmother": 40_000},
        {"father": 1},
    ]


def test_the_order_of_documents_changes_the_order_of_rows_alone() -> None:
    texts = ["zebra crossing", "apple crossing", "mother"]
    assert counted(texts[::-1]) == counted(texts)[::-1]
    assert count_terms(pl.Series(texts))[1] == count_terms(pl.Series(texts[::-1]))[1]


@given(
    pairs=st.sets(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1),
    cells=st.lists(st.integers(0, 3), min_size=15, max_size=15),
)
def test_a_row_holds_the_sum_of_its_documents(pairs: set[tuple[int, int]], cells: list[int]) -> None:
    table = [cells[3 * document : 3 * document + 3] for document in range(5)]
    found = row_counts(as_pairs(pairs), sparse.csr_array(table, dtype="float32"), 4)
    expected = [
        [sum(table[document][term] for at, document in pairs if at == row) for term in range(3)]
        for row in range(4)
    ]
    assert found.toarray().tolist() == expected
    assert found.dtype == "float32"


def test_no_document_for_any_row_is_refused() -> None:
    with pytest.raises(NoTextError, match="None of the 7 cases"):
        row_counts(as_pairs(set()), sparse.csr_array((3, 2), dtype="float32"), 7)


def as_pairs(pairs: set[tuple[int, int]]) -> pl.DataFrame:
    days = [0] * len(pairs)
    return pl.DataFrame(
        {
            "row": [row for row, _ in pairs],
            "document": [document for _, document in pairs],
            "prediction_time": days,
            "time": days,
            "known_time": days,
        },
        schema=dict.fromkeys(("row", "document", "prediction_time", "time", "known_time"), pl.Int64),
    )
