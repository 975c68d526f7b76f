"""Rows and children who stand several times in an extract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from csc_experiments.records.tables import TABLES

Tables = Mapping[str, pl.DataFrame]
ALIKE: Final = ("pers_dob", "pers_sex", "pers_ethnicity")
"""What two identifiers of one child have in common, and twins too."""


def count_duplicates(tables: Tables) -> pl.DataFrame:
    """Count what stands several times.

    Birth date, sex and ethnicity alone prove nothing: in a large authority most children share them with
    another. So two identifiers are suspected only if they also share a family or the day of a referral.
    Twins of one sex share all of it.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        Every standard table.

    Returns
    -------
    polars.DataFrame
        table, what, rows (rows too many, or children suspected), of (rows of the table).
    """
    rows = [row for name in TABLES for row in _repeated(name, tables[name])]
    people = tables["ssd_person"]
    families = tables["ssd_family"].select(child="fami_person_id", shared="fami_family_id")
    referrals = tables["ssd_cin_episodes"].select(child="cine_person_id", shared="cine_referral_date")
    for what, shared in (("of one family", families), ("referred on one day", referrals)):
        said = f"children {what} with the same birth date, sex and ethnicity (twins, or one child)"
        rows.append(("ssd_person", said, _suspected(people, shared), people.height))
    return pl.DataFrame(rows, schema=["table", "what", "rows", "of"], orient="row")


def _repeated(name: str, frame: pl.DataFrame) -> Iterator[tuple[str, str, int, int]]:
    """Count rows beyond the first of each identifier, and of each content."""
    key, *others = TABLES[name].columns
    keys = frame[key].drop_nulls()
    yield name, f"rows whose {key} stood in a row before", len(keys) - keys.n_unique(), frame.height
    if name != "ssd_person":
        # Children who are alike in all but the identifier are no duplicates.
        yield name, f"rows that say the same as one before, but for {key}", _same(frame, others), frame.height


def _same(frame: pl.DataFrame, columns: list[str]) -> int:
    # Long texts are compared by their hashes.
    said = frame.select(pl.col(column).hash() if column == "text" else pl.col(column) for column in columns)
    return frame.height - said.n_unique()


def _suspected(people: pl.DataFrame, shared: pl.DataFrame) -> int:
    """Count children who are like another and share a family or a day with that one."""
    known = people.drop_nulls(["pers_person_id", "pers_dob"]).unique("pers_person_id", keep="first")
    alike = known.join(shared.drop_nulls().unique(), left_on="pers_person_id", right_on="child").filter(
        pl.len().over("shared", *ALIKE) > 1
    )
    return alike["pers_person_id"].n_unique()
