"""From a validation design to the folds of a cohort, families whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.model_selection import LeaveOneGroupOut

from csc_experiments.errors import TooFewPositivesError
from csc_experiments.questions.cohort import Cohort
from csc_experiments.seeds import seed_for
from csc_experiments.validation.fold import Fold, Rows, check_families
from csc_experiments.validation.named import named_folds
from csc_experiments.validation.settings import TIME_DESIGNS, CasesTested, Design, ValidationConfig
from csc_experiments.validation.splitters import TimeBlocks, WholeFamilies

__all__ = ["Fold", "Rows", "check_families", "holdout_fold", "holdout_rows", "inner_folds", "outer_folds"]


def outer_folds(cohort: Cohort, design: ValidationConfig, seed: int) -> list[Fold]:
    """Divide a cohort into folds.

    Parameters
    ----------
    seed : int
        Derived for the axes along which folds may vary; the designs in time draw nothing.

    Returns
    -------
    list of Fold
        `design.folds` for each of `design.repeats` of `all_cases`, in each of which every row is tested once;
        `design.origins` for `rolling`, the earliest test first; one for `earlier_cases` and
        `other_authorities`; as many as the class makes for `splitter`; `holdout_fold` alone if
        `design.test_on` says so. Every row of the cohort is in each fold, on one side or set aside for one
        reason (such as that it is held out).

    Raises
    ------
    TooFewPositivesError
        If a side of a fold has fewer outcomes, or fewer cases without, than `design.min_positives`, or
        there are too few cases to be divided at all.
    ConfigError
        If `design.splitter` is no splitter.
    LeakError
        If it puts a family on both sides.
    """
    if design.test_on is CasesTested.HOLDOUT:
        return [holdout_fold(cohort, design, seed)]
    kept = _kept_back(cohort, design, seed)
    aside = {f"{why} (holdout)": rows for why, rows in kept.set_aside.items()}
    if kept.test.size:
        aside["held out"] = kept.test
    return _checked((fold.beside(aside) for fold in _outer(cohort, kept.train, design, seed)), cohort, design)


def inner_folds(cohort: Cohort, train: Rows, design: ValidationConfig, seed: int) -> list[Fold]:
    """Divide the training rows of a fold by the same design, for the search for parameters.

    For `earlier_cases` and `rolling` with n inner folds, the latest part of the training rows is cut into n
    blocks in time; each is tested on in turn by what was known before it began, the latest first. For
    `other_authorities` each of the others is tested on in turn; if there is but one, its families are divided
    as in `all_cases`.
    """
    return _checked(_inner(cohort, train, design, seed), cohort, design, "inner ")


def holdout_rows(cohort: Cohort, design: ValidationConfig, seed: int) -> Rows:
    """Return the rows that no fold sees: none if `design.holdout_share` is 0.

    They are those that `holdout_fold` tests on.
    """
    return _kept_back(cohort, design, seed).test


def holdout_fold(cohort: Cohort, design: ValidationConfig, seed: int) -> Fold:
    """Divide a cohort for the one look at what was held out, when all choices have been made.

    The training rows are those that the folds may use. In a design in time they are over before the held-out
    cases begin, and families are resolved as within the folds, so nothing that shaped a choice knows of them.

    Parameters
    ----------
    seed : int
        That of `outer_folds`.

    Raises
    ------
    TooFewPositivesError
        As `outer_folds` does; also if nothing is held out.
    """
    kept = _kept_back(cohort, design, seed)
    if design.design is Design.OTHER_AUTHORITIES:
        here = _here(cohort)[kept.train]
        aside = {**kept.set_aside, "authority is tested on": kept.train[here]}
        kept = Fold(kept.train[~here], kept.test, {why: rows for why, rows in aside.items() if rows.size})
    return _checked([kept], cohort, design, "holdout ")[0]


def _kept_back(cohort: Cohort, design: ValidationConfig, seed: int) -> Fold:
    """Divide a cohort into what the folds may see and what is held out."""
    everyone = np.arange(cohort.rows.height)
    share = design.holdout_share
    if not share:
        return Fold(everyone, everyone[:0], {})
    if design.design in TIME_DESIGNS:
        blocks = TimeBlocks(test_share=share, embargo=cohort.horizon.days, families=design.families)
        return next(blocks.divide(_days(cohort.rows), cohort.rows["family_id"].to_numpy()))
    among = everyone[_here(cohort)] if design.design is Design.OTHER_AUTHORITIES else everyone
    held = _random_families(cohort, among, share, seed_for(seed, "holdout"))
    return Fold(everyone[~held], everyone[held], {})


def _random_families(cohort: Cohort, among: Rows, share: float, seed: int) -> NDArray[np.bool_]:
    """Draw whole families until they have the share of the rows; true for each of their rows."""
    families = cohort.rows["family_id"].to_numpy()
    drawn, sizes = np.unique(families[among], return_counts=True)
    order = np.random.default_rng(seed).permutation(drawn.size)
    before = sizes[order].cumsum() - sizes[order]
    return np.isin(families, drawn[order[before < share * among.size]])


def _outer(cohort: Cohort, among: Rows, design: ValidationConfig, seed: int) -> Iterable[Fold]:
    match design.design:
        case Design.ALL_CASES:
            return _all_cases(cohort, among, design, seed)
        case Design.SPLITTER:
            return named_folds(cohort, among, design, seed, None)
        case Design.OTHER_AUTHORITIES:
            here = _here(cohort)[among]
            return [Fold(among[~here], among[here], {})]
        case _:
            return _in_time(cohort, among, design, design.blocks)


def _inner(cohort: Cohort, train: Rows, design: ValidationConfig, seed: int) -> Iterable[Fold]:
    match design.design:
        case Design.SPLITTER:
            return named_folds(cohort, train, design, seed, design.inner_folds)
        case Design.OTHER_AUTHORITIES if _authorities(cohort)[train].n_unique() > 1:
            return _each_authority(cohort, train)
        case Design.EARLIER_CASES | Design.ROLLING:
            return reversed(list(_in_time(cohort, train, design, design.inner_folds)))
        case _:
            return _all_cases(cohort, train, replace(design, folds=design.inner_folds, repeats=1), seed)


def _days(rows: pl.DataFrame) -> NDArray[np.float64]:
    """Prediction times in days since 1970."""
    return rows["prediction_time"].dt.epoch("s").to_numpy() / timedelta(days=1).total_seconds()


def _authorities(cohort: Cohort) -> pl.Series:
    rows = cohort.rows
    return rows["authority"] if "authority" in rows.columns else pl.repeat("", rows.height, eager=True)


def _here(cohort: Cohort) -> NDArray[np.bool_]:
    """Rows of the authority that is asked about: all of them where no other is joined."""
    if "here" not in cohort.rows.columns:
        return np.ones(cohort.rows.height, np.bool_)
    return cohort.rows["here"].to_numpy()


def _all_cases(cohort: Cohort, among: Rows, design: ValidationConfig, seed: int) -> Iterator[Fold]:
    rows = cohort.rows[among]
    outcome, families = rows["outcome"].to_numpy(), rows["family_id"].to_numpy()
    if np.unique(families).size < design.folds:
        raise TooFewPositivesError(
            f"{np.unique(families).size} families cannot be divided into {design.folds} folds."
        )
    positives = int(outcome.sum())
    if min(positives, among.size - positives) < design.folds:
        raise TooFewPositivesError(
            f"{positives} outcomes in {among.size} cases cannot be divided into {design.folds} folds.",
            todo="Use more years of records, a wider question, or fewer validation.folds and .inner_folds.",
        )
    splitter = WholeFamilies(design.folds, n_repeats=design.repeats, random_state=seed)
    for train, test in splitter.split(np.zeros(len(among)), outcome, families):
        yield Fold(among[train], among[test], {})


def _in_time(cohort: Cohort, among: Rows, design: ValidationConfig, blocks: int) -> Iterator[Fold]:
    rows = cohort.rows[among]
    splitter = TimeBlocks(
        blocks,
        test_share=design.test_share,
        embargo=cohort.horizon.days,
        window=design.window_days,
        families=design.families,
    )
    for fold in splitter.divide(_days(rows), rows["family_id"].to_numpy()):
        yield fold.among(among)


def _each_authority(cohort: Cohort, train: Rows) -> Iterator[Fold]:
    names = _authorities(cohort)[train].to_numpy()
    for learned, tested in LeaveOneGroupOut().split(np.zeros(train.size), groups=names):
        yield Fold(train[learned], train[tested], {})


def _checked(folds: Iterable[Fold], cohort: Cohort, design: ValidationConfig, where: str = "") -> list[Fold]:
    outcome = cohort.rows["outcome"].to_numpy()
    checked = []
    for number, fold in enumerate(folds):
        check_families(cohort.rows, fold)
        for side, rows in (("training", fold.train), ("test", fold.test)):
            positives = int(outcome[rows].sum())
            if min(positives, rows.size - positives) < design.min_positives:
                raise TooFewPositivesError(
                    f"{where}fold {number}: the {side} side has {positives} outcomes in {rows.size} cases;"
                    f" it needs {design.min_positives} with and without"
                    f" ({cohort.rows.height} cases, {int(outcome.sum())} outcomes in all).",
                    todo="Use more years of records, a wider question, or another validation design.",
                )
        checked.append(fold)
    return checked
