from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from csc_experiments.synthetic import AuthoritySettings, simulate
from csc_experiments.synthetic.choices import System
from csc_experiments.synthetic.draws import NEVER, Days
from csc_experiments.synthetic.simulation import Simulation, simulate_lives
from csc_experiments.synthetic.writing import TYPES, specimens, write_answers, write_documents

LA1 = AuthoritySettings(authority="la1", children=500, document_words=0.2)
USED = ("contact_and_referral_form", "single_assessment", "case_note")
"""The types that a question lets a representation read."""

# What a manager writes when something is decided; none of it is known at the prediction time.
DECIDED = re.compile(
    r"no further action|\bNFA\b|to close\b|case closed|\bclosure|progress(ed)? to|\bdecision|re-?referr"
    r"|strategy (discussion|meeting)|threshold|step(ped)? (up|down)|section 47|\bS\.?47\b|conference"
    r"|\bICPC\b|\bCPC\b|care order|to court\b|legal advice|\bfoster|accommodated|\bescalat",
    re.IGNORECASE,
)
ON_A_PLAN = re.compile(r"protection plan|\bCP ?P(lan)?\b|core group|\bCG\b", re.IGNORECASE)


@cache
def tables() -> Mapping[str, pl.DataFrame]:
    return simulate(LA1, 5)


def documents(kind: str) -> pl.DataFrame:
    return tables()["documents"].filter(pl.col("document_type") == kind)


def words(texts: pl.Series) -> pl.Series:
    return texts.str.count_matches(r"\S+")


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_document_is_written(kind: str) -> None:
    assert documents(kind).height > 25


def test_no_slot_and_no_mark_is_left_in_a_text() -> None:
    left = tables()["documents"]["text"].str.contains(r"[{}\x00-\x08\x0b-\x1f\ue000-\uf8ff]|%\(|\)s\b|%%")
    assert left.sum() == 0


@pytest.mark.parametrize("kind", USED)
def test_what_a_representation_may_read_never_says_what_was_decided(kind: str) -> None:
    said = [text for text in documents(kind)["text"] if DECIDED.search(text)]
    assert said == []


def test_a_plan_is_spoken_of_only_while_there_is_one() -> None:
    plans = tables()["ssd_cp_plans"].select(
        "cppl_person_id",
        start="cppl_cp_plan_start_date",
        end=pl.col("cppl_cp_plan_end_date").fill_null(LA1.last_day),
    )
    read = tables()["documents"].filter(pl.col("document_type").is_in(USED))
    named = read.filter(pl.Series([bool(ON_A_PLAN.search(text)) for text in read["text"]]))
    known = named.join(plans, left_on="person_id", right_on="cppl_person_id").filter(
        pl.col("authored_date") >= pl.col("start")
    )
    assert named.height > 0
    assert set(named["document_id"]) <= set(known["document_id"])


def test_nothing_that_happens_later_changes_what_was_written_before() -> None:
    lives = simulate_lives(LA1, 5)
    middle = int(np.median(lives.cases.way.referred)) + 200
    then, now = _written(_ended(lives, middle)), _written(lives)
    keys = ["person_id", "referral_id", "document_type", "authored_date", "text"]
    before = pl.col("authored_date") <= pl.lit(middle).cast(pl.Int32).cast(pl.Date)
    # A decision is about what comes next, and an enquiry ends with what follows from it.
    kept = pl.col("document_type").is_in([*USED, "conference_report"])
    first, second = (frame.filter(before & kept).select(keys).sort(keys) for frame in (then, now))
    assert first.height > 500
    assert first.equals(second)
    assert not then.equals(now)


def _written(lives: Simulation) -> pl.DataFrame:
    return pl.concat(part.documents for part in write_documents(LA1, 5, lives))


def _ended(lives: Simulation, last: int) -> Simulation:
    """The same lives, in which nothing of a case that is later than a day comes to pass."""

    def until(days: Days) -> Days:
        return np.where((days > last) & (days != NEVER), NEVER, days)

    way = lives.cases.way
    kinds = (
        "authorised",
        "s47",
        "s47_end",
        "conference",
        "cp",
        "cp_end",
        "cin",
        "cin_end",
        "down",
        "care",
        "s47_again",
        "s47_again_end",
        "conference_again",
        "cp_again",
        "cp_again_end",
    )
    changed = replace(way, **{kind: until(getattr(way, kind)) for kind in kinds})
    later = np.where(way.close > last, lives.cases.leaves, way.close)
    cases = replace(lives.cases, way=replace(changed, close=later))
    held = pl.col("cppr_cp_review_date") <= pl.lit(last).cast(pl.Int32).cast(pl.Date)
    reviews = lives.tables["ssd_cp_reviews"].filter(held)
    return replace(lives, cases=cases, tables={**lives.tables, "ssd_cp_reviews": reviews})


def test_documents_are_dated_by_what_they_report() -> None:
    for kind, table, referral, day in (
        ("contact_and_referral_form", "ssd_cin_episodes", "cine_referral_id", "cine_referral_date"),
        ("single_assessment", "ssd_cin_assessments", "cina_referral_id", "cina_assessment_auth_date"),
        ("s47_record", "ssd_s47_enquiry", "s47e_referral_id", "s47e_s47_end_date"),
    ):
        of_cases = documents(kind).filter(pl.col("referral_id").is_not_null())
        reported = tables()[table].select(referral_id=referral, authored_date=day)
        assert of_cases.height > 20
        assert of_cases.join(reported, on=["referral_id", "authored_date"], how="anti").height == 0


def test_conferences_are_reported_to_on_their_day_with_what_they_decided() -> None:
    held = tables()["ssd_initial_cp_conference"].filter(pl.col("icpc_icpc_date") >= LA1.first_day)
    reports = documents("conference_report").join(
        held, left_on=["referral_id", "authored_date"], right_on=["icpc_referral_id", "icpc_icpc_date"]
    )
    assert reports.height > 0.9 * held.height
    refused = reports["text"].str.contains("threshold for a .* was not met|did not make")
    planned = reports.filter(~refused)
    assert (reports.filter(refused)["icpc_icpc_outcome_cp_flag"] == "N").all()
    assert (
        planned.filter(planned["text"].str.contains("be made subject|to be subject"))[
            "icpc_icpc_outcome_cp_flag"
        ]
        == "Y"
    ).all()
    reviews = tables()["ssd_cp_reviews"].height
    assert documents("conference_report").height <= held.height + reviews


def test_the_manager_decides_on_the_day_of_the_referral_what_the_records_say() -> None:
    episodes = tables()["ssd_cin_episodes"].select(
        "cine_referral_id", "cine_referral_date", "cine_referral_nfa"
    )
    decisions = documents("management_decision").join(
        episodes,
        left_on=["referral_id", "authored_date"],
        right_on=["cine_referral_id", "cine_referral_date"],
    )
    refused = decisions["text"].str.contains(r"Decision: no further action\. The info|\bNFA\b")
    assert decisions.height > 100
    assert (decisions.filter(refused)["cine_referral_nfa"] == "Y").all()


def test_a_contact_that_opens_no_case_leaves_a_form_without_a_referral() -> None:
    contacts = tables()["ssd_contacts"]
    opened = contacts["cont_contact_outcome_json"].str.contains('"NEW_REFERRAL_FLAG":"Y"')
    opened = opened.fill_null(value=False)
    mere = documents("contact_and_referral_form").filter(pl.col("referral_id").is_null())
    assert 0.95 * (~opened).sum() < mere.height <= (~opened).sum()


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("contact_and_referral_form", 100, 600),
        ("single_assessment", 1500, 5000),
        ("s47_record", 300, 1500),
        ("conference_report", 1800, 6000),
        ("case_note", 30, 120),
        ("management_decision", 100, 400),
    ],
)
def test_documents_are_as_long_as_real_ones(kind: str, low: int, high: int) -> None:
    lengths = words(_long().filter(pl.col("document_type") == kind)["text"])
    assert low < float(np.median(lengths)) < high


def test_case_notes_are_mostly_short_and_now_and_then_long() -> None:
    lengths = words(_long().filter(pl.col("document_type") == "case_note")["text"])
    assert 55 < lengths.mean() < 120
    assert lengths.quantile(0.98) > 4 * lengths.median()


@cache
def _long() -> pl.DataFrame:
    return simulate(replace(LA1, children=120, document_words=1.0), 6)["documents"]


def test_a_reader_does_not_meet_one_sentence_again_and_again() -> None:
    own = documents("contact_and_referral_form")["text"].unique(maintain_order=True)
    for start in range(0, 300, 10):
        sentences = [s for text in own[start : start + 10] for s in set(re.split(r"(?<=[.])\s", text))]
        counts = Counter(sentence for sentence in sentences if len(sentence.split()) > 4)
        assert max(counts.values()) <= 4


def test_a_long_document_does_not_repeat_itself() -> None:
    texts = _long().filter(pl.col("document_type") == "single_assessment")["text"]
    repeated = [1 - len(set(said)) / len(said) for said in (re.split(r"(?<=[.])\s", t) for t in texts)]
    assert np.mean(repeated) < 0.05


def test_siblings_sometimes_share_a_text_and_families_never_do() -> None:
    family = tables()["ssd_family"].unique("fami_person_id")
    rows = tables()["documents"].join(family, left_on="person_id", right_on="fami_person_id")
    shared = rows.group_by("text").agg(pl.len(), families=pl.col("fami_family_id").n_unique())
    assert 0.01 < (shared["len"] > 1).mean() < 0.5
    assert (shared["families"] > 1).sum() == 0


def test_paragraphs_are_copied_forward() -> None:
    rows = documents("single_assessment").sort("person_id", "authored_date")
    rows = rows.with_columns(before=pl.col("text").shift(1).over("person_id")).drop_nulls("before")
    lines = [
        set(re.split(r"\n|(?<=\.) ", now)) & set(re.split(r"\n|(?<=\.) ", before))
        for now, before in rows.select("text", "before").iter_rows()
    ]
    long = [any(len(line.split()) > 6 for line in shared) for shared in lines]
    assert rows.height > 20
    assert np.mean(long) > 0.3


def test_two_authorities_do_not_read_alike() -> None:
    first, second = (_sentences(name) for name in ("la1", "la2"))
    both = len(first & second) / min(len(first), len(second))
    assert both < 0.1


def _sentences(authority: str) -> set[str]:
    texts = simulate(replace(LA1, authority=authority, children=150), 5)["documents"]["text"]
    return {said for text in texts for said in re.split(r"(?<=[.])\s", text) if len(said.split()) > 4}


@pytest.mark.parametrize("system", System)
def test_answers_are_what_the_texts_are_made_of(system: System) -> None:
    settings = replace(LA1, children=60, system=system)
    lives = simulate_lives(settings, 5)
    answers = pl.concat(write_answers(settings, 5, lives))
    texts = pl.concat(part.documents for part in write_documents(settings, 5, lives))
    joined = answers.join(texts, on=["document_id", "person_id", "authored_date"], how="left")
    assert joined["text"].null_count() == 0
    assert set(answers["document_id"]) == set(texts["document_id"])
    assert joined.select(pl.col("text").str.contains(pl.col("answer"), literal=True)).to_series().all()
    assert answers["question"].null_count() == answers["section"].null_count() == 0


def test_text_states_what_an_assessment_finds() -> None:
    found = (
        tables()["ssd_cin_assessments"]
        .join(tables()["ssd_assessment_factors"], left_on="cina_assessment_id", right_on="cinf_assessment_id")
        .select("cina_referral_id", drinks=pl.col("cinf_assessment_factors_json").str.contains('"1B"'))
    )
    rows = documents("single_assessment").join(found, left_on="referral_id", right_on="cina_referral_id")
    drink = pl.col("text").str.contains(
        r"drunk|drinking|smell of alcohol|[Bb]ottles of|cans|drinks (vodka|wine|cider)"
    )
    told = rows.group_by("drinks").agg(told=drink.mean()).sort("drinks")["told"]
    assert told[1] > 0.6
    assert told[0] < told[1] - 0.35


def test_specimens_are_of_every_type_and_of_different_children() -> None:
    chosen = specimens(tables()["documents"], 3)
    assert chosen["document_type"].unique(maintain_order=True).to_list() == list(TYPES)
    counts = chosen.group_by("document_type").agg(pl.len(), children=pl.col("person_id").n_unique())
    assert set(counts["len"]) == set(counts["children"]) == {3}
    assert specimens(tables()["documents"].clear(), 3).height == 0
