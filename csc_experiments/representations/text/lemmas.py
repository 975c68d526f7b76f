"""Dictionary forms: one table of the package spacy-lookups-data, or the lemmatiser of a spaCy pipeline."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import spacy

from csc_experiments.errors import ConfigError

_TABLE = Path("data") / "en_lemma_lookup.json.gz"


@cache
def lemma_table() -> Mapping[str, str]:
    """Load the English table: 41,582 forms, from WordNet, and their lemmas.

    Of the package's 98 MB, the 205 kB of this table alone are read.

    Raises
    ------
    ConfigError
        If the package is not installed.
    """
    package = find_spec("spacy_lookups_data")
    if package is None or package.origin is None:
        raise ConfigError(
            "representation: lemmas needs the package spacy-lookups-data, which is not installed.",
            todo="Install it, or set lemmas to false.",
        )
    with gzip.open(Path(package.origin).parent / _TABLE, mode="rt", encoding="utf-8") as file:
        table: dict[str, str] = json.load(file)
    return table


def load_pipeline(name: str) -> spacy.Language:
    """Load an installed pipeline with what its lemmatiser needs.

    Parameters
    ----------
    name : str
        A package, or a folder.

    Raises
    ------
    ConfigError
        If it is not there, is not one, or has no lemmatiser.
    """
    try:
        pipeline = spacy.load(name, exclude=["ner", "parser"])
    except (OSError, ValueError, ImportError):
        # What spaCy says names folders of this machine.
        raise ConfigError(
            "representation: pipeline names no spaCy pipeline that can be loaded here.",
            todo="Install it, or set pipeline to null.",
        ) from None
    if not any("token.lemma" in pipeline.get_pipe_meta(part).assigns for part in pipeline.pipe_names):
        raise ConfigError(
            "representation: pipeline names a spaCy pipeline without a lemmatiser.",
            todo="Name another, or set pipeline to null.",
        )
    return pipeline
