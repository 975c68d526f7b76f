"""A working folder with an invented authority, and the command called in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from csc_experiments import cli
from csc_experiments.arguments import SMALL
from csc_experiments.synthetic import settings_from, write_authority

CHEAP = ("validation.folds=2", "evaluation.replicates=50", "classifier=prevalence")


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented")
    for authority in ("la1", "la2"):
        settings = settings_from(authority, {**SMALL, "children": 2500})
        write_authority(settings, 1, folder / authority)
    return folder


@pytest.fixture
def workspace(invented: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(invented, tmp_path / "records")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Call the command in this process: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def cheap() -> tuple[str, ...]:
    """Overrides of the cheapest cell."""
    return CHEAP
