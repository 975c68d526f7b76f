"""A comparison frame as cells: what every table and figure is made from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

import pandas as pd

from csc_experiments.errors import MissingColumnError, UnknownChoiceError
from csc_experiments.report.estimate import Estimate

AVERAGE_PRECISION = "average_precision"

CHANCE = "average_precision_chance"

CHANCE_IN_WORDS = (
    "Chance is what a random order of the same cases would score on average; "
    "in large folds it is all but equal to the prevalence."
)
"""What the no-skill line of average precision is, as every reader is told it."""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "study": "Study",
        "authority": "Authority",
        "dataset": "Dataset",
        "question": "Question",
        "representation": "Representation",
        "classifier": "Classifier",
        "validation": "Validation",
    }
)
"""The columns that name a cell, with their headings."""

LABEL_COLUMNS: Mapping[str, str] = MappingProxyType(
    {name: f"{name}_label" for name in ("question", "representation", "classifier", "validation")}
)
"""The names that may come with a label, and the columns that hold it."""

SETTING = ("study", "dataset", "question", "authority", "validation")
"""The names that all cells tested on the same cases have in common."""

COUNTS: Mapping[str, str] = MappingProxyType(
    {"families": "Families", "rows": "Cases", "positives": "Outcomes"}
)
"""The columns that count the held-out cases, with their labels."""

OPTIONAL = ("variant", "baseline", "tuning_trials", "cases", "alarms", "protocol", "looks")
"""What else a comparison may say of a cell; `Cell` says what each is."""

PART = "; "
"""What stands between the parts of a variant."""

METRIC_LABELS: Mapping[str, str] = MappingProxyType(
    {AVERAGE_PRECISION: "Average precision", "roc_auc": "AUC"}
)
"""Labels of metrics whose column name does not read well by itself."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a comparison.

    Attributes
    ----------
    names : Mapping[str, str]
        What the cell is, by the keys of `NAMES`.
    counts : Mapping[str, int or None]
        Sizes of the held-out cases, by the keys of `COUNTS`.
    prevalence : float or None
        Share of the held-out cases with the outcome.
    chance : float or None
        Expected average precision of a random order of the held-out cases, by fold as the metric itself is:
        the line that a model with skill must pass. It lies above the prevalence, visibly so in small folds.
    estimates : Mapping[str, Estimate]
        By metric.
    run_id : str
        The run that the figures come from.
    labels : Mapping[str, str]
        What a reader is to see in place of a name, by keys of `LABEL_COLUMNS`. A name may have none.
    variant : tuple of str
        What the names leave open, such as `("question.outcome.within_days=180", "seed=2")`.
    baseline : bool
        Whether the classifier learns nothing but from one column, or nothing at all.
    tuning_trials : int or None
        Settings tried in each fold; 0 where there was nothing to search.
    cases : str
        Equal where two cells were tested on the very same cases; empty where it is not known.
    alarms : str
        Names of the tripwires that went off; "none", or empty where none was there.
    protocol : str
        "confirmatory" or "exploratory"; empty where it is not known.
    looks : int or None
        How many cells of all studies were tested on the same cases.

    References
    ----------
    Bestgen, Y. (2015). Exact expected average precision of the random baseline for system evaluation. *The
    Prague Bulletin of Mathematical Linguistics*, 103, 131-138. https://doi.org/10.1515/pralin-2015-0007
    """

    names: Mapping[str, str]
    counts: Mapping[str, int | None]
    prevalence: float | None
    chance: float | None
    estimates: Mapping[str, Estimate]
    run_id: str
    labels: Mapping[str, str] = field(default_factory=dict)
    variant: tuple[str, ...] = ()
    baseline: bool = False
    tuning_trials: int | None = None
    cases: str = ""
    alarms: str = ""
    protocol: str = ""
    looks: int | None = None

    def called(self, name: str) -> str:
        """Say one of `NAMES` as a reader is to see it: its label, or else the bare name, on one line.

        On one line, because it could break out of its table cell otherwise.
        """
        return _on_one_line(self.labels.get(name, self.names[name]))

    def differs_by(self, *, beyond: Sequence[str] = ()) -> str:
        """Say the variant on one line, without the parts that are said elsewhere."""
        return _on_one_line(PART.join(part for part in self.variant if part not in beyond))

    @property
    def precision(self) -> Estimate:
        """Average precision, which stands beside chance everywhere."""
        return self.estimates[AVERAGE_PRECISION]

    @property
    def can_be_judged(self) -> bool:
        """Whether there are an interval and a chance to hold it against."""
        return self.precision.has_interval and self.chance is not None

    @property
    def is_above_chance(self) -> bool:
        """Whether the whole interval of average precision lies above chance."""
        low = self.precision.low
        return self.can_be_judged and low is not None and low > cast("float", self.chance)

    def reaches(self, threshold: float) -> bool:
        """Whether the average precision itself is at least the threshold."""
        return self.precision.value is not None and self.precision.value >= threshold


def metrics_in(comparison: pd.DataFrame) -> tuple[str, ...]:
    """Name the metrics of a comparison: columns that have a `_low` and a `_high` beside them.

    Examples
    --------
    >>> metrics_in(pd.DataFrame(columns=["prevalence", "brier", "brier_low", "brier_high"]))
    ('brier',)
    """
    columns = [str(column) for column in comparison.columns]
    return tuple(name for name in columns if {f"{name}_low", f"{name}_high"} <= set(columns))


def read_cells(comparison: pd.DataFrame, metrics: Sequence[str]) -> tuple[Cell, ...]:
    """Read a comparison frame, one cell per row, in its order.

    Parameters
    ----------
    comparison : pandas.DataFrame
        Columns: those of `NAMES` and `COUNTS`, `prevalence`, `average_precision_chance`, `run_id`, and
        `<metric>`, `<metric>_low`, `<metric>_high` for each metric. A figure may be missing (NaN). Those of
        `LABEL_COLUMNS` and `OPTIONAL` may be there too; a label may be missing or blank.
    metrics : sequence of str
        The metrics to read.

    Returns
    -------
    tuple of Cell

    Raises
    ------
    UnknownChoiceError
        If the comparison does not have one of the metrics.
    MissingColumnError
        If another column is missing.

    Examples
    --------
    >>> read_cells(pd.DataFrame(columns=["authority"]), ["brier"])
    Traceback (most recent call last):
    ...
    csc_experiments.errors.UnknownChoiceError: The comparison has no metric 'brier'. Choose from: none.
    """
    known = metrics_in(comparison)
    for metric in metrics:
        if metric not in known:
            raise UnknownChoiceError(
                f"The comparison has no metric '{metric}'.",
                todo=f"Choose from: {', '.join(known) or 'none'}.",
            )
    missing = sorted({*NAMES, *COUNTS, "prevalence", CHANCE, "run_id"} - set(comparison.columns))
    if missing:
        raise MissingColumnError(f"The comparison has no column {', '.join(missing)}.")
    return tuple(_read_cell(row, metrics) for row in _rows(comparison))


def varying(cells: Iterable[Cell], names: Sequence[str]) -> tuple[str, ...]:
    """Keep the names in which the cells differ.

    The dataset is not kept where it only repeats the authority.
    """
    cells = tuple(cells)
    repeats = all(cell.names["dataset"] == cell.names["authority"] for cell in cells)
    return tuple(
        name
        for name in names
        if len({cell.names[name] for cell in cells}) > 1 and not (repeats and name == "dataset")
    )


def grouped(cells: Iterable[Cell], names: Sequence[str]) -> dict[tuple[str, ...], list[Cell]]:
    """Group cells by some of their names; groups and cells keep the order in which they first stand."""
    groups: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(tuple(cell.names[name] for name in names), []).append(cell)
    return groups


def common_variant(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Keep the parts of the variant that every cell has."""
    first = cells[0].variant if cells else ()
    return tuple(part for part in first if all(part in cell.variant for cell in cells))


def _rows(comparison: pd.DataFrame) -> list[Mapping[str, object]]:
    return cast("list[Mapping[str, object]]", comparison.to_dict("records"))


def _read_cell(row: Mapping[str, object], metrics: Sequence[str]) -> Cell:
    return Cell(
        names={name: str(row[name]) for name in NAMES},
        counts={name: _whole(row[name]) for name in COUNTS},
        prevalence=_number(row["prevalence"]),
        chance=_number(row[CHANCE]),
        estimates={
            metric: Estimate(*(_number(row[f"{metric}{end}"]) for end in ("", "_low", "_high")))
            for metric in metrics
        },
        run_id=str(row["run_id"]),
        labels={name: label for name, column in LABEL_COLUMNS.items() if (label := _text(row.get(column)))},
        variant=tuple(variant.split(PART)) if (variant := _text(row.get("variant"))) else (),
        baseline=_flag(row.get("baseline")),
        tuning_trials=_whole(row.get("tuning_trials")),
        cases=_text(row.get("cases")),
        alarms=_text(row.get("alarms")),
        protocol=_text(row.get("protocol")),
        looks=_whole(row.get("looks")),
    )


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _text(value: object) -> str:
    # What is missing from a column of words is NaN, not a string.
    return value if isinstance(value, str) and value.strip() else ""


def _flag(value: object) -> bool:
    # What is missing from a column of flags is NaN, which counts as true.
    return isinstance(value, bool) and value


def _number(value: object) -> float | None:
    number = math.nan if value is None or value is pd.NA else float(cast("float", value))
    return number if math.isfinite(number) else None


def _whole(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
