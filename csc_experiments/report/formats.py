"""A comparison in every format that somebody may ask for.

Text, Markdown, LaTeX and HTML are for readers: two decimals, intervals in words, and beside average precision
its chance, because that is what a random order would score. CSV and JSON are for programs: full figures under
full names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from csc_experiments.report.cells import (
    CHANCE,
    LABEL_COLUMNS,
    SETTING,
    Cell,
    grouped,
    read_cells,
    varying,
)
from csc_experiments.report.display import (
    Display,
    counts_in_words,
    display,
    figure_columns,
    in_words,
    score_columns,
)
from csc_experiments.report.labels import name_columns, with_clear_labels, without_labels
from csc_experiments.report.templates import html_table

_GAP = "  "
_TERMINAL_NAMES = ("representation", "classifier")
_SHORT = {"Prevalence": "Prev."}
_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>&|~$#!"})
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        **{mark: f"\\{mark}" for mark in "&%$#_{}"},
    }
)


def to_text(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    """Lay a comparison out for a terminal.

    Cells tested on the same cases stand together under lines that say what they share, and go by their bare
    names: so the columns fit a terminal of 110 characters, and the names are those that the commands take.

    Parameters
    ----------
    comparison : pandas.DataFrame
        One row per cell, as `csc_experiments.report.cells.read_cells` describes it.
    metrics : sequence of str
        The metrics to show, in this order.

    Returns
    -------
    str
        Ends with a line break, as all formats do.

    Raises
    ------
    UnknownChoiceError
        If the comparison does not have one of the metrics.
    """
    cells = without_labels(read_cells(comparison, metrics))
    scores = score_columns(metrics)
    table = display(cells, scores, _TERMINAL_NAMES)
    headings = [*table.names, *(_SHORT.get(figure, figure) for figure in table.figures)]
    widths = [max(map(len, column)) for column in zip(headings, *table.rows, strict=True)]
    header = [_terminal_row(headings, widths), _GAP.join("-" * width for width in widths)]
    blocks = [table.caption]
    for group in _tested_on_the_same(cells):
        said = f"{in_words(group[0], varying(cells, SETTING))} {counts_in_words(group[0])}".strip()
        rows = display(group, scores, _TERMINAL_NAMES).rows
        blocks.append("\n".join([said, *header, *(_terminal_row(row, widths) for row in rows)]))
    return "\n\n".join(blocks) + "\n"


def to_csv(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    """Write a comparison as CSV: full names, full figures, nothing where a figure is not available."""
    columns = _column_names(comparison, metrics)
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_record(cell, columns) for cell in read_cells(comparison, metrics))
    return file.getvalue()


def to_json(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    """Write a comparison as JSON: one object per cell, null where a figure is not available."""
    columns = _column_names(comparison, metrics)
    records = [_record(cell, columns) for cell in read_cells(comparison, metrics)]
    return json.dumps(records, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_markdown(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    """Write a comparison as a table of GitHub Flavored Markdown, its caption above it."""
    table = _for_documents(comparison, metrics)
    rules = [*("---" for _ in table.names), *("---:" for _ in table.figures)]
    lines = [_markdown_row(table.headings), f"| {' | '.join(rules)} |", *map(_markdown_row, table.rows)]
    return f"{table.caption.translate(_MARKDOWN)}\n\n" + "\n".join(lines) + "\n"


def to_latex(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    r"""Write a comparison as a LaTeX table; it needs the packages `booktabs` and `fontenc` (with T1)."""
    table = _for_documents(comparison, metrics)
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering",
            r"\footnotesize",
            rf"\caption{{{table.caption.translate(_LATEX)}}}",
            r"\label{tab:comparison}",
            rf"\begin{{tabular}}{{{_latex_columns(table)}}}",
            r"\toprule",
            _latex_row(table.headings),
            r"\midrule",
            *map(_latex_row, table.rows),
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def to_html(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    """Write a comparison as one HTML table: caption, column headings, and row headings that name the cell."""
    return html_table(_for_documents(comparison, metrics))


FORMATS: Mapping[str, Callable[[pd.DataFrame, Sequence[str]], str]] = MappingProxyType(
    {
        "table": to_text,
        "csv": to_csv,
        "json": to_json,
        "markdown": to_markdown,
        "latex": to_latex,
        "html": to_html,
    }
)
"""Every format by the name that the command line gives it."""


def _for_documents(comparison: pd.DataFrame, metrics: Sequence[str]) -> Display:
    return display(with_clear_labels(read_cells(comparison, metrics)), figure_columns(metrics))


def _tested_on_the_same(cells: Sequence[Cell]) -> list[list[Cell]]:
    # Runs on several extracts may have counted one setting differently: the counts are never said of another.
    groups: dict[tuple[object, ...], list[Cell]] = {}
    for setting, group in grouped(cells, SETTING).items():
        for cell in group:
            groups.setdefault((*setting, *cell.counts.values()), []).append(cell)
    return list(groups.values())


def _column_names(comparison: pd.DataFrame, metrics: Sequence[str]) -> list[str]:
    ends = {metric: [metric, f"{metric}_low", f"{metric}_high"] for metric in metrics}
    figures = (name for figure in figure_columns(metrics) for name in ends.get(figure, [figure]))
    return [*name_columns(comparison), *figures, "run_id"]


def _record(cell: Cell, columns: Sequence[str]) -> dict[str, str | float | None]:
    values: dict[str, str | float | None] = {**cell.names, **cell.counts, "prevalence": cell.prevalence}
    values |= {column: cell.labels.get(name) for name, column in LABEL_COLUMNS.items()}
    values[CHANCE] = cell.chance
    for metric, estimate in cell.estimates.items():
        values |= {metric: estimate.value, f"{metric}_low": estimate.low, f"{metric}_high": estimate.high}
    values["run_id"] = cell.run_id
    return {column: values[column] for column in columns}


def _terminal_row(values: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f"{value:<{width}}" for value, width in zip(values, widths, strict=True))
    return _GAP.join(padded).rstrip()


def _markdown_row(values: Sequence[str]) -> str:
    return f"| {' | '.join(value.translate(_MARKDOWN) for value in values)} |"


def _latex_row(values: Sequence[str]) -> str:
    return " & ".join(value.translate(_LATEX) for value in values) + r" \\"


def _latex_columns(table: Display) -> str:
    return "l" * len(table.names) + "r" * len(table.figures)
