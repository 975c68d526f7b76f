"""The page of a check, made of files as an authority exports them, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from csc_experiments import cli
from csc_experiments.arguments import SMALL
from csc_experiments.records.importing import import_records
from csc_experiments.synthetic import settings_from
from csc_experiments.synthetic.export import export

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of the page of an import that set rows aside."""
    folder = tmp_path_factory.mktemp("checked")
    invented = settings_from("la1", {**SMALL, "children": 1500})
    export("ssd_csv", invented, 1, folder / "ssd")
    contacts = folder / "ssd" / "ssd_contacts.csv"
    exported = contacts.read_text(encoding="utf-8")
    empty = "," * exported.partition("\n")[0].count(",")
    contacts.write_text(f"{exported}N/A{empty}\n", encoding="utf-8")
    covers = (invented.first_day, invented.last_day)
    import_records([folder / "ssd"], folder / "records", authority="la1", covers=covers)
    assert cli.main(["check", f"{folder / 'records'}", "--html", f"{folder / 'check.html'}"]) == 0
    return (folder / "check.html").as_uri()


def test_it_opens_alone_and_holds_the_questions(
    page: Page, asked: list[str], complaints: list[str], look: Callable[[str], None], address: str
) -> None:
    page.goto(address)
    look("check")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    questions = page.get_by_role("region", name="Questions by year").get_by_role("table")
    expect(questions).to_be_visible()
    expect(questions.get_by_role("columnheader", name="Outcomes")).to_be_visible()
    expect(questions.get_by_role("rowheader", name="closed_nfa_rereferred").first).to_be_visible()
    assert set(asked) == {address}
    assert complaints == []


def test_what_the_import_set_aside_is_told_and_its_link_leads_there(
    page: Page, asked: list[str], complaints: list[str], address: str
) -> None:
    page.goto(address)
    page.get_by_role("link", name="What the import set aside").click()
    table = page.get_by_role("region", name="What the import set aside").get_by_role("table")
    expect(table).to_be_in_viewport()
    expect(table.get_by_role("row").filter(has_text="cont_contact_id").first).to_contain_text("<10")
    assert {url.partition("#")[0] for url in asked} == {address}
    assert complaints == []


@pytest.mark.parametrize("width", [360, 1500])
def test_it_does_not_scroll_sideways_as_a_whole(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
