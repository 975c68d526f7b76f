"""A check in the lines that a terminal holds; the page and the JSON have the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from csc_experiments.preflight.check import Check

MOST, MOST_URGENT = 5, 10
"""Lines of a list that may be long, and of one that matters more."""
_HALF = 50
_YEARS = f"{'question':<28}{'years':>11}{'index events a year':>22}{'outcomes a year':>18}"
_SIDE = ("index_events", "positives")
_FOLDS = (
    f"{'question':<29}{'smallest of folds':<18}{'training':>10}{'outcomes':>10}{'test':>10}{'outcomes':>10}"
)
_TABLES = f"{'Rows by table':<30}{'rows':>10}{'before':>9}{'after':>8}{'months without':>16}"
_DOCUMENTS = f"{'Documents':<28}{'documents':>10}{'children':>10}{'empty':>8}{'copied':>8}{'words':>8}"


def as_text(check: Check) -> str:
    """Lay a check out for a terminal."""
    lines = [
        f"Authority {check.authority}, {check.coverage[0]} to {check.coverage[1]}",
        f"Counts are rounded; those below {check.min_count} are hidden.",
    ]
    for heading, found in (
        ("Look at these first", _cut([*check.refusals, *check.warnings], MOST_URGENT)),
        (_TABLES, _tables(check)),
        (_YEARS, _years(check)),
        (_FOLDS, _smallest(check)),
        (
            "What cannot be (the rule's number is that of the children in need census)",
            _cut(_rules(check), MOST_URGENT),
        ),
        ("What the import set aside", _cut(_rejects(check), MOST_URGENT)),
        ("What stands several times", _cut(_duplicates(check))),
        ("Columns that are empty in half of the rows, or required and empty at all", _cut(_missing(check))),
        ("Codes that are of no code set, or of that of other years", _cut(_codes(check))),
        (_DOCUMENTS, _texts(check)),
    ):
        lines += _under(heading, found)
    return "\n".join([*lines, "", *check.notes])


def _under(heading: str, lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return ["", heading, *(f"  {line}" for line in found)] if found else []


def _cut(lines: Iterable[str], most: int = MOST) -> list[str]:
    found = list(lines)
    more = len(found) - most
    return [*found[:most], f"and {more} more: --html or --json"] if more > 0 else found


def _tables(check: Check) -> Iterator[str]:
    dated = {row["table"]: row for row in check.outside}
    empty = [name for name, rows in check.tables.items() if rows == "0"]
    for name, rows in check.tables.items():
        if name in empty:
            continue
        said = dated.get(name, {})
        beyond = f"{said.get('before', ''):>9}{said.get('after', ''):>8}{said.get('months_without', ''):>16}"
        yield f"{name:<28}{rows:>10}{beyond}".rstrip()
    if empty:
        yield f"empty: {', '.join(empty)}"


def _years(check: Check) -> Iterator[str]:
    """Give the least and the most that a question has in a year; the page has every year."""
    for question in dict.fromkeys(row["question"] for row in check.questions):
        rows = [row for row in check.questions if row["question"] == question]
        years = " to ".join(dict.fromkeys((rows[0]["year"], rows[-1]["year"])))
        index_events, outcomes = (_range(row[name] for row in rows) for name in _SIDE)
        yield f"{question:<26}{years:>13}{index_events:>20}{outcomes:>18}"


def _range(said: Iterable[str]) -> str:
    """Write the least and the greatest of some counts as they are shown."""
    found = sorted(said, key=_size)
    return " to ".join(dict.fromkeys((found[0], found[-1])))


def _smallest(check: Check) -> Iterator[str]:
    """Give the smallest training and test side of each design, of what is shown of its folds."""
    for question, design in dict.fromkeys((row["question"], row["design"]) for row in check.folds):
        rows = [row for row in check.folds if (row["question"], row["design"]) == (question, design)]
        sides = [[row for row in rows if row["side"] == side] for side in ("training", "test")]
        least = [min((row[name] for row in side), key=_size) for side in sides for name in _SIDE]
        counts = "".join(f"{said:>10}" for said in least)
        yield f"{question:<27}{f'{design}, {len(sides[0])}':<18}{counts}"


def _size(said: str) -> int:
    return int(said) if said.isdigit() else 0


def _rules(check: Check) -> Iterator[str]:
    for row in check.rules:
        yield f"{row['rule']:<6}{row['table']:<26}{row['rows']:>8}  {row['what']}"


def _rejects(check: Check) -> Iterator[str]:
    for row in check.rejects:
        yield f"{row['table']}.{row['column']}: {row['reason']}: {row['count']}"


def _duplicates(check: Check) -> Iterator[str]:
    for row in check.duplicates:
        yield f"{row['table']:<26}{row['rows']:>8}  {row['what']}"


def _missing(check: Check) -> Iterator[str]:
    """Name columns that are empty too often; a required one, as soon as it is."""
    for row in check.missing:
        often = int(row["share"].strip("<%") or 0) >= _HALF
        if often or (row["need"] == "required" and row["missing"] != "0" and row["rows"].isdigit()):
            yield f"{row['table']}.{row['column']}: {row['missing']} ({row['share'] or 'few'}; {row['need']})"


def _codes(check: Check) -> Iterator[str]:
    for what, name in (("no code", "foreign"), ("codes of other years", "other_years")):
        found: dict[str, list[str]] = {}
        for row in check.codes:
            # Of a few codes, none and all that are wrong look the same, and that alarms nobody.
            if row[name] != "0" and row["codes"].isdigit():
                found.setdefault(f"{row['table']}.{row['column']}", []).append(row["year"])
        for column, years in found.items():
            yield f"{column}: {what}" + (f" in {', '.join(years)}" if any(years) else "")


def _texts(check: Check) -> Iterator[str]:
    for row in check.document_types:
        counts = f"{row['documents']:>10}{row['children']:>10}{row['empty']:>8}{row['copied']:>8}"
        yield f"{row['type']:<26}{counts}{row['median']:>8}"
    if check.document_types:
        yield (
            "; ".join(f"{row['with_text']} of {row['of']} {row['what']}" for row in check.reach)
            + " have one."
        )
