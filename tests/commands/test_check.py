"""`check` says on the terminal what matters, and all of it on a page or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

Call = Callable[..., tuple[int, str, str]]


def test_a_page_is_written_where_it_is_wanted_and_named(workspace: Path, call: Call) -> None:
    assert call("check", "records/la1", "--html", "pages/check.html")[:2] == (0, "pages/check.html\n")
    assert (workspace / "pages" / "check.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_json_and_page_can_be_had_together(workspace: Path, call: Call) -> None:
    code, out, _ = call("check", "records/la1", "--json", "--html", "check.html")
    assert code == 0
    said = json.loads(out)
    assert said["authority"] == "la1"
    assert {row["design"] for row in said["folds"]} <= {"all_cases", "earlier_cases"}
    assert (workspace / "check.html").is_file()


def test_the_terminal_has_what_each_question_would_learn_from(workspace: Path, call: Call) -> None:
    code, out, _ = call("check", f"{workspace / 'records' / 'la1'}")
    assert code == 0
    assert "closed_nfa_rereferred" in out
    assert "ssd_cin_episodes" in out
