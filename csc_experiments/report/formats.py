"""A comparison in every format that somebody may ask for.

Text, Markdown, LaTeX and HTML are for readers: two decimals, intervals in words, and prevalence beside
average precision, because that is what a model without skill would score. CSV and JSON are for programs: full
figures under full names.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from csc_experiments.report.cells import NAMES, SETTING, Cell, grouped, read_cells, varying
from csc_experiments.report.display import Display, display, figure_columns, in_words
from csc_experiments.report.templates import html_table

_GAP = "  "
_TERMINAL_NAMES = ("representation", "classifier")
_SHORT = {"Families": "Fam.", "Outcomes": "Outc.", "Prevalence": "Prev."}
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

    Cells tested on the same cases stand together under a line that says what they share, so that the columns
    fit a terminal of 110 characters when representations and classifiers have short names.

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
    cells = read_cells(comparison, metrics)
    table = display(cells, metrics, _TERMINAL_NAMES)
    headings = [*table.names, *(_SHORT.get(figure, figure) for figure in table.figures)]
    widths = [max(map(len, column)) for column in zip(headings, *table.rows, strict=True)]
    header = [_terminal_row(headings, widths), _GAP.join("-" * width for width in widths)]
    blocks = [table.caption]
    for group in grouped(cells, SETTING).values():
        said = in_words(group[0], varying(cells, SETTING))
        rows = display(group, metrics, _TERMINAL_NAMES).rows
        blocks.append(
            "\n".join([*filter(None, [said]), *header, *(_terminal_row(row, widths) for row in rows)])
        )
    return "\n\n".join(blocks) + "\n"


def to_csv(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    """Write a comparison as CSV: full names, full figures, nothing where a figure is not available."""
    columns = _column_names(metrics)
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_record(cell, metrics) for cell in read_cells(comparison, metrics))
    return file.getvalue()


def to_json(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    """Write a comparison as JSON: one object per cell, null where a figure is not available."""
    records = [_record(cell, metrics) for cell in read_cells(comparison, metrics)]
    return json.dumps(records, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def to_markdown(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    """Write a comparison as a table of GitHub Flavored Markdown, its caption above it."""
    table = display(read_cells(comparison, metrics), metrics)
    rules = [*("---" for _ in table.names), *("---:" for _ in table.figures)]
    lines = [_markdown_row(table.headings), f"| {' | '.join(rules)} |", *map(_markdown_row, table.rows)]
    return f"{table.caption.translate(_MARKDOWN)}\n\n" + "\n".join(lines) + "\n"


def to_latex(comparison: pd.DataFrame, metrics: Sequence[str]) -> str:
    r"""Write a comparison as a LaTeX table; it needs the packages `booktabs` and `fontenc` (with T1)."""
    table = display(read_cells(comparison, metrics), metrics)
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
    return html_table(display(read_cells(comparison, metrics), metrics))


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


def _column_names(metrics: Sequence[str]) -> list[str]:
    figures = figure_columns(metrics)
    ends = {metric: [metric, f"{metric}_low", f"{metric}_high"] for metric in metrics}
    return [*NAMES, *(name for figure in figures for name in ends.get(figure, [figure])), "run_id"]


def _record(cell: Cell, metrics: Sequence[str]) -> dict[str, str | float | None]:
    values: dict[str, str | float | None] = {**cell.names, **cell.counts, "prevalence": cell.prevalence}
    for metric, estimate in cell.estimates.items():
        values |= {metric: estimate.value, f"{metric}_low": estimate.low, f"{metric}_high": estimate.high}
    values["run_id"] = cell.run_id
    return {name: values[name] for name in _column_names(metrics)}


def _terminal_row(values: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f"{value:<{width}}" for value, width in zip(values, widths, strict=True))
    return _GAP.join(padded).rstrip()


def _markdown_row(values: Sequence[str]) -> str:
    return f"| {' | '.join(value.translate(_MARKDOWN) for value in values)} |"


def _latex_row(values: Sequence[str]) -> str:
    return " & ".join(value.translate(_LATEX) for value in values) + r" \\"


def _latex_columns(table: Display) -> str:
    return "l" * len(table.names) + "r" * len(table.figures)
