"""What an extract can support is said in notes and in counts, and no small count can be worked out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from csc_experiments.history.events import build_history
from csc_experiments.preflight import Check, as_text
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.records import read_records
from csc_experiments.records.importing import import_records
from csc_experiments.seeds import seed_for
from csc_experiments.synthetic import AuthoritySettings, write_authority
from csc_experiments.validation.folds import outer_folds
from csc_experiments.validation.settings import ValidationConfig

CheckDrawn = Callable[..., Check]
CheckFolder = Callable[[Path], Check]
CENSUS = Path(__file__).parents[1] / "data" / "cin_census" / "fake_CIN_data.xml"
CANARY = "ZZCANARY"
MIN_COUNT, SEED = 10, 2020
NEEDS = "needs 5 outcomes and 5 cases without."
PEOPLE = f"child | born\n{CANARY} | 2010-05-05"
CASES = f"child | referred | nfa\n{CANARY} | 2019-02-01 | Y"
PLAN = f"child | started\n{CANARY} | 2020-05-15"


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
    tmp_path: Path, check_folder: CheckFolder, questions: dict[str, QuestionConfig]
) -> None:
    covers = (date(2013, 1, 1), date(2022, 3, 31))
    import_records([CENSUS], tmp_path / "records", authority="la5", covers=covers)
    check = check_folder(tmp_path / "records")
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
        (12, 30, "10"),
        (12, 0, "10"),
        # What is left of the documents does not follow from their number, which stands beside.
        (30, 3, "30"),
        (3, 3, "<10"),
        # All of a few.
        (3, 0, "<10"),
    ],
)
def test_documents_of_which_nobody_knows_when_they_were_recorded_are_counted(
    check_drawn: CheckDrawn, undated: int, dated: int, said: str | None
) -> None:
    check = check_drawn(children=PEOPLE, documents=documents(undated, dated))
    notes = notes_on(check, "documents without recorded_date: ")
    assert [note.partition(": ")[2].split(". ")[0] for note in notes] == ([said] if said else [])
    assert all("known on the day on which it was written" in note for note in notes)


def test_what_cannot_be_is_counted_by_rule_and_small_counts_are_hidden(check_drawn: CheckDrawn) -> None:
    rows = [f"{CANARY}{row} | 2019-02-01 | 2019-01-01" for row in range(12)]
    people = "\n".join(["child | born", *(f"{CANARY}{row} | 2010-05-05" for row in range(9))])
    check = check_drawn(
        children=people,
        referrals="\n".join(["child | referred | closed", *rows]),
        care=f"child | started\n{CANARY} | 2020-01-01",
    )
    told = {(row["rule"], row["table"], row["what"]): row["rows"] for row in check.rules}
    assert told["8630", "ssd_cin_episodes", "closed before the referral"] == "10"
    assert told["", "ssd_cin_episodes", "cine_person_id of nobody and nothing that is there"] == "<10"
    assert CANARY not in as_text(check)
    assert "8630" in as_text(check)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented") / "records"
    few = {"children": 1200, "document_words": 0.05, "notes_per_quarter": 0.3}
    write_authority(AuthoritySettings(authority="la1", **few), 1, folder)
    return folder


def test_folds_are_those_of_a_run(
    invented: Path,
    check_folder: CheckFolder,
    questions: dict[str, QuestionConfig],
    designs: list[ValidationConfig],
) -> None:
    check = check_folder(invented)
    history = build_history(read_records(invented))
    told = {(row["question"], row["design"], row["fold"], row["side"]): row for row in check.folds}
    seen = 0
    for name, question in questions.items():
        cohort = ask(question, history)
        for design in designs:
            folds = outer_folds(cohort, design, seed_for(SEED, "folds", "la1", name))
            for number, fold in enumerate(folds):
                for side, rows in (("training", fold.train), ("test", fold.test)):
                    row = told[name, design.name, f"{number}", side]
                    positives = int(cohort.rows["outcome"].to_numpy()[rows].sum())
                    for shown, count in ((row["index_events"], len(rows)), (row["positives"], positives)):
                        seen += 1
                        near = abs(int(shown.lstrip("<")) - count) <= 5
                        assert near if shown.isdigit() else count < int(shown[1:])
    assert seen == 2 * 2 * 2 * (5 + 1)


def test_a_normal_authority_fits_on_a_terminal(invented: Path, check_folder: CheckFolder) -> None:
    lines = as_text(check_folder(invented)).splitlines()
    assert len(lines) <= 80
    assert max(map(len, lines)) <= 140


def test_designs_that_are_refused_and_years_with_few_outcomes_are_said_first(check_drawn: CheckDrawn) -> None:
    cases = [f"P{row} | 20{18 + row % 3}-02-01 | Y" for row in range(90)]
    again = [f"P{row} | 2018-08-01 | N" for row in range(0, 12, 3)]
    check = check_drawn(
        children="\n".join(["child | born", *(f"P{row} | 2012-05-05" for row in range(90))]),
        referrals="\n".join(["child | referred | nfa", *cases, *again]),
        care="child | started\nP1 | 2022-01-01",
        protection="child | started\nP1 | 2022-01-01",
    )
    assert [row["index_events"] for row in check.questions] == ["30", "30", "30"]
    assert check.refusals == tuple(
        f"closed_nfa_rereferred, {design}: refused; each side of each fold {NEEDS}"
        for design in ("all_cases", "earlier_cases")
    )
    assert check.warnings[0] == "closed_nfa_rereferred: fewer than 10 outcomes in 2018, 2019, 2020."
    assert check.folds == ()
    assert check.refusals[0] in as_text(check)


def test_a_table_that_falls_silent_is_named_with_the_months(check_drawn: CheckDrawn) -> None:
    months = [(year, month) for year in range(2018, 2023) for month in range(1, 13)]
    days = [
        f"P{row} | {year}-{month:02}-10"
        for year, month in months
        for row in range(12)
        if (year, month) not in {(2019, 3), (2019, 4), (2021, 12)}
    ]
    check = check_drawn(contacts="\n".join(["child | day", *days, *["P1 | 2023-01-05"] * 12]))
    silent = [warning for warning in check.warnings if warning.startswith("ssd_contacts: ")]
    assert [warning.split(",")[0] for warning in silent[:2]] == [
        "ssd_contacts: no rows in 2019-03 to 2019-04",
        "ssd_contacts: no rows in 2021-12",
    ]
    assert silent[2:] == ["ssd_contacts: 10 rows are dated after the coverage (cont_contact_date)."]
    (row,) = check.outside
    assert (row["months_without"], row["before"], row["after"]) == ("3", "0", "10")
    assert [month["ssd_contacts"] for month in check.months][:3] == ["10", "10", "10"]


def test_lengths_are_shown_only_where_enough_children_lie_beyond(check_drawn: CheckDrawn) -> None:
    rows = [f"P{row} | case_note | 2020-01-05 | {'word ' * (row + 1)}" for row in range(50)]
    rows += [f"P1 | s47_record | 2020-01-05 | {'word ' * row}" for row in range(1, 40)]
    check = check_drawn(documents="\n".join(["child | type | authored | text", *rows]))
    notes, enquiries = check.document_types
    assert (notes["lower"], notes["median"], notes["upper"]) == ("15", "25", "40")
    assert notes["longest_tenth"] == "hidden"
    assert enquiries["documents"] == "40"
    assert {enquiries[name] for name in ("lower", "median", "upper", "longest_tenth")} == {"hidden"}


def test_a_design_whose_folds_cannot_be_divided_again_is_refused_only_with_a_search(
    check_drawn: CheckDrawn,
) -> None:
    """Five folds of six outcomes each leave 24 to learn from, and earlier cases too few to divide again."""
    people = range(300)
    cases = [f"P{row} | 20{18 + row % 3}-02-01 | Y" for row in people]
    again = [f"P{row} | 20{18 + row % 3}-08-01 | N" for row in range(30)]
    check = check_drawn(
        children="\n".join(["child | born", *(f"P{row} | 2012-05-05" for row in people)]),
        referrals="\n".join(["child | referred | nfa", *cases, *again]),
        care="child | started\nP299 | 2022-01-01",
        protection="child | started\nP299 | 2022-01-01",
    )
    (refusal,) = check.refusals
    why = "refused with a search for settings; each side inside a fold"
    assert refusal == f"closed_nfa_rereferred, earlier_cases: {why} {NEEDS}"
    tests = [row for row in check.folds if row["design"] == "all_cases" and row["side"] == "test"]
    assert [row["positives"] for row in tests] == ["<10"] * 5
    few = "fewer than 10 outcomes on the test side of fold 0, 1, 2, 3, 4."
    assert f"closed_nfa_rereferred, all_cases: {few}" in check.warnings
