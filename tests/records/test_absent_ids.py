"""What systems write where there is no identifier names nobody, whatever the source, and is counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.records.identifiers import read_identifiers
from csc_experiments.records.meeting import children_of
from csc_experiments.records.source import Source
from csc_experiments.records.sources import read_source
from csc_experiments.synthetic.formats.workbook import write_workbook

ABSENT = ("NULL", "null", "NA", "N/A", "n/a", "#N/A", "#REF!", "nan", "None", "<NA>", "-", " ")
"""Beside these stand three children: P1, and 1000 and 1230 as a spreadsheet may write them."""
PRESENT = ("P1", "1,000", "1230.0")
EPISODE = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE"
CENSUS = (
    "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2022</Year></CollectionDetails>"
    "</Header><Children>{}</Children></Message>"
)
CENSUS_CHILD = (
    "<Child><ChildIdentifiers><LAchildID>{}</LAchildID><PersonBirthDate>2012-05-01</PersonBirthDate>"
    "</ChildIdentifiers></Child>"
)


def table(path: Path, head: str, row: str, ids: tuple[str, ...]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([head, *(row.format(f'"{said}"', at) for at, said in enumerate(ids))]))
    return path


def ssd(folder: Path, ids: tuple[str, ...]) -> Path:
    return table(folder / "ssd" / "ssd_person.csv", "pers_person_id,pers_dob", "{},2012-05-01", ids).parent


def ssda903(folder: Path, ids: tuple[str, ...]) -> Path:
    return table(folder / "2022" / "episodes.csv", EPISODE, "{},01/05/2021,S,C2,N1,U1,PR1,,,", ids).parent


def annex_a(folder: Path, ids: tuple[str, ...]) -> Path:
    head = ["Child Unique ID", "Gender", "Date of Birth", "Date of Contact", "Contact Source"]
    rows = [[said, "a) Male", "01/05/2012", "01/05/2021", "6"] for said in ids]
    return write_workbook(folder / "a.xlsx", {"List 1": [head, *rows]})


def documents(folder: Path, ids: tuple[str, ...]) -> Path:
    return table(folder / "a.csv", "PersonID,Type,Date,Text", "{},Note,01/05/2021,text {}", ids)


def answers(folder: Path, ids: tuple[str, ...]) -> Path:
    return table(
        folder / "a.csv",
        "FormID,PersonID,Type,Date,Question,Answer",
        "NA,{},Note,01/05/2021,Who?,text {}",
        ids,
    )


def events(folder: Path, ids: tuple[str, ...]) -> Path:
    return table(folder / "a.csv", "person,date,code,value", "{},01/05/2021,A,{}", ids)


def families(folder: Path, ids: tuple[str, ...]) -> Path:
    return table(folder / "a.csv", "child,family", "{},F{}", ids)


def addresses(folder: Path, ids: tuple[str, ...]) -> Path:
    return table(folder / "a.csv", "child,postcode", "{},AB1 {}CD", ids)


@pytest.mark.parametrize("write", [ssd, ssda903, annex_a, documents, events, families, addresses])
def test_an_absent_child_is_counted_and_nobody(
    write: Callable[[Path, tuple[str, ...]], Path], tmp_path: Path
) -> None:
    source = read_source(write(tmp_path, (*ABSENT, *PRESENT)))
    assert sorted(children_of(source.tables)) == ["1000", "1230", "P1"]
    assert missing(source) == len(ABSENT)


def test_answers_of_nobody_are_one_document_of_nobody(tmp_path: Path) -> None:
    source = read_source(answers(tmp_path, (*ABSENT, *PRESENT)))
    assert sorted(children_of(source.tables)) == ["1000", "1230", "P1"]
    assert missing(source) == 1


def missing(source: Source) -> int:
    """Children that are missing; a return says so once more for the person, a workbook for the row alone."""
    named = source.rejects.filter(pl.col("reason") == "missing")
    return named.filter(pl.col("column").str.contains("person_id|^CHILD$"))["row"].n_unique()


def test_a_document_without_an_identifier_gets_one_of_its_own(tmp_path: Path) -> None:
    rows = "\n".join(f"{said},P1,Note,01/05/2021,text {said}" for said in ABSENT)
    (tmp_path / "a.csv").write_text(f"DocID,PersonID,Type,Date,Text\n{rows}\n")
    read = read_source(tmp_path / "a.csv").tables["documents"]
    assert read["document_id"].n_unique() == read.height == len(ABSENT)


def test_an_absent_child_of_a_census_is_counted(tmp_path: Path) -> None:
    said = "".join(CENSUS_CHILD.format(one.replace("<", "&lt;")) for one in (*ABSENT, "P1"))
    (tmp_path / "a.xml").write_text(CENSUS.format(said))
    source = read_source(tmp_path / "a.xml")
    assert children_of(source.tables).to_list() == ["P1"]
    assert source.rejects.rows() == [
        ("ssd_person", row, "pers_person_id", "missing") for row in range(1, len(ABSENT) + 1)
    ]


def test_who_is_who_says_nothing_of_absent_children(tmp_path: Path) -> None:
    ids = "\n".join(f"A{at},{said}" for at, said in enumerate(ABSENT))
    (tmp_path / "who.csv").write_text(f'person_id,ssda903\n{ids}\nB,"1,000"\n')
    assert read_identifiers(tmp_path / "who.csv", ["ssda903"])["ssda903"].rows() == [("1000", "B")]


def test_no_family_is_made_of_what_stands_for_none(tmp_path: Path) -> None:
    rows = "\n".join(f"P{at},{said}" for at, said in enumerate(ABSENT))
    (tmp_path / "a.csv").write_text(f"child,family\n{rows}\n")
    source = read_source(f"families:{tmp_path / 'a.csv'}")
    assert source.tables["ssd_family"].is_empty()
    assert source.rejects["column"].to_list() == ["fami_family_id"] * len(ABSENT)
