from __future__ import annotations

import re
from pathlib import Path

import pytest

from csc_experiments import errors
from csc_experiments.errors import CscError

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
ROW = re.compile(r"^\| (\d+) \| (?:`(\w+)` )?\| (.+?) \| (?:(.+?) )?\|$", re.MULTILINE)

CLASSES = [
    found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, CscError)
]


def rows() -> list[tuple[int, str, str, str]]:
    """Code, class, meaning and advice of each row of the page."""
    return [
        (int(code), name, meaning, advice)
        for code, name, meaning, advice in ROW.findall(PAGE.read_text(encoding="utf-8"))
    ]


def test_the_page_tells_of_every_class_once_with_its_code_and_meaning() -> None:
    documented = [(code, name, meaning) for code, name, meaning, _ in rows() if name]
    defined = [(found.exit_code, found.__name__, str(found.__doc__).partition("\n")[0]) for found in CLASSES]
    assert documented == sorted(defined)


def test_the_page_tells_of_success_and_of_a_wrong_command_line() -> None:
    assert [code for code, name, _, _ in rows() if not name] == [0, 2]


def test_every_failure_has_advice() -> None:
    assert all(advice for code, _, _, advice in rows() if code)


def test_codes_are_unique_and_fit_a_process() -> None:
    codes = [code for code, *_ in rows()]
    assert codes == sorted(set(codes))
    assert all(0 <= code < 126 for code in codes)  # a shell keeps 126 and above for itself


@pytest.mark.parametrize("kind", CLASSES)
def test_a_message_ends_with_what_to_do(kind: type[CscError]) -> None:
    assert str(kind("Something is wrong.", todo="Do this.")) == "Something is wrong. Do this."
    assert str(kind("Something is wrong.")) == "Something is wrong."
