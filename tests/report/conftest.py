from __future__ import annotations

import math

import pandas as pd
import pytest

NASTY = "a_b&c<d>|e%"


@pytest.fixture
def comparison() -> pd.DataFrame:
    """Four invented cells: two settings, one figure that is not available, one name that needs escaping."""
    columns = (
        "authority representation classifier validation prevalence chance average_precision low high auc run"
    )
    drawn = """
        la1  structured  logistic_regression  random_families 0.084 0.096 0.3127 0.2249 0.4051 0.7150 r1
        la1  tfidf       xgboost              random_families 0.084 0.096 0.1012 0.0712 0.1290 0.6120 r2
        la2  structured  NASTY                temporal        0.191 0.223 0.7012 0.6031 0.7701 0.8120 r3
        la2  tfidf       xgboost              temporal        0.191 0.223 nan    nan    nan    0.5120 r4
    """
    lines = [dict(zip(columns.split(), line.split(), strict=True)) for line in drawn.strip().splitlines()]
    return pd.DataFrame([_row(line) for line in lines])


DRAWN = """
    authority representation classifier baseline trials cases chance average_precision low   high  days seed
    la1       structured     prevalence yes      0      c180  0.10   0.090             0.07  0.12  180  7
    la1       structured     previous   yes      0      c180  0.10   0.301             0.21  0.40  180  7
    la1       structured     logistic   no       5      c180  0.10   0.250             0.16  0.35  180  7
    la1       structured     logistic   no       5      c180  0.10   0.220             0.09  0.33  180  8
    la1       structured     boosting   no       20     c365  0.20   0.400             0.19  0.55  365  7
    la1       tfidf          boosting   no       20     c365  0.20   nan               nan   nan   365  7
    la2       structured     previous   yes      0      c2    0.30   0.801             0.71  0.88  365  7
"""


@pytest.fixture
def variants() -> pd.DataFrame:
    """Seven invented cells in three panels: one question of two horizons, two seeds, baselines."""
    heading, *drawn = (line.split() for line in DRAWN.strip().splitlines())
    lines = [dict(zip(heading, line, strict=True)) for line in drawn]
    plain = {"validation": "v", "prevalence": "0.1", "auc": "0.5"}
    return pd.DataFrame(
        [
            {
                **_row({**plain, **line, "run": f"r{number}"}),
                "variant": f"question.outcome.within_days={line['days']}; seed={line['seed']}",
                "baseline": line["baseline"] == "yes",
                "tuning_trials": int(line["trials"]),
                "cases": line["cases"],
            }
            for number, line in enumerate(lines)
        ]
    )


def _row(line: dict[str, str]) -> dict[str, object]:
    auc = float(line["auc"])
    return {
        "study": "pilot",
        "authority": line["authority"],
        "dataset": "all",
        "question": "returns",
        "representation": line["representation"],
        "classifier": line["classifier"].replace("NASTY", NASTY),
        "validation": line["validation"],
        "families": 903,
        "rows": 1204,
        "positives": math.floor(1204 * float(line["prevalence"])),
        "prevalence": float(line["prevalence"]),
        "average_precision_chance": float(line["chance"]),
        "average_precision": float(line["average_precision"]),
        "average_precision_low": float(line["low"]),
        "average_precision_high": float(line["high"]),
        "roc_auc": auc,
        "roc_auc_low": auc - 0.051,
        "roc_auc_high": auc + 0.049,
        "run_id": line["run"],
    }
