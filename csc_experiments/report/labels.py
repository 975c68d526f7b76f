"""The labels that a study gives its choices, and which of them tell a reader cells apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from csc_experiments.report.cells import LABEL_COLUMNS, NAMES, Cell


def name_columns(comparison: pd.DataFrame) -> tuple[str, ...]:
    """Name the columns that say which cell a row is, each label that there is directly after its name.

    Examples
    --------
    >>> name_columns(pd.DataFrame(columns=["classifier_label", "colour"]))[4:]
    ('representation', 'classifier', 'classifier_label', 'validation')
    """
    wanted = {*NAMES, *comparison.columns}
    pairs = ((name, LABEL_COLUMNS.get(name, name)) for name in NAMES)
    return tuple(column for pair in pairs for column in dict.fromkeys(pair) if column in wanted)


def with_clear_labels(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Take away each label that stands for two names: rows under it could not be told apart."""
    cells = tuple(cells)
    named: dict[tuple[str, str], set[str]] = {}
    for cell in cells:
        for name, text in cell.labels.items():
            named.setdefault((name, text), set()).add(cell.names[name])
    clear = {pair for pair, names in named.items() if len(names) == 1}
    return tuple(
        replace(cell, labels={name: text for name, text in cell.labels.items() if (name, text) in clear})
        for cell in cells
    )


def without_labels(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """Leave cells their bare names, which are short and which the commands take."""
    return tuple(replace(cell, labels=MappingProxyType({})) for cell in cells)
