"""What the structured block may be told."""

from __future__ import annotations

from dataclasses import dataclass, field

from csc_experiments.errors import ConfigError
from csc_experiments.representations.kinds import BlockKind


@dataclass
class StructuredConfig:
    """What is said of the event history, and of whom.

    Attributes
    ----------
    windows_days : list of int or None
        Events are counted over so many days before the prediction time; null stands for all history.
    half_life_days : float
        How recent the last event of a code is: 0.5 ** (days since / half life), and 0 if there was none.
    half_life_first_days : float
        The same of the first event. It is longer because first events lie years back: with the half life of
        the last, three years and ten would look alike to a linear model.
    family : bool
        Whether brothers and sisters are described beside the child.
    age, sex : bool
        Whether the child's age, and sex, are among the columns. Ethnicity and disability never are. Sex takes
        a cohort whose rows hold it.
    min_rows : int
        A column stays if at least so many training rows differ in it from its median. With fewer, it would
        tell single children apart, and nothing could be learned from it that holds for others.
    """

    kind: BlockKind = BlockKind.STRUCTURED
    windows_days: list[int | None] = field(default_factory=lambda: [30, 90, 365, None])
    half_life_days: float = 180.0
    half_life_first_days: float = 1095.0
    family: bool = False
    age: bool = True
    sex: bool = False
    min_rows: int = 10

    def check(self) -> None:
        """Refuse windows, half lives and thresholds that are not positive, and a window said twice."""
        if not self.windows_days or any(days is not None and days < 1 for days in self.windows_days):
            raise ConfigError("representation: windows_days must hold positive numbers of days, or null.")
        if len(set(self.windows_days)) < len(self.windows_days):
            raise ConfigError("representation: windows_days holds a window twice.")
        for key in ("half_life_days", "half_life_first_days"):
            if getattr(self, key) <= 0:
                raise ConfigError(f"representation: {key} must be positive.")
        if self.min_rows < 1:
            raise ConfigError("representation: min_rows must be at least 1.")
