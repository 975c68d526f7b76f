"""Inventing an authority: time and memory, and how both grow with the number of children.

`python benchmarks/inventing.py` prints the tables that docs/speed.md quotes; about half an hour, most of it
the documents of la1 to la6.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

COMMAND = str(Path(sys.executable).with_name("csc-experiments"))
POPULATION = 65_000  # of la1
NO_DOCUMENTS = "--as", "ssd_parquet"


def peak_of_children() -> float:
    """Return the most memory that one process used, in GiB, of all that have ended."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20


def invent(folder: Path, *arguments: str) -> tuple[float, float]:
    """Return seconds and peak memory; measured by a process of its own, so that peaks do not mix."""
    said = [sys.executable, __file__, "--one", *arguments, "--quiet", "--out", str(folder)]
    seconds, peak = subprocess.run(said, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(peak)


def say(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def growth(title: str, arguments: tuple[str, ...], sizes: dict[str, float]) -> None:
    say(title, "children living there", "seconds", "against the first", "GiB")
    say("---", "---:", "---:", "---:", "---:")
    first = 0.0
    for name, size in sizes.items():
        population = round(POPULATION * size)
        with tempfile.TemporaryDirectory() as folder:
            knob = f"child_population={population}"
            seconds, peak = invent(Path(folder), "la1", "--set", knob, *arguments)
        first = first or seconds
        say(name, f"{population:,}", f"{seconds:.1f}", f"{seconds / first:.1f}", f"{peak:.2f}")
    print()


def whole_authorities() -> None:
    say("authority", "seconds", "GiB", "documents", "million words")
    say("---", "---:", "---:", "---:", "---:")
    for number in range(1, 7):
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            seconds, peak = invent(folder, f"la{number}")
            texts = pl.scan_parquet(folder / f"la{number}" / "documents.parquet").select("text")
            words = texts.select(pl.len(), words=pl.col("text").str.count_matches(r"\S+").sum())
            documents, count = words.collect(engine="streaming").row(0)
        say(f"la{number}", f"{seconds:.0f}", f"{peak:.2f}", f"{documents:,}", f"{count / 1e6:.0f}")


def one(*arguments: str) -> None:
    start = time.perf_counter()
    subprocess.run([COMMAND, "synthesise", *arguments], check=True, stdout=subprocess.DEVNULL)
    print(time.perf_counter() - start, peak_of_children())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        growth("tables", NO_DOCUMENTS, {"1x": 1, "3x": 3, "10x": 10})
        growth("with documents", (), {"0.1x": 0.1, "0.3x": 0.3, "1x": 1})
        whole_authorities()
