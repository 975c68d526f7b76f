"""Word lists that a user points to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from csc_experiments.errors import ConfigError
from csc_experiments.representations.lexicons import lexicon_scores, lexicons_version
from csc_experiments.representations.settings import LexiconConfig, LexiconsConfig

TERMS = ["afraid", "chair", "happy", "whatever"]
COUNTS = sparse.csr_array(
    [
        # afraid, chair, happy, whatever
        [1, 0, 1, 2],
        [0, 3, 1, 0],
        [0, 0, 0, 5],
        [0, 0, 0, 0],
    ],
    dtype=np.float32,
)
LIST = "Word;Valence;Concreteness\nHappy; 4.0;2.5\nAFRAID;-2.0;2.0\nchair;0.0;5.0\nhappy;9;9\n"


@pytest.fixture
def lists(tmp_path: Path) -> LexiconsConfig:
    path = tmp_path / "words.csv"
    path.write_text(LIST)
    return LexiconsConfig(
        lexicons={"norms": LexiconConfig(str(path), word="Word", scores=["Valence", "Concreteness"])}
    )


def test_scores_are_means_over_the_words_that_the_list_knows(lists: LexiconsConfig) -> None:
    values, names = lexicon_scores(lists, COUNTS, TERMS)
    assert names == ("norms|Valence", "norms|Concreteness", "norms|known")
    expected = [
        [(-2 + 4) / 2, (2 + 2.5) / 2, 2 / 4],
        [4 / 4, (3 * 5 + 2.5) / 4, 1.0],
        [np.nan, np.nan, 0.0],
        [np.nan, np.nan, 0.0],
    ]
    np.testing.assert_allclose(values, expected)


def test_another_file_under_the_same_name_is_another_version(lists: LexiconsConfig) -> None:
    before = lexicons_version(lists)
    Path(lists.lexicons["norms"].path).write_text(LIST.replace("2.5", "2.6"))
    assert lexicons_version(lists) != before


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"path": "nowhere.csv"}, "lexicons.norms.path: there is no file nowhere.csv"),
        ({"word": "Term"}, "lexicons.norms has no column Term.*It has: Word, Valence, Concreteness"),
        ({"scores": ["Joy"]}, "lexicons.norms has no column Joy"),
        ({"scores": ["Word"]}, "lexicons.norms: 4 lines have a score that is no number"),
        ({"word": "Valence"}, "lexicons.norms knows none of the words"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_by_its_name(
    lists: LexiconsConfig, changed: dict[str, object], said: str
) -> None:
    wrong = replace(lists, lexicons={"norms": replace(lists.lexicons["norms"], **changed)})
    with pytest.raises(ConfigError, match=said):
        lexicon_scores(wrong, COUNTS, TERMS)


def test_no_list_and_no_scores_are_refused() -> None:
    with pytest.raises(ConfigError, match="lexicons is empty"):
        lexicons_version(LexiconsConfig())
    with pytest.raises(ConfigError, match=r"lexicons\.norms\.scores is empty"):
        LexiconsConfig(lexicons={"norms": LexiconConfig("words.csv", scores=[])}).check()
