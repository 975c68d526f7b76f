"""What a protocol says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from omegaconf import MISSING

from csc_experiments.errors import ConfigError
from csc_experiments.evaluation.scores import METRICS


@dataclass
class SuccessConfig:
    """What the study counts as success, fixed before it is run: an average precision of `at_least`."""

    at_least: float = 0.65


@dataclass
class ProtocolConfig:
    """What a study will ask, and by what it will judge the answer.

    A cell of the study belongs to the protocol if each of its choices is named here; the others are
    exploratory.

    Attributes
    ----------
    question, validation, representation, classifier : list of str
        The choices that are compared.
    dataset : list of str
        Authorities; all of the study's if it is empty.
    seed : list of int
    metric : str
        The primary metric, of `csc_experiments.evaluation.scores.METRICS`.
    selection : str
        How the one model is chosen of those compared, in words.
    """

    question: list[str] = MISSING
    validation: list[str] = MISSING
    representation: list[str] = MISSING
    classifier: list[str] = MISSING
    seed: list[int] = MISSING
    dataset: list[str] = field(default_factory=list)
    metric: str = "average_precision"
    selection: str = MISSING

    def check(self) -> None:
        """Refuse a protocol that fixes nothing.

        Raises
        ------
        ConfigError
            If a list or the rule of selection is empty, or the metric unknown.
        """
        for key in ("question", "validation", "representation", "classifier", "seed", "selection"):
            if not getattr(self, key):
                raise ConfigError(f"study.protocol.{key} is empty.")
        if self.metric not in METRICS:
            raise ConfigError("study.protocol.metric is not known.", todo=f"One of {', '.join(METRICS)}.")

    def holds(self, choices: Mapping[str, str], seed: int) -> bool:
        """Whether a cell of these choices belongs to the protocol.

        Parameters
        ----------
        choices : mapping of str to str
            The name of each choice, by the keys dataset, question, validation, representation, classifier.

        Examples
        --------
        >>> said = ProtocolConfig(["q"], ["v"], ["r"], ["c"], [1], selection="the best")
        >>> cell = {"question": "q", "validation": "v", "representation": "r", "classifier": "c"}
        >>> said.holds(cell, 1), said.holds(cell, 2)
        (True, False)
        """
        named = all(
            choices[key] in getattr(self, key)
            for key in ("question", "validation", "representation", "classifier")
        )
        return named and seed in self.seed and (not self.dataset or choices.get("dataset") in self.dataset)
