"""What each question would learn from and be tested on: by year, and by fold of each validation design."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from csc_experiments.errors import TooFewPositivesError
from csc_experiments.preflight.hiding import Scale, scale_of, shown_part
from csc_experiments.questions.cohort import Cohort
from csc_experiments.seeds import seed_for
from csc_experiments.validation.folds import Fold, inner_folds, outer_folds
from csc_experiments.validation.settings import Design, ValidationConfig

Row = dict[str, str]
_COUNTS = (
    pl.len().alias("index_events"),
    pl.col("family_id").n_unique().alias("families"),
    pl.col("outcome").sum().alias("positives"),
)
PLENTY = 5
"""How many times the outcomes that its sides need leave no doubt that a balanced division succeeds."""
COUNTED = ("index_events", "families", "positives")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's cohort, and the axes along which its folds vary: those of a run."""

    question: str
    authority: str
    cohort: Cohort
    seed: int

    def seed_for(self, consumer: str, *more: str) -> int:
        """Derive a seed as a run would."""
        return seed_for(self.seed, consumer, self.authority, self.question, *more)


def by_year(asked: Asked, least: int) -> list[Row]:
    """Show question, year, index_events, families and positives, year by year."""
    year = pl.col("prediction_time").dt.year().alias("year")
    years = asked.cohort.rows.group_by(year).agg(_COUNTS).sort("year")
    scales = {name: scale_of(years[name].to_list(), least) for name in COUNTED}
    return [
        {"question": asked.question, "year": str(row["year"]), **_shown(row, scales, least)}
        for row in years.iter_rows(named=True)
    ]


def divide(asked: Asked, design: ValidationConfig) -> list[Fold]:
    """Divide a cohort as a run would.

    Raises
    ------
    TooFewPositivesError
        In words of its own: those of `outer_folds` hold exact counts.
    """
    try:
        return outer_folds(asked.cohort, design, asked.seed_for("folds"))
    except TooFewPositivesError:
        raise TooFewPositivesError(
            f"{asked.question}, {design.name}: refused; each side of each fold needs"
            f" {design.min_positives} outcomes and {design.min_positives} cases without."
        ) from None


def can_search(asked: Asked, folds: Sequence[Fold], design: ValidationConfig) -> bool:
    """Tell whether every fold's training cases can be divided again, to search for settings.

    Drawing whole families takes long where there are many; with outcomes in plenty it is not tried.
    """
    try:
        for number, fold in enumerate(folds):
            if design.design is Design.ALL_CASES and _in_plenty(asked.cohort, fold, design):
                continue
            inner_folds(asked.cohort, fold.train, design, asked.seed_for("inner", f"{number}"))
    except TooFewPositivesError:
        return False
    return True


def _in_plenty(cohort: Cohort, fold: Fold, design: ValidationConfig) -> bool:
    outcome = cohort.rows["outcome"].to_numpy()[fold.train]
    return bool(min(outcome.sum(), (~outcome).sum()) >= PLENTY * design.inner_folds * design.min_positives)


def by_fold(asked: Asked, design: str, folds: Sequence[Fold], least: int) -> list[Row]:
    """Show question, design, fold, side, index_events, families and positives."""
    counted = pl.concat(_sides(asked.cohort, number, fold) for number, fold in enumerate(folds))
    scales = {name: _fold_scale(counted, name, least) for name in COUNTED}
    return [
        {"question": asked.question, "design": design, "fold": str(row["fold"]), "side": row["side"]}
        | _shown(row, scales, least)
        for row in counted.iter_rows(named=True)
    ]


def warnings(years: Sequence[Row], folds: Sequence[Row]) -> Iterator[str]:
    """Say where there are too few outcomes to be shown, of what may be shown alone."""
    for (question,), rows in _grouped(years, "question"):
        few = [row for row in rows if is_few(row["positives"])]
        if few:
            yield f"{question}: {_most(few)} outcomes in {_list(row['year'] for row in few)}."
    for (question, design), rows in _grouped(folds, "question", "design"):
        for side in ("training", "test"):
            few = [row for row in rows if row["side"] == side and is_few(row["positives"])]
            if few:
                where = f"the {side} side of fold {_list(row['fold'] for row in few)}"
                yield f"{question}, {design}: {_most(few)} outcomes on {where}."


def is_few(said: str) -> bool:
    """Tell whether a count is shown as small, or as none."""
    return not said.isdigit() or said == "0"


def _sides(cohort: Cohort, number: int, fold: Fold) -> pl.DataFrame:
    sides = {"training": fold.train, "test": fold.test, **fold.set_aside}
    return pl.concat(
        cohort.rows[members].select(pl.lit(number).alias("fold"), pl.lit(side).alias("side"), *_COUNTS)
        for side, members in sides.items()
    )


def _fold_scale(counted: pl.DataFrame, column: str, least: int) -> Scale:
    """Find the scale on which neither the sides of a fold nor the tests of all folds tell of a few."""
    tests = counted.filter(side="test")
    groups = [*counted.partition_by("fold"), tests]
    return max(scale_of(group[column].to_list(), least) for group in groups)


def _shown(row: dict[str, int], scales: dict[str, Scale], least: int) -> Row:
    of = row["index_events"]
    parts = {name: shown_part(row[name], of, least, scales[name]) for name in COUNTED[1:]}
    return {"index_events": scales["index_events"].show(of), **parts}


def _grouped(rows: Sequence[Row], *keys: str) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    yield from groups.items()


def _most(few: Sequence[Row]) -> str:
    """Say what is known of all of some small counts."""
    highest = max(int(row["positives"].lstrip("<")) for row in few)
    return f"fewer than {highest}" if highest else "no"


def _list(words: Iterator[str]) -> str:
    return ", ".join(words)
