"""Pupil numbers, and why a child has none."""

from datetime import date
from string import ascii_uppercase

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.formats.upn import add_pupil_numbers, check_letter, pupil_numbers
from csc_experiments.synthetic.simulation import simulate_lives

# Department for Education: the remainder of the weighed sum by 23, as a letter; I, O and S are not used.
LETTERS = [letter for letter in ascii_uppercase if letter not in "IOS"]


@given(st.text("0123456789", min_size=12, max_size=12))
def test_the_letter_is_the_weighed_sum_of_the_digits(digits: str) -> None:
    total = 0
    for place in range(12):
        total += int(digits[place]) * (place + 2)
    assert check_letter(digits) == LETTERS[total % 23]


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_a_slip_in_one_digit_changes_the_letter(digits: str, place: int, slip: int) -> None:
    other = str((int(digits[place]) + slip) % 10)
    assert check_letter(digits[:place] + other + digits[place + 1 :]) != check_letter(digits)


def persons(count: int) -> pl.DataFrame:
    lives = simulate_lives(AuthoritySettings(authority="la1", children=count, years=2), 1)
    return lives.tables["ssd_person"]


def test_a_number_is_one_childs_alone_and_bears_authority_and_year() -> None:
    born = persons(1500).drop_nulls("pers_dob")
    numbers = pupil_numbers(born, "820", 1)
    assert len(set(numbers.values())) == len(numbers) == born.height
    for person, birth in born.select("pers_person_id", "pers_dob").iter_rows():
        number = numbers[person]
        assert len(number) == 13
        assert number[0] == check_letter(number[1:])
        assert number[1:4] == "820"
        assert number[8:10] == f"{(birth.year + 4) % 100:02}"


def test_an_authority_whose_number_was_never_given_out_borrows_one_that_was() -> None:
    born = persons(100).drop_nulls("pers_dob")
    borrowed = [
        {number[1:4] for number in pupil_numbers(born, f"{authority}", 1).values()}
        for authority in range(961, 967)
    ]
    assert all(len(issuers) == 1 for issuers in borrowed)
    assert set.union(*borrowed) == {"820", "835", "836", "837", "875", "928"}


def test_who_else_is_known_does_not_change_a_childs_number() -> None:
    everybody = persons(600)
    numbers = pupil_numbers(everybody, "820", 1)
    for person, number in pupil_numbers(everybody.tail(50), "820", 1).items():
        assert numbers[person] == number


@pytest.mark.parametrize(
    ("born", "referred", "reason"),
    [
        (None, date(2024, 1, 9), "UN1"),  # before birth
        (date(2018, 9, 1), date(2024, 1, 9), "UN1"),  # five on 1 September: starts school later
        (date(2018, 8, 31), date(2024, 1, 9), None),
        (date(2010, 5, 5), None, "UN7"),  # no referral that led to more
        (date(2010, 5, 5), date(2024, 3, 24), None),
        (date(2010, 5, 5), date(2024, 3, 25), "UN4"),  # known for less than a week
    ],
)
def test_a_child_has_a_number_or_the_reason_why_it_has_none(
    born: date | None, referred: date | None, reason: str | None
) -> None:
    days = pl.DataFrame(
        {"person": ["P1"], "PersonBirthDate": [born], "referred": [referred]},
        schema_overrides={"PersonBirthDate": pl.Date, "referred": pl.Date},
    )
    told = add_pupil_numbers(days, {"P1": "K820432112001"}, 1, date(2024, 3, 31))
    assert told.select("UPN", "UPNunknown").row(0) == (None if reason else "K820432112001", reason)


def test_a_few_never_went_to_a_state_school_and_stay_so() -> None:
    born, referred = date(2010, 5, 5), date(2023, 6, 6)
    days = pl.DataFrame({"person": [f"P{child}" for child in range(2000)]}).with_columns(
        PersonBirthDate=born, referred=referred
    )
    numbers = dict.fromkeys(days["person"], "K820432112001")
    outside = [
        add_pupil_numbers(days, numbers, 1, date(year, 3, 31)).filter(UPNunknown="UN2")["person"].to_list()
        for year in (2024, 2025)
    ]
    assert outside[0] == outside[1]
    assert 20 <= len(outside[0]) <= 60
