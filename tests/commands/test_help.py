"""What the help says is so."""

from __future__ import annotations

import shlex

import pytest

from csc_experiments.cli import main
from csc_experiments.config import GROUPS, choices, compose_experiment


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_help_of_run_lists_every_choice_of_every_group(capsys: pytest.CaptureFixture[str]) -> None:
    listed = {}
    for line in help_of("run", capsys).partition("groups and their choices:\n")[2].splitlines():
        if not line:
            break
        group, *names = line.split()
        listed[group] = names
    assert listed == {group: choices(group) for group in GROUPS}


def test_the_examples_in_the_help_of_run_can_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    lines = help_of("run", capsys).partition("examples:\n")[2].splitlines()
    examples = [shlex.split(line) for line in lines]
    assert len(examples) == 2
    for program, command, *overrides in examples:
        assert (program, command) == ("csc-experiments", "run")
        compose_experiment([override.partition(",")[0] for override in overrides if override != "-m"])


def test_the_help_of_study_names_every_study(capsys: pytest.CaptureFixture[str]) -> None:
    said = help_of("study", capsys)
    assert all(name in said for name in choices("study"))


def test_the_help_of_import_says_who_must_give_the_coverage(capsys: pytest.CaptureFixture[str]) -> None:
    assert "SSD tables need it, a census covers its own year" in " ".join(help_of("import", capsys).split())


def test_the_help_of_evaluate_says_that_intervals_are_drawn_anew(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Intervals are drawn anew" in help_of("evaluate", capsys)
