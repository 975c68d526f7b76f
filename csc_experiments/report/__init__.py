"""A comparison of cells, as a table in every format and as one page."""

from csc_experiments.report.formats import (
    FORMATS,
    to_csv,
    to_html,
    to_json,
    to_latex,
    to_markdown,
    to_text,
)
from csc_experiments.report.page import write_page

__all__ = [
    "FORMATS",
    "to_csv",
    "to_html",
    "to_json",
    "to_latex",
    "to_markdown",
    "to_text",
    "write_page",
]
