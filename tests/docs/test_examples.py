"""Every command that the documentation shows is run, in the order in which it is shown."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from csc_experiments.cli import main

TOP = Path(__file__).parents[2]
PAGES = [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))]
SHOWN = re.compile(r"```console\n(.*?)```", re.DOTALL)
WITH_EXAMPLES = [page for page in PAGES if SHOWN.search(page.read_text(encoding="utf-8"))]
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda page: page.name)
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Under the name of a return; nobody's records.
    shutil.copy(TOP / "tests" / "data" / "cin_census" / "fake_CIN_data.xml", "census_2022.xml")
    for block in SHOWN.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            command, _, note = line.removeprefix("$ ").partition(" # exit code ")
            program, *arguments = shlex.split(command)
            assert program == "csc-experiments"
            assert main(arguments) == int(note or 0), line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    missing = [
        link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()
    ]
    assert not missing
