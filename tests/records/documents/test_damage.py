"""Damaged documents are read or refused by one clear error, and nothing of them is repeated."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import polars as pl
import pypdf
import pytest

from csc_experiments.errors import (
    CscError,
    InvalidDateError,
    MissingColumnError,
    RecordsNotFoundError,
    UnreadableInputError,
)
from csc_experiments.records.documents.file_texts import LARGEST_UNPACKED
from csc_experiments.records.documents.reading import read_documents
from csc_experiments.synthetic.formats.workbook import Row, write_workbook

CANARY = "ZZCANARY"
MUTATIONS = 200
HEADER = "PersonID,DateAuthored,DocumentName,DocumentText\n"
ANSWERS: list[Row] = [
    ("PersonID", "ActualStartDate", "DocumentName", "SectionName", "QuestionMarker", "QuestionText",
     "AnswerText"),
    *((f"P{number}", "2021-02-03", "Form v1", "Family", f"Q{number}", "Who?", CANARY) for number in range(5)),
]  # fmt: skip
INDEX = "FileName,PersonID,Date,Type\n"


def docx_file(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    packed = BytesIO()
    document.save(packed)
    return packed.getvalue()


def with_part(whole: bytes, name: str, content: bytes) -> bytes:
    """Put another part into an archive in place of one that is there."""
    packed = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(whole)) as before,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for part in before.namelist():
            after.writestr(part, content if part == name else before.read(part))
    return packed.getvalue()


def pdf_file(text: str) -> bytes:
    drawn = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    raw = b"%PDF-1.4\n"
    places = []
    for number, written in enumerate(objects, start=1):
        places.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Root 1 0 R /Size 6 >>\nstartxref\n%d\n%%%%EOF" % len(raw)
    return raw + b"xref\n0 6\n0000000000 65535 f \n" + table + tail


def encrypted(whole: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(BytesIO(whole))
    writer.encrypt(password, "owner", algorithm="AES-256")
    packed = BytesIO()
    writer.write(packed)
    return packed.getvalue()


def workbook_file(folder: Path) -> bytes:
    return write_workbook(folder / "made.xlsx", {"Sheet1": ANSWERS}).read_bytes()


def parquet_file() -> bytes:
    packed = BytesIO()
    pl.DataFrame(
        {"PersonID": ["P1"], "Date": ["2021-02-03"], "Type": ["Note"], "Text": [CANARY]}
    ).write_parquet(packed)
    return packed.getvalue()


def files_of_every_kind(folder: Path) -> dict[str, bytes]:
    rtf = rb"{\rtf1\ansi{\fonttbl{\f0\fnil\fcharset0 Calibri;}}\f0\fs22 " + CANARY.encode() + rb" \'92\par}"
    return {
        "csv": (HEADER + f'P1,03/02/2021,Note v1,"{CANARY}, ""so"""\nP2,04/02/2021,Note,<p>x</p>\n').encode(),
        "xlsx": workbook_file(folder),
        "parquet": parquet_file(),
        "docx": docx_file(CANARY),
        "pdf": pdf_file(CANARY),
        "rtf": rtf,
        "html": f"<html><body><p>{CANARY} &amp; co</p></body></html>".encode(),
        "txt": f"{CANARY}\r\nend".encode("utf-16"),
    }


def mutate(whole: bytes, dice: random.Random) -> bytes:
    """Break a file in some places; of an archive, half the time, only what is in one of its parts."""
    if whole.startswith(b"PK") and dice.random() < 1 / 2:
        with zipfile.ZipFile(BytesIO(whole)) as archive:
            part = dice.choice([name for name in archive.namelist() if name.endswith((".xml", ".rels"))])
            return with_part(whole, part, mutate(archive.read(part), dice))
    content = bytearray(whole)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(content) + 1)
        put = dice.choice([b"", b"\0", b'"', b"\xff\xfe", b"<", b"{", b"\n", b"(c)", b"\xed\xa0\x80", b"&x;"])
        content[at : at + dice.choice([0, 1, 1, 20])] = put
    if dice.random() < 1 / 10:
        del content[dice.randrange(len(content) + 1) :]
    return bytes(content) or b"\n"


def refusal(path: Path) -> str | None:
    """Read a table that must hold something, or return why it cannot be read."""
    try:
        read = read_documents(path, {})
    except CscError as refused:
        return str(refused)
    assert read.documents.height + read.rejects.height > 0
    return None


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_whatever_is_broken_in_a_table_only_a_known_error_comes_out(tmp_path: Path, kind: str) -> None:
    whole = files_of_every_kind(tmp_path)[kind]
    path = tmp_path / f"one.{kind}"
    dice = random.Random(7)  # noqa: S311 - damage is no secret
    for _ in range(MUTATIONS):
        path.write_bytes(mutate(whole, dice))
        refused = refusal(path)
        assert refused is None or (CANARY not in refused and path.name in refused)


@pytest.mark.parametrize("kind", ["docx", "pdf", "rtf", "html", "txt"])
def test_one_broken_file_is_set_aside_and_the_others_are_read(tmp_path: Path, kind: str) -> None:
    whole = files_of_every_kind(tmp_path)[kind]
    folder = tmp_path / "folder"
    folder.mkdir()
    dice = random.Random(7)  # noqa: S311 - damage is no secret
    for number in range(MUTATIONS):
        (folder / f"{number}.{kind}").write_bytes(mutate(whole, dice))
    (folder / f"whole.{kind}").write_bytes(whole)
    names = [*(f"{number}.{kind}" for number in range(MUTATIONS)), f"whole.{kind}"]
    index = "".join(f"{name},P{at},2021-02-03,Note\n" for at, name in enumerate(names))
    (folder / "index.csv").write_text(INDEX + index)
    read = read_documents(folder, {})
    assert read.documents.height + read.rejects.height == MUTATIONS + 1
    assert CANARY in read.documents.filter(person_id=f"P{MUTATIONS}")["text"].item()
    assert CANARY not in read.rejects.write_csv()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("notes.csv", b"", UnreadableInputError),
        ("notes.csv", HEADER.encode(), UnreadableInputError),
        ("notes.csv", b"\x00\x01\x02ZZCANARY", UnreadableInputError),
        ("notes.csv", b"ZZCANARY,Other\n1,2\n", MissingColumnError),
        ("notes.csv", b"PersonID,Text\nP1,ZZCANARY\n", MissingColumnError),
        ("notes.csv", b"Person ID,PersonID,Date,Type,Text\nP,P,2021-02-03,X,ZZCANARY\n", MissingColumnError),
        ("notes.csv", HEADER.encode() + b"2021-02-03,P1,Note,ZZCANARY\n", InvalidDateError),
        ("notes.csv", HEADER.encode() + b"ZZCANARY" * 10 + b",2021-02-03,Note,P1\n", UnreadableInputError),
        ("notes.csv", HEADER.encode() + b"P1,2021-02-03," + b"ZZCANARY" * 40 + b",\n", UnreadableInputError),
        ("notes.xlsx", b"PK\x03\x04 ZZCANARY", UnreadableInputError),
        ("notes.parquet", b"PAR1" + b"ZZCANARY" * 9 + b"PAR1", UnreadableInputError),
        ("notes.doc", b"ZZCANARY", UnreadableInputError),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_one_error_that_names_the_file(
    tmp_path: Path, name: str, content: bytes, error: type[CscError]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as refused:
        read_documents(path, {})
    assert f"{path}" in str(refused.value)
    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_nothing_to_read(tmp_path: Path) -> None:
    for place in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(RecordsNotFoundError):
            read_documents(place, {})
    (tmp_path / "index.csv").write_text(INDEX + "a.txt,P1,2021-02-03,Note\n")
    with pytest.raises(RecordsNotFoundError, match="none of the files"):
        read_documents(tmp_path, {})


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(with_part(workbook_file(tmp_path), "xl/worksheets/sheet1.xml", b" " * (40 << 20)))
    with pytest.raises(UnreadableInputError, match="unpacked"):
        read_documents(path, {})


def read_one_file(folder: Path, name: str, content: bytes) -> list[str]:
    """Read a folder with one file and return what was set aside, or the text."""
    (folder / "index.csv").write_text(INDEX + f"{name},P1,2021-02-03,Note\n")
    (folder / name).write_bytes(content)
    read = read_documents(folder, {})
    return [*read.rejects["reason"], *read.documents["text"]]


UNREADABLE = ["its file cannot be read"]


def test_a_docx_that_unpacks_without_end_is_set_aside(tmp_path: Path) -> None:
    bomb = with_part(docx_file(CANARY), "word/styles.xml", bytes(LARGEST_UNPACKED + 1))
    assert read_one_file(tmp_path, "bomb.docx", bomb) == UNREADABLE


@pytest.mark.parametrize("said", ['SYSTEM "file://{secret}"', '"inner"'])
def test_a_docx_with_an_entity_is_set_aside_and_the_entity_never_looked_up(tmp_path: Path, said: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text(CANARY)
    entity = said.format(secret=secret)
    whole = docx_file("word &x; word".replace("&", "amp"))
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        part = archive.read("word/document.xml")
    head, end = part.split(b"?>", 1)
    spoilt = head + b"?><!DOCTYPE d [<!ENTITY x " + entity.encode() + b">]>" + end.replace(b"ampx;", b"&x;")
    assert read_one_file(tmp_path, "a.docx", with_part(whole, "word/document.xml", spoilt)) == UNREADABLE


@pytest.mark.parametrize("part", [rb"{\field{\*\fldinst{", rb"\f1", rb"{", rb"{\pict\bin1 ", rb"\'92\u8217"])
def test_an_rtf_of_one_part_over_and_over_is_done_with(tmp_path: Path, part: bytes) -> None:
    fonts = rb"{\rtf1 {\fonttbl{\f0\fcharset0 " if part == rb"\f1" else rb"{\rtf1 "
    assert len(read_one_file(tmp_path, "a.rtf", fonts + part * 20_000)) == 1


def test_an_encrypted_pdf_is_set_aside_unless_it_is_open_to_everybody(tmp_path: Path) -> None:
    assert read_one_file(tmp_path, "a b.pdf", encrypted(pdf_file(CANARY), "secret")) == UNREADABLE
    assert read_one_file(tmp_path, "a b.pdf", encrypted(pdf_file(CANARY), "")) == [CANARY]


def test_a_pdf_without_text_and_files_of_other_kinds_are_set_aside(tmp_path: Path) -> None:
    assert read_one_file(tmp_path, "scan.pdf", pdf_file("")) == ["missing"]
    for name, content in (
        ("a.doc", b"x"),
        ("a.rtf", b"not RTF"),
        ("a.txt", b"\0" * 9),
        ("a.docx", b"\xd0\xcf\x11\xe0"),
    ):
        assert read_one_file(tmp_path, name, content) == UNREADABLE
