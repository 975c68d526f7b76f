"""What was held out is looked at with a chosen cell, and each look is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from csc_experiments.config import StudyConfig, compose_experiment
from csc_experiments.errors import ConfigError
from csc_experiments.experiment import load_cohort
from csc_experiments.holdout import look_at_holdout
from csc_experiments.planning import Plan, lock_plan, plan_study
from csc_experiments.protocol.settings import ProtocolConfig
from csc_experiments.seeds import seed_for
from csc_experiments.study import run_plan
from csc_experiments.synthetic import settings_from, write_authority
from csc_experiments.tracking.query import compare_cells
from csc_experiments.validation.folds import holdout_rows

STUDY = StudyConfig(
    "kept",
    "A study that holds a fifth out",
    overrides=["validation.folds=2", "evaluation.replicates=20", "validation.holdout_share=0.2"],
    grids=[{"dataset": ["la1"], "classifier": ["prevalence", "previous_referrals"]}],
    protocol=ProtocolConfig(
        question=["closed_nfa_rereferred"],
        validation=["all_cases"],
        representation=["structured"],
        classifier=["previous_referrals"],
        seed=[2020],
        selection="There is but one.",
    ),
)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented")
    knobs = {"children": 1500, "document_words": 0.03, "notes_per_quarter": 0.0}
    write_authority(settings_from("la1", knobs), 1, folder / "la1")
    return folder


@pytest.fixture(autouse=True)
def workspace(records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("records").symlink_to(records)


def finished(study: StudyConfig = STUDY) -> Plan:
    assert not [outcome for outcome in run_plan(lock_plan(study, plan_study(study)), 1) if outcome.refusal]
    return lock_plan(study, plan_study(study))


def runs(classifier: str) -> dict[str, str]:
    """Map what each cell of a classifier was tested on to its run."""
    frame = compare_cells(compose_experiment().tracking, "kept", where={"classifier": classifier})
    return dict(zip(frame["variant"], frame["run_id"], strict=True))


def predictions_of(run_id: str) -> pl.DataFrame:
    (path,) = Path("mlruns").rglob(f"{run_id}/artifacts/**/predictions.parquet")
    return pl.read_parquet(path)


def test_exactly_what_no_fold_saw_is_tested_on_and_each_look_is_counted() -> None:
    plan = finished()
    (chosen,) = runs("previous_referrals").values()
    said = look_at_holdout(STUDY, plan, chosen[:8])
    assert said.endswith("This is the first look at these held-out cases.")
    both = runs("previous_referrals")
    assert set(both) == {"validation.test_on=folds", "validation.test_on=holdout"}
    config = plan.finished[0]
    _, cohort = load_cohort(config)
    seed = seed_for(config.seed, "folds", config.dataset.authority, config.question.name)
    held = cohort.rows[holdout_rows(cohort, config.validation, seed)]
    keys = ["subject_id", "prediction_time"]
    looked_at = predictions_of(both["validation.test_on=holdout"])
    assert looked_at.sort(keys)[keys].equals(held.sort(keys)[keys])
    assert not set(predictions_of(chosen)["family_id"]) & set(looked_at["family_id"])

    # Asked again, it is the same look; with another cell it is another.
    assert look_at_holdout(STUDY, plan, chosen) == said
    (other,) = runs("prevalence").values()
    assert look_at_holdout(STUDY, plan, other).endswith("one of 2 looks at these held-out cases.")
    frame = compare_cells(compose_experiment().tracking, "kept", where={"validation.test_on": "holdout"})
    standing = dict(zip(frame["classifier"], frame["protocol"], strict=True))
    # The first confirms what the protocol named; who looks with another cell explores.
    assert standing == {"previous_referrals": "confirmatory", "prevalence": "exploratory"}


def test_a_look_before_its_time_is_refused() -> None:
    nothing_held = replace(STUDY, overrides=STUDY.overrides[:2], protocol=None)
    with pytest.raises(ConfigError, match="2 cells of study kept are not finished"):
        look_at_holdout(STUDY, plan_study(STUDY), "0")
    plan = finished(nothing_held)
    (chosen,) = runs("prevalence").values()
    with pytest.raises(ConfigError, match="nothing is held out"):
        look_at_holdout(nothing_held, plan, chosen)
    for unknown in ("", "no-such-run"):
        with pytest.raises(ConfigError, match="finished cells of study kept have a run that begins so"):
            look_at_holdout(nothing_held, plan, unknown)
