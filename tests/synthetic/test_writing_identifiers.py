from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.synthetic.writing.canaries import canary_names
from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.identifiers import nhs_number, phone, postcode, unique_pupil_number
from csc_experiments.synthetic.writing.names import misspelt, nickname, pool_of, pools
from csc_experiments.synthetic.writing.places import places_of

NAMES = st.sampled_from(sorted({name for pool in pools().values() for name in (*pool.girls, *pool.boys)}))


@given(number=st.integers(0, 10**9))
def test_an_nhs_number_divides_by_eleven_as_the_dictionary_says(number: int) -> None:
    digits = [int(digit) for digit in nhs_number(number).replace(" ", "")]
    assert digits[:3] == [9, 9, 9]
    assert sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True)) % 11 == 0


@given(st.integers(0, 999), st.integers(0, 9999), st.integers(0, 99), st.integers(0, 10**6))
def test_a_pupil_number_begins_with_its_check_letter(la: int, school: int, year: int, serial: int) -> None:
    letter, *digits = unique_pupil_number(la, school, year, serial)
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, range(2, 14), strict=True))
    # The letters of the alphabet but I, O and S.
    assert letter == "ABCDEFGHJKLMNPQRTUVWXYZ"[weighed % 23]
    assert len(digits) == 12


def test_pupil_numbers_that_are_known_to_be_right() -> None:
    assert unique_pupil_number(820, 4321, 12, 1) == "K820432112001"


@given(key=st.integers(0, 10**6))
def test_postcodes_and_numbers_look_right(key: int) -> None:
    dice = Dice("test", key)
    assert re.fullmatch(r"ZB[0-9]{1,2} [0-9][ABD-HJLNP-UW-Z]{2}", postcode(dice, "ZB"))
    digits = re.sub(r"\D", "", phone(dice)).removeprefix("44").removeprefix("0")
    assert re.fullmatch(r"7700900\d{3}|1632960\d{3}|2079460\d{3}", digits)


@given(name=NAMES, key=st.integers(0, 10**6))
def test_a_misspelt_name_and_a_nickname_are_other_words(name: str, key: int) -> None:
    assert misspelt(Dice(key), name) not in {name, ""}
    assert nickname(Dice(key), name) not in {name, ""}


def test_names_go_loosely_with_the_recorded_ethnicity() -> None:
    drawn = [pool_of(Dice("names", at), "APKN") for at in range(400)]
    share = sum(pool is pools()["pakistani"] for pool in drawn) / len(drawn)
    assert 0.75 < share < 0.95


def test_authorities_have_places_people_and_canaries_of_their_own() -> None:
    first, second = places_of("la1"), places_of("la2")
    assert not set(first.towns) & set(second.towns)
    assert len(set(first.schools()) & set(second.schools())) < 0.1 * len(first.schools())
    assert not set(canary_names("la1")) & set(canary_names("la2"))
    assert len(set(canary_names("la1"))) == 4
