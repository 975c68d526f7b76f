"""SSD tables come in as they are meant, whatever wrote the files."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.errors import (
    InvalidDateError,
    MissingColumnError,
    RecordsNotFoundError,
    UnreadableInputError,
)
from csc_experiments.records.codes import CODE_SETS
from csc_experiments.records.ssd.files import find_ssd_files, read_ssd_files
from csc_experiments.records.store import write_records
from csc_experiments.records.tables import TABLES, Kind

CANARY = "ZZCANARY"
EPISODES = (
    "cine_referral_id,cine_person_id,cine_referral_date,cine_close_date,cine_close_reason,cine_referral_nfa\n"
)


def read_one(folder: Path, name: str, content: str | bytes) -> tuple[pl.DataFrame, list[tuple[object, ...]]]:
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / f"{name}.csv").write_bytes(raw)
    tables, rejects = read_ssd_files(folder)
    return tables[name.lower()], rejects.rows()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2021-05-04", date(2021, 5, 4)),
        ("2021-05-04 00:00:00.000", date(2021, 5, 4)),
        ("2021-05-04T10:11:12Z", date(2021, 5, 4)),
        ("2021-05-04 10:11:12 +01:00", date(2021, 5, 4)),
        ("04/05/2021", date(2021, 5, 4)),
        (" 4/5/2021 00:00 ", date(2021, 5, 4)),
        ("", None),
        ("NULL", None),
    ],
)
def test_dates_of_every_spelling(tmp_path: Path, cell: str, expected: object) -> None:
    frame, rejects = read_one(tmp_path, "ssd_cin_episodes", f"{EPISODES}R1,P1,2021-01-01,{cell},RC7,Y\n")
    assert frame["cine_close_date"].to_list() == [expected]
    assert rejects == []


def test_what_cannot_be_used_is_listed_by_place(tmp_path: Path) -> None:
    content = (
        f"{EPISODES}"
        f"R1,P1,2021-01-01,{CANARY},{CANARY},{CANARY}\n"
        ",P2,2021-01-01,,,\n"
        "R3,P3,30/02/2021,,,\n"
        "R4,P4,2021-01-01,9999-12-31,rc8,t\n"
        "R4,P4,2021-01-01,9999-12-31,rc8,t\n"
    )
    frame, rejects = read_one(tmp_path, "ssd_cin_episodes", content)
    table = "ssd_cin_episodes"
    assert frame["cine_referral_id"].to_list() == ["R1", "R4"]
    assert frame["cine_close_reason"].to_list() == [None, "RC8"]
    assert frame["cine_referral_nfa"].to_list() == [None, "Y"]
    assert frame["cine_close_date"].to_list() == [None, None]
    assert sorted(rejects, key=str) == sorted(
        [
            (table, 2, "cine_referral_id", "missing"),
            (table, 3, "cine_referral_date", "not a date"),
            (table, 1, "cine_close_date", "not a date"),
            (table, 4, "cine_close_date", "not a date"),
            (table, 5, "cine_close_date", "not a date"),
            (table, 1, "cine_close_reason", "not a code of its code set"),
            (table, 1, "cine_referral_nfa", "not yes or no"),
            (table, 5, "cine_referral_id", "said before"),
        ],
        key=str,
    )
    assert CANARY not in frame.write_csv()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Y", "Y"),
        ("yes", "Y"),
        ("1", "Y"),
        ("1.0", "Y"),
        ("TRUE", "Y"),
        ("T", "Y"),
        ("N", "N"),
        ("0", "N"),
        ("f", "N"),
    ],
)
def test_flags_of_every_spelling(tmp_path: Path, cell: str, expected: object) -> None:
    frame, rejects = read_one(tmp_path, "ssd_cin_episodes", f"{EPISODES}R1,P1,2021-01-01,,,{cell}\n")
    assert frame["cine_referral_nfa"].to_list() == [expected]
    assert rejects == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_texts_of_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = "Ren\u00e9e said \u2018no\u2019,\nthen \u00a35"
    content = f'document_id,person_id,document_type,authored_date,text\nD1,P1,Case note,2021-01-01,"{text}"\n'
    frame, rejects = read_one(tmp_path, "documents", content.encode(encoding))
    assert frame.select("document_type", "text").row(0) == ("case_note", text)
    assert rejects == []


def test_column_and_file_names_in_any_case(tmp_path: Path) -> None:
    frame, _ = read_one(tmp_path, "SSD_Family", " FAMI_Family_ID ,fami_person_id,other\nF1,12.0,x\n")
    assert frame.rows() == [(None, "F1", "12")]


def test_a_required_column_must_be_there_even_in_an_empty_table(tmp_path: Path) -> None:
    with pytest.raises(MissingColumnError, match="fami_person_id"):
        read_one(tmp_path, "ssd_family", "fami_family_id\n")


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    frame, rejects = read_one(tmp_path, "ssd_family", "fami_family_id,fami_person_id\n")
    assert dict(frame.schema) == TABLES["ssd_family"].schema
    assert frame.is_empty()
    assert rejects == []


def test_more_than_half_of_a_required_date_column_must_be_dates(tmp_path: Path) -> None:
    half = f"{EPISODES}R1,P1,2021-01-01,,,\nR2,P2,{CANARY},,,\n"
    assert read_one(tmp_path, "ssd_cin_episodes", half)[0].height == 1
    with pytest.raises(
        InvalidDateError, match="'cine_referral_date' is not a date in 2 of 3 rows"
    ) as refused:
        read_one(tmp_path, "ssd_cin_episodes", f"{half}R3,P3,,,,\n")
    assert CANARY not in str(refused.value)


def test_children_who_are_not_born_have_no_birth_date_and_are_kept(tmp_path: Path) -> None:
    content = "pers_person_id,pers_dob,pers_expected_dob,pers_sex\nP1,,2022-06-01,1\nP2,,2022-07-01,\n"
    frame, rejects = read_one(tmp_path, "ssd_person", content)
    assert frame.select("pers_person_id", "pers_dob", "pers_sex").rows() == [
        ("P1", None, "M"),
        ("P2", None, None),
    ]
    assert rejects == []


def test_a_second_row_for_a_person_is_set_aside(tmp_path: Path) -> None:
    frame, rejects = read_one(
        tmp_path, "ssd_person", "pers_person_id,pers_dob\nP1,2010-01-01\nP1,2011-01-01\n"
    )
    assert frame["pers_dob"].to_list() == [date(2010, 1, 1)]
    assert rejects == [("ssd_person", 2, "pers_person_id", "said before")]


def test_no_comment_in_json_reaches_the_records(tmp_path: Path) -> None:
    content = (
        "cont_contact_id,cont_person_id,cont_contact_date,cont_contact_outcome_json\n"
        f'K1,P1,2021-01-01,"{{""NFA_FLAG"": ""Y"", ""COMMENTS"": ""{CANARY}""}}"\n'
        f'K2,P1,2021-01-02,"{{""{CANARY} FLAG"": ""Y"", ""NFA_FLAG"": ""{CANARY}""}}"\n'
        f"K3,P1,2021-01-03,{CANARY}\n"
    )
    frame, rejects = read_one(tmp_path, "ssd_contacts", content)
    assert frame["cont_contact_outcome_json"].to_list() == ['{"NFA_FLAG": "Y"}', "{}", None]
    assert [row[1] for row in rejects] == [1, 2, 3]


@pytest.mark.parametrize("column", sorted(CODE_SETS))
def test_no_free_text_passes_as_a_code(tmp_path: Path, column: str) -> None:
    name, table = next((name, table) for name, table in TABLES.items() if column in table.columns)
    needed = {
        needed: "2021-01-01" if table.columns[needed] is Kind.DATE else "X1" for needed in table.required
    }
    row = needed | {column: CANARY}
    frame, rejects = read_one(tmp_path, name, f"{','.join(row)}\n{','.join(row.values())}\n")
    assert CANARY not in frame.write_csv()
    assert (name, 1, column) in [reject[:3] for reject in rejects]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ssd_family.csv", b""),
        ("ssd_family.csv", b"\x00\x01\x02ZZCANARY"),
        ("ssd_family.csv", b"fami_family_id,fami_person_id\nZZCANARY,P1,extra,extra\n"),
        ("ssd_family.csv", b"fami_family_id,FAMI_FAMILY_ID,fami_person_id\nF1,F2,ZZCANARY\n"),
        ("ssd_family.parquet", b""),
        ("ssd_family.parquet", b"ZZCANARY" * 100),
        ("ssd_family.parquet", b"PAR1" + b"ZZCANARY" * 100 + b"PAR1"),
    ],
)
def test_what_is_no_table_is_refused_without_a_word_of_it(
    tmp_path: Path, name: str, content: str | bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableInputError) as refused:
        read_ssd_files(tmp_path)
    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_table_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("ssd_family.csv", "SSD_FAMILY.csv"):
        (tmp_path / name).write_text("fami_family_id,fami_person_id\n")
    with pytest.raises(UnreadableInputError, match="stands in two files"):
        read_ssd_files(tmp_path)


def test_other_files_are_counted_and_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    (tmp_path / f"{CANARY}.csv").write_text("a\n1\n")
    with pytest.raises(RecordsNotFoundError, match="no standard table among its 1 files") as refused:
        read_ssd_files(tmp_path)
    assert CANARY not in str(refused.value).replace(str(tmp_path), "")
    (tmp_path / "ssd_family.csv").write_text("fami_family_id,fami_person_id\n")
    assert find_ssd_files(tmp_path) == ({"ssd_family": tmp_path / "ssd_family.csv"}, 1)
    with pytest.raises(RecordsNotFoundError):
        read_ssd_files(tmp_path / "absent")


@pytest.mark.parametrize(
    "values",
    [
        [date(2021, 5, 4), None],
        [datetime(2021, 5, 4, 23, 30, tzinfo=UTC), None],
        [datetime(2021, 5, 4, 23, 30), None],  # noqa: DTZ001 - databases export date-times without a zone
        ["04/05/2021", None],
    ],
)
def test_parquet_columns_of_every_type(tmp_path: Path, values: list[object]) -> None:
    pl.DataFrame(
        {
            "CINE_referral_id": [12, 13],
            "cine_person_id": [1e15, 7.0],
            "cine_referral_date": [date(2021, 1, 1)] * 2,
            "cine_close_date": values,
            "cine_referral_nfa": [True, None],
            "cine_referral_outcome_json": pl.Series([[1], [2]], dtype=pl.List(pl.Int64)),
        }
    ).write_parquet(tmp_path / "ssd_cin_episodes.parquet")
    tables, rejects = read_ssd_files(tmp_path)
    frame = tables["ssd_cin_episodes"]
    assert frame["cine_referral_id"].to_list() == ["12", "13"]
    assert frame["cine_person_id"].to_list() == ["1000000000000000", "7"]
    assert frame["cine_close_date"].to_list() == [date(2021, 5, 4), None]
    assert frame["cine_referral_nfa"].to_list() == ["Y", None]
    assert rejects.is_empty()


CELLS = {
    Kind.ID: st.text(alphabet="abcXYZ0189_-", min_size=1, max_size=12).filter(lambda text: text.strip("-")),
    Kind.DATE: st.dates(date(1950, 1, 1), date(2050, 1, 1)),
    Kind.FLAG: st.sampled_from(["Y", "N"]),
    Kind.TEXT: st.text(min_size=1).filter(lambda text: text.strip() and text.strip().upper() != "NULL"),
}


def cells(column: str, kind: Kind) -> st.SearchStrategy[object]:
    if column == "cinf_assessment_factors_json":
        return st.sampled_from(['["1A"]', '["3B", "24A"]'])
    if kind is Kind.JSON:
        return st.sampled_from(["{}", '{"NFA_FLAG": "Y"}', '{"NFA_FLAG": "N", "CP_ENQUIRY_FLAG": "Y"}'])
    if kind is Kind.CODE:
        own = {"pers_sex": ["M", "F", "U"], "document_type": ["case_note", "s47_record"]}
        codes = own.get(column) or sorted(CODE_SETS.get(column, {"A1"}))
        return st.sampled_from(codes)
    return CELLS[kind]


@given(st.data())
def test_written_records_come_back_from_parquet_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(TABLES)))
    table = TABLES[name]
    strategies = {
        column: cells(column, kind) if column in table.required else st.none() | cells(column, kind)
        for column, kind in table.columns.items()
    }
    first = next(iter(table.columns))
    rows = data.draw(
        st.lists(st.fixed_dictionaries(strategies), min_size=1, max_size=8, unique_by=lambda row: row[first])
    )
    frame = pl.DataFrame(rows, schema=table.schema)
    folder = tmp_path_factory.mktemp("records") / "la1"
    day = date(2022, 3, 31)
    write_records(
        folder,
        authority="la1",
        extract_date=day,
        coverage=(day, day),
        sources=("test",),
        tables={name: frame},
    )
    tables, rejects = read_ssd_files(folder)
    assert rejects.rows() == []
    assert tables[name].equals(frame)
