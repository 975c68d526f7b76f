"""An invented authority's Annex A: the workbook of eleven lists that Ofsted asks for before an inspection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from csc_experiments.synthetic.formats.annex_a_adoption import adopters, adoptions
from csc_experiments.synthetic.formats.annex_a_care import care_leavers, children_looked_after
from csc_experiments.synthetic.formats.annex_a_labels import LISTS
from csc_experiments.synthetic.formats.annex_a_lists import (
    assessments,
    child_protection,
    children_in_need,
    contacts,
    early_help,
    enquiries,
    referrals,
)
from csc_experiments.synthetic.formats.annex_a_moment import Moment, moment_of
from csc_experiments.synthetic.formats.workbook import Row, write_workbook
from csc_experiments.synthetic.settings import AuthoritySettings

FILE = "Annex_A.xlsx"
_MAKERS = (
    contacts, early_help, referrals, assessments, enquiries, children_in_need, child_protection,
    children_looked_after, care_leavers, adoptions, adopters,
)  # fmt: skip


def write_annex_a(
    tables: Mapping[str, pl.DataFrame], settings: AuthoritySettings, seed: int, folder: Path
) -> list[Path]:
    """Write the workbook as it would be handed over on the last day of the records.

    Lists 1 to 5 hold the activity of the six months before, lists 6 to 8 who has a service now or had one
    in those months, lists 9 to 11 who is entitled now. Standard tables hold no visits, teams, workers,
    adopters and the like, so those are drawn.

    Parameters
    ----------
    tables : Mapping[str, polars.DataFrame]
        Standard tables, as `simulate(settings, seed)` gives them.
    settings : AuthoritySettings
        What the authority is like.
    seed : int
        0 or more.
    folder : pathlib.Path
        Made if it is not there.

    Returns
    -------
    list of pathlib.Path
        ``Annex_A.xlsx``, with sheets "List 1" to "List 11".
    """
    folder.mkdir(parents=True, exist_ok=True)
    lists = lists_of(moment_of(tables, settings, seed))
    sheets = {f"List {number}": _rows(frame) for number, frame in lists.items()}
    return [write_workbook(folder / FILE, sheets)]


def lists_of(moment: Moment) -> dict[int, pl.DataFrame]:
    """Return every list, with its columns in order and its rows sorted."""
    return {
        number: make(moment).select(LISTS[number]).sort(LISTS[number][0], *LISTS[number], nulls_last=True)
        for number, make in enumerate(_MAKERS, start=1)
    }


def _rows(frame: pl.DataFrame) -> list[Row]:
    return [tuple(frame.columns), *frame.iter_rows()]
