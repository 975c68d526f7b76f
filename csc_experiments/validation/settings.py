"""What a validation design says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from omegaconf import MISSING

from csc_experiments.errors import ConfigError


class Design(StrEnum):
    """How cases are divided; `docs/validation.md` says which question each design answers."""

    ALL_CASES = "all_cases"
    EARLIER_CASES = "earlier_cases"
    ROLLING = "rolling"
    OTHER_AUTHORITIES = "other_authorities"
    SPLITTER = "splitter"


class CasesTested(StrEnum):
    """Whose cases a model is tested on: those of the folds, or those that no fold sees."""

    FOLDS = "folds"
    HOLDOUT = "holdout"


TIME_DESIGNS = (Design.EARLIER_CASES, Design.ROLLING)


class Families(StrEnum):
    """Where a family stays that has cases on both sides of a day."""

    TEST_KEEPS = "test_keeps"
    TRAIN_KEEPS = "train_keeps"
    DROP_BOTH = "drop_both"


@dataclass
class ValidationConfig:
    """Who is learned from and who is tested on.

    Attributes
    ----------
    name, label : str
        For file names and for tables ("learning from all cases").
    design : Design
        `all_cases` draws folds of whole families, balanced in the outcome; `earlier_cases` tests on the
        latest cases and learns from those whose horizon had ended before the first of them; `rolling` does
        so from several days; `other_authorities` tests on this authority and learns from others; `splitter`
        divides families as a class of scikit-learn does.
    folds : int
        Folds of `all_cases`: every case is tested once.
    test_share : float
        Share of the cases that one block of `earlier_cases` and `rolling` tests on, counted from the latest.
    inner_folds : int
        Folds inside the training cases, of the same design, for the search for parameters.
    min_positives : int
        Fewest outcomes that each side of each fold must have.
    repeats : int
        How often `all_cases` draws all of its folds.
    origins : int
        Blocks of `rolling`.
    window_days : int, optional
        How many days before a test of `rolling` its training cases may lie; all of them if null.
    families : Families
        Where a family stays that `earlier_cases` or `rolling` would have on both sides.
    others : list of str
        Datasets that `other_authorities` learns from.
    splitter : str, optional
        A class of scikit-learn's: `sklearn.model_selection.GroupShuffleSplit`.
    arguments : dict
        What the splitter is made with.
    holdout_share : float
        Share of the cases that no fold sees: the latest of a time design, else random families.
    test_on : CasesTested
        `folds` while choices are made; `holdout` for the look at what was held out, once they are.
    permutations : int
        Of the test whether both sides of a fold look alike; 0 leaves the test out.
    """

    name: str = MISSING
    label: str = MISSING
    design: Design = MISSING
    folds: int = 5
    test_share: float = 0.25
    inner_folds: int = 3
    min_positives: int = 5
    repeats: int = 1
    origins: int = 3
    window_days: int | None = None
    families: Families = Families.TEST_KEEPS
    others: list[str] = field(default_factory=list)
    splitter: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    holdout_share: float = 0.0
    test_on: CasesTested = CasesTested.FOLDS
    permutations: int = 199

    @property
    def blocks(self) -> int:
        """How many blocks of time are tested on."""
        return self.origins if self.design is Design.ROLLING else 1

    def check(self) -> None:
        """Refuse what makes no design.

        Raises
        ------
        ConfigError
            If a number of folds or a share is out of range, or the design lacks what it needs.
        """
        if self.design is Design.ALL_CASES and min(self.folds, self.inner_folds) < 2:  # noqa: PLR2004 - two sides
            raise ConfigError("validation.folds and validation.inner_folds must be at least 2 for all_cases.")
        for key in ("inner_folds", "min_positives", "repeats", "origins"):
            if getattr(self, key) < 1:
                raise ConfigError(f"validation.{key} must be at least 1.")
        if not 0 < self.test_share < 1:
            raise ConfigError("validation.test_share must lie between 0 and 1.")
        if not 0 <= self.holdout_share < 1:
            raise ConfigError("validation.holdout_share must be at least 0 and less than 1.")
        if self.test_on is CasesTested.HOLDOUT and not self.holdout_share:
            raise ConfigError(
                "validation.holdout_share is 0: nothing is held out to be tested on.",
                todo="Hold something out before the folds are run; see docs/validation.md.",
            )
        if self.permutations < 0:
            raise ConfigError("validation.permutations must be at least 0.")
        self._check_time()
        self._check_sources()

    def _check_time(self) -> None:
        if self.window_days is not None and self.window_days < 1:
            raise ConfigError("validation.window_days must be at least 1, or null.")
        if self.design not in TIME_DESIGNS:
            return
        for key, blocks in (("inner_folds", self.inner_folds), ("origins", self.blocks)):
            if blocks * self.test_share >= 1:
                raise ConfigError(
                    f"validation.{key} blocks of validation.test_share leave nothing to learn from.",
                    todo="Their product must be less than 1.",
                )

    def _check_sources(self) -> None:
        """Refuse a design without what it alone needs, and such a thing where nothing would come of it."""
        needs = {Design.OTHER_AUTHORITIES: "others", Design.SPLITTER: "splitter"}
        for design, key in needs.items():
            given = bool(getattr(self, key))
            if given != (self.design is design):
                said = "is empty" if self.design is design else "is of no use"
                raise ConfigError(f"validation.{key} {said} with validation.design={self.design}.")
        if len(set(self.others)) < len(self.others):
            raise ConfigError("validation.others names a dataset twice.")
        if self.arguments and self.splitter is None:
            raise ConfigError("validation.arguments are of no use without validation.splitter.")
        if self.repeats > 1 and self.design is not Design.ALL_CASES:
            raise ConfigError("validation.repeats must be 1: only all_cases draws its folds more than once.")
        if self.window_days is not None and self.design is not Design.ROLLING:
            raise ConfigError("validation.window_days must be null: only rolling has a window.")
