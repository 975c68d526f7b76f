"""Which finished cells were meant: settings as they are typed, held against settings as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import yaml

from csc_experiments.errors import UnknownChoiceError

CONFIG = "config."
UNSET = "None"
"""How a setting that is not set is stored; to an older version of the code, a newer setting was not set."""
SUGGESTIONS = 3


def settings_of(params: Mapping[str, str]) -> dict[str, str]:
    """What a cell's parameters say, under the keys that a command line takes.

    Examples
    --------
    >>> settings_of({"question": "returns", "config.question.outcome.within_days": "365"})
    {'question': 'returns', 'question.outcome.within_days': '365'}
    """
    return {name.removeprefix(CONFIG): value for name, value in params.items()}


def check_keys(asked: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a key that no cell has.

    Raises
    ------
    UnknownChoiceError
        Naming the keys that come closest.

    Examples
    --------
    >>> check_keys(["within_day"], ["question", "question.outcome.within_days"])
    Traceback (most recent call last):
    ...
    csc_experiments.errors.UnknownChoiceError: No cell has a setting within_day. Did you mean
    question.outcome.within_days? Settings are written as in `run`: seed, or question.outcome.within_days.
    """
    known = sorted(set(known))
    for key in asked:
        if key not in known:
            near = _near(key, known)
            guess = f" Did you mean {' or '.join(near)}?" if near else ""
            raise UnknownChoiceError(
                f"No cell has a setting {' '.join(key.split())}.{guess}",
                todo="Settings are written as in `run`: seed, or question.outcome.within_days.",
            )


def matches(said: Mapping[str, str], where: Mapping[str, str]) -> bool:
    """Whether a cell's settings are those asked for.

    A value may be written as in an override: `18` is the stored `18.0`, `null` the stored `None`.

    Examples
    --------
    >>> said = {"seed": "1", "question.eligibility.under_age": "18.0", "classifier.column": "None"}
    >>> matches(said, {"question.eligibility.under_age": "18", "classifier.column": "null"})
    True
    >>> matches(said, {"seed": "2"}), matches(said, {"tuning.trials": "5"})
    (False, False)
    """
    return all(_same(said.get(key, UNSET), value) for key, value in where.items())


def _near(key: str, known: list[str]) -> list[str]:
    """The closest keys: with the same last word (`within_days` means the long one), or else spelt alike."""
    last = key.rpartition(".")[2]
    by_last: dict[str, list[str]] = {}
    for name in known:
        by_last.setdefault(name.rpartition(".")[2], []).append(name)
    words = [last] if last in by_last else get_close_matches(last, by_last, SUGGESTIONS, cutoff=0.8)
    found = [name for word in words for name in by_last[word]]
    return list(dict.fromkeys(found or get_close_matches(key, known)))[:SUGGESTIONS]


def _same(stored: str, asked: str) -> bool:
    return stored in {asked, _as_stored(asked)} or _number(stored) == _number(asked)


def _as_stored(asked: str) -> str:
    try:
        return str(yaml.safe_load(asked))
    except (yaml.YAMLError, ValueError):
        # ValueError: what looks like a date and is none.
        return asked


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
