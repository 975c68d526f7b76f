"""Whatever becomes of a source, it is read, or refused by one clear error without a word of it.

Some mutations of each kind of source in every run; `make fuzz` tries thousands.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.errors import CscError
from csc_experiments.records.sources import read_source
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.export import FILES, export, export_soiled

MUTATIONS = int(os.environ.get("FUZZ", "12"))
TINY = AuthoritySettings(
    authority="la1", children=25, years=2, share_care=0.7, document_words=0.05, notes_per_quarter=0.2
)
EVENTS = pl.DataFrame(
    {
        "subject_id": [f"S{number:06}" for number in range(60)],
        "time": [f"2021-0{number % 9 + 1}-03 10:15" for number in range(60)],
        "code": ["LOAN//START", "LOAN//END", "FINE"] * 20,
        "numeric_value": [f"{number}.25" for number in range(60)],
        "known_time": ["04/10/2021", None] * 30,
    }
)


def write_events(folder: Path) -> None:
    folder.mkdir()
    EVENTS.write_csv(folder / "events.csv")


def write_meds(folder: Path) -> None:
    """Write a MEDS data set of two shards."""
    (folder / "metadata").mkdir(parents=True)
    typed = EVENTS.with_columns(
        pl.col("subject_id").str.slice(1).cast(pl.Int64),
        pl.col("time").str.to_datetime(),
        pl.col("numeric_value").cast(pl.Float32),
    ).drop("known_time")
    for shard, rows in enumerate((typed[:30], typed[30:])):
        (folder / "data" / f"{shard}").mkdir(parents=True)
        rows.write_parquet(folder / "data" / f"{shard}" / "0.parquet")


def write_links(folder: Path) -> None:
    folder.mkdir()
    EVENTS.select("subject_id", family_id="numeric_value").rename({"subject_id": "child_id"}).write_csv(
        folder / "families.csv"
    )


def write_addresses(folder: Path) -> None:
    folder.mkdir()
    EVENTS.select(child_id="subject_id", postcode=pl.lit("ZZ1 2YY"), **{"from": "time"}).write_csv(
        folder / "addresses.csv"
    )


CLEAN: dict[str, Callable[[Path], object]] = {
    **{name: lambda folder, name=name: export(name, TINY, 1, folder) for name in FILES},
    **{
        f"soiled {name}": lambda folder, name=name: export_soiled(name, TINY, 2, folder)
        for name in ("cin_census", "annex_a")
    },
    "events": write_events,
    "meds": write_meds,
    "families": write_links,
    "addresses": write_addresses,
}
ODD = (
    b"", b"\0", b"\xff\xfe", b"\xa0", b'"', b"'", b",", b"\n", b"\r", b";", b"#N/A", b"=1+1", b"01/13/2021",
    b"9999-12-31", b"-1", b"1e308", b"NaN", b"]]>", "\N{PILE OF POO}".encode(), b"\xc3", b"&a;", b"<a>",
    b"</", b"<!--", b"[", b"{", b"null", b"0" * 400, b"A" * 1_000_000,
)  # fmt: skip


def cut(raw: bytes, rng: random.Random) -> bytes:
    return raw[: rng.randrange(len(raw) + 1)]


def flip(raw: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(raw)
    for _ in range(rng.randint(1, 8)):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


def put_in(raw: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + rng.choice(ODD) + raw[at:]


def take_out(raw: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + raw[at + rng.choice((1, 7, 100, 5000)) :]


def repeat(raw: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(raw) + 1)
    part = raw[at : at + rng.choice((1, 50, 3000))]
    return raw[:at] + part * rng.choice((2, 3, 40)) + raw[at:]


def swap_lines(raw: bytes, rng: random.Random) -> bytes:
    lines = raw.split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def swap_cells(raw: bytes, rng: random.Random) -> bytes:
    """Exchange two columns in every row, or all that stands between two kinds of brackets."""
    cells = [line.split(b",") for line in raw.split(b"\n")]
    one, two = rng.randrange(len(cells[0])), rng.randrange(len(cells[0]))
    for row in cells:
        if len(row) > max(one, two):
            row[one], row[two] = row[two], row[one]
    return b"\n".join(b",".join(row) for row in cells)


def replace_word(raw: bytes, rng: random.Random) -> bytes:
    """Put something odd in the place of a word, everywhere."""
    words = re.findall(rb"[A-Za-z0-9/.-]{2,}", raw[:200_000])
    return raw.replace(rng.choice(words), rng.choice(ODD[:-1]), rng.choice((1, 20))) if words else raw


def encode_again(raw: bytes, rng: random.Random) -> bytes:
    text = raw.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-32", "cp1252", "utf-7", "utf-8-sig")), "replace")


MUTATORS = (cut, flip, put_in, take_out, repeat, swap_lines, swap_cells, replace_word, encode_again)


def mutate(raw: bytes, rng: random.Random) -> bytes:
    """Change a file, or one of the parts of one that is packed."""
    if raw.startswith(b"PK\x03\x04") and rng.random() < 0.8:
        return _with_changed_part(raw, rng)
    for _ in range(rng.randint(1, 3)):
        raw = rng.choice(MUTATORS)(raw, rng) or b" "
    return raw


def _with_changed_part(raw: bytes, rng: random.Random) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        names = before.namelist()
        changed = rng.choice(names)
        for name in names:
            content = before.read(name)
            after.writestr(name, mutate(content, rng) if name == changed and content else content)
    return packed.getvalue()


def confuse_files(files: dict[str, bytes], rng: random.Random) -> dict[str, bytes]:
    """Leave a file out, or give it the name or the place of another."""
    changed, (one, two) = dict(files), (rng.choice(list(files)), rng.choice(list(files)))
    what = rng.randrange(4)
    if what == 0 and len(files) > 1:
        del changed[one]
    elif what == 1:
        changed[one], changed[two] = files[two], files[one]
    elif what == 2:
        changed[f"copy of {one.rpartition('/')[2]}"] = files[one]
    else:
        changed[one] = files[two]
    return changed


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def mutations(files: dict[str, bytes], count: int, seed: str) -> Iterator[dict[str, bytes]]:
    for number in range(count):
        rng = random.Random(f"{seed} {number}")  # noqa: S311 - mutations, not secrets
        if rng.random() < 0.1:
            yield confuse_files(files, rng)
        else:
            # Tables may be there alone, and are soon read then; what else has several files needs them all.
            count = 4 if seed.startswith("ssd_") else len(files)
            some = rng.sample(list(files), count)
            yield {name: files[name] for name in some[1:]} | {some[0]: mutate(files[some[0]], rng)}


def values_of(files: dict[str, bytes]) -> set[str]:
    """Words with a digit in them, but for the names of columns: identifiers, dates, numbers."""
    texts = [raw.decode("latin-1") for raw in files.values()]
    words, names = (
        {word for text in some for word in re.findall(r"\w{6,}", text)}
        for some in (texts, [text.partition("\n")[0] for text in texts if text.isascii()])
    )
    return {word for word in words - names if any(letter.isdigit() for letter in word)}


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def place_of(folder: Path) -> Path:
    """Links and addresses are given as files, all else as folders."""
    alone = [file for name in ("families", "addresses") for file in folder.glob(f"*{name}.csv")]
    return alone[0] if alone else folder


@pytest.mark.parametrize("name", CLEAN)
def test_a_source_that_was_damaged_is_read_or_refused(name: str, tmp_path: Path) -> None:
    CLEAN[name](tmp_path / "clean")
    files = contents(tmp_path / "clean")
    assert read_source(place_of(tmp_path / "clean")).tables
    values, found = values_of(files), Counter[str]()
    for number, damaged in enumerate(mutations(files, MUTATIONS, name)):
        folder = tmp_path / "damaged"
        write(folder, damaged)
        try:
            source = read_source(place_of(folder))
        except CscError as refused:
            found[type(refused).__name__] += 1
            said, cause = f"{refused}", refused.__cause__
        else:
            found["read"] += 1
            said, cause = " ".join(source.notes), None
        assert not values & set(re.findall(r"\w+", said)), f"mutation {number}"
        assert cause is None
        shutil.rmtree(folder)
    sys.stdout.write(f"{name}: {MUTATIONS} mutations: {dict(found.most_common())}\n")
    assert found.total() == MUTATIONS
