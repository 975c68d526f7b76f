"""An invented authority's documents come back from both of its exports."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from csc_experiments.records.documents.reading import read_documents
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.export import export
from csc_experiments.synthetic.formats.documents import form_names
from csc_experiments.synthetic.formats.documents import write_answers as write_workbooks
from csc_experiments.synthetic.simulation import simulate_lives
from csc_experiments.synthetic.writing import write_answers, write_documents

SETTINGS = AuthoritySettings(authority="la1", children=150, document_words=0.3)
SEED = 3


@cache
def documents() -> pl.DataFrame:
    lives = simulate_lives(SETTINGS, SEED)
    return pl.concat(written.documents for written in write_documents(SETTINGS, SEED, lives))


@cache
def answers() -> pl.DataFrame:
    return pl.concat(write_answers(SETTINGS, SEED, simulate_lives(SETTINGS, SEED)))


@pytest.mark.parametrize("name", ["documents.csv", "documents.parquet"])
def test_rows_come_back_as_they_were_invented(tmp_path: Path, name: str) -> None:
    export("documents", SETTINGS, SEED, tmp_path)
    types = {form: kind for kind, form in form_names(documents()["document_type"]).items()}
    read = read_documents(tmp_path / name, types)
    assert_frame_equal(read.documents, documents())
    assert read.rejects.is_empty()
    assert read.counts["unmapped_names"] == 0


def headed(form: pl.DataFrame) -> str:
    """Write a form out, the slow and obvious way."""
    lines: list[str] = []
    section = None
    for row in form.iter_rows(named=True):
        lines += [""] if lines else []
        lines += [row["section"]] if row["section"] != section else []
        lines += [row["question"], row["answer"]]
        section = row["section"]
    return "\n".join(lines)


@pytest.mark.parametrize("rows_per_workbook", [20_000, 997])
def test_answers_come_back_joined_each_document_once(tmp_path: Path, rows_per_workbook: int) -> None:
    if rows_per_workbook == 20_000:
        export("answers", SETTINGS, SEED, tmp_path)
    else:
        write_workbooks([answers()], SETTINGS, SEED, tmp_path, rows_per_workbook=rows_per_workbook)
    read = read_documents(tmp_path, {})
    assert read.rejects.is_empty()
    assert read.counts["rows"] == answers().height
    forms = answers().partition_by("document_id", maintain_order=True)
    expected = pl.DataFrame(
        [(form["person_id"][0], form["authored_date"][0], headed(form)) for form in forms],
        schema=["person_id", "authored_date", "text"],
        orient="row",
    )
    # Of one name on one day, a form that leaves out the first question of the one before it goes on with it.
    found = read.documents.select("person_id", "authored_date", "text")
    parted = found.join(expected, on=found.columns, how="semi")
    assert_frame_equal(parted, expected.join(found, on=found.columns, how="semi"))
    assert parted.height > 0.99 * expected.height
    joined = "\n".join(found.join(expected, on=found.columns, how="anti")["text"])
    rest = expected.join(found, on=found.columns, how="anti")["text"]
    assert all(line in joined for text in rest for line in text.splitlines())
