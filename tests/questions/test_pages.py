"""The pages on disk are what the script writes of the files of today."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csc_experiments.config import choices, compose_experiment
from csc_experiments.history.events import build_history
from csc_experiments.questions.cohort import consider
from csc_experiments.records import RECORD_TABLES, Records

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def writer() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "write_questions.py"))


def test_the_pages_are_what_the_script_writes(writer: dict[str, Any]) -> None:
    written = writer["pages"]()
    for path, text in written.items():
        assert path.read_text(encoding="utf-8") == text, "python docs/write_questions.py"
    assert {path.name for path in (DOCS / "questions").glob("*.md")} == {
        "counts.md",
        *(path.name for path in written),
    }


@pytest.mark.parametrize("name", choices("question"))
def test_a_page_names_the_criteria_in_the_order_in_which_they_count(
    name: str, writer: dict[str, Any], drawn_records: Callable[..., Records]
) -> None:
    question = compose_experiment([f"question={name}"]).question
    nobody = replace(build_history(drawn_records()), tables=frozenset(RECORD_TABLES))
    _, flow = consider(question, nobody)
    assert [said for said, _ in writer["reasons"](question)] == flow["criterion"].to_list()[1:]
