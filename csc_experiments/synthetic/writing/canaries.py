"""Names made up for one authority, which occur nowhere else and must never leave it."""

from __future__ import annotations

from typing import Final

from csc_experiments.synthetic.writing.dice import Dice

_FIRST: Final = ("Zq", "Xv", "Qy", "Vz", "Jx", "Kz", "Xyl", "Zw")
_MIDDLE: Final = ("andru", "ombre", "ethwi", "irdax", "ulgho", "aspen", "orvyx", "ekimb", "ydrau", "uzphi")
_LAST: Final = ("quill", "zenko", "vark", "jorm", "xith", "wynz", "bruq", "tosk", "phelz", "gund")
FAMILIES_PER_CANARY: Final = (0, 400, 60, 15)
"""One family in so many is written about with this canary; 0 stands for one family of all."""


def canary_names(authority: str) -> tuple[str, ...]:
    """Return an authority's canaries: the first in one family's documents, the last in many families'.

    Examples
    --------
    >>> len(canary_names("la1")), set(canary_names("la1")) & set(canary_names("la2"))
    (4, set())
    """
    dice = Dice("canaries", authority)
    starts = dice.some(_FIRST, len(FAMILIES_PER_CANARY))
    # Letters of the authority's own code would tell whose canary it is; its hash does not.
    return tuple(f"{start}{dice.pick(_MIDDLE)}{dice.pick(_MIDDLE)}{dice.pick(_LAST)}" for start in starts)
