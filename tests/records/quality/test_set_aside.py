"""What an import set aside is counted by table, column and reason, and nothing else is read of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.errors import UnreadableInputError
from csc_experiments.records.importing import import_records
from csc_experiments.records.quality import count_rejects
from csc_experiments.records.store import REJECTS_FILE

COVERS = (date(2019, 1, 1), date(2021, 1, 1))


def imported(folder: Path) -> Path:
    (folder / "ssd").mkdir()
    rows = ["A,2015-01-01,x", "NA,2015-01-01,F", ",2015-01-01,F", "A,2015-01-01,F"]
    (folder / "ssd" / "ssd_person.csv").write_text("\n".join(["pers_person_id,pers_dob,pers_sex", *rows]))
    (folder / "links.csv").write_text("child,family\nA,F\nN/A,F\n")
    report = import_records(
        [folder / "ssd", folder / "links.csv"], folder / "la1", authority="la1", covers=COVERS
    )
    assert sum(report.rejected.values()) == 5
    return folder / "la1"


def test_rejects_are_counted_as_the_import_said_them(tmp_path: Path) -> None:
    assert count_rejects(imported(tmp_path)).rows() == [
        ("ssd_family", "fami_person_id", "missing", 1),
        ("ssd_person", "pers_person_id", "missing", 2),
        ("ssd_person", "pers_person_id", "said before", 1),
        ("ssd_person", "pers_sex", "not a code of its code set", 1),
    ]


def test_records_that_were_not_imported_have_none(tmp_path: Path) -> None:
    assert count_rejects(tmp_path).is_empty()


def test_a_reason_that_is_none_of_ours_is_not_shown(tmp_path: Path) -> None:
    place = imported(tmp_path) / REJECTS_FILE
    pl.read_parquet(place).with_columns(reason=pl.lit("ZZCANARY")).write_parquet(place)
    assert set(count_rejects(tmp_path / "la1")["reason"]) == {"other"}


@pytest.mark.parametrize("damage", [b"damaged", None])
def test_a_list_that_cannot_be_read_is_refused(damage: bytes | None, tmp_path: Path) -> None:
    place = imported(tmp_path) / REJECTS_FILE
    if damage is None:
        pl.read_parquet(place).drop("reason").write_parquet(place)
    else:
        place.write_bytes(damage)
    with pytest.raises(UnreadableInputError, match="rejects"):
        count_rejects(tmp_path / "la1")
