from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from csc_experiments.errors import LeakError, NoTextError
from csc_experiments.representations.text import rows
from csc_experiments.representations.text.rows import row_counts

TIMES = ("prediction_time", "time", "known_time")
Pair = tuple[int, int]

# Five documents of some of six paragraphs, of which those with the same third say the same.
written = st.lists(st.lists(st.integers(0, 5), unique=True, max_size=4), min_size=5, max_size=5)


def as_pairs(read: set[Pair], day_of: list[int] | None = None) -> pl.DataFrame:
    days = day_of or [0] * 5
    told = [(row, document, 9, days[document], days[document]) for row, document in sorted(read)]
    schema = {"row": pl.UInt32, "document": pl.UInt32, **dict.fromkeys(TIMES, pl.Int64)}
    return pl.DataFrame(told, schema=schema, orient="row")


def as_places(documents: list[list[int]]) -> pl.DataFrame:
    told = [
        (document, paragraph, paragraph % 3)
        for document, paragraphs in enumerate(documents)
        for at, paragraph in enumerate(paragraphs)
        if paragraph % 3 not in {earlier % 3 for earlier in paragraphs[:at]}
    ]
    schema = dict.fromkeys(("document", "paragraph", "same"), pl.UInt32)
    return pl.DataFrame(told, schema=schema, orient="row")


@pytest.mark.parametrize("at_once", [rows.PAIRS_AT_ONCE, 1, 3])
@given(
    read=st.sets(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1),
    documents=written,
    cells=st.lists(st.integers(0, 3), min_size=18, max_size=18),
    days=st.lists(st.integers(0, 9), min_size=5, max_size=5),
)
def test_a_row_holds_the_sum_of_its_paragraphs_each_once(
    at_once: int, read: set[Pair], documents: list[list[int]], cells: list[int], days: list[int]
) -> None:
    table = [cells[3 * paragraph : 3 * paragraph + 3] for paragraph in range(6)]
    expected = []
    for row in range(4):
        said: dict[int, int] = {}
        for document in sorted((number for at, number in read if at == row), key=lambda n: (days[n], n)):
            for paragraph in documents[document]:
                said.setdefault(paragraph % 3, paragraph)
        expected.append([sum(table[paragraph][term] for paragraph in said.values()) for term in range(3)])
    counts = sparse.csr_array(table, dtype="float32")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "PAIRS_AT_ONCE", at_once)
        found = row_counts(as_pairs(read, days), as_places(documents), counts, 4)
    assert found.toarray().tolist() == expected
    assert found.dtype == "float32"


def test_no_document_for_any_row_is_refused() -> None:
    with pytest.raises(NoTextError, match="None of the 7 cases"):
        row_counts(as_pairs(set()), as_places([]), sparse.csr_array((3, 2), dtype="float32"), 7)


def test_a_document_of_the_future_is_refused() -> None:
    late = as_pairs({(0, 0)}).with_columns(known_time=pl.lit(10))
    with pytest.raises(LeakError):
        row_counts(late, as_places([[0]]), sparse.csr_array((6, 2), dtype="float32"), 1)
