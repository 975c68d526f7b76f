# ruff: noqa: RUF001 - the texts hold the signs that systems spoil
"""A folder of files and its index."""

from __future__ import annotations

import sys
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from csc_experiments.errors import ConfigError, UnreadableInputError
from csc_experiments.records.documents.reading import read_documents

INDEX = "File Name,Person ID,Date,Type\n"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def put(folder: Path, index: str, **files: str | bytes) -> Path:
    (folder / "index.csv").write_text(INDEX + index)
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_every_kind_of_file_is_read(tmp_path: Path) -> None:
    put(
        tmp_path,
        "".join(f"{name},P1,2021-02-03,Note\n" for name in ("a.txt", "b.rtf", "c.html", "C D.docx")),
        a_txt="Se\xe1n’s\r\nhome".encode("windows-1252"),
        b_rtf=rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Mum\'92s \b home\b0 .\par Warm.}",
        c_html="<html><head><style>p {}</style></head><body><p>Mum\n &amp; Dad</p><p>Nan</p></body></html>",
    )
    document = docx.Document()
    document.add_paragraph("First\tline")
    document.add_table(1, 2).cell(0, 1).text = "cell"
    document.element.body.append(
        parse_xml(
            f"<w:sdt {WORD}><w:sdtContent><w:p><w:r><w:t>form</w:t><w:br/><w:t>field</w:t></w:r><w:ins><w:r>"
            "<w:t> in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText></w:r></w:del></w:p>"
            "</w:sdtContent></w:sdt>"
        )
    )
    document.save(f"{tmp_path / 'C D.docx'}")
    assert read_documents(tmp_path, {}).documents["text"].to_list() == [
        "Seán’s\nhome", "Mum’s home.\nWarm.", "Mum & Dad\n\nNan", "First line\n\ncell\nform\nfield in",
    ]  # fmt: skip


def test_files_that_are_not_there_and_files_that_are_not_named_are_counted(tmp_path: Path) -> None:
    index = "a.txt,P1,2021-02-03,Note\nzz.txt,P1,2021-02-03,Note\n,P1,2021-02-03,Note\n"
    read = read_documents(put(tmp_path, index, a_txt="said", b_txt="x", sub__c_txt="y"), {})
    assert read.documents["text"].to_list() == ["said"]
    assert read.rejects.rows() == [
        ("documents", 2, "text", "its file is not there"),
        ("documents", 3, "text", "its file is not there"),
    ]
    assert read.counts["unnamed_files"] == 2
    assert read.notes[-1] == "2 files are no table and in no index, and were not read."


@pytest.mark.parametrize("name", ["a.txt", "A.TXT", " ./a.txt", "sub\\d.txt", "SUB/d.txt", "d.txt"])
def test_a_file_is_found_by_its_name_or_its_path(tmp_path: Path, name: str) -> None:
    read = read_documents(put(tmp_path, f"{name},P1,2021-02-03,Note\n", a_txt="said", sub__d_txt="said"), {})
    assert read.documents["text"].to_list() == ["said"]


def test_a_name_that_two_files_have_stands_for_neither(tmp_path: Path) -> None:
    index = "b.txt,P1,2021-02-03,Note\none/b.txt,P1,2021-02-03,Note\n"
    read = read_documents(put(tmp_path, index, one__b_txt="x", two__b_txt="y"), {})
    assert read.documents["text"].to_list() == ["x"]
    assert read.rejects["row"].to_list() == [1]


def test_no_file_beyond_the_folder_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    folder = tmp_path / "documents"
    folder.mkdir()
    index = "../secret.txt,P1,2021-02-03,Note\n" + f"{secret},P1,2021-02-03,Note\na.txt,P1,2021-02-03,Note\n"
    read = read_documents(put(folder, index, a_txt="said"), {})
    assert read.documents["text"].to_list() == ["said"]


def test_a_file_of_several_children_stands_under_each(tmp_path: Path) -> None:
    read = read_documents(
        put(tmp_path, "a.txt,P1,2021-02-03,Note\na.txt,P2,2021-02-03,Note\n", a_txt="said"), {}
    )
    assert read.documents["person_id"].to_list() == ["P1", "P2"]
    assert read.counts["copied_texts"] == 1


def test_two_indexes_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "a.txt,P1,2021-02-03,Note\n", a_txt="said")
    (tmp_path / "index 2.csv").write_text(INDEX + "b.txt,P1,2021-02-03,Note\n")
    with pytest.raises(UnreadableInputError, match="2 indexes"):
        read_documents(tmp_path, {})


def test_without_the_libraries_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.pdf,P1,2021-02-03,Note\n", a_pdf="x")
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(ConfigError, match=r"csc-experiments\[documents\]"):
        read_documents(tmp_path, {})
