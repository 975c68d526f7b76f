from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.records import read_records, write_records
from csc_experiments.records.parquet import write_frames
from csc_experiments.records.tables import TABLES

DAY = date(2024, 3, 31)


def frames(counts: list[int]) -> list[pl.DataFrame]:
    made = []
    for part, count in enumerate(counts):
        rows = {
            "fami_family_id": [f"F{part}"] * count,
            "fami_person_id": [f"P{part}-{n}" for n in range(count)],
        }
        made.append(pl.DataFrame(rows, schema={"fami_family_id": pl.String, "fami_person_id": pl.String}))
    return made


def write(folder: Path, family: pl.DataFrame | Iterator[pl.DataFrame], **more: object) -> None:
    write_records(
        folder,
        authority="la1",
        extract_date=DAY,
        coverage=(DAY, DAY),
        sources=("drawn",),
        tables={"ssd_family": family},
        **more,
    )


@given(counts=st.lists(st.integers(0, 4), max_size=5))
def test_frames_are_read_back_as_one_table(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int]
) -> None:
    path = tmp_path_factory.mktemp("frames") / "table.parquet"
    assert write_frames(frames(counts), path) == sum(counts)
    assert path.exists() == (sum(counts) > 0)
    if path.exists():
        assert pl.read_parquet(path).equals(pl.concat(frames(counts)))


@pytest.mark.parametrize("counts", [[3, 0, 2], [1], [0], []])
def test_a_table_given_in_parts_is_the_table(tmp_path: Path, counts: list[int]) -> None:
    write(tmp_path / "parts", iter(frames(counts)))
    table = TABLES["ssd_family"].schema
    expected = pl.concat([pl.DataFrame(schema=table), *frames(counts)], how="diagonal")
    assert read_records(tmp_path / "parts")["ssd_family"].equals(expected)
    assert ("ssd_family" in read_records(tmp_path / "parts").extract.tables) == (sum(counts) > 0)


def test_a_table_that_breaks_off_leaves_the_earlier_records(tmp_path: Path) -> None:
    write(tmp_path / "la1", frames([2])[0])

    def broken() -> Iterator[pl.DataFrame]:
        yield frames([1])[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "la1", broken())
    assert read_records(tmp_path / "la1")["ssd_family"].height == 2
    assert [path.name for path in tmp_path.iterdir()] == ["la1"]


def test_what_is_put_beside_appears_with_the_records_and_is_no_part_of_them(tmp_path: Path) -> None:
    def beside(folder: Path) -> None:
        assert (folder / "ssd_family.parquet").is_file()
        (folder / "notes.txt").write_text("not a record", encoding="utf-8")

    write(tmp_path / "la1", frames([2])[0], beside=beside)
    write(tmp_path / "plain", frames([2])[0])
    assert (tmp_path / "la1" / "notes.txt").is_file()
    first, second = (read_records(tmp_path / name).extract for name in ("la1", "plain"))
    assert first == second
    assert first.fingerprint == second.fingerprint
