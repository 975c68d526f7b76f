from __future__ import annotations

from pathlib import Path

import csc_experiments.representations.text as package
from csc_experiments.representations.text.lists import ENGLISH, abbreviations, phrases, stop_words

FOLDER = Path(package.__file__).parent


def entries(name: str) -> list[str]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def test_every_phrase_and_abbreviation_is_told_once() -> None:
    forms = [form.strip() for line in entries("phrases.txt") for form in line.split("|")]
    assert len(forms) == len(set(forms))
    assert len(set(phrases().values())) == len(entries("phrases.txt")) > 150
    short = [line.split(" = ")[0] for line in entries("abbreviations.txt")]
    assert len(short) == len(set(short)) > 80


def test_the_names_of_phrases_can_be_mistaken_for_nothing_else() -> None:
    for form, name in phrases().items():
        assert form == form.lower()
        assert " " not in name
        assert "_" in name
        assert not name.startswith("not_")


def test_an_abbreviation_read_in_any_case_is_no_english_word() -> None:
    assert not set(abbreviations().any_case) & (ENGLISH | stop_words(domain=True))
    lowered = {short.lower() for short in abbreviations().exact}
    assert not lowered & set(abbreviations().any_case)


def test_words_that_are_kept_were_english_stop_words() -> None:
    kept = {word[1:] for line in entries("stop_words.txt") for word in line.split() if word.startswith("!")}
    assert kept
    assert kept <= ENGLISH
