"""A setting may be asked for as it would be typed in an override."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from csc_experiments.errors import UnknownChoiceError
from csc_experiments.tracking.choosing import check_keys, matches

KNOWN = [
    "question",
    "question.name",
    "question.outcome.within_days",
    "question.eligibility.under_age",
    "classifier.search.C.low",
    "seed",
    "tuning",
    "tuning.trials",
]


@given(st.none() | st.booleans() | st.integers(-999, 999) | st.floats(-9, 9) | st.lists(st.integers(0, 9)))
def test_a_value_is_found_as_the_configuration_would_write_it(value: object) -> None:
    typed = OmegaConf.to_yaml({"key": value}).removeprefix("key:").strip() if value != [] else "[]"
    assert matches({"key": str(value)}, {"key": typed})
    assert matches({"key": str(value)}, {"key": str(value)})


words = st.from_regex(r"x[a-z ]{0,6}y", fullmatch=True)


@given(words, words)
def test_words_are_the_same_only_if_they_are(stored: str, typed: str) -> None:
    assert matches({"key": stored}, {"key": typed}) == (stored == typed)


@pytest.mark.parametrize("typed", ["[", "'", "2020-99-99", "a: b: c", "nan", "{", "\x00"])
def test_what_cannot_be_read_is_no_match_and_no_error(typed: str) -> None:
    assert not matches({"key": "1"}, {"key": typed})
    assert matches({"key": typed}, {"key": typed})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("question.outcome.within_day", "question.outcome.within_days"),
        ("within_days", "question.outcome.within_days"),
        ("underage", "question.eligibility.under_age"),
        ("sed", "seed"),
        ("tuning.trial", "tuning.trials"),
        ("qestion", "question"),
    ],
)
def test_an_unknown_key_is_told_with_those_that_come_close(typed: str, meant: str) -> None:
    with pytest.raises(UnknownChoiceError, match=rf"{typed}\. Did you mean .*{meant}") as raised:
        check_keys(["seed", typed], KNOWN)
    assert "\n" not in str(raised.value)


def test_a_key_that_nothing_comes_close_to_gets_no_guess() -> None:
    with pytest.raises(UnknownChoiceError, match="No cell has a setting zzz zzz") as raised:
        check_keys(["zzz\nzzz"], KNOWN)
    assert "mean" not in str(raised.value)


def test_all_conditions_must_hold() -> None:
    said = {"seed": "1", "question": "returns"}
    assert matches(said, {})
    assert matches(said, {"seed": "1", "question": "returns"})
    assert not matches(said, {"seed": "1", "question": "moves"})
