"""A table is the same table, whatever parts its columns and however its letters are written."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csc_experiments.errors import UnreadableInputError
from csc_experiments.records.csv_text import read_csv

CELLS = st.text(st.sampled_from('ab ,;|\t"\n£é0'), min_size=1, max_size=8).filter(lambda cell: cell.strip())


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5),
    separator=st.sampled_from(",;|\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_parts_and_encodes_a_table_does_not_matter(
    tmp_path: Path, rows: list[list[str]], separator: str, encoding: str
) -> None:
    said = StringIO()
    csv.writer(said, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [["child", "born, or expected", "said"], *rows]
    )
    file = tmp_path / "table.csv"
    file.write_bytes(said.getvalue().encode(encoding))
    frame = read_csv(file)
    assert frame.columns == ["child", "born, or expected", "said"]
    assert [list(row) for row in frame.rows()] == rows


def test_a_quote_that_does_not_end_is_refused_and_swallows_nothing(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text('child,said\nA,"begins\nB,goes on\n', encoding="utf-8")
    with pytest.raises(UnreadableInputError, match=r"table\.csv cannot be read"):
        read_csv(file)
