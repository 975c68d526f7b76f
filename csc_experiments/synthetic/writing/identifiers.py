"""Numbers, addresses and accounts that look right and belong to nobody.

Telephone numbers are those that Ofcom keeps for drama (https://www.ofcom.org.uk/phones-and-broadband/
phone-numbers/numbers-for-drama); NHS numbers begin with 999, which is kept for tests (https://digital.nhs.uk/
services/personal-demographics-service); e-mail domains are those of RFC 2606; postcode areas are unused.
"""

from __future__ import annotations

from typing import Final

from csc_experiments.synthetic.writing.dice import Dice

_NHS_PREFIX, _NHS_RANGE, _NHS_STEP = "999", 1_000_000, 7919
_NHS_MODULUS, _NO_CHECK_DIGIT = 11, 10
_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
UNUSED_AREAS: Final = (
    "AY", "BK", "DU", "EP", "FW", "GK", "HE", "KE", "LY", "MB", "PB", "RB", "TB", "WB", "YB", "ZB",
)  # fmt: skip
"""Two letters that could be a postcode area, and are not."""
_INWARD: Final = "ABDEFGHJLNPQRSTUWXYZ"
_PHONES: Final = (
    "07700 900{}", "07700900{}", "+44 7700 900{}", "07700 900 {}", "01632 960{}", "(01632) 960{}",
    "01632 960 {}", "020 7946 0{}",
)  # fmt: skip
_MAIL_HOSTS: Final = ("example.com", "example.net", "mail.example.org", "post.example.com")


def nhs_number(number: int) -> str:
    """Return an NHS number of the test range, with its check digit.

    Parameters
    ----------
    number : int
        Whose it is; the million numbers of the range are used in turn.

    Examples
    --------
    >>> nhs_number(5)
    '999 039 5950'
    """
    at = number * _NHS_STEP % _NHS_RANGE
    while (check := _nhs_check(f"{_NHS_PREFIX}{at:06}")) == _NO_CHECK_DIGIT:
        at = (at + 1) % _NHS_RANGE
    digits = f"{at:06}{check}"
    return f"{_NHS_PREFIX} {digits[:3]} {digits[3:]}"


def _nhs_check(nine: str) -> int:
    """Return the check digit; 10 if the number can have none (NHS Data Dictionary, modulus 11)."""
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(nine))
    return (_NHS_MODULUS - total % _NHS_MODULUS) % _NHS_MODULUS


def unique_pupil_number(authority: int, establishment: int, entered: int, serial: int) -> str:
    """Return a number in the form of a unique pupil number, with its check letter.

    Department for Education, Unique pupil numbers: a guide for schools and local authorities.

    Parameters
    ----------
    authority, establishment, entered, serial : int
        Three, four, two and three digits.

    Examples
    --------
    >>> unique_pupil_number(820, 4321, 12, 1)
    'K820432112001'
    """
    digits = f"{authority % 1000:03}{establishment % 10000:04}{entered % 100:02}{serial % 1000:03}"
    total = sum(int(digit) * weight for weight, digit in enumerate(digits, start=2))
    return f"{_UPN_LETTERS[total % len(_UPN_LETTERS)]}{digits}"


def postcode(dice: Dice, area: str) -> str:
    """Return a postcode that looks right in an area that does not exist."""
    return f"{area}{1 + dice.below(29)} {1 + dice.below(9)}{dice.pick(_INWARD)}{dice.pick(_INWARD)}"


def phone(dice: Dice) -> str:
    """Return a telephone number from the ranges kept for drama, written as people write them."""
    return dice.pick(_PHONES).format(f"{dice.below(1000):03}")


def own_email(dice: Dice, forename: str, surname: str) -> str:
    """Return a private person's e-mail address."""
    fore, last = _plain(forename), _plain(surname)
    user = dice.pick(
        (f"{fore}.{last}", f"{fore}{last}{dice.below(90) + 10}", f"{fore[0]}{last}", f"{fore}_x")
    )
    return f"{user}@{dice.pick(_MAIL_HOSTS)}"


def work_email(forename: str, surname: str, host: str) -> str:
    """Return a professional's e-mail address.

    Examples
    --------
    >>> work_email("Ann", "O'Hara", "council")
    'ann.ohara@council.example.org'
    """
    return f"{_plain(forename)}.{_plain(surname)}@{host}.example.org"


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha()) or "post"
