"""Which codes of a history are described."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.history.rules import BIRTH, DEATH, STANDARD_CODES
from csc_experiments.privacy.vocabulary import count_families
from csc_experiments.representations.matrix import Matrix, Rows
from csc_experiments.representations.structured.naming import EVER, read_name

MIN_FAMILIES: Final = 10
"""Of a code that no national code set holds, as of a word: in the histories of so many training families."""
REFERRALS_COUNT: Final = "REFERRAL//START|count|all"
"""The column that the baseline `previous_referrals` ranks by."""


def history_codes(events: pl.DataFrame) -> list[str]:
    """Codes of dated events, without birth and death, sorted.

    A code of given events that happened fewer than `MIN_FAMILIES` times can never be a column: left out.
    """
    counts = events.filter(pl.col("time").is_not_null())["code"].value_counts()
    standard = pl.col("code").is_in(sorted(STANDARD_CODES))
    found = counts.filter(standard | (pl.col("count") >= MIN_FAMILIES))
    return sorted(set(found["code"]) - {BIRTH, DEATH})


def given_codes(codes: list[str]) -> list[str]:
    """List the codes that only given events have, in their order: no other comes with a number."""
    return [code for code in codes if code not in STANDARD_CODES]


def without_rare_codes(raw: Matrix, fit: Rows, families: NDArray[np.int64]) -> Matrix:
    """Leave out the columns of given codes that too few training families have.

    Their names come from somebody else's records and may leave the site with a model, so one family must not
    be able to shape them. Which columns there are is learned from the training rows alone, as everything is
    that is fitted. A family has a code if the child has it or, where they are described, a brother or sister.

    Parameters
    ----------
    raw : Matrix
        From `structured_features`.
    fit : array of int
        Training rows.
    families : array of int
        Of every row of the cohort.
    """
    said = [read_name(name) for name in raw.names]
    if not any(given_codes(list(column.codes)) for column in said):
        return raw
    ever = [number for number, column in enumerate(said) if column.what == EVER]
    place = {code: number for number, code in enumerate(dict.fromkeys(said[at].code for at in ever))}
    of_code = [place[said[at].code] for at in ever]
    merge = sparse.csr_array((np.ones(len(ever), np.float32), (range(len(ever)), of_code)))
    counts = count_families(sparse.csr_array(sparse.csr_array(raw.take(fit))[:, ever] @ merge), families[fit])
    rare = {code for code in given_codes(list(place)) if counts[place[code]] < MIN_FAMILIES}
    kept = [number for number, column in enumerate(said) if rare.isdisjoint(column.codes)]
    if len(kept) == len(said):
        return raw
    return Matrix(raw.values[:, kept], tuple(raw.names[number] for number in kept), raw.rows)
