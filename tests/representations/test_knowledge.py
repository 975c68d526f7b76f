from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.errors import LeakError
from csc_experiments.representations.knowledge import known_before, refuse_future
from csc_experiments.representations.settings import StructuredConfig
from csc_experiments.representations.structured.features import structured_features
from csc_experiments.representations.terms import row_counts

DAY_ZERO = datetime(2020, 1, 1)  # noqa: DTZ001 - records know days, not zones
CODES = ["CP_PLAN//END", "CP_PLAN//START", "REFERRAL//START"]
FACTS = {
    "subject_id": pl.Int64,
    "time": pl.Datetime("us"),
    "known_time": pl.Datetime("us"),
    "code": pl.String,
    "document": pl.UInt32,
}
Fact = tuple[int, int, int, str]  # child, day, day on which it was known, code

facts = st.lists(
    st.builds(
        lambda child, day, late, code: (child, day, day + late, code),
        st.integers(0, 2),
        st.integers(-400, 30),
        st.integers(0, 40),
        st.sampled_from(CODES),
    ),
    max_size=12,
)
predictions = st.lists(st.tuples(st.integers(0, 2), st.integers(-50, 30)), min_size=1, max_size=5)


def day(number: int) -> datetime:
    return DAY_ZERO + timedelta(days=number)


def as_rows(predicted: list[tuple[int, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "subject_id": [child for child, _ in predicted],
            "prediction_time": [day(when) for _, when in predicted],
            "birth": [day(-3000) for _ in predicted],
        },
        schema_overrides={"prediction_time": pl.Datetime("us"), "birth": pl.Datetime("us")},
    )


def as_facts(said: list[Fact]) -> pl.DataFrame:
    rows = [
        (child, day(when), day(known), code, number) for number, (child, when, known, code) in enumerate(said)
    ]
    return pl.DataFrame(rows, schema=FACTS, orient="row")


def features(predicted: list[tuple[int, int]], said: list[Fact]) -> NDArray[np.float32]:
    rows = as_rows(predicted)
    values, _ = structured_features(rows, known_before(rows, as_facts(said)), CODES, StructuredConfig())
    return values.toarray()


def words(predicted: list[tuple[int, int]], said: list[Fact]) -> NDArray[np.float32]:
    """Describe rows by documents, each of which holds the one word that its code stands for."""
    # A child of its own has a document, so that there is always something to read.
    rows, documents = as_rows([*predicted, (9, 0)]), as_facts([*said, (9, 0, 0, CODES[0])])
    column = [CODES.index(code) for code in documents["code"]]
    counts = np.eye(len(CODES), dtype=np.float32)[column]
    found = row_counts(known_before(rows, documents), sparse.csr_array(counts), rows.height)
    return found.toarray()[:-1]


@pytest.mark.parametrize("describe", [features, words])
@settings(max_examples=50)
@given(predicted=predictions, past=facts, other=facts, at=st.integers(0, 4))
def test_a_row_is_blind_to_what_was_not_yet_known(
    describe: object, predicted: list[tuple[int, int]], past: list[Fact], other: list[Fact], at: int
) -> None:
    assert callable(describe)
    at %= len(predicted)
    when = predicted[at][1]
    known = [fact for fact in past if fact[2] <= when]
    another_future = [fact for fact in other if fact[2] > when]
    before, after = describe(predicted, past), describe(predicted, [*known, *another_future])
    assert before[at].tobytes() == after[at].tobytes()


@pytest.mark.parametrize("describe", [features, words])
@settings(max_examples=50)
@given(predicted=predictions, past=facts, ago=st.integers(0, 300), code=st.sampled_from(CODES))
def test_a_row_is_moved_by_what_was_known(
    describe: object, predicted: list[tuple[int, int]], past: list[Fact], ago: int, code: str
) -> None:
    assert callable(describe)
    child, when = predicted[0]
    before = describe(predicted, past)
    after = describe(predicted, [*past, (child, when - ago, when, code)])
    assert (before[0] != after[0]).any()
    strangers = [row for row, (other, _) in enumerate(predicted) if other != child]
    assert np.array_equal(before[strangers], after[strangers])


@given(predicted=predictions, past=facts)
def test_known_before_is_the_obvious_loop(predicted: list[tuple[int, int]], past: list[Fact]) -> None:
    pairs = known_before(as_rows(predicted), as_facts(past))
    expected = {
        (row, number)
        for row, (child, when) in enumerate(predicted)
        for number, fact in enumerate(past)
        if fact[0] == child and fact[2] <= when
    }
    assert set(zip(pairs["row"], pairs["document"], strict=True)) == expected
    assert pairs.height == len(expected)
    refuse_future(pairs)


def test_a_fact_without_a_time_is_no_event_and_one_never_known_is_not_used() -> None:
    said = as_facts([(0, 0, 0, CODES[0]), (0, 0, 0, CODES[1]), (0, 0, 0, CODES[2])])
    said = said.with_columns(
        time=pl.when(pl.col("document") != 0).then("time"),
        known_time=pl.when(pl.col("document") != 1).then("known_time"),
    )
    assert known_before(as_rows([(0, 5)]), said)["document"].to_list() == [2]


LEAKS = {
    "known too late": (-10, 1),
    "happened too late": (1, -10),
    "both too late": (1, 1),
    "never known": (-10, None),
    "without a time": (None, -10),
}


@pytest.mark.parametrize(("happened", "known"), LEAKS.values(), ids=LEAKS.keys())
def test_a_leak_is_refused_wherever_pairs_become_features(happened: int | None, known: int | None) -> None:
    rows = as_rows([(0, 0)])
    fine = known_before(rows, as_facts([(0, -5, -5, CODES[0]), (0, -1, 0, CODES[1])]))
    late = fine.with_columns(
        time=pl.lit(None if happened is None else day(happened), pl.Datetime("us")),
        known_time=pl.lit(None if known is None else day(known), pl.Datetime("us")),
    )
    pairs = pl.concat([fine, late])
    with pytest.raises(LeakError, match="2 facts"):
        structured_features(rows, pairs, CODES, StructuredConfig())
    with pytest.raises(LeakError, match="2 facts"):
        row_counts(pairs, sparse.csr_array(np.eye(3, dtype=np.float32)), 1)


def test_the_message_of_a_leak_shows_nothing_of_a_record() -> None:
    pairs = known_before(as_rows([(0, 0)]), as_facts([(0, -5, -5, "CANARY")]))
    with pytest.raises(LeakError) as refused:
        refuse_future(pairs.with_columns(known_time=pl.lit(day(1))))
    assert "CANARY" not in str(refused.value)
    assert "2020" not in str(refused.value)


def test_what_was_known_keeps_the_order_of_rows_and_facts() -> None:
    rows, said = as_rows([(1, 10), (0, 10)]), as_facts([(0, 1, 1, CODES[0]), (1, 2, 2, CODES[1])])
    found = known_before(rows, said)
    assert list(zip(found["row"], found["code"], strict=True)) == [(0, CODES[1]), (1, CODES[0])]
