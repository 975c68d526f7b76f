from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from csc_experiments.representations.knowledge import known_before
from csc_experiments.representations.text.counting import count_tokens
from csc_experiments.representations.text.paragraphs import split
from csc_experiments.representations.text.rows import row_counts
from csc_experiments.representations.text.selection import select_documents
from csc_experiments.representations.text.settings import Part, TokensConfig

DAY_ZERO = datetime(2020, 1, 1)  # noqa: DTZ001 - records know days, not zones
# Some say the same in other words' case, with other stops or of another day, and yet count differently.
LINES = [
    "No drugs, debts seen on 3 May 2021.",
    "no drugs debts seen on 4 June 2022",
    "NO DRUGS. DEBTS SEEN",
    "MH poor",
    "mh poor",
    "Domestic abuse: no",
    "domestic abuse; NO",
    "Mother drank",
    "S/W visited\nMother drank.",
]
CODES = ["REFERRAL//START", "CONTACT//START"]
CHILDREN = 60
Fact = tuple[int, int, int, str]  # child, day, days until it was known, text or code


def invented(seed: int, said: list[str], number: int, first: int = -40) -> list[Fact]:
    """Draw what is said of children, from a day on."""
    draw = np.random.default_rng(seed).integers
    return [
        (int(draw(CHILDREN)), int(draw(first, first + 70)), int(draw(10)), said[draw(len(said))])
        for _ in range(number)
    ]


DOCUMENTS, EVENTS = invented(1, LINES, 300), invented(2, CODES, 100)


def as_facts(said: list[Fact], column: str) -> pl.DataFrame:
    told = [
        (child, DAY_ZERO + timedelta(days=at), DAY_ZERO + timedelta(days=at + late), text)
        for child, at, late, text in sorted(said)
    ]
    times = {"time": pl.Datetime("us"), "known_time": pl.Datetime("us")}
    return pl.DataFrame(told, schema={"subject_id": pl.Int64, **times, column: pl.String}, orient="row")


def described(documents: list[Fact], events: list[Fact]) -> list[list[dict[str, int]]]:
    """Describe each child, on day 0, by each part of its three latest documents."""
    read = as_facts(documents, "text").with_row_index("document")
    rows = pl.DataFrame({"subject_id": range(CHILDREN), "prediction_time": [DAY_ZERO] * CHILDREN})
    written, begun = known_before(rows, read.drop("text")), known_before(rows, as_facts(events, "code"))
    paragraphs = split(read["text"])
    counts, terms = count_tokens(paragraphs, TokensConfig(ngrams=2), read["subject_id"].to_numpy(), 1)
    found = []
    for part in Part:
        pairs = select_documents(written, begun, part=part, lookback_days=30, most_recent=3)
        summed = row_counts(pairs, paragraphs.places, counts, rows.height).toarray()
        found.append([{terms[at]: int(row[at]) for at in np.flatnonzero(row)} for row in summed])
    return found


@pytest.fixture(scope="module")
def own() -> list[list[dict[str, int]]]:
    return described(DOCUMENTS, EVENTS)


def test_each_part_says_something_else(own: list[list[dict[str, int]]]) -> None:
    every, current, previous = own
    assert sum(map(bool, every)) > 40
    assert sum(map(bool, current)) > 10
    assert sum(map(bool, previous)) > 10
    assert any(now and before and now != before for now, before in zip(current, previous, strict=True))


def test_what_becomes_known_after_the_prediction_time_moves_nothing(own: list[list[dict[str, int]]]) -> None:
    def known(said: list[Fact]) -> list[Fact]:
        return [fact for fact in said if fact[1] + fact[2] <= 0]

    assert described(known(DOCUMENTS), known(EVENTS)) == own
    more = invented(3, LINES, 200, first=1), invented(4, CODES, 100, first=1)
    assert described(known(DOCUMENTS) + more[0], known(EVENTS) + more[1]) == own


def test_what_is_written_of_other_children_moves_nothing(own: list[list[dict[str, int]]]) -> None:
    def of_half(said: list[Fact], half: int) -> list[Fact]:
        return [fact for fact in said if fact[0] % 2 == half]

    documents = of_half(DOCUMENTS, 0) + of_half(invented(5, LINES, 300), 1)
    found = described(documents, of_half(EVENTS, 0) + of_half(invented(6, CODES, 100), 1))
    assert found != own
    assert [part[::2] for part in found] == [part[::2] for part in own]


def test_a_paragraph_that_is_copied_forward_counts_once() -> None:
    copied = [
        (child, -at, 0, f"Mother drank on {at} May 2020.\nFather left.")
        for child in (0, 1)
        for at in range(1, 3 + child)
    ]
    amended = (2, -1, 0, "Mother drank on 1 May 2020.\nFather left.\nMother drank and shouted.")
    every, _, _ = described([*copied, amended], [(0, -1, 0, CODES[0])])
    assert every[0] == every[1]
    assert every[0]["drink"] == 1
    assert every[2]["drink"] == 2
