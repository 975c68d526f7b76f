"""Whether the children of several sources are the same: identifiers that never meet join nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from csc_experiments.errors import UnreadableInputError
from csc_experiments.records.combining import Combined
from csc_experiments.records.source import Source

_HALF = 0.5
_MANY = 10
_BORN = ("ssd_person", "pers_dob")


def children_of(tables: Mapping[str, pl.DataFrame]) -> pl.Series:
    """Return every child that a table names, once."""
    named = [
        frame[column].alias("child")
        for frame in tables.values()
        for column in frame.columns
        if column.endswith("person_id")
    ]
    return pl.concat([pl.Series("child", [], pl.String), *named]).drop_nulls().unique()


def say_who_meets(sources: Sequence[Source]) -> Iterator[str]:
    """Yield how many children of each source another source names, too, if there are several.

    What hinders most is a leading zero that a spreadsheet has dropped; where identifiers would meet without
    those, that is said.
    """
    if len(sources) < 2:  # noqa: PLR2004 - one source meets nobody
        return
    known = [children_of(source.tables) for source in sources]
    for at, (source, own) in enumerate(zip(sources, known, strict=True)):
        others = pl.concat([ids for place, ids in enumerate(known) if place != at])
        met = int(own.is_in(others.implode()).sum())
        said = f"{source.kind}: {met} of {len(own)} children are in another source, too."
        if not met and len(own):
            said += " Do identifiers differ? See --identifiers."
            if int(_bare(own).is_in(_bare(others).implode()).sum()):
                said += " Without leading zeros some would be the same."
        yield said


def check_births(sources: Sequence[Source], together: Combined) -> None:
    """Refuse sources that contradict each other on most birth dates: their identifiers mean other children.

    Raises
    ------
    UnreadableInputError
        With the number of children.
    """
    table, column = _BORN
    wrong = together.disagreements.get(_BORN, 0)
    if wrong < _MANY:
        return
    people = [source.tables[table]["pers_person_id"].unique() for source in sources if table in source.tables]
    told = pl.concat(people)
    several = len(told) - told.n_unique()
    if wrong > _HALF * several:
        raise UnreadableInputError(
            f"Sources give different birth dates to {wrong} of {several} children whom they share"
            f" ({table}.{column}).",
            todo="Look whether their identifiers, or the file of identifiers, mean the same children.",
        )


def _bare(ids: pl.Series) -> pl.Series:
    return ids.str.strip_chars_start("0")
