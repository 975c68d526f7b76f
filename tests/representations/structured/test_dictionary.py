from __future__ import annotations

import re

import polars as pl
import pytest

from csc_experiments.history.rules import STANDARD_CODES
from csc_experiments.questions.definition import SPELLS
from csc_experiments.representations.structured.dictionary import SCHEMA, feature_dictionary
from csc_experiments.representations.structured.naming import read_name
from csc_experiments.representations.structured.words import PARTS, SPELL_WORDS, WHOLE, words_of

KINDS = ["count|30d", "count|365d", "count|all", "ever", "recency|last", "recency|first"]
SIDES = ["open", "open|days", "ended|days"]
EVERY = [
    *(f"{code}|{kind}{of}" for code in sorted(STANDARD_CODES) for kind in KINDS for of in ("", "|family")),
    *(f"{spell}|{side}{of}" for spell in SPELLS for side in SIDES for of in ("", "|family")),
    *(f"LOAN|{kind}{of}" for kind in (*KINDS, "latest", "latest|known") for of in ("", "|family")),
    *("members|family", "age", "sex|female", "sex|male", "month_sin", "month_cos"),
]


def test_every_standard_code_and_spell_has_words_and_no_word_is_of_no_code() -> None:
    assert [code for code in STANDARD_CODES if words_of(code) == code] == []
    assert set(SPELLS) == set(SPELL_WORDS)
    parted = {f"{plain}//{part}" for plain, (_, parts) in PARTS.items() for part in parts}
    assert parted | set(WHOLE) == STANDARD_CODES


def test_every_column_has_a_label_of_its_own_and_one_sentence() -> None:
    told = feature_dictionary(EVERY)
    assert told.schema == SCHEMA
    assert told["name"].to_list() == EVERY
    assert told["label"].n_unique() == len(EVERY)
    assert told["definition"].n_unique() == len(EVERY)
    assert told["definition"].str.contains(r"^[A-Z01][^{}|]*\.$").all()
    assert not told["label"].str.contains(r"[{}|]").any()
    of_child = told.filter(pl.col("of_whom") == "child")
    assert of_child["label"].str.len_chars().max() <= 90  # type: ignore[operator] # an int column has an int maximum
    family = told.filter(pl.col("of_whom") == "family")
    assert family["label"].str.starts_with("Brothers and sisters: ").all()
    assert family.height == len([name for name in EVERY if name.endswith("|family")])


LABELS = {
    "REFERRAL//START|count|365d": "Referrals in the past year",
    "REFERRAL//START|count|30d": "Referrals in the past 30 days",
    "REFERRAL//SOURCE//6|count|all": "Referrals from the police so far",
    "FACTOR//3B|ever": "Assessments finding domestic abuse, parent: any",
    "REFERRAL//START|recency|last": "Referrals: how recent the last",
    "CP_PLAN|open": "Child protection plan open now",
    "CP_PLAN|open|family": "Brothers and sisters: child protection plan open now",
    "CP_PLAN|open|days": "Child protection plan: days open so far",
    "LOAN|latest": "LOAN: latest value",
    "members|family": "Brothers and sisters: how many are known",
    "age": "Age in years",
}


@pytest.mark.parametrize(("name", "label"), LABELS.items())
def test_labels_are_those_of_a_report(name: str, label: str) -> None:
    assert feature_dictionary([name])["label"].item() == label


def test_a_name_says_of_whom_over_which_window_and_of_which_code() -> None:
    told = feature_dictionary(["CLA//CEASED//E4A|count|90d|family", "CLA|open", "age"])
    assert told["of_whom"].to_list() == ["family", "child", "child"]
    assert told["window_days"].to_list() == [90, None, None]
    assert told["code"].to_list() == ["CLA//CEASED//E4A", "CLA", None]
    assert read_name("CLA|open|days").codes == ("CLA//START", "CLA//END")
    assert read_name("age").codes == ()


def test_columns_of_other_blocks_are_left_out() -> None:
    told = feature_dictionary(["structured:age", "tfidf:age", "structured:CLA|open"], "structured:")
    assert told["name"].to_list() == ["structured:age", "structured:CLA|open"]
    assert all(re.fullmatch(r"[A-Z].*", label) for label in told["label"])
