"""Where nothing links them: children referred on one day, by one source, from one address are a family."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.errors import MissingColumnError
from csc_experiments.history.families import resolve_families
from csc_experiments.records import Records, read_records
from csc_experiments.records.families.addresses import read_addresses
from csc_experiments.records.families.same_referral import MOST_CHILDREN, families_by_referral
from csc_experiments.records.importing import import_records

Draw = Callable[..., Records]

REFERRALS = """
    child | referred   | source
    A     | 2020-02-01 | 6
    B     | 2020-02-01 | 6
    C     | 2020-02-01 | 1A
    D     | 2020-02-02 | 6
    E     | 2020-02-01 | 6
    F     | 2020-02-01 |
    """


def addresses(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "where they lived.csv"
    lines = (",".join(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines())
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


EVERYBODY_AT_ONE = """
    child_id | postcode
    A        | zz1 2yy
    B        | ZZ12YY
    C        | ZZ1 2YY
    D        | ZZ1 2YY
    E        | ZZ9 9ZZ
    F        | ZZ1 2YY
    """


def families_of(links: pl.DataFrame, children: str = "ABCDEF") -> dict[str, int]:
    return dict(zip(children, resolve_families(pl.Series(list(children)), links), strict=True))


def test_day_source_and_address_must_agree(tmp_path: Path, drawn_records: Draw) -> None:
    records = drawn_records(referrals=REFERRALS)
    read, rejects = read_addresses(addresses(tmp_path, EVERYBODY_AT_ONE))
    found = families_by_referral(records["ssd_cin_episodes"], read, records["ssd_family"])
    family = families_of(found.links)
    assert rejects.is_empty()
    assert family["A"] == family["B"]
    assert len({family[child] for child in "ACDEF"}) == 5
    assert (found.children, found.families, found.too_large) == (2, 1, 0)


def test_an_address_counts_while_a_child_lived_there(tmp_path: Path, drawn_records: Draw) -> None:
    records = drawn_records(
        referrals="""
        child | referred   | source
        A     | 2020-02-01 | 6
        B     | 2020-02-01 | 6
        C     | 2020-02-01 | 6
        """
    )
    read, _ = read_addresses(
        addresses(
            tmp_path,
            """
            child_id | postcode | from       | to
            A        | ZZ1 2YY  | 01/01/2019 | 2020-02-01
            B        | ZZ1 2YY  | 2020-02-01 |
            C        | ZZ1 2YY  | 2020-02-02 |
            """,
        )
    )
    found = families_by_referral(records["ssd_cin_episodes"], read, records["ssd_family"])
    assert sorted(found.links["fami_person_id"]) == ["A", "B"]


def test_children_whom_links_name_are_left_as_they_are_unless_one_joins_them(
    tmp_path: Path, drawn_records: Draw
) -> None:
    linked = drawn_records(
        referrals=REFERRALS,
        families="""
        family | child
        F1     | A
        F2     | B
        """,
    )
    read, _ = read_addresses(addresses(tmp_path, EVERYBODY_AT_ONE))
    found = families_by_referral(linked["ssd_cin_episodes"], read, linked["ssd_family"])
    assert found.links.is_empty()
    one = linked["ssd_family"].filter(pl.col("fami_person_id") == "A")
    joined = families_by_referral(linked["ssd_cin_episodes"], read, one)
    family = families_of(pl.concat([one, joined.links]))
    assert (family["A"] == family["B"], joined.children) == (True, 1)


def test_a_home_or_a_hostel_is_no_family(tmp_path: Path, drawn_records: Draw) -> None:
    count = MOST_CHILDREN + 1
    rows = "".join(f"\n        K{number} | 2020-02-01 | 6" for number in range(count))
    records = drawn_records(referrals=f"child | referred | source{rows}")
    file = addresses(
        tmp_path, "child_id | postcode" + "".join(f"\nK{number} | ZZ1 2YY" for number in range(count))
    )
    read, _ = read_addresses(file)
    found = families_by_referral(records["ssd_cin_episodes"], read, records["ssd_family"])
    assert (found.links.height, found.too_large) == (0, 1)


@given(order=st.permutations(range(6)), copies=st.integers(1, 3))
def test_neither_the_order_of_the_rows_nor_their_repetition_matters(
    order: list[int], copies: int, drawn_records: Draw
) -> None:
    records = drawn_records(referrals=REFERRALS)
    referrals = records["ssd_cin_episodes"]
    where = pl.DataFrame(
        {
            "addr_person_id": list("ABCDEF"),
            "place": ["X", "X", "X", "X", "Y", "X"],
            "addr_address_start_date": pl.Series([None] * 6, dtype=pl.Date),
            "addr_address_end_date": pl.Series([None] * 6, dtype=pl.Date),
        }
    )
    found = [
        families_by_referral(rows, places, records["ssd_family"])
        for rows, places in (
            (referrals, where),
            (referrals[order], pl.concat([where[order]] * copies)),
        )
    ]
    assert found[0].links.equals(found[1].links)
    assert found[0].children == found[1].children == 2


def test_an_import_counts_what_each_way_resolves_and_keeps_no_address(tmp_path: Path) -> None:
    ssd = tmp_path / "ssd"
    ssd.mkdir()
    (ssd / "ssd_cin_episodes.csv").write_text(
        "cine_referral_id,cine_person_id,cine_referral_date,cine_referral_source_code\n"
        "1,A,2020-02-01,6\n2,B,2020-02-01,6\n3,C,2020-02-01,6\n4,D,2020-02-01,6\n",
        encoding="utf-8",
    )
    links = tmp_path / "links.csv"
    links.write_text("child_id,family_id\nA,F1\nD,F1\n", encoding="utf-8")
    where = addresses(
        tmp_path,
        """
        child_id | postcode
        A        | ZZ1 2YY
        B        | ZZ1 2YY
        C        | ZZ3 4YY
                 | ZZ3 4YY
        """,
    )
    report = import_records(
        [ssd, links, where], tmp_path / "la1", authority="la1", covers=(date(2019, 1, 1), date(2021, 1, 1))
    )
    records = read_records(tmp_path / "la1")
    said = [note for note in report.notes if note.startswith("Families: ")]
    assert "of 4 children, 2 are together with another by family links" in said[0]
    assert "addresses put 1 of 4 children" in said[1]
    assert report.rejected == {("ssd_address", "addr_person_id", "missing"): 1}
    family = families_of(records["ssd_family"], "ABCD")
    assert family["A"] == family["B"] == family["D"] != family["C"]
    for file in (tmp_path / "la1").rglob("*"):
        assert file.is_dir() or b"ZZ12YY" not in file.read_bytes()


def test_a_file_without_children_or_places_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "where.csv"
    file.write_text("child_id,colour\nA,red\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="child_id and postcode"):
        read_addresses(file)
