"""An invented authority beside the published figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl
import yaml

from csc_experiments.synthetic.care_measures import care_measures
from csc_experiments.synthetic.measures import (
    assessment_measures,
    need_measures,
    protection_measures,
    referral_measures,
)
from csc_experiments.synthetic.returns import Returns
from csc_experiments.synthetic.settings import AuthoritySettings

_SCHEMA = {
    "measure": pl.String(),
    "label": pl.String(),
    "published": pl.Float64(),
    "p5": pl.Float64(),
    "p95": pl.Float64(),
    "band": pl.String(),
    "authority": pl.Float64(),
    "inside": pl.Boolean(),
    "source": pl.String(),
}


def calibrate(tables: Mapping[str, pl.DataFrame], settings: AuthoritySettings) -> pl.DataFrame:
    """Set an authority's records beside the published figures.

    Figures are taken over the complete years of the records (1 April to 31 March) after the first, which does
    not know what came before it.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        The standard tables of an authority.
    settings : AuthoritySettings
        What it was invented with; the child population and the coverage are taken from it.

    Returns
    -------
    polars.DataFrame
        measure, label, published (the median authority, or England), p5 and p95 (the ends of the band), band
        (``between authorities``, or ``England ± x%`` where no spread is published), authority (its own
        figure), inside, source.

    Raises
    ------
    ConfigError
        If the coverage holds fewer than two complete years.
    """
    returns = Returns.of(tables, settings)
    found = {
        **referral_measures(returns),
        **assessment_measures(returns),
        **protection_measures(returns),
        **need_measures(returns),
        **care_measures(returns),
    }
    published = _published()
    rows = [_row(name, figure, found[name]) for name, figure in published["measures"].items()]
    sources = published["sources"]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    return frame.with_columns(pl.col("source").replace_strict(sources, return_dtype=pl.String()))


def report_text(reports: Mapping[str, pl.DataFrame]) -> str:
    """Write calibrations side by side as a Markdown table, and how many figures lie within their band.

    Parameters
    ----------
    reports : mapping of str to polars.DataFrame
        From `calibrate`, by authority; one at least. A figure outside its band is followed by ``!``.
    """
    frame = next(iter(reports.values()))
    head = ["measure", "published", "band", "from", "to", *reports]
    lines = [_line(head), _line(["---" if name in {"measure", "band"} else "---:" for name in head])]
    for at, row in enumerate(frame.iter_rows(named=True)):
        known = [
            row["label"],
            _number(row["published"]),
            row["band"],
            _number(row["p5"]),
            _number(row["p95"]),
        ]
        lines.append(_line([*known, *(_figure(report.row(at, named=True)) for report in reports.values())]))
    within = [
        f"- {name}: {report['inside'].sum()} of {report.height} measures lie within their band."
        for name, report in reports.items()
    ]
    sources = [f"- {source}" for source in frame["source"].unique(maintain_order=True)]
    return "\n".join([*lines, "", *within, "", "Sources:", *sources, ""])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _figure(row: Mapping[str, Any]) -> str:
    return _number(row["authority"]) + ("" if row["inside"] else " !")


@cache
def _published() -> dict[str, Any]:
    text = (files("csc_experiments.synthetic") / "published.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def _row(name: str, figure: Mapping[str, Any], found: float) -> tuple[Any, ...]:
    published = float(figure["published"])
    within = figure.get("within")
    low = float(figure["low"]) if within is None else published * (1 - within)
    high = float(figure["high"]) if within is None else published * (1 + within)
    band = "between authorities" if within is None else f"England ± {within:.0%}"
    return (
        name, figure["label"], published, low, high, band, found, low <= found <= high, figure["source"],
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.1f}"
