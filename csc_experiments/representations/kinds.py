"""The kinds of block."""

from __future__ import annotations

from enum import StrEnum


class BlockKind(StrEnum):
    """The kinds of block."""

    STRUCTURED = "structured"
    TFIDF = "tfidf"
    LSA = "lsa"
    LDA = "lda"
    SPACY_VECTORS = "spacy_vectors"
    LEXICONS = "lexicons"
