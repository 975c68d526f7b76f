"""From the features of all rows to the matrix of a fold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from csc_experiments.representations.matrix import Matrix, Rows
from csc_experiments.representations.structured.codes import without_rare_codes
from csc_experiments.representations.structured.columns import UsefulColumns
from csc_experiments.representations.structured.dictionary import feature_dictionary


def useful_features(
    raw: Matrix, families: NDArray[np.int64], min_rows: int, *, fit: Rows, rows: Rows
) -> Matrix:
    """Choose columns on some rows, and describe these and others by them.

    Parameters
    ----------
    raw : Matrix
        Features of all rows of the cohort.
    families : array of int
        Of all rows of the cohort.
    min_rows : int
        As in `UsefulColumns`.
    fit, rows : array of int
        Training rows, and rows to describe.

    Returns
    -------
    Matrix
        With one note, `features`: what each column means.
    """
    allowed = without_rare_codes(raw, fit, families)
    step = UsefulColumns(min_rows).fit(allowed.take(fit))
    names = tuple(allowed.names[column] for column in step.columns_)
    return Matrix(step.transform(allowed.take(rows)), names, rows, {"features": feature_dictionary(names)})
