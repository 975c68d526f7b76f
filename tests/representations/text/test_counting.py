from __future__ import annotations

import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.errors import ConfigError
from csc_experiments.representations.text.counting import count_tokens
from csc_experiments.representations.text.lemmas import lemma_table
from csc_experiments.representations.text.lists import ENGLISH, abbreviations, phrases, stop_words
from csc_experiments.representations.text.paragraphs import Paragraphs, split
from csc_experiments.representations.text.settings import TokensConfig
from csc_experiments.representations.text.words import marks

SENTENCES = "no not never denied without nil none doubt only but and or she was because known : ? - , . ; !"
WORDS = (
    "Mother mother mothers MH mh DV dv S/W s.47 S47 section 47 domestic abuse violence child protection plan"
    " plans CP further action NFA w/o A&E C&F the of a x 4 12 2021 Monday March don't doesnt cannot naïve"
    " Straße ÉCOLE drinking drank bruises bruise looked-after alone jane@smith.uk LS1 4AB zebra MGM ok...fine"
)
PIECES = [*SENTENCES.split(), *WORDS.split(), "\n", "\x07", " "]
CONTROL = dict.fromkeys(range(32), " ")

documents = st.lists(
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join) | st.text(max_size=30), max_size=20
)
configs = st.builds(
    TokensConfig,
    lemmas=st.booleans(),
    stop_words=st.booleans(),
    phrases=st.booleans(),
    abbreviations=st.booleans(),
    negation=st.booleans(),
    ngrams=st.integers(1, 3),
)


@cache
def english() -> spacy.Language:
    return spacy.blank("en")


@cache
def known_forms() -> tuple[dict[tuple[str, ...], str], ...]:
    forms = (abbreviations().exact, abbreviations().any_case, phrases())
    return tuple({tuple(words_of_spelling(form)): said for form, said in known.items()} for known in forms)


def words_of(text: str, config: TokensConfig) -> list[str]:
    """Return words in small letters; abbreviations as what they stand for."""
    tokens = [token.text for token in english()(text)]
    if not config.abbreviations:
        return [token.lower() for token in tokens]
    exact, any_case, _ = known_forms()
    found, end, at = [], 0, 0
    while at < len(tokens):
        matched = [
            (length, known[key])
            for length in range(1, 5)
            for known, key in (
                (exact, tuple(tokens[at : at + length])),
                (any_case, tuple(token.lower() for token in tokens[at : at + length])),
            )
            if key in known and at + length <= len(tokens)
        ]
        if matched and at >= end:
            found += words_of_spelling(max(matched)[1])
        elif at >= end:
            found.append(tokens[at].lower())
        end = max(end, at + max(matched)[0]) if matched and at >= end else end
        at += 1
    return found


def words_of_spelling(text: str) -> list[str]:
    return [token.text for token in english()(text)]


def lemma(word: str, config: TokensConfig) -> str:
    found = lemma_table().get(word, word) if config.lemmas else word
    return found if found.isalpha() else word


@cache
def is_(word: str, mark: str) -> bool:
    return mark in {part.name for part in marks(word, frozenset())}


def cues(words: list[str], in_phrase: set[int]) -> set[int]:
    found = set()
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        number = is_(word, "NO") and is_(after, "NUMBER")
        if is_(word, "CUE") and at not in in_phrase and not is_(after, "NO_CUE_BEFORE") and not number:
            found.add(at)
    turned = {
        (at, before)
        for at in found
        if is_(words[at], "DENIAL")
        for before in (at - 1, at - 2)
        if before >= 0 and is_(words[before], "PLAIN_NOT")
        if before == at - 1 or not is_(words[at - 1], "CLAUSE_END")
    }
    return found - {at for pair in turned for at in pair}


def stops(words: list[str], at: int) -> bool:
    word = words[at]
    if is_(word, "COMMA"):
        for later in words[at : at + 9]:
            if is_(later, "CLAUSE_END") or is_(later, "CONTRAST"):
                return True
            if is_(later, "OR"):
                return False
        return True
    new_clause = is_(word, "AND") and at + 1 < len(words) and is_(words[at + 1], "NEW_CLAUSE")
    return is_(word, "CLAUSE_END") or is_(word, "CONTRAST") or new_clause


def unsaid(words: list[str], in_phrase: set[int]) -> set[int]:
    """Return the places of words that are said not to be, one cue and one answer at a time."""
    found, every = set(), cues(words, in_phrase)
    for cue in every:
        content = 0
        for at in range(cue + 1, len(words)):
            content += is_(words[at], "CONTENT")
            if at in every or stops(words, at) or content > 6:
                break
            found.add(at)
    ended = [*words, "\n\n"]
    for at in range(1, len(words)):
        rest = ended[at + 1 : at + 3]
        alone = is_(rest[0], "CLAUSE_END") or (is_(rest[0], "FILLER") and is_(rest[-1], "CLAUSE_END"))
        if is_(words[at], "ANSWER") and is_(words[at - 1], "OPENER") and alone:
            content, before = 0, at - 2
            while before >= 0 and not is_(words[before], "CLAUSE_END"):
                if content >= 6:
                    break
                found.add(before)
                content += is_(words[before], "CONTENT")
                before -= 1
    return found


def slowly(text: str, config: TokensConfig) -> Counter[str]:
    """Count the terms of one paragraph, one word at a time, over spaCy's own document."""
    words = words_of(text, config)
    _, _, known = known_forms()
    spans = [
        (at, length, known[tuple(words[at : at + length])])
        for at in range(len(words))
        for length in range(1, 8)
        if config.phrases and at + length <= len(words) and tuple(words[at : at + length]) in known
    ]
    in_phrase = {place for at, length, _ in spans for place in range(at, at + length)}
    denied = unsaid(words, in_phrase) if config.negation else set()
    stop = stop_words(domain=config.stop_words)
    found, sentence = Counter[str](), list[str]()
    for at, length, name in spans:
        found["not_" + name if denied & set(range(at, at + length)) else name] += 1
    for at, word in enumerate([*words, "."]):
        if at == len(words) or is_(word, "SENTENCE_END"):
            for size in range(1, config.ngrams + 1):
                found.update(" ".join(sentence[i : i + size]) for i in range(len(sentence) - size + 1))
            sentence = []
        form = lemma(word, config)
        if all("TERM" in {part.name for part in marks(said, stop)} for said in (word, form)):
            sentence.append("not_" + form if at in denied else form)
    return found


def counted(paragraphs: Paragraphs, config: TokensConfig) -> list[Counter[str]]:
    counts, terms = count_tokens(paragraphs, config, None, 1)
    assert list(terms) == sorted(set(terms))
    assert counts.dtype == "float32"
    assert counts.shape == (len(paragraphs.texts), len(terms))
    assert not terms or (counts.sum(axis=0) > 0).all()
    return [Counter({terms[at]: int(row[at]) for at in np.flatnonzero(row)}) for row in counts.toarray()]


# A tokenizer takes a tenth of a second to make, so few examples of many documents.
@settings(max_examples=8, deadline=None)
@given(texts=documents, config=configs)
def test_counts_are_those_of_the_obvious_loop(texts: list[str], config: TokensConfig) -> None:
    paragraphs = split(pl.Series(texts, dtype=pl.String))
    assert counted(paragraphs, config) == [slowly(text, config) for text in paragraphs.texts]


@settings(max_examples=2, deadline=None)
@given(
    texts=documents, families=st.lists(st.integers(0, 4), min_size=20, max_size=20), least=st.integers(1, 4)
)
def test_terms_of_too_few_families_are_left_out(texts: list[str], families: list[int], least: int) -> None:
    config = TokensConfig(ngrams=3)
    paragraphs = split(pl.Series(texts, dtype=pl.String))
    family = np.array(families[: len(texts)], dtype=np.int64)
    whole, every = count_tokens(paragraphs, config, family, 1)
    for of_family, holders in ((family, families), (None, list(range(len(texts))))):
        counts, terms = count_tokens(paragraphs, config, of_family, least)
        holding: dict[str, set[int]] = {term: set() for term in every}
        for document, paragraph, _ in paragraphs.places.iter_rows():
            for column in whole[[paragraph]].indices:
                holding[every[column]].add(holders[document])
        kept = [column for column, term in enumerate(every) if len(holding[term]) >= least]
        assert terms == tuple(every[column] for column in kept)
        assert (counts != whole[:, kept]).nnz == 0


@pytest.mark.parametrize("texts", [[], [""], ["", None], ["... --- ???", "12/03/2021"], ["the and of"]])
def test_documents_without_terms_have_rows_and_no_columns(texts: list[str | None]) -> None:
    paragraphs = split(pl.Series(texts, dtype=pl.String))
    counts, terms = count_tokens(paragraphs, TokensConfig(ngrams=2), None, 5)
    assert counts.shape == (len(paragraphs.texts), 0)
    assert terms == ()


def test_what_can_never_be_a_term() -> None:
    text = (
        "jane.o'brien+x@la-1.gov.uk LS1 4AB ls14ab 0113 496 0000 +44 7700 900123 12/03/2021 3rd of May 2021"
        " 943 476 5919 www.la1.gov.uk/form?x=1 https://a.b.c 10:30am AB123456C 1,234.50 " + "x" * 100
    )
    assert count_tokens(split(pl.Series([text])), TokensConfig(stop_words=False), None, 1)[1] == ()


def test_a_document_of_ten_megabytes_is_counted_like_any_other() -> None:
    text = "father visited grandmother zebra " * 320_000
    assert len(text) > 10_000_000
    config = TokensConfig(lemmas=False)
    times = 320_000
    assert counted(split(pl.Series([text])), config) == [
        Counter(father=times, visited=times, grandmother=times, zebra=times)
    ]


def test_a_pipeline_lemmatises_instead_of_the_table(tmp_path: Path) -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("lemmatizer", config={"mode": "lookup"})
    pipeline.initialize()
    pipeline.to_disk(tmp_path)
    paragraphs = split(
        pl.Series(["mother was drinking and left her children alone", "no bruises seen, MH poor\n?"])
    )
    by_table = counted(paragraphs, TokensConfig())
    assert counted(paragraphs, TokensConfig(pipeline=str(tmp_path))) == by_table
    assert {"drink", "leave", "alone", "not_bruise", "mental_health"} <= set().union(*by_table)


def test_a_pipeline_that_is_missing_or_has_no_lemmatiser_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path)
    paragraphs = split(pl.Series(["mother"]))
    with pytest.raises(ConfigError, match="without a lemmatiser"):
        count_tokens(paragraphs, TokensConfig(pipeline=str(tmp_path)), None, 1)
    with pytest.raises(ConfigError, match="no spaCy pipeline"):
        count_tokens(paragraphs, TokensConfig(pipeline="no_such_pipeline"), None, 1)


def test_lemmas_without_their_package_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # None in sys.modules is how Python says that a package cannot be imported.
    monkeypatch.setitem(sys.modules, "spacy_lookups_data", None)
    lemma_table.cache_clear()
    paragraphs = split(pl.Series(["mother"]))
    with pytest.raises(ConfigError, match="spacy-lookups-data"):
        count_tokens(paragraphs, TokensConfig(), None, 1)
    assert count_tokens(paragraphs, TokensConfig(lemmas=False), None, 1)[1] == ("mother",)


def test_english_function_words_are_no_terms_but_those_that_mean_something_here() -> None:
    kept = ENGLISH - stop_words(domain=True)
    assert kept == ENGLISH - stop_words(domain=False)
    assert {"alone", "serious", "empty"} <= kept
    assert {"child", "march", "form"} <= stop_words(domain=True) - stop_words(domain=False)
