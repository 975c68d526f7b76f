from __future__ import annotations

import polars as pl
import pytest

from csc_experiments.representations.text.counting import count_tokens
from csc_experiments.representations.text.paragraphs import split
from csc_experiments.representations.text.settings import TokensConfig

# A text, the terms that it says to be, and those that it says not to be.
CASES = [
    # Cues, and where what they say ends.
    ("No mental health concerns.", set(), {"mental", "health", "mental_health", "concerns"}),
    ("Father has never hit her.", {"father"}, {"hit"}),
    ("Mother denies drinking.", {"mother", "denies"}, {"drinking"}),
    ("Mother doesn't drink; father drinks.", {"mother", "father", "drinks"}, {"drink"}),
    ("Mother doesnt drink. Father drinks", {"mother", "father", "drinks"}, {"drink"}),
    ("Mother didn’t drink", {"mother"}, {"drink"}),  # noqa: RUF001 - as word processors write it
    ("She cannot cope but grandmother helps", {"grandmother", "helps"}, {"cope"}),
    ("He did not attend because mother was drunk", {"mother", "drunk"}, {"attend"}),
    ("Not seen since the assault", {"assault"}, {"seen"}),
    ("No bruises when bathed", {"bathed"}, {"bruises"}),
    ("He did not attend and was drunk", {"drunk"}, {"attend"}),
    ("No drugs and alcohol", set(), {"drugs", "alcohol"}),
    ("Left without food or shoes.", {"left"}, {"food", "shoes"}),
    ("Nil of concern. Bruising seen.", {"bruising", "seen"}, {"concern"}),
    ("Neither drugs nor debts were found", set(), {"drugs", "debts", "found"}),
    ("No injuries - bruising to arm", {"bruising", "arm"}, {"injuries"}),
    # Lists with commas, and commas that part clauses.
    ("No alcohol, drugs, debts or violence", set(), {"alcohol", "drugs", "debts", "violence"}),
    ("No food in the house, father shouting", {"father", "shouting"}, {"food", "house"}),
    # No concerns re, around, about.
    (
        "No concerns re domestic abuse or mental health",
        set(),
        {"concerns", "domestic", "abuse", "domestic_abuse", "mental", "health", "mental_health"},
    ),
    ("no concerns about hygiene, sleeping well", {"sleeping"}, {"concerns", "hygiene"}),
    # Six words that are no function words, and no further.
    (
        "No evidence of father hitting mother after police visited grandmother",
        {"police", "visited", "grandmother"},
        {"evidence", "father", "hitting", "mother"},
    ),
    (
        "Not angry hungry thirsty tired frightened lonely cold",
        {"cold"},
        {"angry", "hungry", "thirsty", "tired", "frightened", "lonely"},
    ),
    # What looks like a cue.
    ("Not only drugs were found", {"drugs", "found"}, set()),
    ("No doubt neglect", {"doubt", "neglect"}, set()),
    ("Lives at no 4 Garden Street", {"lives", "garden", "street"}, set()),
    ("Did not deny hitting", {"deny", "hitting"}, set()),
    ("Never without a drink", {"drink"}, set()),
    ("Never. Without drink", set(), {"drink"}),
    ("No further action, mother drunk", {"no_further_action", "mother", "drunk"}, set()),
    ("NFA. Mother drunk", {"no_further_action", "mother", "drunk"}, set()),
    # Answers.
    ("Domestic abuse: No", set(), {"domestic", "abuse", "domestic_abuse"}),
    ("Domestic abuse: none known. Drugs: yes", {"drugs"}, {"domestic", "abuse", "domestic_abuse"}),
    ("Any worries about drinking? No.", set(), {"worries", "drinking"}),
    ("Self-harm - nil", set(), {"self", "harm", "self_harm"}),
    ("Mother drinks. Violence: denied.", {"mother", "drinks", "denied"}, {"violence"}),
    ("Drinking: no longer", {"drinking"}, {"longer"}),
    ("DNA the appointment", set(), {"attend", "appointment"}),
    # The end of a paragraph ends everything.
    ("No\nBruising seen\nnil", {"bruising", "seen"}, set()),
    (
        "Abbreviations: no MH or DV",
        {"abbreviations"},
        {"mental", "health", "mental_health", "domestic", "violence", "domestic_abuse"},
    ),
]


def said(texts: list[str], config: TokensConfig) -> list[dict[bool, set[str]]]:
    """Return the terms of each text: under True those that are said to be, under False those that are not."""
    paragraphs = split(pl.Series(texts))
    counts, terms = count_tokens(paragraphs, config, None, 1)
    found: list[dict[bool, set[str]]] = [{True: set(), False: set()} for _ in texts]
    for document, paragraph, _ in paragraphs.places.iter_rows():
        for term in (terms[column] for column in counts[[paragraph]].indices):
            found[document][not term.startswith("not_")].add(term.removeprefix("not_"))
    return found


@pytest.fixture(scope="module")
def found() -> dict[str, dict[bool, set[str]]]:
    texts = [text for text, _, _ in CASES]
    return dict(zip(texts, said(texts, TokensConfig(lemmas=False)), strict=True))


@pytest.mark.parametrize(("text", "so", "not_so"), CASES)
def test_what_is_said_not_to_be(
    found: dict[str, dict[bool, set[str]]], text: str, so: set[str], not_so: set[str]
) -> None:
    assert found[text] == {True: so, False: not_so}


def test_without_negation_every_term_counts_as_said() -> None:
    config = TokensConfig(lemmas=False, negation=False)
    assert said(["No domestic abuse"], config) == [
        {True: {"domestic", "abuse", "domestic_abuse"}, False: set()}
    ]
