from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.records import read_records
from csc_experiments.synthetic import AuthoritySettings, write_authority
from csc_experiments.synthetic.authority import CANARIES_FILE, SPANS_FILE
from csc_experiments.synthetic.simulation import simulate_lives
from csc_experiments.synthetic.writing import canary_names, write_documents
from csc_experiments.synthetic.writing.gold import KINDS, LABELS, mark, remove_marks
from csc_experiments.synthetic.writing.identifiers import UNUSED_AREAS

LA1 = AuthoritySettings(authority="la1", children=200, document_words=0.2)
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Co", "Cc"]), max_size=12)
PIECES = st.lists(st.tuples(PLAIN, st.none() | st.sampled_from(LABELS)), max_size=12)
SHAPES: Mapping[str, str] = {
    "postcode": r"[A-Z]{2}\d{1,2} \d[ABDEFGHJLNPQRSTUWXYZ]{2}",
    "phone": r"(\+44 7700 |07700 ?)900 ?\d{3}|\(?01632\)? 960 ?\d{3}|020 7946 0\d{3}",
    "email": r"[a-z0-9._]+@([a-z.]+\.)?example\.(com|net|org)",
    "nhs_number": r"999 \d{3} \d{4}",
    "upn": r"[ABCDEFGHJKLMNPQRTUVWXYZ]\d{12}",
}
DATES = ("%d/%m/%Y", "%d/%m/%y", "%d.%m.%y", "%d %B %Y", "%d %b %y", "%a %d/%m/%Y")
ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)")


@cache
def gold() -> tuple[pl.DataFrame, pl.DataFrame]:
    written = list(write_documents(LA1, 3, simulate_lives(LA1, 3)))
    return pl.concat(part.documents for part in written), pl.concat(part.spans for part in written)


@cache
def identifiers() -> pl.DataFrame:
    """Every span with what stands in its place in the text."""
    documents, spans = gold()
    joined = spans.join(documents.select("document_id", "person_id", "text"), on="document_id", how="left")
    found = pl.col("text").str.slice("start", pl.col("end") - pl.col("start"))
    return joined.select("document_id", "person_id", "start", "end", "kind", "role", said=found)


def of_kind(kind: str) -> list[str]:
    return identifiers().filter(pl.col("kind") == kind)["said"].to_list()


@given(pieces=PIECES)
def test_a_span_holds_exactly_what_was_put_in(pieces: list[tuple[str, tuple[str, str] | None]]) -> None:
    marked = "".join(text if label is None else mark(text, *label) for text, label in pieces)
    clean, spans = remove_marks(marked)
    assert clean == "".join(text for text, _ in pieces)
    assert [(clean[start:end], LABELS[label]) for start, end, label in zip(*spans, strict=True)] == [
        (text, label) for text, label in pieces if label is not None
    ]


def test_every_kind_of_identifier_is_put_in_and_nothing_else() -> None:
    assert set(identifiers()["kind"]) == set(KINDS)
    assert set(zip(identifiers()["kind"], identifiers()["role"], strict=True)) <= set(LABELS)


def test_spans_lie_in_their_text_apart_and_in_order() -> None:
    rows = identifiers().with_columns(before=pl.col("end").shift(1).over("document_id"))
    assert (rows["said"].str.len_chars() == rows["end"] - rows["start"]).all()
    assert (rows["said"].str.strip_chars() == rows["said"]).all()
    assert (rows["said"] != "").all()
    assert (rows["start"] >= rows["before"].fill_null(0)).all()


@pytest.mark.parametrize("kind", SHAPES)
def test_numbers_and_accounts_are_of_the_ranges_that_belong_to_nobody(kind: str) -> None:
    wrong = [said for said in of_kind(kind) if not re.fullmatch(SHAPES[kind], said)]
    assert wrong == []


def test_postcode_areas_are_not_in_use() -> None:
    assert {said[:2] for said in of_kind("postcode")} <= set(UNUSED_AREAS)


def test_a_date_of_birth_is_the_childs_own() -> None:
    lives = simulate_lives(LA1, 3)
    births = lives.tables["ssd_person"].select("pers_person_id", "pers_dob", "pers_expected_dob")
    rows = identifiers().filter(pl.col("kind") == "date_of_birth", pl.col("role") == "child")
    rows = rows.join(births, left_on="person_id", right_on="pers_person_id")
    texts = gold()[0].group_by("text").agg(shared=pl.len()).filter(pl.col("shared") > 1)["text"].implode()
    alone = gold()[0].filter(~pl.col("text").is_in(texts))["document_id"].implode()
    born = pl.coalesce("pers_dob", "pers_expected_dob")
    own = rows.filter(pl.col("document_id").is_in(alone)).select("said", born=born)
    assert own.height > 50
    assert [_as_date(said) for said in own["said"]] == own["born"].to_list()


def _as_date(said: str) -> date:
    plain = ORDINAL.sub("", said)
    for form in DATES:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise AssertionError(len(said))


def test_no_name_number_or_address_stands_in_a_text_without_its_span() -> None:
    kinds = ("name", "address", "postcode", "phone", "email", "nhs_number", "upn", "canary")
    spans = identifiers().group_by("document_id").agg("said", "start", "end", "kind")
    rows = spans.join(gold()[0].select("document_id", "text"), on="document_id")
    missed = [
        document
        for document, said, starts, ends, labels, text in rows.iter_rows()
        for name in {name for name, kind in zip(said, labels, strict=True) if kind in kinds}
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", _blanked(text, zip(starts, ends, strict=True)))
    ]
    assert missed == []


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with a bar for every character that stands in a span."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = "|" * (end - start)
    return "".join(letters)


def test_names_of_a_family_are_the_same_in_all_its_documents() -> None:
    rows = identifiers().filter(pl.col("kind") == "nhs_number", pl.col("role") == "child")
    assert rows.group_by("said").agg(pl.col("person_id").n_unique())["person_id"].quantile(0.9) == 1


def test_canaries_are_named_in_their_own_authority_alone() -> None:
    documents, _ = gold()
    text = "\n".join(documents["text"])
    assert set(of_kind("canary")) == set(canary_names("la1"))
    for other in ("la2", "la3", "la4", "la5", "la6"):
        assert not any(name in text for name in canary_names(other))
    everything = "".join(path.read_text(encoding="utf-8") for path in _sources())
    assert not any(name in everything for name in canary_names("la1"))


def _sources() -> list[Path]:
    folder = Path(__file__).parents[2] / "csc_experiments" / "synthetic" / "writing"
    return [path for path in folder.rglob("*") if path.suffix in {".py", ".txt", ".yaml"}]


def test_one_canary_tells_of_one_family_and_another_of_many() -> None:
    rows = identifiers().filter(pl.col("kind") == "canary")
    family = simulate_lives(LA1, 3).tables["ssd_family"].unique("fami_person_id")
    rows = rows.join(family, left_on="person_id", right_on="fami_person_id")
    families = dict(rows.group_by("said").agg(pl.col("fami_family_id").n_unique()).iter_rows())
    counts = [families[name] for name in canary_names("la1")]
    assert counts[0] == 1
    assert counts[-1] == max(counts) > 4


def test_gold_is_written_beside_the_records_and_is_no_part_of_them(tmp_path: Path) -> None:
    extract = write_authority(LA1, 3, tmp_path / "la1")
    spans = pl.read_parquet(tmp_path / "la1" / SPANS_FILE)
    documents = read_records(tmp_path / "la1")["documents"]
    assert spans.equals(gold()[1])
    assert documents.equals(gold()[0])
    assert (tmp_path / "la1" / CANARIES_FILE).read_text(encoding="utf-8").split() == list(canary_names("la1"))
    (tmp_path / "la1" / SPANS_FILE).unlink()
    (tmp_path / "la1" / CANARIES_FILE).unlink()
    assert read_records(tmp_path / "la1").extract.fingerprint == extract.fingerprint
    assert not any("gold" in name or "span" in name for name in extract.tables)
