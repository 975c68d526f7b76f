"""What an extract can support is said in notes and in counts, and no small count can be worked out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.preflight import Check, as_text, check_records, shown_part
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.records import Records, write_records
from csc_experiments.records.importing import import_records

Draw = Callable[..., Records]
CheckDrawn = Callable[..., Check]
CENSUS = Path(__file__).parent / "data" / "cin_census" / "fake_CIN_data.xml"
CANARY = "ZZCANARY"
MIN_COUNT = 10
PEOPLE = f"child | born\n{CANARY} | 2010-05-05"
CASES = f"child | referred | nfa\n{CANARY} | 2019-02-01 | Y"
PLAN = f"child | started\n{CANARY} | 2020-05-15"


@pytest.fixture
def check_drawn(tmp_path: Path, drawn_records: Draw, questions: dict[str, QuestionConfig]) -> CheckDrawn:
    """Write drawn children to a records folder, and check it."""

    def check(**drawn: str) -> Check:
        records = drawn_records(**drawn)
        write_records(
            tmp_path / "records",
            authority=records.extract.authority,
            extract_date=records.extract.extract_date,
            coverage=(records.extract.coverage_from, records.extract.coverage_to),
            sources=("drawn",),
            tables=records.tables,
        )
        return check_records(tmp_path / "records", list(questions.values()), MIN_COUNT)

    return check


def notes_on(check: Check, start: str) -> list[str]:
    return [note for note in check.notes if note.startswith(start)]


def documents(undated: int, dated: int) -> str:
    days = ["", "2019-03-05"]
    rows = [
        f"{CANARY} | case_note | 2019-03-01 | {days[row >= undated]} | Seen."
        for row in range(undated + dated)
    ]
    return "\n".join(["child | type | authored | recorded | text", *rows])


def test_a_question_that_the_tables_cannot_answer_is_a_note_and_the_other_is_counted(
    check_drawn: CheckDrawn,
) -> None:
    check = check_drawn(children=PEOPLE, referrals=CASES, protection=PLAN, care=PLAN)
    assert [row["question"] for row in check.questions] == ["closed_nfa_rereferred"]
    (note,) = [note for note in check.notes if "open_case_escalates" in note]
    assert "question.index.any needs ssd_cin_assessments for ASSESSMENT//AUTHORISED" in note
    assert note in as_text(check)
    assert CANARY not in as_text(check)


def test_a_census_is_checked_although_it_cannot_tell_of_care(
    tmp_path: Path, questions: dict[str, QuestionConfig]
) -> None:
    covers = (date(2013, 1, 1), date(2022, 3, 31))
    import_records([CENSUS], tmp_path / "records", authority="la5", covers=covers)
    check = check_records(tmp_path / "records", list(questions.values()), MIN_COUNT)
    assert check.questions == ()
    for name in questions:
        (note,) = [note for note in check.notes if f"question {name}," in note]
        assert "question.eligibility.not_open needs ssd_cla_episodes for CLA" in note


@pytest.mark.parametrize(("people", "notes"), [({}, 1), ({"children": PEOPLE}, 0)])
def test_without_people_ages_are_said_to_be_unknown(
    check_drawn: CheckDrawn, people: dict[str, str], notes: int
) -> None:
    check = check_drawn(**people, referrals=CASES, protection=PLAN, care=PLAN)
    assert len(notes_on(check, "ssd_person is empty: ages")) == notes
    assert [row["index_events"] for row in check.questions] == [f"<{MIN_COUNT}"]


@pytest.mark.parametrize(
    ("undated", "dated", "said"),
    [
        (0, 12, None),
        (3, 30, "<10"),
        (12, 30, "12"),
        (12, 0, "12"),
        # What is left of the documents would follow from their number, which stands beside.
        (30, 3, "hidden"),
        (3, 3, "hidden"),
        # All of a few.
        (3, 0, "hidden"),
    ],
)
def test_documents_of_which_nobody_knows_when_they_were_recorded_are_counted(
    check_drawn: CheckDrawn, undated: int, dated: int, said: str | None
) -> None:
    check = check_drawn(children=PEOPLE, documents=documents(undated, dated))
    notes = notes_on(check, "documents without recorded_date: ")
    assert [note.partition(": ")[2].split(". ")[0] for note in notes] == ([said] if said else [])
    assert all("known on the day on which it was written" in note for note in notes)


@given(part=st.integers(0, 60), rest=st.integers(0, 60), least=st.integers(2, 20))
def test_no_small_part_follows_from_what_is_shown(part: int, rest: int, least: int) -> None:
    """Whoever sees a part and its whole learns of no small part, small rest or small whole."""
    whole = part + rest
    said = shown_part(part, whole, least)
    small = {count for count in (part, rest, whole) if 0 < count < least}
    assert said.isdigit() is not bool(small)
    assert not said.isdigit() or int(said) == part
    if 0 < whole < least:
        # All of a few, and some of a few, look the same.
        assert said == shown_part(0, whole, least)


def test_what_cannot_be_is_counted_by_rule_and_small_counts_are_hidden(check_drawn: CheckDrawn) -> None:
    rows = [f"{CANARY}{row} | 2019-02-01 | 2019-01-01" for row in range(12)]
    people = "\n".join(["child | born", *(f"{CANARY}{row} | 2010-05-05" for row in range(9))])
    check = check_drawn(
        children=people,
        referrals="\n".join(["child | referred | closed", *rows]),
        care=f"child | started\n{CANARY} | 2020-01-01",
    )
    told = {(row["rule"], row["table"], row["what"]): row["rows"] for row in check.rules}
    assert told["8630", "ssd_cin_episodes", "closed before the referral"] == "12"
    assert told["", "ssd_cin_episodes", "cine_person_id of nobody and nothing that is there"] == "hidden"
    assert CANARY not in as_text(check)
    assert "8630" in as_text(check)
