"""Asking: from records to a history to every question; time, memory, and how both grow.

`python benchmarks/asking.py` prints the tables that docs/speed.md quotes; some minutes, most of them
inventing. `python benchmarks/asking.py --counts > docs/questions/counts.md` writes what each question
finds in la1 to la6. Authorities are invented without documents, which no question asks about.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from csc_experiments.config import choices, compose_experiment
from csc_experiments.errors import EmptyCohortError
from csc_experiments.history.events import build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.records import read_records
from csc_experiments.records.store import write_records
from csc_experiments.synthetic import settings_from
from csc_experiments.synthetic.simulation import simulate_lives

POPULATION = 65_000  # of la1
AUTHORITIES = [f"la{number}" for number in range(1, 7)]


def invent(authority: str, folder: Path, population: int | None = None) -> None:
    config = compose_experiment([f"dataset={authority}"])
    knobs = dict(config.dataset.synthetic or {})
    if population is not None:
        knobs["child_population"] = population
    settings = settings_from(authority, knobs)
    lives = simulate_lives(settings, config.seed)
    write_records(
        folder,
        authority=authority,
        extract_date=settings.last_day,
        coverage=(settings.first_day, settings.last_day),
        sources=("invented",),
        tables=lives.standard_tables(),
    )


def asked(folder: Path) -> dict[str, Any]:
    """Read, build and ask in this process, and say what it took."""
    questions = [compose_experiment([f"question={name}"]).question for name in choices("question")]
    records = read_records(folder)
    start = time.perf_counter()
    history = build_history(records)
    said: dict[str, Any] = {
        "history": time.perf_counter() - start,
        "events": history.events.height,
        "cells": {},
    }
    for question in questions:
        start = time.perf_counter()
        try:
            cohort = ask(question, history)
        except EmptyCohortError:
            continue
        seconds = time.perf_counter() - start
        said["cells"][question.name] = {
            "seconds": seconds,
            "rows": cohort.rows.height,
            "children": cohort.rows["subject_id"].n_unique(),
            "positives": int(cohort.rows["outcome"].sum()),
            "flow": cohort.flow.rows(),
        }
    said["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return said


def measured(authority: str, population: int | None = None) -> dict[str, Any]:
    """Invent in one process and ask in another, so that peaks do not mix."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / authority
        size = [] if population is None else [f"{population}"]
        subprocess.run([sys.executable, __file__, "--invent", authority, str(folder), *size], check=True)
        said = subprocess.run(
            [sys.executable, __file__, "--ask", str(folder)], check=True, capture_output=True, text=True
        ).stdout
    found: dict[str, Any] = json.loads(said)
    return found


def say(*cells: object) -> None:
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def growth(sizes: dict[str, float]) -> None:
    say("tables", "events", "history, s", "questions", "all, s", "slowest, s", "GiB")
    say("---", *["---:"] * 6)
    for name, size in sizes.items():
        one = measured("la1", round(POPULATION * size))
        seconds = [cell["seconds"] for cell in one["cells"].values()]
        cells = (f"{one['history']:.1f}", len(seconds), f"{sum(seconds):.1f}", f"{max(seconds):.2f}")
        say(name, f"{one['events']:,}", *cells, f"{one['peak']:.2f}")
    print()


def whole(found: dict[str, dict[str, Any]]) -> None:
    say("authority", "events", "history, s", "ten questions, s", "GiB")
    say("---", *["---:"] * 4)
    for authority, one in found.items():
        seconds = sum(cell["seconds"] for cell in one["cells"].values())
        say(authority, f"{one['events']:,}", f"{one['history']:.1f}", f"{seconds:.1f}", f"{one['peak']:.2f}")
    print()


def counts(found: dict[str, dict[str, Any]]) -> None:
    """Print the page of what each question finds, and of who is left out."""
    print("# What the questions find in invented authorities\n")
    print("Nobody lives in these authorities, so exact counts may be shown. Written by")
    print("`python benchmarks/asking.py --counts`.\n")
    print("Cases asked about / children among them / cases with the outcome (their share):\n")
    say("question", *found)
    say("---", *["---:"] * len(found))
    for name in choices("question"):
        cells = [one["cells"].get(name) for one in found.values()]
        say(f"[{name}]({name}.md)", *(shown(cell) for cell in cells))
    print()
    for name in choices("question"):
        print(f"## {name}\n")
        say("criterion", *found)
        say("---", *["---:"] * len(found))
        for row in flow_of(name, found):
            say(*row)
        print()


def shown(cell: dict[str, Any] | None) -> str:
    if cell is None:
        return "none"
    share = cell["positives"] / cell["rows"]
    return f"{cell['rows']:,} / {cell['children']:,} / {cell['positives']:,} ({share:.0%})"


def flow_of(name: str, found: dict[str, dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    flows = [{row[0]: row for row in one["cells"].get(name, {"flow": []})["flow"]} for one in found.values()]
    criteria = list(dict.fromkeys(criterion for flow in flows for criterion in flow))
    yield "index events", *(f"{flow['index events'][2]:,}" if flow else "" for flow in flows)
    for criterion in criteria[1:]:
        yield criterion, *(removed(flow, criterion) for flow in flows)
    yield "asked about", *(f"{list(flow.values())[-1][2]:,}" if flow else "" for flow in flows)


def removed(flow: dict[str, Any], criterion: str) -> str:
    count = flow[criterion][1] if flow else 0
    return f"-{count:,}" if count else "0" if flow else ""


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--invent", authority, folder, *size]:
            invent(authority, Path(folder), int(size[0]) if size else None)
        case ["--ask", folder]:
            print(json.dumps(asked(Path(folder))))
        case ["--counts"]:
            counts({authority: measured(authority) for authority in AUTHORITIES})
        case _:
            growth({"1x": 1, "2x": 2, "4x": 4})
            whole({authority: measured(authority) for authority in AUTHORITIES})
