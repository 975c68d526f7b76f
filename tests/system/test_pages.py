"""MLflow's own pages, and ours, in a real browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from csc_experiments.report import write_page

pytestmark = pytest.mark.system
Look = Callable[[str], None]


@pytest.fixture(scope="module")
def served(looked_at: Path) -> Iterator[str]:
    """The address of `csc-experiments ui` on the study's store."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "csc_experiments", "ui", "--port", str(port)]
    with subprocess.Popen(command, cwd=looked_at, start_new_session=True) as server:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/health", server)
        yield address
        os.killpg(server.pid, signal.SIGTERM)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the pages were not served within two minutes")


def test_mlflows_pages_show_the_runs_with_choices_and_metrics(
    page: Page, asked: list[str], look: Look, served: str
) -> None:
    page.goto(f"{served}/#/experiments")
    page.get_by_role("link", name="small").first.click()
    page.wait_for_url("**/experiments/**")
    experiment = page.url.split("/experiments/")[1].split("/")[0].split("?")[0]
    page.goto(f"{served}/#/experiments/{experiment}/runs?searchFilter=tags.%60csc.kind%60+%3D+%22cell%22")
    expect(page.get_by_text("la1/closed_nfa_rereferred", exact=False).first).to_be_visible(timeout=60_000)
    for column in ("test.average_precision", "authority"):
        page.get_by_role("button", name="Columns").click()
        page.get_by_placeholder("Search columns").fill(column)
        page.get_by_text(column, exact=True).last.click()
        page.keyboard.press("Escape")
        look(column)
        expect(page.get_by_role("columnheader", name=column).first).to_be_visible()
    look("mlflow")
    expect(page.get_by_role("gridcell", name="la1", exact=True).first).to_be_visible()
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {served.split("/")[2]}


def test_our_page_reads_without_scripts_or_network(
    page: Page, asked: list[str], complaints: list[str], look: Look, looked_at: Path
) -> None:
    address = (looked_at / "reports" / "small" / "comparison.html").as_uri()
    page.goto(address)
    look("comparison")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("table").first).to_be_visible()
    expect(page.get_by_role("img").first).to_be_visible()
    assert page.get_by_role("row").count() >= 4
    assert set(asked) == {address}
    assert complaints == []


@pytest.mark.parametrize("width", [360, 1500])
def test_our_page_does_not_scroll_sideways_as_a_whole(page: Page, looked_at: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((looked_at / "reports" / "small" / "comparison.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [360, 1500])
def test_long_variants_do_not_make_it_scroll_sideways(
    page: Page, look: Look, looked_at: Path, tmp_path: Path, width: int
) -> None:
    cells = pd.read_csv(looked_at / "reports" / "small" / "comparison.csv")
    long = [f"{'question.outcome.' * 5}within_days={days}; seed={days}" for days in range(len(cells))]
    write_page(cells.assign(variant=long), tmp_path / "page.html", title="Long", notes=[])
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((tmp_path / "page.html").as_uri())
    look(f"variants-{width}")
    expect(page.get_by_role("columnheader", name="Variant").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
