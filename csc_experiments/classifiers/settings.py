"""What a classifier says: an estimator, its parameters, and where to search."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from omegaconf import MISSING

from csc_experiments.errors import ConfigError


@dataclass
class SearchRange:
    """Where one parameter is searched: a range, or a list of choices.

    Attributes
    ----------
    low, high : float, optional
        Both included.
    log : bool
        Whether to draw on the logarithmic scale.
    integer : bool
        Whether to draw whole numbers.
    choices : list, optional
        Instead of a range.
    """

    low: float | None = None
    high: float | None = None
    log: bool = False
    integer: bool = False
    choices: list[Any] | None = None

    def check(self, key: str) -> None:
        """Refuse a range that cannot be drawn from."""
        if self.choices is not None:
            if not self.choices or self.low is not None or self.high is not None:
                raise ConfigError(f"{key}: give either choices or low and high.")
            return
        if self.low is None or self.high is None or not -math.inf < self.low < self.high < math.inf:
            raise ConfigError(f"{key}: low must be smaller than high, and both finite.")
        if self.integer and not (float(self.low).is_integer() and float(self.high).is_integer()):
            raise ConfigError(f"{key}: low and high must be whole numbers.")
        if self.log and self.low <= 0:
            raise ConfigError(f"{key}: low must be positive on a logarithmic scale.")


@dataclass
class ClassifierConfig:
    """One classifier, as any scikit-learn estimator.

    Attributes
    ----------
    name, label : str
    estimator : str
        Where to import it from.
    scale : bool
        Whether dense columns are divided by their standard deviation over the training rows.
    text_components : int, optional
        Into how many dimensions the terms of a TF-IDF block are turned before this classifier sees them; null
        leaves them as they are. Boosting takes many times as long over thousands of sparse columns.
    column : str, optional
        The one column, `block:name`, that a baseline looks at.
    parameters : dict
        Of the estimator; `random_state` is set from the seed.
    search : dict of str to SearchRange
        Parameters that tuning may set.
    """

    name: str = MISSING
    label: str = MISSING
    estimator: str = MISSING
    scale: bool = False
    text_components: int | None = None
    column: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    search: dict[str, SearchRange] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse ranges that cannot be drawn from, and parameters set twice."""
        if self.text_components is not None and self.text_components < 1:
            raise ConfigError("classifier.text_components must be at least 1, or null.")
        for name, space in self.search.items():
            space.check(f"classifier.search.{name}")
        both = sorted(set(self.search) & set(self.parameters))
        if both:
            raise ConfigError(f"classifier: {', '.join(both)} stands in both parameters and search.")
