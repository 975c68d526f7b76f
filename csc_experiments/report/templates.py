"""The HTML templates that stand beside this module; everything put into them is escaped."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from csc_experiments.report.display import Display

TEMPLATES = Environment(
    loader=PackageLoader("csc_experiments", "report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def html_table(table: Display) -> str:
    """Render a table alone, as semantic HTML."""
    return str(TEMPLATES.from_string(_TABLE).render(table=table))


_TABLE = "{% from 'table.html.jinja' import comparison %}{{ comparison(table) }}\n"
