"""An error about a workbook of Annex A names list and column as the workbook does, and no cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from csc_experiments.errors import CscError, InvalidDateError, UnreadableInputError
from csc_experiments.records.annex_a.books import read_annex_a
from csc_experiments.synthetic.formats.workbook import Cell, write_workbook

CANARY = "ZZCANARY"
CONTACTS = ("Person\nID", "Gender", "Ethnicity", "DOB", "Date of the\ncontact", "Contact Source")
HELD, BORN = date(2022, 5, 1), date(2012, 5, 1)


@pytest.mark.parametrize(
    ("more", "row", "error", "words"),
    [
        (
            [],
            [CANARY, "F", CANARY, BORN, CANARY, "6"],
            InvalidDateError,
            "list 1 (contacts): column 'Date of the contact' (cont_contact_date) is not a date in 1 of 1",
        ),
        (
            [],
            [CANARY, "F", CANARY, CANARY, HELD, "6"],
            InvalidDateError,
            "list 1 (contacts): column 'DOB' (pers_dob) is not a date in 1 of 1 rows",
        ),
        (
            ["person id"],
            [CANARY, "F", CANARY, BORN, HELD, "6", CANARY],
            UnreadableInputError,
            "list 1 has two columns 'Person ID' (Child Unique ID)",
        ),
    ],
)
def test_list_and_column_are_named_as_the_workbook_names_them(
    more: list[Cell], row: list[Cell], error: type[CscError], words: str, tmp_path: Path
) -> None:
    book = write_workbook(tmp_path / "a.xlsx", {"Contacts": [[*CONTACTS, *more], row]})
    with pytest.raises(error) as refused:
        read_annex_a([book])
    assert words in str(refused.value)
    assert CANARY not in str(refused.value)
