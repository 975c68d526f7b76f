from __future__ import annotations

import numpy as np
from scipy import sparse

from csc_experiments.representations.matrix import Matrix
from csc_experiments.representations.structured.choosing import useful_features

NAMES = ("REFERRAL//START|ever", "LOAN|ever", "LOAN|count|all", "LOAN|ever|family", "CLA|open", "age")


def raw(rows: int = 40) -> Matrix:
    """Every other row has a referral and every fourth a loan; nobody is in care."""
    row = np.arange(rows)
    referred, lent = row % 2, row % 4 == 0
    age = np.where(row % 5 == 0, np.nan, row)
    values = np.column_stack([referred, lent, lent * 3, np.zeros(rows), np.zeros(rows), age])
    return Matrix(sparse.csr_array(values.astype(np.float32)), NAMES, row)


def test_a_fold_has_the_columns_of_its_training_rows_and_a_note_says_what_each_means() -> None:
    fit, rows = np.arange(40), np.arange(5, 25)
    matrix = useful_features(raw(), np.arange(40), 10, fit=fit, rows=rows)
    assert matrix.names == ("REFERRAL//START|ever", "LOAN|ever", "LOAN|count|all", "age")
    assert matrix.notes["features"]["name"].to_list() == list(matrix.names)
    assert matrix.notes["features"]["label"][0] == "Referrals: any"
    found = sparse.csr_array(matrix.values).toarray()
    assert found[:, 0].tolist() == [float(row % 2) for row in rows]
    median = float(np.median([row for row in fit if row % 5]))
    assert found[:, 3].tolist() == [median if row % 5 == 0 else float(row) for row in rows]


def test_a_given_code_that_too_few_training_families_have_is_no_column() -> None:
    """Ten rows have the loan, in nine families."""
    families = np.arange(40)
    families[36] = 0
    matrix = useful_features(raw(), families, 10, fit=np.arange(40), rows=np.arange(40))
    assert matrix.names == ("REFERRAL//START|ever", "age")
    assert matrix.notes["features"].height == 2
