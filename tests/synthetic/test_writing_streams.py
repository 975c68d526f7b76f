from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from csc_experiments.synthetic import AuthoritySettings, write_authority
from csc_experiments.synthetic.simulation import simulate_lives
from csc_experiments.synthetic.writing import Written, write_answers, write_documents

LA3 = AuthoritySettings(authority="la3", children=80, years=3, document_words=0.2)


def joined(workers: int, words_at_once: int) -> Written:
    lives = simulate_lives(LA3, 9)
    parts = list(write_documents(LA3, 9, lives, workers=workers, words_at_once=words_at_once))
    assert len(parts) > 3 or words_at_once > 10**6
    documents = pl.concat(part.documents for part in parts)
    named = frozenset[str]().union(*(part.canaries for part in parts))
    return Written(documents, pl.concat(part.spans for part in parts), named)


@cache
def whole() -> Written:
    return joined(workers=1, words_at_once=10**9)


def test_what_is_written_depends_neither_on_the_parts_nor_on_the_processes() -> None:
    for workers, words_at_once in ((1, 2000), (2, 4000)):
        other = joined(workers, words_at_once)
        assert_frame_equal(other.documents, whole().documents)
        assert_frame_equal(other.spans, whole().spans)
        assert other.canaries == whole().canaries


def test_answers_depend_on_them_no_more() -> None:
    lives = simulate_lives(LA3, 9)
    alone = pl.concat(write_answers(LA3, 9, lives, workers=1))
    shared = pl.concat(write_answers(LA3, 9, lives, workers=2, words_at_once=4000))
    assert_frame_equal(alone, shared)


def test_documents_are_numbered_by_day_and_kept_by_family() -> None:
    documents = whole().documents
    assert documents["document_id"].is_duplicated().sum() == 0
    assert documents.sort("document_id")["authored_date"].is_sorted()
    family = simulate_lives(LA3, 9).tables["ssd_family"].unique("fami_person_id")
    rows = documents.join(family, left_on="person_id", right_on="fami_person_id", maintain_order="left")
    changes = (rows["fami_family_id"] != rows["fami_family_id"].shift(1)).sum()
    assert changes < 1.1 * rows["fami_family_id"].n_unique()


def test_the_same_seed_writes_identical_files_whatever_the_processes(tmp_path: Path) -> None:
    for name, workers in (("one", 1), ("two", 2)):
        write_authority(LA3, 9, tmp_path / name, workers=workers)
    one, two = (
        {
            path.relative_to(tmp_path / name).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in found
        }
        for name, found in (
            (n, [p for p in (tmp_path / n).rglob("*") if p.is_file()]) for n in ("one", "two")
        )
    )
    assert one == two
    assert {"documents.parquet", "gold/spans.parquet", "gold/canaries.txt"} <= set(one)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_names_differ_between_authorities_that_share_a_seed() -> None:
    other = AuthoritySettings(authority="la4", children=80, years=3, document_words=0.2)
    spans = pl.concat(part.spans for part in write_documents(other, 9, simulate_lives(other, 9)))
    assert not spans.equals(whole().spans)
