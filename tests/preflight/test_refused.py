"""A question that cannot be asked is noted with the reason, and the others are counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.config import compose_experiment
from csc_experiments.preflight import Check, as_text, check_records, write_page
from csc_experiments.questions.definition import GIVEN, STANDARD, QuestionConfig
from csc_experiments.records.importing import import_records
from csc_experiments.validation.settings import ValidationConfig

CANARY = "ZZCANARY"
FIRST = datetime(2019, 1, 1, 9)  # noqa: DTZ001 - times have no zone


@pytest.fixture(scope="module")
def fined() -> QuestionConfig:
    return compose_experiment(
        [
            "question.name=fined",
            f"question.vocabulary={GIVEN}",
            "question.index.any=[LOAN]",
            "question.outcome.any=[FINE]",
            "question.outcome.within_days=90",
            "question.eligibility.not_open=[]",
            "question.eligibility.under_age=150",
            "question.ends=[]",
            "question.decision_codes=[]",
        ]
    ).question


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of events, of which 20 have no person, 3 no code and 15 are known on a later day."""
    folder = tmp_path_factory.mktemp("library")
    rows = []
    for member in range(60):
        lent = FIRST + timedelta(days=member)
        rows.append((f"{CANARY}{member}", lent, "LOAN", lent))
        if member % 2:
            rows.append((f"{CANARY}{member}", lent + timedelta(days=30), "FINE", None))
        if member % 4 == 0:
            rows.append((f"{CANARY}{member}", lent, "SEEN//LATE", lent + timedelta(days=2)))
    rows += [("NA", FIRST, "LOAN", None)] * 20 + [(f"{CANARY}1", FIRST, None, None)] * 3
    schema = ["person_id", "time", "code", "known_time"]
    pl.DataFrame(rows, schema=schema, orient="row").write_csv(folder / "events.csv")
    covers = (date(2018, 1, 1), date(2021, 1, 1))
    import_records([folder / "events.csv"], folder / "records", authority="library", covers=covers)
    return folder / "records"


def checked(folder: Path, designs: list[ValidationConfig], *questions: QuestionConfig) -> Check:
    return check_records(folder, questions, designs, min_count=10, seed=1, unasked={"slip": "no such key."})


def test_the_reason_is_noted_and_the_others_go_on(
    library: Path, fined: QuestionConfig, designs: list[ValidationConfig]
) -> None:
    other = replace(fined, name="unheard", outcome=replace(fined.outcome, any=["BAN"]))
    plain = replace(fined, name="standard_codes", vocabulary=STANDARD)
    late = replace(fined, name="seen_late", index=replace(fined.index, any=["SEEN"]))
    check = checked(library, designs, other, plain, late, fined)
    assert {row["question"] for row in check.questions} == {"fined"}
    for name, reason in (
        ("unheard", "question.outcome.any: BAN"),
        ("standard_codes", "question.index.any: unknown code LOAN"),
        ("seen_late", "not yet known when they happened"),
        ("slip", "no such key."),
    ):
        (note,) = [note for note in check.notes if name in note]
        assert reason in note
        assert note in as_text(check)
        assert not any(word.isdigit() for word in note.split())


def test_records_of_children_are_checked_for_a_question_about_events(
    fined: QuestionConfig,
    designs: list[ValidationConfig],
    questions: dict[str, QuestionConfig],
    tmp_path: Path,
) -> None:
    (tmp_path / "ssd").mkdir()
    cases = "\n".join(f"R{row},P{row},2020-01-01,Y" for row in range(30))
    head = "cine_referral_id,cine_person_id,cine_referral_date,cine_referral_nfa"
    (tmp_path / "ssd" / "ssd_cin_episodes.csv").write_text(f"{head}\n{cases}\n")
    covers = (date(2018, 1, 1), date(2022, 1, 1))
    import_records([tmp_path / "ssd"], tmp_path / "records", authority="la1", covers=covers)
    check = checked(tmp_path / "records", designs, fined, *questions.values())
    (note,) = [note for note in check.notes if "question fined" in note]
    assert "hold no events, of which it needs question.index.any: LOAN" in note
    assert len(check.notes) > len(questions)


def test_what_the_import_set_aside_is_in_all_three_forms_and_small_counts_are_hidden(
    library: Path, fined: QuestionConfig, designs: list[ValidationConfig], tmp_path: Path
) -> None:
    check = checked(library, designs, fined)
    assert check.rejects == (
        {"table": "events", "column": "person_id", "reason": "missing", "count": "20"},
        {"table": "events", "column": "code", "reason": "missing", "count": "<10"},
    )
    assert "events.person_id: missing: 20" in as_text(check)
    write_page(check, tmp_path / "check.html")
    page = (tmp_path / "check.html").read_text(encoding="utf-8")
    assert "<td>missing</td>" in page
    assert CANARY not in page
    assert check.as_dict()["rejects"] == check.rejects
