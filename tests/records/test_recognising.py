"""A source is told by what it holds, whatever it is called, and every kind becomes records."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from csc_experiments.errors import ConfigError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records import read_records
from csc_experiments.records.importing import import_records, read_types
from csc_experiments.records.recognising import kind_of
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.export import export
from csc_experiments.synthetic.simulation import simulate_lives

LA1 = AuthoritySettings(authority="la1", children=150, years=4, document_words=0.05, notes_per_quarter=0.1)
KINDS = {
    "ssd_csv": "ssd", "ssd_parquet": "ssd", "cin_census": "cin_census", "ssda903": "ssda903",
    "annex_a": "annex_a", "documents": "documents", "answers": "documents",
}  # fmt: skip
COVERS = (LA1.first_day, LA1.last_day)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    for name in KINDS:
        export(name, LA1, 1, folder / name)
    # A folder holds one kind: of the two files with the same rows, the text.
    (folder / "documents" / "documents.parquet").unlink()
    return folder


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_each_export_is_told_by_what_it_holds_and_becomes_records(
    name: str, kind: str, exports: Path, tmp_path: Path
) -> None:
    assert kind_of(exports / name) == kind
    report = import_records([exports / name], tmp_path / "la1", authority="la1", covers=COVERS)
    assert sum(report.rows.values()) > 20
    assert read_records(tmp_path / "la1").extract == report.extract


@cache
def family_file() -> str:
    family = simulate_lives(LA1, 1).tables["ssd_family"]
    return family.select(child_id="fami_person_id", family_id="fami_family_id").write_csv()


def test_returns_workbook_documents_and_families_are_one_set_of_records(
    exports: Path, tmp_path: Path
) -> None:
    (tmp_path / "families.csv").write_text(family_file())
    names = ("cin_census", "ssda903", "annex_a", "documents")
    sources = [exports / name for name in names] + [tmp_path / "families.csv"]
    report = import_records(sources, tmp_path / "la1", authority="la1", covers=COVERS)
    assert len(report.extract.sources) == 5
    tables, true = read_records(tmp_path / "la1").tables, simulate_lives(LA1, 1).standard_tables()
    days = ("cine_person_id", "cine_referral_date")
    told = [frame["ssd_cin_episodes"].select(days).unique().sort(days) for frame in (tables, true)]
    assert_frame_equal(*told)
    links = [frame["ssd_family"].select("fami_family_id", "fami_person_id") for frame in (tables, true)]
    groups = [
        frame.group_by("fami_family_id").agg(pl.col("fami_person_id").sort())["fami_person_id"]
        for frame in links
    ]
    assert sorted(map(list, groups[0])) == sorted(map(list, groups[1]))
    assert tables["documents"].height > 100
    assert tables["ssd_contacts"].height > 0
    assert tables["ssd_cla_episodes"].height > 0


def test_sources_that_do_not_say_their_days_need_to_be_told(exports: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--covers FROM TO"):
        import_records([exports / "cin_census", exports / "annex_a"], tmp_path / "la1", authority="la1")


def test_a_kind_that_is_given_counts(exports: Path, tmp_path: Path) -> None:
    place = exports / "documents" / "documents.csv"
    report = import_records([f"documents:{place}"], tmp_path / "la1", authority="la1", covers=COVERS)
    assert set(report.rows) == {"documents"}
    with pytest.raises(RecordsNotFoundError):
        import_records([f"ssda903:{exports / 'annex_a'}"], tmp_path / "la2", authority="la2", covers=COVERS)


def test_types_come_from_a_file_and_count_by_name(exports: Path, tmp_path: Path) -> None:
    (tmp_path / "types.yaml").write_text("Case Note: note_of_a_visit\n")
    types = read_types(tmp_path / "types.yaml")
    import_records([exports / "documents"], tmp_path / "la1", authority="la1", covers=COVERS, types=types)
    kinds = set(read_records(tmp_path / "la1").tables["documents"]["document_type"])
    assert "note_of_a_visit" in kinds
    assert "single_assessment" in kinds
    for wrong in ("- a list", "a: [1]", "a: {"):
        (tmp_path / "types.yaml").write_text(wrong)
        with pytest.raises(UnreadableInputError, match=r"types\.yaml"):
            read_types(tmp_path / "types.yaml")


def test_what_is_of_no_kind_is_refused(tmp_path: Path) -> None:
    for name in ("numbers.csv", "letter.doc"):
        (tmp_path / name).write_text("a,b\n1,2\n")
        with pytest.raises(UnreadableInputError, match="can be imported"):
            kind_of(tmp_path / name)
