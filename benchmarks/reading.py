"""Reading an authority's own files: time, rows a second and memory of each reader, and a whole import.

`python benchmarks/reading.py` prints the tables that docs/speed.md quotes; some twenty minutes, most of them
spent on inventing what is read.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from csc_experiments.records.sources import read_source
from csc_experiments.records.workbooks import read_sheets

COMMAND = str(Path(sys.executable).with_name("csc-experiments"))
CENSUS = Path(__file__).parents[1] / "tests" / "data" / "cin_census" / "fake_CIN_data.xml"
CHILD, LAST = b"<Child>", b"</Children>"
LARGE = 10**9
EXPORTS = ("cin_census", "ssda903", "annex_a", "documents")
COVERS = ("--covers", "2020-04-01", "2025-03-31")


def say(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def census(path: Path, *, children: int = 0, size: int = 0) -> Path:
    """Write a census of so many children or bytes: the sample again and again, every child another one."""
    head, _, rest = CENSUS.read_bytes().partition(CHILD)
    body, _, tail = rest.rpartition(LAST)
    block = CHILD + body
    with path.open("wb") as file:
        file.write(head)
        copy = 0
        while file.tell() < size or copy * block.count(CHILD) < children:
            file.write(block.replace(b"<LAchildID>", b"<LAchildID>%d-" % copy))
            copy += 1
        file.write(LAST + tail)
    return path


def peak(who: int) -> float:
    """Return the most memory used, in GiB."""
    return resource.getrusage(who).ru_maxrss / 2**20


def one(source: str) -> None:
    """Read a source in a process of its own, so that peaks do not mix."""
    start = time.perf_counter()
    read = read_source(source)
    seconds = time.perf_counter() - start
    print(seconds, sum(frame.height for frame in read.tables.values()), peak(resource.RUSAGE_SELF))


def measured(source: Path) -> tuple[float, int, float]:
    said = [sys.executable, __file__, "--one", str(source)]
    seconds, rows, most = subprocess.run(said, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), int(rows), float(most)


def lines_of(folder: Path) -> int:
    """Count the rows of a folder's CSV files or workbooks, without the lines that name columns."""
    books = [sheet.slice(1) for file in folder.rglob("*.xlsx") for sheet in read_sheets(file).values()]
    tables = [pl.read_csv(file, infer_schema=False) for file in folder.rglob("*.csv")]
    return sum(frame.height for frame in (*books, *tables))


def censuses(folder: Path) -> None:
    say("census", "MB", "rows", "seconds", "GiB")
    say("---", "---:", "---:", "---:", "---:")
    for name, said in {"5,000 children": {"children": 5000}, "1 GB": {"size": LARGE}}.items():
        path = census(folder / "census.xml", **said)
        seconds, rows, most = measured(path)
        say(name, f"{path.stat().st_size / 1e6:,.0f}", f"{rows:,}", f"{seconds:.2f}", f"{most:.2f}")
        path.unlink()
    print()


def tables(folder: Path) -> None:
    say("source", "rows in the files", "seconds", "rows a second", "GiB")
    say("---", "---:", "---:", "---:", "---:")
    for name in EXPORTS[1:]:
        seconds, _, most = measured(folder / "la1" / name)
        rows = lines_of(folder / "la1" / name)
        say(name, f"{rows:,}", f"{seconds:.1f}", f"{rows / seconds:,.0f}", f"{most:.2f}")
    print()


def whole_import(folder: Path) -> None:
    said = [COMMAND, "import", *(str(folder / "la1" / name) for name in EXPORTS), *COVERS]
    start = time.perf_counter()
    subprocess.run([*said, "--authority", "la1", "--out", str(folder / "records")], check=True)
    seconds = time.perf_counter() - start
    print(f"\nla1 whole, imported from {', '.join(EXPORTS)}: {seconds:.0f} s,", end=" ")
    print(f"{peak(resource.RUSAGE_CHILDREN):.2f} GiB at most")


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        censuses(folder)
        for name in EXPORTS:
            subprocess.run([COMMAND, "synthesise", "la1", "--as", name, "--out", made, "--quiet"], check=True)
        tables(folder)
        whole_import(folder)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    else:
        main()
