"""Programs that pip does not install, and a study to look at with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from csc_experiments.arguments import SMALL
from csc_experiments.config import StudyConfig
from csc_experiments.study import conclude, plan_study, run_plan
from csc_experiments.synthetic import settings_from, write_authority

PACKAGES = {"chromium": "chromium", "soffice": "libreoffice-calc-nogui"}


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing: install it with `apt-get install {PACKAGES[name]}`.")
    return found


@pytest.fixture(scope="session")
def chromium() -> str:
    return program("chromium")


@pytest.fixture(scope="session")
def soffice() -> str:
    return program("soffice")


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder in which a small study has been run and reported."""
    folder = tmp_path_factory.mktemp("looked_at")
    for authority in ("la1", "la2"):
        write_authority(
            settings_from(authority, {**SMALL, "children": 2500}), 1, folder / "records" / authority
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        study = StudyConfig(
            name="small",
            label="A small study",
            overrides=["validation.folds=2", "validation.inner_folds=2", "tuning=quick", "tuning.trials=2"],
            grids=[{"dataset": ["la1", "la2"], "classifier": ["prevalence", "logistic_regression"]}],
        )
        plan = plan_study(study)
        conclude(study, plan, list(run_plan(plan, jobs=1)))
    return folder
