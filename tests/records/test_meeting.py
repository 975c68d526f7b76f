"""What is imported together should be of the same children, and what is wrong everywhere is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from csc_experiments.errors import InvalidDateError, UnreadableInputError
from csc_experiments.records.importing import import_records

COVERS = (date(2019, 1, 1), date(2021, 1, 1))


def people(folder: Path, ids: list[str], year: int = 2015) -> Path:
    folder.mkdir(parents=True)
    rows = "".join(f"{name},{year}-01-{at % 28 + 1:02}\n" for at, name in enumerate(ids))
    (folder / "ssd_person.csv").write_text(f"pers_person_id,pers_dob\n{rows}", encoding="utf-8")
    return folder


def links(path: Path, ids: list[str]) -> Path:
    path.write_text(
        "child_id,family_id\n" + "".join(f"{name},F{at // 2}\n" for at, name in enumerate(ids)),
        encoding="utf-8",
    )
    return path


IDS = [f"00{number}" for number in range(100, 130)]


def test_how_many_children_meet_is_said_and_lost_zeros_are_guessed(tmp_path: Path) -> None:
    bare = links(tmp_path / "links.csv", [name.lstrip("0") for name in IDS])
    report = import_records(
        [people(tmp_path / "ssd", IDS), bare], tmp_path / "la1", authority="la1", covers=COVERS
    )
    said = "\n".join(report.notes)
    assert "SSD files: 0 of 30 children are in another source, too." in said
    assert "Without leading zeros some would be the same." in said
    assert "of 30 children, 0 are together with another by family links" in said
    whole = links(tmp_path / "links.csv", IDS)
    report = import_records([tmp_path / "ssd", whole], tmp_path / "la1", authority="la1", covers=COVERS)
    assert "SSD files: 30 of 30 children are in another source, too." in report.notes


def test_identifiers_that_mean_other_children_are_refused(tmp_path: Path) -> None:
    one, two = people(tmp_path / "one", IDS), people(tmp_path / "two", IDS, year=2014)
    with pytest.raises(UnreadableInputError, match="different birth dates to 30 of 30 children"):
        import_records([one, two], tmp_path / "la1", authority="la1", covers=COVERS)
    # A few slips are no such thing.
    some = people(tmp_path / "some", IDS[:5], year=2014)
    report = import_records([one, some], tmp_path / "la1", authority="la1", covers=COVERS)
    assert any("pers_dob differs between sources in 5 rows" in note for note in report.notes)


def test_a_file_of_identifiers_that_names_nobody_is_refused(tmp_path: Path) -> None:
    who = tmp_path / "who.csv"
    who.write_text("person_id,families\nX,Y\n", encoding="utf-8")
    sources = [people(tmp_path / "ssd", IDS), links(tmp_path / "links.csv", IDS)]
    with pytest.raises(UnreadableInputError, match="names none of its 30 children in column families"):
        import_records(sources, tmp_path / "la1", authority="la1", covers=COVERS, identifiers=who)


def test_a_source_of_nothing_is_refused(tmp_path: Path) -> None:
    where = tmp_path / "where.csv"
    where.write_text("child_id,postcode\nA,ZZ1 2YY\n", encoding="utf-8")
    with pytest.raises(UnreadableInputError, match="there is no row to import"):
        import_records([where], tmp_path / "la1", authority="la1", covers=COVERS)


def referrals(folder: Path, closed: list[str]) -> Path:
    folder.mkdir()
    rows = "".join(f"{at},A{at},2020-01-01,{day}\n" for at, day in enumerate(closed))
    (folder / "ssd_cin_episodes.csv").write_text(
        f"cine_referral_id,cine_person_id,cine_referral_date,cine_close_date\n{rows}", encoding="utf-8"
    )
    return folder


def test_dates_with_the_month_first_are_refused_even_where_most_cells_are_empty(tmp_path: Path) -> None:
    american = [f"{month}/{day}/2020" for month in range(1, 13) for day in (5, 20)]
    source = referrals(tmp_path / "american", [*american, *([""] * 200)])
    with pytest.raises(InvalidDateError, match="the month before the day in 12 rows"):
        import_records([source], tmp_path / "la1", authority="la1", covers=COVERS)


def test_a_column_of_no_dates_is_refused_although_it_may_be_empty(tmp_path: Path) -> None:
    source = referrals(tmp_path / "soon", [*(["soon"] * 12), *(["2020-02-01"] * 5), *([""] * 200)])
    with pytest.raises(InvalidDateError, match="not a date in 12 of 17 rows"):
        import_records([source], tmp_path / "la1", authority="la1", covers=COVERS)


def test_a_file_that_ends_in_a_line_and_one_with_a_heading_twice_are_refused(tmp_path: Path) -> None:
    source = referrals(tmp_path / "cut", ["2020-02-01"] * 3)
    file = source / "ssd_cin_episodes.csv"
    file.write_text(file.read_text(encoding="utf-8")[:-14], encoding="utf-8")
    with pytest.raises(UnreadableInputError, match="ends in the middle of a line"):
        import_records([source], tmp_path / "la1", authority="la1", covers=COVERS)
    file.write_text("cine_referral_id,cine_referral_id\n1,2\n", encoding="utf-8")
    with pytest.raises(UnreadableInputError, match="a heading that stands there twice"):
        import_records([source], tmp_path / "la1", authority="la1", covers=COVERS)
