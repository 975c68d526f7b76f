"""Speed, side by side in one run: each figure beside what it is held against, and their ratio.

`make bench` prints the table that docs/speed.md quotes. Nothing is asserted: a machine may be busy.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from lxml import etree
from sklearn.metrics import average_precision_score, roc_auc_score
from threadpoolctl import threadpool_limits

from csc_experiments import experiment
from csc_experiments.config import compose_experiment
from csc_experiments.evaluation.scores import evaluate
from csc_experiments.records.cin_census.census import read_cin_census
from csc_experiments.synthetic import AuthoritySettings, write_authority

CENSUS = Path(__file__).parents[1] / "tests" / "data" / "cin_census" / "fake_CIN_data.xml"
REPEATS = 5


def median_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def say(what: str, seconds: float, against: str, other: float) -> None:
    print(f"| {what} | {seconds:.3f} s | {against} | {other:.3f} s | {seconds / other:.2f} |", flush=True)


def command_starts() -> None:
    program = Path(sys.executable).with_name("csc-experiments")
    ours = median_seconds(lambda: subprocess.run([program, "--help"], check=True, capture_output=True))
    bare = median_seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True))
    say("`csc-experiments --help`", ours, "Python that does nothing", bare)


def cell_costs(folder: Path) -> None:
    write_authority(AuthoritySettings(authority="la1", children=6000), 1, folder / "records" / "la1")
    os.chdir(folder)
    choices = ["classifier=logistic_regression", "tuning=quick", "evaluation.replicates=200"]
    experiment.run_cell(compose_experiment([*choices, "seed=1"]))
    for name, more in (("without trials", ["classifier=prevalence"]), ("with 25 trials", [])):
        whole, inner = [], []
        for seed in range(2, 2 + REPEATS):
            config = compose_experiment([*choices, *more, f"seed={seed}"])
            # The blocks of new folds are made once, outside what is timed.
            inner_seconds(config)
            shutil.rmtree(folder / "cache" / "trials") if (folder / "cache" / "trials").exists() else None
            start = time.perf_counter()
            experiment.run_cell(compose_experiment([*choices, *more, f"seed={seed}"]))
            whole.append(time.perf_counter() - start)
            shutil.rmtree(folder / "cache" / "trials") if (folder / "cache" / "trials").exists() else None
            inner.append(inner_seconds(config))
        say(
            f"a warm cell {name}, composed, run, tracked",
            statistics.median(whole),
            "its fitting and scoring alone",
            statistics.median(inner),
        )


def inner_seconds(config: experiment.ExperimentConfig) -> float:
    start = time.perf_counter()
    with threadpool_limits(limits=1):
        learned = experiment._learn(config, experiment.cell_key(config))  # noqa: SLF001
        predictions = experiment._predictions(learned.cohort, learned.results)  # noqa: SLF001
        evaluate(predictions, replicates=config.evaluation.replicates, seed=1)
    return time.perf_counter() - start


def census_is_read(folder: Path) -> None:
    big = folder / "census.xml"
    root = etree.parse(str(CENSUS)).getroot()
    children = root.find("Children")
    once = list(children)
    for _ in range(15):
        children.extend([etree.fromstring(etree.tostring(child)) for child in once])
    big.write_bytes(etree.tostring(root))

    def walk() -> None:
        for _, element in etree.iterparse(str(big), tag="Child"):
            element.clear()

    count = len(children)
    say(
        f"a CIN census of {count} children",
        median_seconds(lambda: read_cin_census(big)),
        "lxml that walks over it",
        median_seconds(walk),
    )


def bootstrap() -> None:
    rng = np.random.default_rng(0)
    rows, families, draws = 2000, 900, 200
    frame = pl.DataFrame(
        {
            "subject_id": np.arange(rows),
            "family_id": rng.integers(0, families, rows),
            "prediction_time": [None] * rows,
            "outcome": rng.random(rows) < 0.15,
            "score": rng.random(rows),
            "fold": np.zeros(rows, dtype=int),
        }
    )
    outcome, score, family = (frame[name].to_numpy() for name in ("outcome", "score", "family_id"))

    def slowly() -> None:
        for _ in range(draws):
            weights = rng.multinomial(families, np.full(families, 1 / families))[family]
            average_precision_score(outcome, score, sample_weight=weights)
            roc_auc_score(outcome, score, sample_weight=weights)

    ours = median_seconds(lambda: evaluate(frame, replicates=draws, seed=1))
    say(
        "200 family-bootstrap draws of both metrics",
        ours,
        "scikit-learn, one draw at a time",
        median_seconds(slowly, 1),
    )


def main() -> None:
    print("| what | median | held against | median | ratio |\n|---|---|---|---|---|")
    command_starts()
    bootstrap()
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as made:
        census_is_read(Path(made))
        cell_costs(Path(made))
        os.chdir(here)


if __name__ == "__main__":
    main()
