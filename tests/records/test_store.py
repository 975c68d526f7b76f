"""A records folder is whole, and is what was written, or it is not read."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.errors import MissingColumnError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records import Extract, check_intact, conform, read_extract, read_records, write_records
from csc_experiments.records.tables import TABLES

FAMILY = pl.DataFrame({"fami_family_id": ["F1", "F1"], "fami_person_id": ["P1", "P2"]})
CANARY = "ZZCANARY"
DESCRIPTION = b"""authority: la1
extract_date: 2022-04-05
coverage: {from: 2021-04-01, to: 2022-03-31}
sources: []
tables: {}
"""


def write(
    folder: Path,
    family: pl.DataFrame = FAMILY,
    authority: str = "la1",
    coverage: tuple[date, date] = (date(2021, 4, 1), date(2022, 3, 31)),
    extract_date: date = date(2022, 4, 5),
) -> Extract:
    return write_records(
        folder,
        authority=authority,
        extract_date=extract_date,
        coverage=coverage,
        sources=("test",),
        tables={"ssd_family": family, "documents": pl.DataFrame(schema=TABLES["documents"].schema)},
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    extract = write(tmp_path / "la1")
    records = read_records(tmp_path / "la1")
    assert records.extract == extract == read_extract(tmp_path / "la1")
    assert records["ssd_family"].equals(conform("ssd_family", FAMILY, "test"))
    assert list(extract.tables) == ["ssd_family"]
    for name, table in TABLES.items():
        assert dict(records[name].schema) == table.schema


def test_writing_again_replaces_the_folder_whole(tmp_path: Path) -> None:
    write(tmp_path / "la1")
    (tmp_path / "la1" / "left_over.txt").write_text("")
    write(tmp_path / "la1")
    assert sorted(path.name for path in (tmp_path / "la1").iterdir()) == [
        "extract.yaml",
        "ssd_family.parquet",
    ]


@pytest.mark.parametrize("earlier", [[], ["la1"]])
def test_a_write_that_fails_leaves_nothing_of_its_own(tmp_path: Path, earlier: list[str]) -> None:
    for name in earlier:
        write(tmp_path / name)
    before = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(MissingColumnError):
        write(tmp_path / "la1", FAMILY.drop("fami_person_id"))
    assert {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == earlier


def test_a_table_that_was_changed_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "la1")
    FAMILY.reverse().write_parquet(tmp_path / "la1" / "ssd_family.parquet")
    with pytest.raises(UnreadableInputError, match="SHA-256"):
        read_records(tmp_path / "la1")


def test_records_can_be_checked_without_reading_a_table(tmp_path: Path) -> None:
    extract = write(tmp_path / "la1")
    assert check_intact(tmp_path / "la1") == extract
    (tmp_path / "la1" / "ssd_family.parquet").write_bytes(b"damaged")
    with pytest.raises(UnreadableInputError, match="SHA-256"):
        check_intact(tmp_path / "la1")
    (tmp_path / "la1" / "ssd_family.parquet").unlink()
    with pytest.raises(RecordsNotFoundError, match=r"ssd_family\.parquet"):
        check_intact(tmp_path / "la1")


def test_a_table_or_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RecordsNotFoundError, match=r"extract\.yaml"):
        read_records(tmp_path / "la1")
    write(tmp_path / "la1")
    (tmp_path / "la1" / "ssd_family.parquet").unlink()
    with pytest.raises(RecordsNotFoundError, match=r"ssd_family\.parquet"):
        read_records(tmp_path / "la1")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"ZZCANARY",
        b"[ZZCANARY",
        b"\xff\xfe\x00ZZCANARY",
        b"authority: ZZCANARY",
        DESCRIPTION.replace(b"2022-04-05", b"ZZCANARY"),
        DESCRIPTION.replace(b"{from: 2021-04-01, to: 2022-03-31}", b"ZZCANARY"),
        DESCRIPTION.replace(b"tables: {}", b"tables: {ZZCANARY: x}"),
        b"!!python/object/apply:os.system ['true']",
    ],
)
def test_a_damaged_description_is_refused_without_a_word_of_it(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "la1")
    (tmp_path / "la1" / "extract.yaml").write_bytes(content)
    with pytest.raises(UnreadableInputError) as refused:
        read_records(tmp_path / "la1")
    assert CANARY not in str(refused.value)


def test_a_cell_of_the_wrong_type_is_not_quoted() -> None:
    frame = pl.DataFrame({"pers_person_id": ["P1"], "pers_dob": [CANARY]})
    with pytest.raises(UnreadableInputError) as refused:
        conform("ssd_person", frame, "person.csv")
    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None


FAMILIES = st.lists(st.tuples(st.sampled_from("FG"), st.sampled_from("PQ")), min_size=1, max_size=3)


@given(FAMILIES, FAMILIES)
def test_the_fingerprint_changes_if_and_only_if_a_table_does(
    tmp_path_factory: pytest.TempPathFactory, first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("records")
    frames = [
        pl.DataFrame(rows, schema=["fami_family_id", "fami_person_id"], orient="row")
        for rows in (first, second)
    ]
    one, other = (write(folder / "la1", frame).fingerprint for frame in frames)
    assert (one == other) == (first == second)


def test_the_fingerprint_changes_with_what_the_extract_says_of_itself(tmp_path: Path) -> None:
    prints = {
        write(tmp_path / "la1").fingerprint,
        write(tmp_path / "la1", authority="la2").fingerprint,
        write(tmp_path / "la1", extract_date=date(2022, 4, 6)).fingerprint,
        write(tmp_path / "la1", coverage=(date(2021, 4, 1), date(2022, 3, 30))).fingerprint,
        write(tmp_path / "la1", coverage=(date(2021, 4, 2), date(2022, 3, 31))).fingerprint,
    }
    assert len(prints) == 5
    assert write(tmp_path / "elsewhere").fingerprint in prints
