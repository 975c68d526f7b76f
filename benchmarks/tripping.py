"""Which tripwires go off: planted leaks, each by its own name, and clean records, which must be silent.

    python benchmarks/tripping.py [--seeds 1] [--clean 50]

prints the tables that docs/tripwires.md quotes (a quarter of an hour on two idle processors).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import numpy as np
import polars as pl
from joblib import Parallel, delayed

from csc_experiments.arguments import SMALL
from csc_experiments.config import compose_experiment
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.records import Extract, Records, conform
from csc_experiments.representations.build import Representations
from csc_experiments.representations.store import BlockStore
from csc_experiments.seeds import seed_for
from csc_experiments.synthetic import settings_from
from csc_experiments.synthetic.choices import Leak
from csc_experiments.synthetic.simulation import simulate_lives
from csc_experiments.synthetic.writing import write_documents
from csc_experiments.tripwires import Scene, alarms, inspect
from csc_experiments.validation.folds import outer_folds

SIZE = {**SMALL, "children": 2000, "notes_per_quarter": 0.1}
AUTHORITIES = ("la1", "la2", "la3", "la4", "la5", "la6")
QUESTIONS = ("open_case_escalates", "closed_nfa_rereferred")
IN_TEXT = (Leak.NONE, Leak.TEXT_NAMES_OUTCOME, Leak.TITLE_NAMES_OUTCOME, Leak.SIBLING_COPIES)
"""With documents of their own; other leaks leave documents as they are (tests/synthetic/test_leaks.py)."""
Told = tuple[str, Leak, int, str, str, float]


def invent(authority: str, seed: int, leaks: Sequence[Leak]) -> Iterator[tuple[Leak, Records]]:
    base = compose_experiment([f"dataset={authority}"])
    clean = settings_from(authority, {**(base.dataset.synthetic or {}), **SIZE})
    extract = Extract(authority, clean.last_day, clean.first_day, clean.last_day, ("invented",))
    shared = None
    for leak in leaks:
        settings = replace(clean, leak=leak)
        lives = simulate_lives(settings, seed)
        if shared is None or leak in IN_TEXT:
            written = [part.documents for part in write_documents(settings, seed, lives, workers=1)]
            documents = conform("documents", pl.concat(written), "documents")
            shared = documents if leak is Leak.NONE else shared
        else:
            documents = shared
        yield leak, Records(extract, {**lives.standard_tables(), "documents": documents})


def look(authority: str, seed: int, leaks: Sequence[Leak]) -> list[Told]:
    """Invent an authority with each leak and run every tripwire on a cell of each question."""
    return [
        told
        for leak, records in invent(authority, seed, leaks)
        for told in inspected(authority, leak, seed, build_history(records))
    ]


def inspected(authority: str, leak: Leak, seed: int, history: History) -> Iterator[Told]:
    for question in QUESTIONS:
        config = compose_experiment([f"question={question}", "representation=structured"])
        cohort = ask(config.question, history)
        fold = outer_folds(cohort, config.validation, seed_for(seed, "folds", authority, question))[0]
        types = config.question.document_types
        with tempfile.TemporaryDirectory() as made:
            describe = Representations(history, cohort, types, BlockStore(Path(made)))
            rows = np.union1d(fold.train, fold.test)
            matrix = describe.matrix(config.blocks, fold.train, rows, seed)
            start = time.perf_counter()
            found = inspect(Scene(history, cohort, fold, tuple(types)), matrix, config.blocks, describe)
            yield authority, leak, seed, question, alarms(found), time.perf_counter() - start


def run(seeds: int, clean: int) -> list[Told]:
    """Plant every leak in each authority for some seeds; leave the rest of the seeds clean."""
    jobs = [
        (authority, seed, tuple(Leak) if number < seeds * len(AUTHORITIES) else (Leak.NONE,))
        for number, (authority, seed) in enumerate(zip(cycle(AUTHORITIES), range(1, clean + 1), strict=False))
    ]
    every = []
    for told in Parallel(n_jobs=2, return_as="generator_unordered")(delayed(look)(*job) for job in jobs):
        every += told
        for authority, leak, seed, question, names, seconds in told:
            line = f"{authority} {leak} {seed} {question}: {names} ({seconds:.2f} s)"
            print(line, file=sys.stderr, flush=True)
    return every


def report_planted(every: Sequence[Told]) -> None:
    print("| leak | " + " | ".join(f"`{question}`" for question in QUESTIONS) + " | other alarms |")
    print("|---|---:|---:|---|")
    for leak in Leak:
        told = [(question, names.split(",")) for _, kind, _, question, names, _ in every if kind is leak]
        others = Counter(name for _, names in told for name in names if name not in {leak.value, ""})
        said = ", ".join(f"`{name}` {count}" for name, count in sorted(others.items()))
        caught = []
        for question in QUESTIONS:
            own = [leak.value in names for asked, names in told if asked == question]
            caught.append(f"{sum(own)} of {len(own)}")
        if leak is not Leak.NONE:
            print(f"| `{leak}` | {' | '.join(caught)} | {said} |")


def report_clean(every: Sequence[Told]) -> None:
    clean = [told for told in every if told[1] is Leak.NONE]
    seeds = len({told[2] for told in clean})
    false = [told for told in clean if told[4]]
    print(f"\nWithout a leak: {len(false)} of {len(clean)} cells with an alarm ({seeds} seeds).")
    for authority, _, seed, question, names, _ in false:
        print("-", authority, seed, question, names)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="of each authority, with every leak")
    parser.add_argument("--clean", type=int, default=50, help="in all, without a leak")
    arguments = parser.parse_args()
    found = run(arguments.seeds, arguments.clean)
    report_planted(found)
    report_clean(found)
