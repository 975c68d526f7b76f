"""An import leaves a whole records folder, or what was there before."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.errors import ConfigError, CscError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.importing import import_records
from csc_experiments.records.store import REJECTS_FILE, read_records

SAMPLES = Path(__file__).parents[1] / "data" / "cin_census"
CANARY = "ZZCANARY"
COVERS = (date(2020, 4, 1), date(2022, 3, 31))
HEAD = "cine_referral_id,cine_person_id,cine_referral_date,cine_close_reason\n"


def ssd_folder(folder: Path, rows: str) -> Path:
    folder.mkdir()
    (folder / "ssd_cin_episodes.csv").write_text(HEAD + rows)
    return folder


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_census_becomes_records(tmp_path: Path) -> None:
    out = tmp_path / "records" / "la1"
    report = import_records([SAMPLES / "fake_CIN_data.xml"], out, authority="la1")
    records = read_records(out)
    assert records.extract == report.extract
    assert report.rows == {name: frame.height for name, frame in records.tables.items() if frame.height}
    assert report.rows["ssd_cin_episodes"] == 402
    assert report.extract.sources == ("CIN census 2022",)
    assert (report.extract.coverage_from, report.extract.coverage_to) == (date(2021, 4, 1), date(2022, 3, 31))
    assert report.extract.extract_date == date(2022, 3, 31)
    assert report.rejected == {("ssd_disability", "disa_disability_code", "said before"): 5}
    assert any("reference date is not 31 March 2022" in note for note in report.notes)
    assert any("family of its own" in note for note in report.notes)


def test_the_coverage_that_is_given_holds(tmp_path: Path) -> None:
    covers = (date(2020, 1, 1), date(2022, 7, 21))
    report = import_records([SAMPLES / "CIN2rows.xml"], tmp_path / "la1", authority="la1", covers=covers)
    assert (report.extract.coverage_from, report.extract.coverage_to) == covers
    assert report.notes[0] == "Coverage: as given."


def test_rejects_stand_beside_the_records(tmp_path: Path) -> None:
    import_records([SAMPLES / "CIN_Census_2021.xml"], tmp_path / "la1", authority="la1")
    rejects = pl.read_parquet(tmp_path / "la1" / REJECTS_FILE)
    assert rejects.rows() == [("CIN census 2023", "ssd_person", 1, "pers_expected_dob", "not a date")]


def test_ssd_files_cover_what_whoever_made_them_says_and_nothing_is_guessed(tmp_path: Path) -> None:
    source = ssd_folder(tmp_path / "ssd", "R1,P1,2021-02-03,\nR2,P2,05/06/2022,\nR4,P4,2022-01-01,x\n")
    (source / "readme.txt").write_text("")
    with pytest.raises(ConfigError, match="--covers FROM TO") as refused:
        import_records([source], tmp_path / "la1", authority="la1")
    assert not any(year in str(refused.value) for year in ("2021", "2022"))
    assert not (tmp_path / "la1").exists()
    report = import_records([source], tmp_path / "la1", authority="la1", covers=COVERS)
    assert (report.extract.coverage_from, report.extract.coverage_to) == COVERS
    assert report.extract.extract_date == COVERS[1]
    assert report.notes[0] == "Coverage: as given."
    assert "1 files are no standard table and were not read." in report.notes
    assert report.rejected == {("ssd_cin_episodes", "cine_close_reason", "not a code of its code set"): 1}


def test_ssd_files_without_referrals_are_records_too(tmp_path: Path) -> None:
    source = ssd_folder(tmp_path / "ssd", "")
    (source / "ssd_family.csv").write_text("fami_family_id,fami_person_id\nF1,P1\n")
    report = import_records([source], tmp_path / "la1", authority="la1", covers=COVERS)
    assert report.rows == {"ssd_family": 1}


def test_importing_again_replaces_all_that_was_there(tmp_path: Path) -> None:
    out = tmp_path / "la1"
    first = import_records([SAMPLES / "CIN_Census_2021.xml"], out, authority="la1")
    source = ssd_folder(tmp_path / "ssd", "R1,P1,2021-02-03,\nR2,P1,2021-09-03,\n")
    second = import_records([source], out, authority="la1", covers=COVERS)
    assert first.extract.fingerprint != second.extract.fingerprint
    assert set(everything_in(out)) == {"extract.yaml", "ssd_cin_episodes.parquet", str(REJECTS_FILE)}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["la1", "ssd"]


def test_the_same_source_gives_the_same_records(tmp_path: Path) -> None:
    for out in ("a", "b"):
        import_records([SAMPLES / "fake_CIN_data.xml"], tmp_path / out, authority="la1")
    assert everything_in(tmp_path / "a") == everything_in(tmp_path / "b")


def test_an_import_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "la1"
    import_records([SAMPLES / "CIN_Census_2021.xml"], out, authority="la1")
    before = everything_in(out)
    broken = tmp_path / "broken.xml"
    broken.write_bytes((SAMPLES / "CIN2rows.xml").read_bytes()[:-20])
    with pytest.raises(UnreadableInputError):
        import_records([broken], out, authority="la1")
    assert everything_in(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.xml", "la1"]


@pytest.mark.parametrize("authority", ["", "LA1", "-la", "la 1", "../la", "l" * 33, "la1\n", "lä1"])
def test_an_authority_code_is_plain(tmp_path: Path, authority: str) -> None:
    with pytest.raises(ConfigError, match="authority code"):
        import_records([SAMPLES / "CIN2rows.xml"], tmp_path / "out", authority=authority)


def test_sources_that_cannot_be_imported(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(RecordsNotFoundError):
        import_records([tmp_path / "absent"], out, authority="la1")
    (tmp_path / "notes.docx").write_text(CANARY)
    with pytest.raises(UnreadableInputError, match=r"SSD tables \(a folder") as refused:
        import_records([tmp_path / "notes.docx"], out, authority="la1")
    assert CANARY not in str(refused.value)
    (tmp_path / "empty").mkdir()
    with pytest.raises(RecordsNotFoundError, match="no standard table"):
        import_records([tmp_path / "empty"], out, authority="la1")
    import_records([SAMPLES / "CIN2rows.xml"], tmp_path / "la1", authority="la1")
    with pytest.raises(ConfigError, match="records folder already"):
        import_records([tmp_path / "la1"], out, authority="la1")
    days = (date(2022, 1, 1), date(2021, 1, 1))
    with pytest.raises(ConfigError, match="ends before it starts"):
        import_records([SAMPLES / "CIN2rows.xml"], out, authority="la1", covers=days)
    assert not out.exists()


def test_an_import_never_replaces_its_source_or_a_folder_of_another_kind(tmp_path: Path) -> None:
    source = ssd_folder(tmp_path / "ssd", "R1,P1,2021-02-03,\n")
    before = everything_in(tmp_path)
    with pytest.raises(ConfigError, match="would replace the source"):
        import_records([source], source, authority="la1")
    with pytest.raises(ConfigError, match="would replace the source"):
        import_records([source], tmp_path, authority="la1")
    with pytest.raises(ConfigError, match="is not a records folder"):
        import_records([SAMPLES / "CIN2rows.xml"], source, authority="la1")
    with pytest.raises(ConfigError, match="is not a records folder"):
        import_records([SAMPLES / "CIN2rows.xml"], source / "ssd_cin_episodes.csv", authority="la1")
    assert everything_in(tmp_path) == before


def test_no_value_of_a_record_stands_in_a_report_or_a_message(tmp_path: Path) -> None:
    text = (SAMPLES / "CIN_Census_2021.xml").read_text(encoding="utf-8")
    values = [
        "DfEX0000001",
        "A123456789123",
        "WBRI",
        "HAND",
        "1A",
        "N4",
        "1971-02-27",
        "RC1",
        "0",
        "PHY",
        "2A",
    ]
    values += ["1970-06-02", "1971-01-24", "1965-03-27", "201"]
    for value in values:
        source = tmp_path / "census.xml"
        source.write_text(text.replace(f">{value}<", f">{CANARY}<"), encoding="utf-8")
        try:
            said = repr(import_records([source], tmp_path / "la1", authority="la1"))
        except CscError as refused:
            said = str(refused)
        assert CANARY not in said
        assert CANARY.encode() not in (tmp_path / "la1" / "extract.yaml").read_bytes()
