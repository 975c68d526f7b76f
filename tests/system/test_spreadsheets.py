"""The comparison, opened in a real spreadsheet program."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.system


def test_a_spreadsheet_program_reads_the_comparison_as_it_was_written(
    soffice: str, looked_at: Path, tmp_path: Path
) -> None:
    written = looked_at / "reports" / "small" / "comparison.csv"
    office = [
        soffice,
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
    ]
    subprocess.run(
        [*office, "ods", "--outdir", tmp_path, written], check=True, capture_output=True, timeout=180
    )
    back = ["csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false"]
    subprocess.run(
        [*office, *back, "--outdir", tmp_path / "back", tmp_path / "comparison.ods"],
        check=True,
        capture_output=True,
        timeout=180,
    )
    before, after = (read(path) for path in (written, tmp_path / "back" / "comparison.csv"))
    assert len(before) == len(after) == 4
    for row, opened in zip(before, after, strict=True):
        assert row.keys() == opened.keys()
        assert row["classifier"] == opened["classifier"]
        assert float(opened["average_precision"]) == pytest.approx(float(row["average_precision"]))
        assert int(opened["positives"]) == int(row["positives"])


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
