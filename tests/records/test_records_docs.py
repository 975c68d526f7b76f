from __future__ import annotations

import re
from pathlib import Path

from csc_experiments.records import RECORD_TABLES, Kind

PAGE = (Path(__file__).parents[2] / "docs" / "records.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `((?:ssd_\w+|documents|events))` \| (.*?) \| (.*?) ?\|$", re.MULTILINE)
COLUMN = re.compile(r"`(\w+)` \((\w+)\)")

Columns = list[tuple[str, str]]


def documented() -> dict[str, tuple[Columns, Columns]]:
    """Required and optional columns with their kinds, by table, in the order of the page."""
    return {
        name: (COLUMN.findall(required), COLUMN.findall(optional))
        for name, required, optional in ROW.findall(PAGE)
    }


def test_the_page_lists_every_table_once_and_in_order() -> None:
    assert [name for name, *_ in ROW.findall(PAGE)] == list(RECORD_TABLES)


def test_the_page_lists_every_column_with_its_kind_and_whether_it_is_required() -> None:
    defined = {
        name: tuple(
            [
                (column, kind.value)
                for column, kind in table.columns.items()
                if (column in table.required) is required
            ]
            for required in (True, False)
        )
        for name, table in RECORD_TABLES.items()
    }
    assert documented() == defined


def test_the_page_explains_every_kind() -> None:
    explained = re.findall(r"^\| (\w+) \| [A-Z`]", PAGE, re.MULTILINE)
    assert explained == [kind.value for kind in Kind]
