"""A working folder with an invented authority, and the command called in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from csc_experiments import cli
from csc_experiments.arguments import SMALL
from csc_experiments.synthetic import settings_from, write_authority

CHEAP = ("validation.folds=2", "evaluation.replicates=50", "classifier=prevalence")


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # One for all processes: whoever comes second finds what stands there.
    shared = tmp_path_factory.getbasetemp()
    folder = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "invented"
    folder.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
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
