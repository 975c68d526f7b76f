"""What tuning says."""

from __future__ import annotations

from dataclasses import dataclass

from omegaconf import MISSING

from csc_experiments.errors import ConfigError


@dataclass
class TuningConfig:
    """How many parameter settings are tried on the inner folds of each outer fold.

    Attributes
    ----------
    name : str
    trials : int
        The best by mean average precision over the inner folds is kept; the first of equals.
    startup : int
        So many are drawn at random before the sampler (TPE) learns from the earlier ones.
    """

    name: str = MISSING
    trials: int = MISSING
    startup: int = 5

    def check(self) -> None:
        """Refuse a search without a trial."""
        if self.trials < 1 or self.startup < 1:
            raise ConfigError("tuning.trials and tuning.startup must be at least 1.")
