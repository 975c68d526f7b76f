from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

import polars as pl
import pytest

from csc_experiments.synthetic import AuthoritySettings, grammar, simulate
from csc_experiments.synthetic.documents import TYPES
from csc_experiments.synthetic.factors import FACTORS

LA1 = AuthoritySettings(authority="la1", children=800)
SLOT = re.compile(r"\{(\w+)\}")
GIVEN = {"child", "full", "parent", "date", "today"}

# What a worker writes once something has been decided; none of it is known at the prediction time.
OUTCOME_WORDS = re.compile(
    r"no further action|\bnfa\b|clos(e|ed|ing|ure)\b|\bicpc\b|conference|protection plan|\bcpp?\b|\bcin\b"
    r"|in need|looked after|\blac\b|\bcla\b|care order|foster|accommodated|section|\bs ?47\b|strategy"
    r"|threshold|escalat|step(ped)? (up|down)|re-?referr|\breferr|early help|\bplo\b|legal|court|enquir"
    r"|outcome|decision|decided",
    re.IGNORECASE,
)


@cache
def tables() -> Mapping[str, pl.DataFrame]:
    return simulate(LA1, 5)


def texts() -> pl.Series:
    return tables()["documents"]["text"]


def test_no_text_says_what_was_decided() -> None:
    said = [text for text in texts() if OUTCOME_WORDS.search(text)]
    assert said == []


def test_texts_have_30_to_120_words() -> None:
    words = texts().str.split(" ").list.len()
    assert words.min() >= 30
    assert words.max() <= 120


def test_no_slot_is_left_open() -> None:
    assert not texts().str.contains(r"[{}]").any()


def test_every_slot_of_the_grammar_can_be_filled() -> None:
    groups = (grammar.TRUE, grammar.ABSENT, grammar.OPENINGS, grammar.SLOTS)
    templates = [t for group in groups for options in group.values() for t in options] + list(grammar.FILLERS)
    wanted = {slot for template in templates for slot in SLOT.findall(template)}
    assert wanted <= GIVEN | set(grammar.SLOTS) | set(grammar.PLAIN)
    assert set(grammar.PLAIN) == set(grammar.ABBREVIATED)


def test_every_factor_can_be_told() -> None:
    assert {factor.topic for factor in FACTORS} == set(grammar.TRUE)
    assert set(grammar.ABSENT) <= set(grammar.TRUE)
    assert set(grammar.OPENINGS) == set(TYPES)


def test_a_reader_does_not_meet_one_sentence_again_and_again() -> None:
    own = texts().unique(maintain_order=True)
    for start in range(0, 400, 10):
        ten = own[start : start + 10].to_list()
        counts = Counter(sentence for text in ten for sentence in re.split(r"(?<=[.]) ", text))
        assert max(counts.values()) <= 4


def test_siblings_sometimes_share_a_text_and_families_never_do() -> None:
    family = tables()["ssd_family"].unique("fami_person_id")
    rows = tables()["documents"].join(family, left_on="person_id", right_on="fami_person_id")
    shared = rows.group_by("text").agg(pl.len(), families=pl.col("fami_family_id").n_unique())
    assert 0.03 < (shared["len"] > 1).mean() < 0.5
    assert (shared["families"] > 1).mean() < 0.02


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_document_is_written(kind: str) -> None:
    assert tables()["documents"].filter(pl.col("document_type") == kind).height > 50


def test_documents_are_dated_by_what_they_report() -> None:
    episodes = tables()["ssd_cin_episodes"].select("cine_referral_id", "cine_referral_date")
    forms = tables()["documents"].filter(pl.col("document_type") == "contact_and_referral_form")
    dated = forms.join(episodes, left_on="referral_id", right_on="cine_referral_id")
    assert dated.height == forms.height
    assert dated["authored_date"].equals(dated["cine_referral_date"])
    assessments = tables()["ssd_cin_assessments"].select("cina_referral_id", "cina_assessment_auth_date")
    written = tables()["documents"].filter(pl.col("document_type") == "single_assessment")
    signed = written.join(assessments, left_on="referral_id", right_on="cina_referral_id")
    assert signed.height == written.height
    assert signed["authored_date"].equals(signed["cina_assessment_auth_date"])


def test_text_states_what_an_assessment_finds() -> None:
    written = tables()["documents"].filter(pl.col("document_type") == "single_assessment")
    found = (
        tables()["ssd_cin_assessments"]
        .join(tables()["ssd_assessment_factors"], left_on="cina_assessment_id", right_on="cinf_assessment_id")
        .select("cina_referral_id", alcohol=pl.col("cinf_assessment_factors_json").str.contains('"1B"'))
    )
    rows = written.join(found, left_on="referral_id", right_on="cina_referral_id")
    drink = pl.col("text").str.contains(r"drunk|smell of alcohol|drinking|bottles of|drinks ")
    told = rows.group_by("alcohol").agg(told=drink.mean()).sort("alcohol")["told"]
    assert told[0] < 0.2
    assert told[1] > 0.5
