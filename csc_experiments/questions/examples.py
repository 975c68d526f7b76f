"""Example children of a question: what was recorded of each, and what the question says of them.

They stand in a text file beside the question's own. Paragraphs say what is asked and why so; after them
each example has a title (`## ...`), perhaps a line `records from DAY to DAY`, tables under their names, and a
table `verdicts`. Tests hold a question to its examples, and its page shows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

VERDICTS = "verdicts"
_COVERAGE = re.compile(r"records from (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class Example:
    """A few children.

    Attributes
    ----------
    title : str
    said : tuple of str
        Paragraphs, without markup.
    coverage : tuple of date, or None
        First and last day of the records, where it matters.
    tables : dict of str to str
        What was recorded, by name of the table: a line of names and a line for each row, cells apart by bars.
    verdicts : str
        A table of child, asked (a day, or "out"), verdict and, perhaps, because.
    """

    title: str
    said: tuple[str, ...] = ()
    coverage: tuple[date, date] | None = None
    tables: dict[str, str] = field(default_factory=dict)
    verdicts: str = ""


def read_examples(text: str) -> tuple[tuple[str, ...], list[Example]]:
    r"""Read a file of examples.

    Returns
    -------
    said : tuple of str
        The paragraphs before the first example.
    examples : list of Example

    Examples
    --------
    >>> drawn = "care\nchild\nA\n\nverdicts\nchild | asked\nA | out"
    >>> said, (one,) = read_examples(f"Why it is asked.\n\n## Once\n\n{drawn}")
    >>> said, one.title, one.tables, one.verdicts
    (('Why it is asked.',), 'Once', {'care': 'child\nA'}, 'child | asked\nA | out')
    """
    first, *others = re.split(r"^## ", text.strip(), flags=re.MULTILINE)
    return tuple(_blocks(first)), [_example(part) for part in others]


def read_table(drawn: str) -> list[dict[str, str | None]]:
    r"""Read a table; an empty cell is None, and a row of several children stands for a row of each.

    Examples
    --------
    >>> read_table("child | day\nA B | 2020-01-01\nC |")
    [{'child': 'A', 'day': '2020-01-01'}, {'child': 'B', 'day': '2020-01-01'}, {'child': 'C', 'day': None}]
    """
    names, *rows = ([cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines())
    said = [{name: cell or None for name, cell in zip(names, row, strict=True)} for row in rows]
    return [row | {"child": child} for row in said for child in (row.get("child") or "").split()]


def _blocks(text: str) -> list[str]:
    return [block for block in re.split(r"\n\s*\n", text.strip()) if block]


def _example(part: str) -> Example:
    title, *blocks = _blocks(part)
    tables = {name: rows for name, _, rows in (block.partition("\n") for block in blocks) if _is_table(name)}
    said = [block for block in blocks if not _is_table(block.partition("\n")[0])]
    days = next((found for block in said if (found := _COVERAGE.fullmatch(block))), None)
    return Example(
        title,
        tuple(block for block in said if not _COVERAGE.fullmatch(block)),
        (date.fromisoformat(days[1]), date.fromisoformat(days[2])) if days else None,
        {name: rows for name, rows in tables.items() if name != VERDICTS},
        tables.get(VERDICTS, ""),
    )


def _is_table(name: str) -> bool:
    """A table stands under one word, in small letters."""
    return re.fullmatch(r"[a-z_]+", name) is not None
