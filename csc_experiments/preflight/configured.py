"""A check by every question of the configuration tree."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from csc_experiments.config import choices, compose_experiment, composing
from csc_experiments.errors import ConfigError
from csc_experiments.preflight.check import Check, check_records

DESIGNS: Final = ("all_cases", "earlier_cases")
"""Files of conf/validation by which a check divides: all cases, and cases in time."""


def check_as_configured(folder: Path) -> Check:
    """Check a records folder by every file of conf/question; one that makes no question is told of.

    Raises
    ------
    CscError
        As `check_records` does.
    """
    questions, unasked = [], {}
    with composing():
        base = compose_experiment()
        designs = [compose_experiment([f"validation={name}"]).validation for name in DESIGNS]
        for name in choices("question"):
            try:
                questions.append(compose_experiment([f"question={name}"]).question)
            except ConfigError as error:
                unasked[name] = str(error)
    return check_records(
        folder, questions, designs, min_count=base.release.min_count, seed=base.seed, unasked=unasked
    )
