"""A check shows no cell of the records and no exact count, in none of its three forms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.preflight import Check, as_text, write_page
from csc_experiments.records import TABLES, Kind, Records

CheckTables = Callable[[Records, Path], Check]
CANARY = "ZZCANARY"
CELLS = ("rows", "before", "after", "undated", "missing", "codes", "foreign", "other_years", "documents")
CELLS += ("count", "children", "empty", "copied", "with_text", "of", "index_events", "families", "positives")
ALLOWED = re.compile(r"0|<[0-9]+|[0-9]*0")


def everything(check: Check, folder: Path) -> str:
    """What a check says in each of its three forms."""
    write_page(check, folder / "check.html")
    page = (folder / "check.html").read_text(encoding="utf-8")
    return "\n".join([as_text(check), json.dumps(check.as_dict()), page])


def counts_in(check: Check) -> list[str]:
    said = check.as_dict()
    rows = [row for section in said.values() if isinstance(section, tuple) for row in section]
    found = [row[name] for row in rows if isinstance(row, dict) for name in CELLS if name in row]
    found += [cell for row in said["months"] for name, cell in row.items() if name != "month"]
    return [*found, *said["tables"].values()]


@settings(max_examples=8)
@given(data=st.data())
def test_every_count_is_rounded_or_hidden(
    data: st.DataObject,
    any_records: st.SearchStrategy[Records],
    tmp_path_factory: pytest.TempPathFactory,
    check_tables: CheckTables,
) -> None:
    records = data.draw(any_records)
    check = check_tables(records, tmp_path_factory.mktemp("drawn") / "records")
    counts = counts_in(check)
    assert counts
    assert [said for said in counts if not ALLOWED.fullmatch(said)] == []
    assert CANARY not in everything(check, tmp_path_factory.mktemp("page"))


def planted(rows: int) -> dict[str, pl.DataFrame]:
    """Every text cell holds a canary, and every date lies where no authority's does."""
    frames = {}
    for name, table in TABLES.items():
        cells = {
            column: [date(1066 if row % 2 else 2987, 2, 3) for row in range(rows)]
            if kind is Kind.DATE
            else [f"{CANARY}{row % 7} <b>{column}</b>" for row in range(rows)]
            for column, kind in table.columns.items()
        }
        frames[name] = pl.DataFrame(cells, schema=table.schema)
    return frames


@pytest.mark.parametrize("rows", [3, 40])
def test_no_cell_of_the_records_is_in_the_text_the_json_or_the_page(
    rows: int, drawn_records: Callable[..., Records], tmp_path: Path, check_tables: CheckTables
) -> None:
    extract = drawn_records().extract
    check = check_tables(Records(extract, planted(rows)), tmp_path / "records")
    said = everything(check, tmp_path)
    assert all(value not in said for value in (CANARY, "1066", "2987"))
    assert {row["type"] for row in check.document_types} == {"other"}
