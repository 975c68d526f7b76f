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
from itertools import zip_longest
from types import MappingProxyType

import pandas as pd

from csc_experiments.report.cells import (
    CHANCE,
    LABEL_COLUMNS,
    OPTIONAL,
    PART,
    SETTING,
    Cell,
    common_variant,
    read_cells,
    varying,
)
from csc_experiments.report.display import (
    VARIANT,
    Display,
    counts_in_words,
    display,
    figure_columns,
    in_words,
    score_columns,
    variant_in_words,
)
from csc_experiments.report.labels import name_columns, with_clear_labels, without_labels
from csc_experiments.report.panels import Panel, panels
from csc_experiments.report.standing import standing
from csc_experiments.report.templates import html_table

_GAP = "  "
_TERMINAL_NAMES = ("representation", "classifier")
_LATEX_WRAPPED = r"p{4.5cm}"
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
    Only a last column may pass the edge: what the names leave open, where that differs among such cells.

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
    shown = [(panel, display(panel.cells, scores, _TERMINAL_NAMES)) for panel in panels(cells)]
    widths = [
        max(map(len, column))
        for column in zip_longest(
            *(line for _, table in shown for line in _terminal_lines(table)), fillvalue=""
        )
    ]
    blocks = [display(cells, scores, _TERMINAL_NAMES).caption]
    for panel, table in shown:
        header, *rows = (_terminal_row(line, widths) for line in _terminal_lines(table))
        rule = _GAP.join("-" * width for width in widths[: len(table.headings)])
        blocks.append("\n".join([_terminal_heading(panel, cells), header, rule, *rows]))
    if told := standing(cells):
        blocks.append("\n".join(told))
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


def _column_names(comparison: pd.DataFrame, metrics: Sequence[str]) -> list[str]:
    ends = {metric: [metric, f"{metric}_low", f"{metric}_high"] for metric in metrics}
    figures = (name for figure in figure_columns(metrics) for name in ends.get(figure, [figure]))
    told = (name for name in OPTIONAL if name in comparison.columns)
    return [*name_columns(comparison), *told, *figures, "run_id"]


def _record(cell: Cell, columns: Sequence[str]) -> dict[str, str | float | None]:
    values: dict[str, str | float | None] = {**cell.names, **cell.counts, "prevalence": cell.prevalence}
    values |= {"variant": PART.join(cell.variant), "baseline": cell.baseline}
    values |= {"tuning_trials": cell.tuning_trials, "cases": cell.cases}
    values |= {"alarms": cell.alarms, "protocol": cell.protocol, "looks": cell.looks}
    values |= {column: cell.labels.get(name) for name, column in LABEL_COLUMNS.items()}
    values[CHANCE] = cell.chance
    for metric, estimate in cell.estimates.items():
        values |= {metric: estimate.value, f"{metric}_low": estimate.low, f"{metric}_high": estimate.high}
    values["run_id"] = cell.run_id
    return {column: values[column] for column in columns}


def _terminal_heading(panel: Panel, cells: Sequence[Cell]) -> str:
    """Say what the cells of a panel share, beyond what all cells do."""
    first = panel.cells[0]
    variant = [part for part in panel.common if part not in common_variant(cells)]
    said = (in_words(first, varying(cells, SETTING)), variant_in_words(variant), counts_in_words(first))
    return " ".join(part for part in said if part)


def _terminal_lines(table: Display) -> list[tuple[str, ...]]:
    """Give the headings and the rows, the variant last: it is long and must not push figures out of sight."""
    headings = (*table.names, *(_SHORT.get(figure, figure) for figure in table.figures))
    start, end = len(_TERMINAL_NAMES), len(table.names)
    return [(*line[:start], *line[end:], *line[start:end]) for line in (headings, *table.rows)]


def _terminal_row(values: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f"{value:<{width}}" for value, width in zip(values, widths, strict=False))
    return _GAP.join(padded).rstrip()


def _markdown_row(values: Sequence[str]) -> str:
    return f"| {' | '.join(value.translate(_MARKDOWN) for value in values)} |"


def _latex_row(values: Sequence[str]) -> str:
    return " & ".join(value.translate(_LATEX) for value in values) + r" \\"


def _latex_columns(table: Display) -> str:
    names = (_LATEX_WRAPPED if name == VARIANT else "l" for name in table.names)
    return "".join(names) + "r" * len(table.figures)
