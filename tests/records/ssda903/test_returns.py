"""Looked-after returns come in as they are meant, one year or several."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.records.ssda903.returns import Ssda903, read_ssda903

HEADINGS = {
    "episodes": (
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
    ),
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "missing": "CHILD,DOB,MISSING,MIS_START,MIS_END",
}


def csv(table: str, drawn: str) -> str:
    """Write a table drawn with blanks between the cells and `-` for an empty one, in all its columns."""
    names, *rows = (line.split() for line in drawn.strip().splitlines())
    cells = [dict(zip(names, row, strict=True)) for row in rows]
    columns = HEADINGS[table].split(",")
    lines = [",".join(row.get(column, "").replace("-", "") for column in columns) for row in cells]
    return "\n".join([HEADINGS[table], *lines, ""])


def read(folder: Path, **drawn: str) -> Ssda903:
    """Read what is drawn, told by names such as `episodes_2024`."""
    for name, table in drawn.items():
        kind, year = name.split("_")
        (folder / year).mkdir(exist_ok=True)
        (folder / year / f"{kind}.csv").write_text(csv(kind, table), encoding="utf-8")
    return read_ssda903(folder)


def care(found: Ssda903) -> list[tuple[object, ...]]:
    return (
        found.tables["ssd_cla_episodes"]
        .select(
            "clae_person_id",
            pl.col("clae_cla_episode_start_date").dt.to_string("%d/%m/%y"),
            "clae_cla_episode_start_reason",
            pl.col("clae_cla_episode_ceased_date").dt.to_string("%d/%m/%y"),
            "clae_cla_episode_ceased_reason",
        )
        .rows()
    )


def test_an_episode_that_is_open_in_one_return_and_ended_in_the_next_is_one(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        episodes_2023="""
            CHILD DECOM      RNE LS PLACE DEC REC
            A     01/05/2022 S   V2 U6    -   -
            """,
        episodes_2024="""
            CHILD DECOM      RNE LS PLACE DEC        REC
            A     01/05/2022 S   V2 U6    01/08/2023 E4A
            """,
    )
    assert found.years == (2023, 2024)
    assert care(found) == [("A", "01/05/22", "S", "01/08/23", "E4A")]
    assert found.rejects.is_empty()
    assert not [note for note in found.notes if "contradicts" in note]


def test_placements_and_legal_statuses_run_on_over_episodes(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        episodes_2024="""
            CHILD DECOM      RNE LS PLACE PLACE_PROVIDER DEC        REC REASON_PLACE_CHANGE
            A     01/05/2023 S   V2 U6    PR1            01/06/2023 X1  -
            A     01/06/2023 L   C1 U6    PR1            01/07/2023 X1  CARPL
            A     01/07/2023 P   C1 K2    PR4            01/08/2023 X1  -
            A     01/08/2023 T   C1 U4    PR4            -          -   -
            B     01/08/2023 S   C1 U4    PR4            -          -   -
            """,
    )
    placements = found.tables["ssd_cla_placement"]
    assert placements.select(pl.exclude("clap_cla_id")).rows() == [
        ("A-2023-05-01", "A", date(2023, 5, 1), "U6", "PR1", date(2023, 7, 1), "CARPL"),
        ("A-2023-07-01", "A", date(2023, 7, 1), "K2", "PR4", date(2023, 8, 1), None),
        ("A-2023-08-01", "A", date(2023, 8, 1), "U4", "PR4", None, None),
        ("B-2023-08-01", "B", date(2023, 8, 1), "U4", "PR4", None, None),
    ]
    assert found.tables["ssd_legal_status"].rows() == [
        ("A-2023-05-01", "A", "V2", date(2023, 5, 1), date(2023, 6, 1)),
        ("A-2023-06-01", "A", "C1", date(2023, 6, 1), None),
        ("B-2023-08-01", "B", "C1", date(2023, 8, 1), None),
    ]


def test_a_period_is_one_stay_and_says_when_care_was_entered_if_a_return_does(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        episodes_2024="""
            CHILD DECOM      RNE LS PLACE DEC        REC
            A     01/05/2022 P   C2 U6    01/06/2023 X1
            A     01/06/2023 P   C2 U4    01/07/2023 E4A
            A     01/07/2023 S   C2 U4    02/07/2023 X1
            A     02/07/2023 L   V2 U4    -          -
            """,
    )
    assert found.tables["ssd_cla_episodes"].select("clae_cla_id", "clae_entered_care_date").rows() == [
        ("A-2022-05-01", None),
        ("A-2022-05-01", None),
        ("A-2023-07-01", date(2023, 7, 1)),
        ("A-2023-07-01", date(2023, 7, 1)),
    ]


FAULTS = {
    "over the start of the next": (
        "A 01/05/2023 S C2 U6 01/07/2023 X1\nA 01/06/2023 P C2 U6 - -",
        (1, "DEC", "reaches over the start of another"),
        [("A", "01/05/23", "S", None, "X1"), ("A", "01/06/23", "P", None, None)],
    ),
    "two open": (
        "A 01/05/2023 S C2 U6 - -\nA 01/06/2023 P C2 U6 - -",
        (1, "DEC", "open though another followed"),
        [("A", "01/05/23", "S", None, None), ("A", "01/06/23", "P", None, None)],
    ),
    "two from one day": (
        "A 01/05/2023 S C2 U6 - -\nA 01/05/2023 S V2 U6 - -",
        (2, "DECOM", "reaches over the start of another"),
        [("A", "01/05/23", "S", None, None)],
    ),
    "ends before it starts": (
        "A 01/05/2023 S C2 U6 01/04/2023 E4A",
        (1, "DEC", "ends before it starts"),
        [("A", "01/05/23", "S", None, "E4A")],
    ),
    "goes on after a gap": (
        "A 01/05/2023 S C2 U6 01/06/2023 X1\nA 02/06/2023 P C2 U6 - -",
        (2, "RNE", "goes on from nothing"),
        [("A", "01/05/23", "S", "01/06/23", "X1"), ("A", "02/06/23", None, None, None)],
    ),
    "goes on from an end": (
        "A 01/05/2023 S C2 U6 01/06/2023 E4A\nA 01/06/2023 P C2 U6 - -",
        (2, "RNE", "goes on from nothing"),
        [("A", "01/05/23", "S", "01/06/23", "E4A"), ("A", "01/06/23", None, None, None)],
    ),
    "starts in the middle": (
        "A 01/05/2023 S C2 U6 01/06/2023 X1\nA 01/06/2023 S C2 U6 - -",
        (2, "RNE", "starts while the one before goes on"),
        [("A", "01/05/23", "S", "01/06/23", "X1"), ("A", "01/06/23", None, None, None)],
    ),
    "goes on to nothing": (
        "A 01/05/2023 S C2 U6 01/06/2023 X1\nA 01/08/2023 S C2 U6 - -",
        (1, "REC", "goes on, but nothing follows on that day"),
        [("A", "01/05/23", "S", "01/06/23", None), ("A", "01/08/23", "S", None, None)],
    ),
    "an end without a date": (
        "A 01/05/2023 S C2 U6 - E4A",
        (1, "REC", "a reason for an end without its date"),
        [("A", "01/05/23", "S", None, None)],
    ),
    "an end without a reason": (
        "A 01/05/2023 S C2 U6 01/06/2023 -",
        (1, "REC", "missing"),
        [("A", "01/05/23", "S", "01/06/23", None)],
    ),
    "begins after the year": (
        "A 01/04/2024 S C2 U6 - -",
        (1, "DECOM", "after the year of its return"),
        [],
    ),
    "ends after the year": (
        "A 01/03/2024 S C2 U6 01/04/2024 E4A",
        (1, "DEC", "after the year of its return"),
        [("A", "01/03/24", "S", None, None)],
    ),
    "no child": ("- 01/03/2024 S C2 U6 - -", (1, "CHILD", "missing"), []),
    "said before": (
        "A 01/03/2024 S C2 U6 - -\nA 01/03/2024 S C2 U6 - -",
        (2, "CHILD", "said before"),
        [("A", "01/03/24", "S", None, None)],
    ),
    "no placement": (
        "A 01/03/2024 S C2 - - -",
        (1, "PLACE", "missing"),
        [("A", "01/03/24", "S", None, None)],
    ),
    "a code of another set": (
        "A 01/03/2024 S U6 U6 - -",
        (1, "LS", "not a code of its code set"),
        [("A", "01/03/24", "S", None, None)],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_is_set_aside_by_place_and_the_rest_is_kept(tmp_path: Path, fault: str) -> None:
    drawn, reject, kept = FAULTS[fault]
    found = read(tmp_path, episodes_2024=f"CHILD DECOM RNE LS PLACE DEC REC\n{drawn}")
    assert found.rejects.rows() == [("episodes 2024", *reject)]
    assert care(found) == kept


def test_an_end_without_a_reason_that_goes_on_that_day_is_no_end_of_care(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        episodes_2024="""
            CHILD DECOM      RNE LS PLACE DEC        REC
            A     01/05/2023 S   C2 U6    01/06/2023 -
            A     01/06/2023 P   C2 U4    -          -
            """,
    )
    assert care(found)[0] == ("A", "01/05/23", "S", "01/06/23", "X1")
    assert "episodes: 1 ended without a reason and went on that day; X1 was put." in found.notes


def test_several_episodes_of_one_day_are_told_apart(tmp_path: Path) -> None:
    day = """
        CHILD DECOM      RNE LS PLACE DEC        REC
        A     01/03/2023 B   C1 U4    {}
        A     01/03/2023 L   V2 U6    01/03/2023 X1
        A     01/03/2023 S   L2 U6    01/03/2023 X1
        """
    # The file's order tells which of two that end at once came first.
    lines = day.splitlines()
    first = "\n".join([*lines[:2], lines[4], lines[3], lines[2].format("- -")])
    later = "CHILD DECOM RNE LS PLACE DEC REC\nA 01/03/2023 B C1 U4 05/05/2023 E4A"
    found = read(tmp_path, episodes_2023=first, episodes_2024=later)
    assert found.tables["ssd_cla_episodes"]["clae_cla_episode_id"].to_list() == [
        "A-2023-03-01-1",
        "A-2023-03-01-2",
        "A-2023-03-01",
    ]
    assert [row[2] for row in care(found)] == ["S", "L", "B"]
    assert care(found)[-1][3:] == ("05/05/23", "E4A")
    assert found.rejects.is_empty()


def test_the_later_return_is_believed_and_contradictions_are_counted(tmp_path: Path) -> None:
    drawn = """
        CHILD DECOM      RNE LS PLACE CIN DEC REC
        A     01/05/2022 S   {} {}    N1  -   -
        B     01/05/2022 S   C2 H5    {}  -   -
        """
    found = read(
        tmp_path,
        episodes_2024=drawn.format("V2", "U6", "N1"),
        episodes_2025=drawn.format("C1", "U4", "-").replace("H5", "K3"),
        header_2024="CHILD SEX DOB ETHNIC\nA 1 01/01/2010 WBRI\nB 2 01/01/2011 WBRI",
        header_2025="CHILD SEX DOB ETHNIC UPN\nA M 01/02/2010 - UN1\nB F 01/01/2011 WBRI A123",
    )
    assert found.tables["ssd_legal_status"]["lega_legal_status"].to_list() == ["C1", "C2"]
    # K3 is what H5 is called since; a cell left empty takes nothing back.
    assert (
        "episodes: a later return contradicts an earlier one, and is believed: LS 1, PLACE 1." in found.notes
    )
    assert "header: a later return contradicts an earlier one, and is believed: DOB 1." in found.notes
    assert found.tables["ssd_cla_placement"]["clap_cla_placement_type"].to_list() == ["U4", "K3"]
    assert found.tables["ssd_cla_episodes"]["clae_cla_primary_need_code"].to_list() == ["N1", "N1"]
    assert found.tables["ssd_person"].rows() == [
        ("A", "M", None, "WBRI", date(2010, 2, 1), None, None, "UN1"),
        ("B", "F", None, "WBRI", date(2011, 1, 1), None, None, None),
    ]


def test_a_first_day_that_the_next_return_corrects_is_no_second_episode(tmp_path: Path) -> None:
    first = "CHILD DECOM RNE LS PLACE DEC REC\nA 12/03/2023 S V2 U6 - -\nB 12/03/2023 S V2 U6 - -"
    later = "CHILD DECOM RNE LS PLACE DEC REC\nA 13/03/2023 S V2 U6 - -\nB 12/05/2023 S V2 U6 - -"
    found = read(tmp_path, episodes_2023=first, episodes_2024=later)
    assert [row[:2] for row in care(found)] == [("A", "13/03/23"), ("B", "12/03/23"), ("B", "12/05/23")]
    assert set(found.rejects.rows()) == {
        ("episodes 2023", 1, "DECOM", "told with another date by the next return"),
        ("episodes 2023", 2, "DEC", "open though another followed"),
    }
    assert "episodes: 1 were open in a return and are not in the next." in found.notes


def test_who_died_in_care_and_who_went_missing(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        episodes_2024="CHILD DECOM RNE LS PLACE DEC REC\nA 01/05/2023 S V2 U6 01/06/2023 E2",
        header_2024="CHILD SEX DOB\nA U 01/01/2010",
        missing_2023="CHILD MISSING MIS_START MIS_END\nA M 30/03/2023 -\nA A 30/03/2023 30/03/2023",
        missing_2024="CHILD MISSING MIS_START MIS_END\nA m 30/03/2023 02/04/2023",
        episodes_2023="CHILD DECOM RNE LS PLACE DEC REC",
    )
    assert found.tables["ssd_person"]["pers_death_date"].to_list() == [date(2023, 6, 1)]
    assert sorted(found.tables["ssd_missing"].rows()) == [
        ("A-2023-03-30", "A", date(2023, 3, 30), "M", date(2023, 4, 2)),
        ("A-2023-03-30-1", "A", date(2023, 3, 30), "A", date(2023, 3, 30)),
    ]
    assert "The episodes of 2023 have no row." in found.notes
    assert "The return of 2023 has no file header." in found.notes


BEGINS_IN = """CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE
1,01/05/{0},S,V2,N1,U6,PR1,{2},E8,
2,01/05/{1},S,V2,N1,U6,PR1,,,
"""


@pytest.mark.parametrize(
    ("name", "end", "year"),
    [
        ("2018-episodes.csv", "31/03/2019", 2019),
        # Nothing of its last three months: it may have been taken in the middle of that year.
        ("2018-episodes.csv", "31/12/2018", 2018),
        ("2017-18-episodes.csv", "31/03/2019", 2018),
    ],
)
def test_a_name_may_say_in_which_year_a_return_begins_if_its_days_leave_no_doubt(
    tmp_path: Path, name: str, end: str, year: int
) -> None:
    (tmp_path / name).write_text(BEGINS_IN.format(2018, 2016, end), encoding="utf-8")
    found = read_ssda903(tmp_path)
    assert found.years == (year,)
    assert any("in which year a return begins" in note for note in found.notes) == (year == 2019)


def test_one_return_that_is_named_by_its_last_year_speaks_for_all(tmp_path: Path) -> None:
    (tmp_path / "2018-episodes.csv").write_text(BEGINS_IN.format(2018, 2016, "31/03/2019"), encoding="utf-8")
    (tmp_path / "2019-episodes.csv").write_text(BEGINS_IN.format(2018, 2016, "31/03/2019"), encoding="utf-8")
    assert read_ssda903(tmp_path).years == (2018, 2019)
