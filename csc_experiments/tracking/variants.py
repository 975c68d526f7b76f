"""What tells cells apart that their names do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from csc_experiments.tracking.choosing import CONFIG, UNSET

AXES = ("dataset", "question", "representation", "classifier", "validation")
"""Choices whose names a comparison shows: equal names promise equal settings."""
TUNING = "tuning"
WORDS = frozenset(
    f"{CONFIG}{leaf}"
    for leaf in (
        *(f"{axis}.{word}" for axis in AXES for word in ("name", "label", "short_label")),
        "dataset.authority",
        "tuning.name",
    )
)
"""Settings that shape no result, or that a comparison shows in a column of their own."""
SHORT = 8

Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Making:
    """What a finished cell was made from.

    Attributes
    ----------
    params : mapping of str to str
        The parameters of its run.
    records, code : str
        The fingerprint of the records and the version of the code.
    """

    params: Mapping[str, str]
    records: str
    code: str

    @property
    def settings(self) -> dict[str, str]:
        """The settings that shape the result, each under its parameter's name."""
        return {
            key: value for key, value in self.params.items() if key.startswith(CONFIG) and key not in WORDS
        }

    @property
    def searches(self) -> bool:
        """Whether the classifier has anything to search."""
        return any(key.startswith(f"{CONFIG}classifier.search.") for key in self.params)


def variants(cells: Sequence[Making]) -> list[str]:
    """Say of each cell what its names leave open.

    Cells that share the name of a choice should share the choice's settings; where they do not, each of them
    says its own. Settings without a name (seed, evaluation, tuning) are said where they differ anywhere.
    Tuning changes nothing where nothing is searched: of such cells it is said only where all names agree.

    Parameters
    ----------
    cells : sequence of Making
        All that stand in one comparison.

    Returns
    -------
    list of str
        One for each cell, such as `question.outcome.within_days=180; seed=2; records=0f3a99c1`; empty where
        the names say all. `records` is said if cells of one authority were made from different records;
        `code` if any cells were made by different versions of the code.

    Examples
    --------
    >>> first, second = ({"question": "q", "config.seed": seed} for seed in ("1", "2"))
    >>> variants([Making(first, "r", "c"), Making(second, "r", "c")])
    ['seed=1', 'seed=2']
    """
    told: list[dict[str, str]] = [{} for _ in cells]
    anywhere = [""] * len(cells)
    for axis in AXES:
        _tell(told, [cell.params.get(axis) for cell in cells], [_of(cell, axis) for cell in cells])
    _tell(told, [_tuned_among(cell) for cell in cells], [_of(cell, TUNING) for cell in cells])
    _tell(told, anywhere, [_of_no_choice(cell) for cell in cells])
    told = [dict(sorted(said.items())) for said in told]
    authorities = [cell.params.get("authority") for cell in cells]
    _tell(told, authorities, [{"records": cell.records} for cell in cells])
    _tell(told, anywhere, [{"code": cell.code} for cell in cells])
    return ["; ".join(f"{key}={value}" for key, value in said.items()) for said in told]


def _tell(told: Sequence[dict[str, str]], groups: Sequence[object], facts: Sequence[Facts]) -> None:
    """Among the cells of a group, tell each its own value of every fact in which they differ."""
    for group in dict.fromkeys(groups):
        places = [place for place, other in enumerate(groups) if other == group]
        for key in _differing([facts[place] for place in places]):
            for place in places:
                told[place][key.removeprefix(CONFIG)] = _shown(key, facts[place].get(key, UNSET))


def _differing(facts: Sequence[Facts]) -> Iterable[str]:
    keys = set().union(*facts)
    return (key for key in keys if len({said.get(key, UNSET) for said in facts}) > 1)


def _shown(key: str, value: str) -> str:
    return " ".join(value.split()) if key.startswith(CONFIG) else value[:SHORT]


def _of(cell: Making, choice: str) -> Facts:
    return {key: value for key, value in cell.settings.items() if key.startswith(f"{CONFIG}{choice}.")}


def _of_no_choice(cell: Making) -> Facts:
    chosen = tuple(f"{CONFIG}{choice}." for choice in (*AXES, TUNING))
    return {key: value for key, value in cell.settings.items() if not key.startswith(chosen)}


def _tuned_among(cell: Making) -> object:
    return "" if cell.searches else tuple(cell.params.get(key) for key in ("authority", *AXES))
