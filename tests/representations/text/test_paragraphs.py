from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.representations.text import paragraphs as module
from csc_experiments.representations.text.cleaning import clean_lines
from csc_experiments.representations.text.paragraphs import Paragraphs, split
from csc_experiments.representations.text.settings import OtherLanguages

POLISH = "Matka powiedziała, że jej syn nie chodzi do szkoły, bo jest chory i boi się ojca. " * 3
ENGLISH = "The mother said that her son does not go to school as he is ill and is afraid of his father. " * 2


def lines(text: str) -> list[str]:
    return clean_lines(pl.Series([text]))["text"].to_list()


def said(paragraphs: Paragraphs) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(paragraphs.documents)]
    for document, paragraph, _ in paragraphs.places.iter_rows():
        found[document].append(paragraphs.texts[paragraph])
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \r\n\t\u200b ", []),
        ("one\r\ntwo\rthree\n\nfour\x0bfive\u2028six", ["one", "two", "three", "four", "five", "six"]),
        ("cell\x07other\x00  cell", ["cell other cell"]),
        ("self-harm, step\u2011father - no", ["self harm, step father - no"]),
        ("mother\u2019s so\u00adft", ["mother's soft"]),
        ("e\u0301cole \ufb01nd", ["\u00e9cole find"]),
        ("Seen on Mon 3rd of May 2021, 12/03/21, 4 June and March 2020", ["Seen on 0 , 0 , 0 and 0"]),
        ("section 20 may be used; aged 4, s.47 and S17", ["section 20 may be used; aged 4, s.47 and S17"]),
        ("at LS1 4AB or ls14ab, tel 0113 496 0000.", ["at 0 or 0 , tel 0 ."]),
        ("mail a.b@c-d.gov.uk. See www.x.uk/a?b=c", ["mail 0 . See 0"]),
        ("_________ ok ....... yes", [". ok . yes"]),
        ("x" * 5000, ["0"]),
        # Wrapped lines go on; lists do not.
        ("word " * 10 + "and\nmore", ["word " * 10 + "and more"]),
        ("word " * 10 + "end.\nmore", [("word " * 10 + "end.").strip(), "more"]),
        ("drugs\nalcohol", ["drugs", "alcohol"]),
        # Exports that lose line ends.
        ("Father shouted. " * 100, ["Father shouted."] * 100),
    ],
)
def test_how_texts_are_cut(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Seen on 3 May 2021: well.", "SEEN on 14/06/2022 - well", True),
        ("Lives at LS1 4AB", "lives at  M1 1AA.", True),
        ("He is 4.", "He is 5.", True),
        ("Father hit him", "Father hit her", False),
        ("École", "école!", True),
        ("café", "cafe", False),
        ("", "3", False),
        ("Straße", "STRASSE", True),
    ],
)
def test_what_says_the_same(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - the expectation
    both = split(pl.Series([one, other]))
    assert (both.places["same"].n_unique() < both.tally.paragraphs) is same
    assert both.tally.repeated == int(same)


documents = st.lists(
    st.lists(st.sampled_from(["Seen 1.", "seen 2", "Seen!", "Hit", "", "4"]), max_size=5).map("\n".join)
    | st.text(max_size=20),
    max_size=9,
)


@pytest.mark.parametrize("at_once", [module.DOCUMENTS_AT_ONCE, 2])
@settings(max_examples=20, deadline=None)
@given(texts=documents)
def test_documents_are_their_distinct_lines(at_once: int, texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "DOCUMENTS_AT_ONCE", at_once)
        found = split(pl.Series(texts, dtype=pl.String))
    keys = [["".join(filter(str.isalpha, line.casefold())) for line in lines(text)] for text in texts]
    expected = [
        [line for at, line in enumerate(lines(text)) if keys[number][at] not in keys[number][:at]]
        for number, text in enumerate(texts)
    ]
    assert said(found) == expected
    assert found.texts.n_unique() == len(found.texts) == len({line for kept in expected for line in kept})
    every = [key for of_text in keys for key in of_text]
    assert found.tally.documents == len(texts)
    assert found.tally.empty == sum(not of_text for of_text in keys)
    assert found.tally.paragraphs == len(every)
    assert found.tally.repeated == len(every) - len(set(every))
    same = found.places.select("paragraph", "same").unique()
    assert same["paragraph"].is_unique().all()


@pytest.mark.parametrize("other", list(OtherLanguages))
def test_documents_in_other_languages_are_counted_and_may_be_left_out(other: OtherLanguages) -> None:
    texts = [ENGLISH, POLISH, f"{ENGLISH}\n{POLISH}", "Nie wiem", "她说他没有去学校。" * 9, ENGLISH]
    found = split(pl.Series(texts), other_languages=other)
    assert found.tally.not_english == 1
    assert found.documents == found.tally.documents == 6
    assert (said(found)[1] == []) is (other is OtherLanguages.LEAVE_OUT)
    assert all(said(found)[number] for number in (0, 2, 3, 4, 5))
    assert found.tally.repeated == (3 if other is OtherLanguages.KEEP else 2)
