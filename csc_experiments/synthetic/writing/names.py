"""Names of invented people, loosely after the ethnicity that is recorded of a family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from csc_experiments.synthetic.writing.dice import Dice

SHARE_AS_RECORDED = 0.85
"""Of families, those whose names are common in the ethnic group that is recorded."""
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "WBRI": ("british",), "WIRI": ("irish",), "WIRT": ("irish",), "WOTH": ("east_european", "british"),
    "WROM": ("roma",), "MWBC": ("british", "caribbean"), "MWBA": ("british", "african"),
    "MWAS": ("british", "pakistani"), "MOTH": ("british", "other"), "AIND": ("indian",),
    "APKN": ("pakistani",), "ABAN": ("bangladeshi",), "AOTH": ("other", "indian"), "BCRB": ("caribbean",),
    "BAFR": ("african",), "BOTH": ("african", "caribbean"), "CHNE": ("chinese",), "OOTH": ("arab", "other"),
    "REFU": ("british",), "NOBT": ("british", "east_european"),
}  # fmt: skip
_ENOUGH = 5
"""Letters of a name that is shortened to a nickname by dropping its end."""
_SOFT = "aeiouyw"


@dataclass(frozen=True, slots=True)
class Pool:
    """Names that are common in one group."""

    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]

    def forename(self, dice: Dice, sex: str) -> str:
        """Return a forename for a girl (F), a boy (M) or anybody."""
        either = self.girls if dice.chance(0.5) else self.boys
        return dice.pick({"F": self.girls, "M": self.boys}.get(sex, either))


@cache
def pools() -> Mapping[str, Pool]:
    """Read the names of every group."""
    lists: dict[str, dict[str, tuple[str, ...]]] = {}
    text = files("csc_experiments.synthetic.writing").joinpath("names.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            heading, names = line.split(":")
            group, kind = heading.split()
            lists.setdefault(group, {})[kind] = tuple(names.split())
    return {group: Pool(**found) for group, found in lists.items()}


def pool_of(dice: Dice, ethnicity: str) -> Pool:
    """Return the names to draw from for somebody of a recorded ethnicity."""
    every = pools()
    if not dice.chance(SHARE_AS_RECORDED):
        return every["british"]
    return every[dice.pick(_GROUPS.get(ethnicity, ("british",)))]


def nickname(dice: Dice, name: str) -> str:
    """Return what somebody is called at home; never the name itself.

    Examples
    --------
    >>> nickname(Dice(1), "Samantha") == "Samantha"
    False
    """
    stem = name[: 3 if len(name) > _ENOUGH else 2]
    doubled = stem if stem[-1:] in _SOFT else stem + stem[-1:]
    options = (
        doubled + "y",
        doubled + "ie",
        stem + "z",
        f"Lil {name[:1]}",
        name[:1] + " J",
        doubled + "o",
        stem + "s",
    )
    return dice.pick([option for option in options if option != name])


def misspelt(dice: Dice, name: str) -> str:
    """Return a name as somebody may spell it who only heard it; never the name itself.

    Examples
    --------
    >>> misspelt(Dice(1), "Callum") == "Callum"
    False
    """
    at = 1 + dice.below(max(len(name) - 1, 1))
    swaps = (("ie", "ei"), ("y", "ie"), ("ph", "f"), ("c", "k"), ("ll", "l"), ("ah", "a"), ("ee", "ea"))
    options = [name[:1] + name[1:].replace(old, new) for old, new in swaps]
    options += [name[:at] + name[at : at + 1] + name[at:], name[:at] + name[at + 1 :], name + "e"]
    wrong = [option for option in options if option not in {name, ""}]
    return dice.pick(wrong)
