"""The head of a case note, which an authority's system prints in one way."""

from __future__ import annotations

from typing import Final

from csc_experiments.synthetic.writing.dice import Dice

HOUSEHOLD: Final = tuple(
    f"{name}.list"
    for name in (
        "child", "address", "number", "mother", "father", "siblings", "school", "surgery", "carers",
        "partner", "moved", "worker",
    )
)  # fmt: skip
"""Lines about a household by their headings in the grammar, the most usual ones first."""
_NOTE_HEADS: Final = (
    "{type} | %(today)s %(hour0)s | %(sw_full)s",
    "Type: {type}\nDate/time: %(today)s %(hour0)s\nPresent: %(adult_full)s, %(child)s",
    "%(today)s - {type} - %(sw_full)s, %(team)s",
    "{type} on %(today)s at %(hour0)s (worker: %(sw_full)s)",
    "Event date %(today)s. {type}. Recorded by %(sw)s",
)


def note_head(authority: str, kind: str) -> str:
    """Return the head of a case note, as a format for the slots of a document.

    Parameters
    ----------
    authority : str
        Its code.
    kind : str
        Such as "Home visit".

    Examples
    --------
    >>> "Home visit" in note_head("la1", "Home visit")
    True
    """
    return Dice("note head", authority).pick(_NOTE_HEADS).replace("{type}", kind)
