"""Programs that pip does not install, and a study to look at with them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Error, Page, Request, sync_playwright

from csc_experiments.arguments import SMALL
from csc_experiments.config import StudyConfig
from csc_experiments.study import conclude, plan_study, run_plan
from csc_experiments.synthetic import settings_from, write_authority

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PACKAGES = {"chromium": "chromium", "soffice": "libreoffice-calc-nogui"}


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is missing: install it with `apt-get install {PACKAGES[name]}`.")
    return found


@pytest.fixture(scope="session")
def chromium() -> str:
    return program("chromium")


@pytest.fixture(scope="module")
def page(chromium: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser.new_page(viewport={"width": 2000, "height": 1000})
        browser.close()


@pytest.fixture
def asked(page: Page) -> Iterator[list[str]]:
    """Every address that the page asks for while the test runs."""
    seen: list[str] = []

    def note(request: Request) -> None:
        seen.append(request.url)

    page.on("request", note)
    yield seen
    page.remove_listener("request", note)


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """Every error in the page's console while the test runs."""
    seen: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.append(message.text)

    def note_error(error: Error) -> None:
        seen.append(error.message)

    page.on("console", note)
    page.on("pageerror", note_error)
    yield seen
    page.remove_listener("console", note)
    page.remove_listener("pageerror", note_error)


@pytest.fixture
def look(page: Page) -> Callable[[str], None]:
    """Keep a picture where CSC_SCREENSHOTS says."""

    def picture(name: str) -> None:
        folder = os.environ.get("CSC_SCREENSHOTS")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return picture


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
