"""A check as one page that needs nothing beside it: no network, no script, no other file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, PackageLoader

from csc_experiments.preflight.check import Check
from csc_experiments.report.templates import TEMPLATES

# The page is ours; what it looks like is the report's, too.
_PLACES = [PackageLoader("csc_experiments", place) for place in ("preflight", "report")]
_PAGES = TEMPLATES.overlay(loader=ChoiceLoader(_PLACES))
SHADES = 5
"""Shades of the cells of a month, from few rows to as many as the table's busiest month has."""
Row = dict[str, str]


def write_page(check: Check, path: Path) -> None:
    """Write a check as one self-contained HTML page.

    Everything on it, its pictures too, is made of what `Check` shows: no count that is hidden is in the file.

    Parameters
    ----------
    check : Check
    path : pathlib.Path
        The file to write; folders on the way to it are made.
    """
    page = _PAGES.get_template("page.html.jinja").render(
        check=check,
        dated={row["table"]: row for row in check.outside},
        strips=dict(_strips(check)),
        shades={row["table"]: _shades(check, row["table"]) for row in check.outside},
        codes=list(_years_across(check.codes)),
        documents=_years_down(check.document_years),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")


def _height(said: str) -> int:
    return int(said) if said.isdigit() else 0


def _strips(check: Check) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Give each table the bars of its months: height in percent, and whether none, few or many."""
    for table in (row["table"] for row in check.outside):
        told = [row[table] for row in check.months]
        most = max(map(_height, told), default=0) or 1
        yield table, [(100 * _height(said) // most, _kind(said)) for said in told]


def _kind(said: str) -> str:
    if said == "0":
        return "none"
    return "many" if said.isdigit() else "few"


def _shades(check: Check, table: str) -> list[int]:
    most = max((_height(row[table]) for row in check.months), default=0) or 1
    return [-(-SHADES * _height(row[table]) // most) for row in check.months]


def _years_across(codes: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Give each code column one row, with its years as cells; without a date there is one cell for all."""
    columns: dict[str, dict[str, Row]] = {}
    for row in codes:
        columns.setdefault(f"{row['table']}.{row['column']}", {})[row["year"]] = row
    years = sorted({row["year"] for row in codes})
    for column, by_year in columns.items():
        yield {"column": column, "cells": [(year, by_year.get(year)) for year in years]}


def _years_down(documents: Sequence[Row]) -> dict[str, Any]:
    """Give each year one row, with the types as cells."""
    years: dict[str, dict[str, Row]] = {}
    for row in documents:
        years.setdefault(row["year"], {})[row["type"]] = row
    types = sorted({row["type"] for row in documents})
    rows = [(year, [years[year].get(kind) for kind in types]) for year in sorted(years)]
    return {"types": types, "rows": rows}
