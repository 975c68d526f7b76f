"""The page of a check needs nothing beside it, and reads without sight of its colours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from csc_experiments.preflight import Check, write_page

CONTACTS = [f"P{row} | 20{18 + row % 5}-0{1 + row % 9}-10 | 1A" for row in range(600)]
DRAWN = {
    "children": "\n".join(["child | born", *(f"P{row} | 2012-05-05" for row in range(40))]),
    "contacts": "\n".join(["child | day | source", *CONTACTS, "P1 | 2017-01-01 | zz"]),
    "referrals": "\n".join(
        ["child | referred | nfa | closed", *(f"P{row} | 2019-02-01 | Y | 2019-01-01" for row in range(40))]
    ),
    "care": "child | started\nP1 | 2022-01-01",
    "protection": "child | started\nP1 | 2022-01-01",
    "documents": "\n".join(
        ["child | type | authored | text", *(f"P{row} | case_note | 2020-01-05 | Seen." for row in range(40))]
    ),
}


@pytest.fixture(params=["full", "empty"])
def check(request: pytest.FixtureRequest, check_drawn: Callable[..., Check]) -> Check:
    return check_drawn(**(DRAWN if request.param == "full" else {}))


@pytest.fixture
def page(check: Check, tmp_path: Path) -> html.HtmlElement:
    write_page(check, tmp_path / "pages" / "check.html")
    return html.fromstring((tmp_path / "pages" / "check.html").read_bytes())


def test_it_asks_for_no_other_file_and_runs_nothing(page: html.HtmlElement) -> None:
    assert page.xpath("//script | //link | //img | //iframe | //@src | //@*[starts-with(name(), 'on')]") == []
    inside = {f"#{name}" for name in page.xpath("//@id")}
    assert set(page.xpath("//@href")) <= inside
    assert "url(" not in "".join(page.xpath("//style/text()"))


def test_headings_captions_and_scopes_say_what_stands_where(page: html.HtmlElement) -> None:
    assert len(page.xpath("//h1")) == 1
    assert page.get("lang") == "en-GB"
    for table in page.xpath("//table"):
        (caption,) = table.xpath("caption")
        assert caption.text_content().strip()
        assert {cell.get("scope") for cell in table.xpath("thead//th")} == {"col"}
        assert all(row.xpath("th[@scope='row']") for row in table.xpath("tbody/tr"))
        columns = len(table.xpath("thead/tr/th"))
        for row in table.xpath("tbody/tr"):
            assert sum(int(cell.get("colspan", "1")) for cell in row) == columns
    names = page.xpath("//*[@role='region']/@aria-label")
    assert len(names) == len(set(names)) == len(page.xpath("//table"))
    assert all(picture.get("aria-label") for picture in page.xpath("//svg"))


def test_it_says_what_the_check_says(check: Check, page: html.HtmlElement) -> None:
    said = " ".join(page.text_content().split())
    cells = {" ".join(cell.text_content().split()) for cell in page.xpath("//td | //th")}
    for line in (*check.refusals, *check.warnings, *check.notes):
        assert " ".join(line.split()) in said
    for rows in (check.questions, check.folds, check.rules, check.duplicates, check.rejects, check.missing):
        assert {value for row in rows for value in row.values()} <= cells
    assert {value for row in check.months for value in row.values()} <= cells


def test_pictures_are_drawn_of_what_is_shown(check: Check, page: html.HtmlElement) -> None:
    """A bar for each month that is not without rows; those whose rows are hidden are all of one height."""
    for row in check.outside:
        (picture,) = page.xpath(f"//svg[starts-with(@aria-label, '{row['table']}:')]")
        told = [month[row["table"]] for month in check.months]
        bars = picture.xpath("rect")
        assert len(bars) == sum(said != "0" for said in told)
        hidden = [bar.get("height") for bar in bars if bar.get("fill") == "#505a5f"]
        assert len(hidden) == sum(not said.isdigit() for said in told)
        assert len(set(hidden)) <= 1
