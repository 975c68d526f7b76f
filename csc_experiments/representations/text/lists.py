"""The domain's own words, read from the text files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from spacy.lang.en.stop_words import STOP_WORDS

ENGLISH = frozenset(STOP_WORDS)


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """What abbreviations stand for.

    Attributes
    ----------
    exact : Mapping[str, str]
        Of those that are read only as they are written here.
    any_case : Mapping[str, str]
        Of those that are read in any case, in small letters.
    """

    exact: Mapping[str, str]
    any_case: Mapping[str, str]


@cache
def stop_words(*, domain: bool) -> frozenset[str]:
    """Return the words that are never terms, in small letters: English ones, with or without the domain's."""
    own = {word for line in _lines("stop_words.txt") for word in line.split()}
    kept = {word.removeprefix("!") for word in own if word.startswith("!")}
    return (ENGLISH - kept) | {word for word in own if domain and not word.startswith("!")}


@cache
def phrases() -> Mapping[str, str]:
    """Return the names of phrases by their forms, in small letters.

    Examples
    --------
    >>> phrases()["domestic violence"]
    'domestic_abuse'
    """
    found = {}
    for line in _lines("phrases.txt"):
        forms = [form.strip().lower() for form in line.split("|")]
        name = forms[0].replace("(s)", "").replace(" ", "_")
        for form in forms:
            found[form.replace("(s)", "")] = name
            found[form.replace("(s)", "s")] = name
    return found


@cache
def abbreviations() -> Abbreviations:
    """Return what the abbreviations of `abbreviations.txt` stand for.

    Examples
    --------
    >>> abbreviations().exact["MH"], abbreviations().any_case["mgm"]
    ('mental health', 'maternal grandmother')
    """
    pairs = [line.split(" = ") for line in _lines("abbreviations.txt")]
    read = {short.strip(): words.strip() for short, words in pairs}
    return Abbreviations(
        exact={short: words for short, words in read.items() if short != short.lower()},
        any_case={short: words for short, words in read.items() if short == short.lower()},
    )


def _lines(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
