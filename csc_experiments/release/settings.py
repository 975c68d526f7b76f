"""How small a count may be shown."""

from __future__ import annotations

from dataclasses import dataclass

from omegaconf import MISSING

from csc_experiments.errors import ConfigError


@dataclass
class ReleaseConfig:
    """A disclosure rule set; the whole of it comes with step 9 of the roadmap.

    Attributes
    ----------
    name : str
    min_count : int
        Counts below this, and above zero, are shown as "<min_count".
    """

    name: str = MISSING
    min_count: int = MISSING

    def check(self) -> None:
        """Refuse a threshold that hides nothing."""
        if self.min_count < 2:  # noqa: PLR2004 - a count of one is a child
            raise ConfigError("release.min_count must be at least 2.")
