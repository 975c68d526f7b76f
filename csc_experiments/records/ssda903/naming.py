"""Which year a return is of, where its name gives the year in which it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from csc_experiments.records.columns import plain_text
from csc_experiments.records.dates import parse_dates
from csc_experiments.records.ssda903.files import ReturnFile
from csc_experiments.records.ssda903.layouts import last_day, says_both_years

_MANY, _FEW = 0.1, 0.01
"""Shares of episodes: so many begin in every year of a return, and so few are mere slips."""


def by_ending_year(files: Sequence[ReturnFile]) -> list[ReturnFile]:
    """Go by the year in which a return ends, where every file's name says that in which it begins.

    A return has no episode that begins after its last day. If each has many, all within the twelve months
    after it and up to the last three of these, the names cannot be meant otherwise.
    """
    told = [file for file in files if file.table == "episodes" and not file.text.is_empty()]
    if told and all(map(_is_of_next_year, told)):
        return [replace(file, year=file.year + 1) for file in files]
    return list(files)


def _is_of_next_year(file: ReturnFile) -> bool:
    if says_both_years(file.path.stem) or says_both_years(file.path.parent.name):
        return False
    days = [
        parse_dates(plain_text(file.text[name])).drop_nulls()
        for name in ("DECOM", "DEC")
        if name in file.text.columns
    ]
    starts, last, following = days[0], last_day(file.year), last_day(file.year + 1)
    if starts.is_empty():
        return False
    after, beyond = (int((starts > day).sum()) / len(starts) for day in (last, following))
    whole = pl.concat(days, how="vertical").is_between(date(following.year, 1, 1), following).any()
    return bool(after >= _MANY and beyond <= _FEW and whole)
