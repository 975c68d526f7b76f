"""One cell, start to end.

Records, history, question, folds, representation, classifier and tuning, scores, run.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from csc_experiments.cell import Cell, FoldResult
from csc_experiments.cell_record import (
    cell_record,
    other_records,
    others_fingerprint,
    same_cases,
    trial_records,
)
from csc_experiments.config import ExperimentConfig
from csc_experiments.errors import ConfigError, CscError
from csc_experiments.evaluation.scores import evaluate
from csc_experiments.history.events import History, build_history
from csc_experiments.protocol.lock import EXPLORING, Terms
from csc_experiments.provenance import code_version, digest
from csc_experiments.questions.cohort import Cohort, ask
from csc_experiments.questions.labels import meds_labels
from csc_experiments.questions.unseen import unseen_by
from csc_experiments.records import read_extract, read_records
from csc_experiments.representations.build import Representations
from csc_experiments.representations.settings import StructuredConfig
from csc_experiments.representations.store import BlockStore
from csc_experiments.seeds import seed_for
from csc_experiments.tracking.artifacts import CellArtifacts
from csc_experiments.tracking.runs import RunStore
from csc_experiments.tripwires import Finding, Scene, alarms, as_table, inspect, refusal
from csc_experiments.validation.authorities import join_authorities
from csc_experiments.validation.diagnostics import alike_table, covariates, fold_table
from csc_experiments.validation.folds import Fold, outer_folds

NO_ALARM = "none"
SHAPING_CODE = (
    "cell.py",
    "classifiers",
    "evaluation",
    "experiment.py",
    "history",
    "privacy",
    "questions",
    "records",
    "representations",
    "seeds.py",
    "tuning",
    "validation",
)


@dataclass(frozen=True, slots=True)
class CellResult:
    """What came out of a cell.

    Attributes
    ----------
    run_id : str
    scores : dict of str to float
        Empty if the cell had been finished before.
    """

    run_id: str
    scores: dict[str, float]


def run_cell(config: ExperimentConfig, terms: Terms = EXPLORING) -> CellResult:
    """Run one cell and write it to the store, unless it is finished already.

    A cell that refuses to run is written as a failed run before its error is raised.

    Parameters
    ----------
    config : ExperimentConfig
    terms : Terms
        The study's locked protocol, and whether the cell belongs to it.

    Raises
    ------
    CscError
        As `docs/errors.md` lists them.
    """
    key = cell_key(config)
    store = RunStore(config.tracking, config.study_name)
    finished = store.find(key)
    if finished is not None:
        return CellResult(finished, {})
    started = time.time()
    try:
        with threadpool_limits(limits=1):
            learned = _learn(config, key)
            cohort, findings, results = learned.cohort, learned.findings, learned.results
            predictions = _predictions(cohort, results)
            scores = _scores(config, predictions)
    except CscError as error:
        tripped = refusal(error)
        said = alarms([tripped]) if tripped else ""
        refused = cell_record(config, shaping_version(), error=type(error).__name__, alarms=said)
        store.refuse(refused, cell_key=key, started=started)
        raise
    artifacts = CellArtifacts(
        config.shaping,
        predictions,
        meds_labels(cohort),
        cohort.flow,
        fold_table(cohort, [result.fold for result in results]),
        learned.alike,
        as_table(findings),
        _notes(results),
        [result.model for result in results],
    )
    cases = same_cases(predictions)
    record = cell_record(
        config,
        shaping_version(),
        scores=scores,
        cases=cases,
        alarms=alarms(findings) or NO_ALARM,
        terms=terms.tags(config.tracking, cases),
    )
    trials = trial_records(config, [result.trials for result in results])
    run_id = store.write(record, trials, artifacts.write, cell_key=key, started=started)
    return CellResult(run_id, scores)


def cell_key(config: ExperimentConfig) -> str:
    """Hash of the configuration, the records and the code: equal keys, equal results.

    Raises
    ------
    ConfigError
        If the records are another authority's than the configuration says.
    """
    extract = read_extract(Path(config.dataset.records))
    if extract.authority != config.dataset.authority:
        raise ConfigError(
            f"dataset.authority={config.dataset.authority} does not name the authority of the records.",
            todo=f"{config.dataset.records}/extract.yaml says which it is.",
        )
    fingerprints = [extract.fingerprint, others_fingerprint(config)]
    return digest([config.shaping, *fingerprints, shaping_version()])


def shaping_version() -> str:
    """Hash of all code that shapes a result."""
    return code_version(*SHAPING_CODE)


def load_cohort(config: ExperimentConfig) -> tuple[History, Cohort]:
    """Read an authority's records and ask the question of them; kept for the next cell of this process.

    The records of the authorities that `validation.others` names are read, asked and joined in the same way.
    """
    folders = [Path(config.dataset.records), *other_records(config)]
    histories = [_history(folder, read_extract(folder).fingerprint) for folder in folders]
    return join_authorities([(history, ask(config.question, history)) for history in histories])


def block_store(config: ExperimentConfig) -> BlockStore:
    """Return where matrices are kept from cell to cell."""
    return BlockStore(Path(config.paths.cache) / "blocks", int(config.cache_gib * 2**30))


@lru_cache(maxsize=4)
def _history(folder: Path, fingerprint: str) -> History:  # noqa: ARG001 - other records, another entry
    return build_history(read_records(folder))


@dataclass(frozen=True, slots=True)
class _Learned:
    """Who was asked about, what the checks of the folds found, and a result for each of them."""

    cohort: Cohort
    findings: tuple[Finding, ...]
    alike: pl.DataFrame
    results: list[FoldResult]


def _learn(config: ExperimentConfig, key: str) -> _Learned:
    """Divide, describe, look for leaks in the first fold, tune and fit: one result per outer fold."""
    history, cohort = load_cohort(config)
    seed = seed_for(config.seed, "folds", config.dataset.authority, config.question.name)
    store = block_store(config)
    unseen = unseen_by(config.question)
    describe = Representations(history, cohort, config.question.document_types, store, unseen)
    cell = Cell(config, cohort, describe, key)
    folds = outer_folds(cohort, config.validation, seed)
    scene = Scene(history, cohort, folds[0], tuple(config.question.document_types))
    findings = inspect(scene, cell.matrix(folds[0], "0"), cell.blocks, describe)
    alike = _alike(config, cohort, folds, describe)
    results = [cell.learn(number, fold) for number, fold in enumerate(folds)]
    return _Learned(cohort, findings, alike, results)


def _alike(
    config: ExperimentConfig, cohort: Cohort, folds: Sequence[Fold], describe: Representations
) -> pl.DataFrame:
    """Test whether the sides of each fold look alike, by the structured data that the cell has anyway."""
    blocks = {name: block for name, block in config.blocks.items() if isinstance(block, StructuredConfig)}
    everyone = np.arange(cohort.rows.height)
    compared = covariates(cohort)
    if blocks and config.validation.permutations:
        matrix = describe.matrix(blocks, everyone, everyone, config.seed)
        compared = covariates(cohort, matrix.values, matrix.names)
    return alike_table(
        cohort,
        folds,
        compared,
        config.validation.design,
        permutations=config.validation.permutations,
        seed=seed_for(config.seed, "alike", config.dataset.authority, config.question.name),
    )


def _predictions(cohort: Cohort, results: Sequence[FoldResult]) -> pl.DataFrame:
    """One row per held-out case: the predictions frame that `evaluation` reads."""
    return pl.concat(
        cohort.rows[result.fold.test]
        .select("subject_id", "family_id", "prediction_time", "outcome")
        .with_columns(score=result.scores, fold=pl.lit(number, pl.Int32))
        for number, result in enumerate(results)
    )


def _notes(results: Sequence[FoldResult]) -> dict[str, pl.DataFrame]:
    """Put the notes of all folds under one another, by name."""
    names = dict.fromkeys(name for result in results for name in result.notes)
    return {
        name: pl.concat(
            result.notes[name].with_columns(fold=pl.lit(number, pl.Int32))
            for number, result in enumerate(results)
        )
        for name in names
    }


def _scores(config: ExperimentConfig, predictions: pl.DataFrame) -> dict[str, float]:
    """Score the predictions; cases that are tested again in a repeat are no further cases."""
    seed = seed_for(config.seed, "bootstrap", config.dataset.authority, config.question.name)
    scores = evaluate(predictions, replicates=config.evaluation.replicates, seed=seed)
    return scores | {name: scores[name] / config.validation.repeats for name in ("rows", "positives")}
