"""How a list of Annex A is described: its columns, and the rows of standard tables that it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

START = "start"
"""The field that dates what a list tells of."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a list.

    Attributes
    ----------
    name : str
        Ours.
    heading : str
        As Ofsted writes it.
    words : str
        A regular expression that any spelling of the heading matches.
    """

    name: str
    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one standard table that a list gives, one to a row.

    Attributes
    ----------
    table : str
    person, day : str
        Columns of the table: the child, and the day on which what a row tells of began.
    ids : Mapping[str, str]
        Columns of identifiers, with a letter and the fields that an identifier is made of beside the child.
        The first is the row's own.
    cells : Mapping[str, str]
        Other columns, with the fields that fill them.
    opposite : Mapping[str, str]
        Columns of flags, with the fields that say the opposite.
    fixed : Mapping[str, str]
        Columns in which every row says the same.
    since : str
        The field that fills `day`. Where it is not the list's own start, a row without it tells of nothing.
    """

    table: str
    person: str
    day: str
    ids: Mapping[str, str]
    cells: Mapping[str, str] = field(default_factory=dict)
    opposite: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    since: str = START


@dataclass(frozen=True, slots=True)
class AnnexList:
    """One of the eleven lists.

    Attributes
    ----------
    title : str
        What it is a list of.
    fields : tuple of Field
        The columns that tell it from other lists or are read; the child first.
    parts : tuple of Part
        What it gives; empty if nothing that it tells of has a standard table.
    """

    title: str
    fields: tuple[Field, ...]
    parts: tuple[Part, ...] = ()

    @property
    def required(self) -> tuple[Field, ...]:
        """The columns without which the list cannot be used."""
        return tuple(one for one in self.fields if one.name in {"child", START})
