"""What a model on structured history can learn from an invented authority: something, and not too much."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from omegaconf import OmegaConf
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import Cohort, ask
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.questions.unseen import unseen_by
from csc_experiments.records import Extract, Records
from csc_experiments.representations.settings import StructuredConfig
from csc_experiments.representations.structured.features import describe_cohort
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.choices import Leak
from csc_experiments.synthetic.simulation import simulate_lives
from csc_experiments.validation.folds import outer_folds
from csc_experiments.validation.settings import Design, ValidationConfig

CONF = Path(__file__).parents[2] / "conf" / "question"
ESCALATES, RETURNS = "open_case_escalates", "closed_nfa_rereferred"
DESIGN = ValidationConfig(name="all_cases", label="", design=Design.ALL_CASES, folds=3, min_positives=5)
MODEL = make_pipeline(StandardScaler(), LogisticRegression(C=0.003, max_iter=500))
LA1 = AuthoritySettings(authority="la1", child_population=20_000, years=5)


@cache
def history(settings: AuthoritySettings, seed: int) -> History:
    extract = Extract("la1", settings.last_day, settings.first_day, settings.last_day, ("invented",))
    return build_history(Records(extract, simulate_lives(settings, seed).standard_tables()))


def question_named(name: str) -> QuestionConfig:
    said = OmegaConf.merge(OmegaConf.structured(QuestionConfig), OmegaConf.load(CONF / f"{name}.yaml"))
    question = OmegaConf.to_object(said)
    assert isinstance(question, QuestionConfig)
    return question


def cohort(name: str, known: History) -> Cohort:
    return ask(question_named(name), known)


def scores(name: str, known: History) -> tuple[list[float], list[float]]:
    """Areas under the curve, and average precision as a multiple of the base rate; one for each fold."""
    asked = cohort(name, known)
    config = StructuredConfig(windows_days=[365, None], family=False)
    unseen = unseen_by(question_named(name))
    raw, _ = describe_cohort(asked.rows, known.events, known.subjects, config, unseen)
    values = np.nan_to_num(raw.toarray())
    outcome = asked.rows["outcome"].to_numpy()
    areas, lifts = [], []
    for fold in outer_folds(asked, DESIGN, 1):
        score = MODEL.fit(values[fold.train], outcome[fold.train]).decision_function(values[fold.test])
        areas.append(float(roc_auc_score(outcome[fold.test], score)))
        precision = average_precision_score(outcome[fold.test], score)
        lifts.append(float(precision / outcome[fold.test].mean()))
    return areas, lifts


@pytest.mark.parametrize(
    ("name", "low", "high", "least_lift"), [(ESCALATES, 0.66, 0.78, 1.9), (RETURNS, 0.60, 0.75, 1.4)]
)
def test_structured_history_predicts_something_but_not_much(
    name: str, low: float, high: float, least_lift: float
) -> None:
    # As many children as live in la1: of a few hundred outcomes nothing much can be learned.
    found = [scores(name, history(replace(LA1, child_population=65_000), seed)) for seed in (1, 2)]
    areas, lifts = np.mean(found, axis=(0, 2))
    assert low < areas < high
    assert least_lift < lifts < 3.2


@pytest.mark.parametrize("name", [ESCALATES, RETURNS])
def test_without_signal_nothing_predicts(name: str) -> None:
    none = replace(LA1, child_population=10_000, signal=0.0)
    areas = [np.mean(scores(name, history(none, seed))[0]) for seed in (1, 2, 3)]
    # Some 500 outcomes, of which siblings share most: the standard error is about 0.015.
    assert abs(np.mean(areas) - 0.5) < 0.035


def test_a_strong_signal_is_easier_to_learn_than_a_modest_one() -> None:
    strong, modest = (
        np.mean([scores(ESCALATES, history(settings, seed))[0] for seed in (1, 2)])
        for settings in (replace(LA1, child_population=10_000, signal=2.0), LA1)
    )
    assert strong > modest + 0.03


@pytest.mark.parametrize(
    "leak",
    [
        Leak.LATER_RETURN_OVERWRITES,
        Leak.PRESCIENT_DURATION,
        Leak.WORKER_SET_LATER,
        Leak.BACKDATED_ASSESSMENT,
    ],
)
def test_a_planted_leak_makes_a_model_look_better_than_any_honest_one(leak: Leak) -> None:
    clean = np.mean(scores(ESCALATES, history(LA1, 1))[0])
    assert np.mean(scores(ESCALATES, history(replace(LA1, leak=leak), 1))[0]) > clean + 0.03


def test_a_closing_form_opened_early_tells_who_will_not_escalate() -> None:
    known = history(replace(LA1, leak=Leak.CLOSURE_KNOWN_EARLY), 1)
    closed = known.events.filter(pl.col("code").is_in(["REFERRAL//CLOSE//RC8", "REFERRAL//CLOSE//RC9"]))
    rows = cohort(ESCALATES, known).rows
    early = rows.join(closed.select("subject_id", "time"), on="subject_id").filter(
        pl.col("time").is_between(pl.col("prediction_time") - pl.duration(days=70), "prediction_time")
    )
    assert early.height > 300
    assert early["outcome"].mean() < 0.5 * rows["outcome"].mean()
