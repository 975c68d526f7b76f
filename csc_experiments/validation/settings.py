"""What a validation design says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from omegaconf import MISSING

from csc_experiments.errors import ConfigError


class Design(StrEnum):
    """The two designs of the 2020 pilot's report."""

    ALL_CASES = "all_cases"
    EARLIER_CASES = "earlier_cases"


@dataclass
class ValidationConfig:
    """Who is learned from and who is tested on.

    Attributes
    ----------
    name, label : str
        For file names and for tables ("learning from all cases").
    design : Design
        `all_cases` draws folds of whole families, balanced in the outcome; `earlier_cases` tests on the
        latest cases and learns from those whose horizon had ended before the first of them.
    folds : int
        Folds of `all_cases`: every case is tested once.
    test_share : float
        Share of the cases, the latest, that `earlier_cases` tests on.
    inner_folds : int
        Folds inside the training cases, of the same design, for the search for parameters.
    min_positives : int
        Fewest outcomes that each side of each fold must have.
    """

    name: str = MISSING
    label: str = MISSING
    design: Design = MISSING
    folds: int = 5
    test_share: float = 0.25
    inner_folds: int = 3
    min_positives: int = 5

    def check(self) -> None:
        """Refuse numbers that make no design.

        Raises
        ------
        ConfigError
            If a number of folds or a share is out of range.
        """
        if self.design is Design.ALL_CASES and min(self.folds, self.inner_folds) < 2:  # noqa: PLR2004 - two sides
            raise ConfigError("validation.folds and validation.inner_folds must be at least 2 for all_cases.")
        if self.inner_folds < 1:
            raise ConfigError("validation.inner_folds must be at least 1.")
        if not 0 < self.test_share < 1:
            raise ConfigError("validation.test_share must lie between 0 and 1.")
        if self.design is Design.EARLIER_CASES and self.inner_folds * self.test_share >= 1:
            raise ConfigError(
                "validation.inner_folds blocks of validation.test_share leave nothing to learn from.",
                todo="Their product must be less than 1.",
            )
        if self.min_positives < 1:
            raise ConfigError("validation.min_positives must be at least 1.")
