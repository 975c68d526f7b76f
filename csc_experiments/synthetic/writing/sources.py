"""Who gets in touch with an authority, by the code of the source of a referral."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PREFIXES: Final[Mapping[str, str]] = {
    "1": "individual", "2": "education", "3": "health", "4": "housing", "5": "council", "6": "police",
    "7": "agency", "8": "agency", "9": "anonymous", "10": "individual",
}  # fmt: skip
KINDS: Final = tuple(dict.fromkeys(_PREFIXES.values()))


def kind_of_source(code: str) -> str:
    """Return what kind of person or body a source is.

    Examples
    --------
    >>> kind_of_source("6"), kind_of_source("3B"), kind_of_source("10")
    ('police', 'health', 'individual')
    """
    return _PREFIXES.get(code.rstrip("ABCDEF"), "individual")
