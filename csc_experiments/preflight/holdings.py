"""What the records hold, as it may be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from csc_experiments.preflight.hiding import Scale, finest, scale_of, shown, shown_part
from csc_experiments.records import Records
from csc_experiments.records.quality import (
    QUANTILES,
    broken_rules,
    count_codes,
    count_duplicates,
    count_missing,
    count_months,
    count_outside,
    count_reach,
    count_rejects,
    count_texts,
    measure_lengths,
    measure_texts,
    orphans,
)

Row = dict[str, str]
HIDDEN = "hidden"
WORDS = 5
"""Lengths of documents are rounded to so many words."""


def dated_rows(records: Records, least: int) -> tuple[list[Row], list[Row], list[str]]:
    """Show when each table's rows are dated.

    Returns
    -------
    outside : list of dict
        table, dated_by, before, after, undated, months_without: one for each dated table.
    months : list of dict
        month and, by table, rows: one for each month of the coverage.
    gaps : list of str
        Tables that fall silent, and rows dated after the coverage, in words.
    """
    counted = count_months(records).with_columns(pl.col("month").dt.strftime("%Y-%m"))
    outside: list[Row] = []
    months: dict[str, Row] = {month: {"month": month} for month in counted["month"].unique().sort()}
    gaps: list[str] = []
    for table, column, rows, *beyond in count_outside(records).iter_rows():
        within = counted.filter(table=table)
        scale = scale_of([*within["rows"], *beyond], least)
        told = {month: scale.show(count) for month, count in within.select("month", "rows").iter_rows()}
        for month, said in told.items():
            months[month][table] = said
        before, after, undated = (shown_part(count, rows, least, scale) for count in beyond)
        silent = HIDDEN if scale.hides_none else str(list(told.values()).count("0"))
        row = {"table": table, "dated_by": column, "before": before, "after": after, "undated": undated}
        outside.append({**row, "months_without": silent})
        if not scale.hides_none and rows >= least * len(told):
            gaps += _gaps(table, told)
        # What may also be nothing alarms nobody.
        plain = rows >= least and not scale.hides_none
        if plain and not within["rows"].sum():
            gaps.append(f"{table}: no row is dated within the coverage ({column}).")
        if plain and after != "0":
            gaps.append(f"{table}: {after} rows are dated after the coverage ({column}).")
    return outside, list(months.values()), gaps


def _gaps(table: str, told: dict[str, str]) -> Iterator[str]:
    """Name the months without a row of a table that has many each month."""
    for empty, run in groupby(told, key=lambda month: told[month] == "0"):
        if empty:
            silent = list(run)
            when = silent[0] if len(silent) == 1 else f"{silent[0]} to {silent[-1]}"
            yield f"{table}: no rows in {when}, though the coverage includes it. Was it extracted whole?"


def missing_cells(records: Records, least: int) -> list[Row]:
    """Show in how many rows each column is empty: table, column, need, rows, missing, share."""
    rows = []
    for table, column, required, of, missing in count_missing(records.tables).iter_rows():
        told = {"rows": shown(of, least), "missing": shown_part(missing, of, least)}
        need = "required" if required else "optional"
        part = share(told["missing"], told["rows"])
        rows.append({"table": table, "column": column, "need": need, **told, "share": part})
    return rows


def share(part: str, whole: str) -> str:
    """Divide what is shown, so that a share tells no more.

    Examples
    --------
    >>> share("50", "200"), share("10", "9000"), share("<10", "200"), share("0", "0")
    ('25%', '<1%', '', '')
    """
    if not (part.isdigit() and whole.isdigit() and int(whole)):
        return ""
    percent = min(100, round(100 * int(part) / int(whole)))
    return "<1%" if percent == 0 < int(part) else f"{percent}%"


def codes_by_year(records: Records, least: int) -> list[Row]:
    """Show how many codes are of no code set: table, column, year, codes, foreign, other_years."""
    rows: list[Row] = []
    for counted in count_codes(records).partition_by("table", "column", maintain_order=True):
        scales = {name: _scale(counted, name, least) for name in ("filled", "foreign", "other_years")}
        rows += [
            {
                **{name: row[name] for name in ("table", "column", "year")},
                "codes": scales["filled"].show(row["filled"]),
                "foreign": shown_part(row["foreign"], row["filled"], least, scales["foreign"]),
                "other_years": shown_part(row["other_years"], row["filled"], least, scales["other_years"]),
            }
            for row in counted.iter_rows(named=True)
        ]
    return rows


def _scale(counted: pl.DataFrame, column: str, least: int) -> Scale:
    return scale_of(counted[column].to_list(), least)


def broken(records: Records, least: int) -> list[Row]:
    """Show what cannot be, where there is any: rule, table, what, rows."""
    rules = broken_rules(records.tables).filter(pl.col("rows") > 0)
    lost = (
        ("", table, f"{column} of nobody and nothing that is there", count, records[table][column].count())
        for (table, column), count in orphans(records.tables).items()
    )
    return [
        {"rule": rule, "table": table, "what": what, "rows": shown_part(rows, of, least)}
        for rule, table, what, rows, of in (*rules.iter_rows(), *lost)
    ]


def duplicates(records: Records, least: int) -> list[Row]:
    """Show what stands several times, where there is any: table, what, rows."""
    found = count_duplicates(records.tables).filter(pl.col("rows") > 0)
    return [
        {"table": table, "what": what, "rows": shown_part(rows, of, least)}
        for table, what, rows, of in found.iter_rows()
    ]


def set_aside(folder: Path, least: int) -> list[Row]:
    """Show what the import set aside, by what is shown the most first: table, column, reason, count."""
    told = [
        {"table": table, "column": column, "reason": reason, "count": shown(count, least)}
        for table, column, reason, count in count_rejects(folder).iter_rows()
    ]
    # Hidden counts stand in no order that tells of them.
    return sorted(told, key=lambda row: -int(row["count"]) if row["count"].isdigit() else 0)


def texts(records: Records, types: Collection[str], least: int) -> tuple[list[Row], list[Row], list[Row]]:
    """Show the documents.

    Returns
    -------
    by_type : list of dict
        type, documents, children, empty, copied, and lengths in words where enough children have one.
    by_year : list of dict
        type, year, documents, children, empty, copied.
    reach : list of dict
        what, with_text, of, share.
    """
    measured = measure_texts(records, types)
    by_type, by_year = count_texts(measured, "type"), count_texts(measured, "type", "year")
    scales = {name: _over_years(by_type, by_year, name, least) for name in ("documents", "empty", "copied")}
    lengths = {row["type"]: row for row in measure_lengths(measured).iter_rows(named=True)}
    types_shown = [
        _documents(row, scales, least) | _lengths(lengths.get(row["type"]), least)
        for row in by_type.iter_rows(named=True)
    ]
    reach = [_reach(what, part, of, least) for what, part, of in count_reach(records).iter_rows()]
    years_shown = [_documents(row, scales, least) for row in by_year.iter_rows(named=True)]
    return types_shown, years_shown, reach


def _over_years(by_type: pl.DataFrame, by_year: pl.DataFrame, column: str, least: int) -> Scale:
    """Find the scale on which neither the types of all documents nor the years of a type tell of a few."""
    years = by_year.partition_by("type")
    return max(_scale(counted, column, least) for counted in (by_type, *years)) if years else finest(least)


def _documents(row: dict[str, Any], scales: dict[str, Scale], least: int) -> Row:
    of = row["documents"]
    named = {name: row[name] for name in ("type", "year") if name in row}
    parts = {name: shown_part(row[name], of, least, scales[name]) for name in ("empty", "copied")}
    children = shown_part(row["children"], of, least)
    return {**named, "documents": scales["documents"].show(of), "children": children, **parts}


def _lengths(row: dict[str, Any] | None, least: int) -> Row:
    """Round lengths; one that fewer than `least` children lie beyond is nobody's business."""
    if row is None:
        return dict.fromkeys(QUANTILES, "")
    return {
        name: str(round(row[name] / WORDS) * WORDS) if row["children"] * min(q, 1 - q) >= least else HIDDEN
        for name, q in QUANTILES.items()
    }


def _reach(what: str, written: int, of: int, least: int) -> Row:
    part, whole = shown_part(written, of, least), shown(of, least)
    return {"what": what, "with_text": part, "of": whole, "share": share(part, whole)}
