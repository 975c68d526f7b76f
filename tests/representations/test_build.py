from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
import spacy
from sklearn.feature_extraction.text import TfidfVectorizer

from csc_experiments.errors import MatrixError, NoTextError
from csc_experiments.questions.cohort import Cohort
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix
from csc_experiments.representations.settings import (
    BlockConfig,
    LdaConfig,
    LexiconConfig,
    LexiconsConfig,
    LsaConfig,
    Norm,
    Pooling,
    StructuredConfig,
    TfidfConfig,
    VectorsConfig,
)
from csc_experiments.representations.store import BlockStore

if TYPE_CHECKING:
    from tests.representations.conftest import Authority, Rows

STRUCTURED = StructuredConfig(family=True)
TFIDF = TfidfConfig(min_families=5)
LDA = LdaConfig(min_families=5, topics=3, passes=1)
LSA = LsaConfig(min_families=5, components=7)
VECTORS = VectorsConfig()


@pytest.fixture(scope="session")
def few(authority: Authority) -> Authority:
    """The same authority with fewer documents, so that they are soon counted."""
    documents = authority.history.documents.gather_every(4)
    history = replace(authority.history, documents=documents)
    return replace(authority, history=history)


class Desk:
    """Asks for matrices, and tells how many the store has gained."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self.authority = authority
        self.folder = folder
        self.describe = self.of(authority)

    def of(self, authority: Authority) -> Representations:
        return Representations(
            authority.history, authority.cohort, authority.document_types, BlockStore(self.folder)
        )

    def matrix(self, *blocks: BlockConfig, fit: Rows | None = None, seed: int = 1) -> Matrix:
        fit = self.authority.fit if fit is None else fit
        named = {f"block{number}": block for number, block in enumerate(blocks)}
        return self.describe.matrix(named, fit, self.authority.latest, seed)

    def gained(self, ask: Callable[[], object]) -> int:
        before = set(self.folder.glob("*/*/about.json"))
        ask()
        return len(set(self.folder.glob("*/*/about.json")) - before)


@pytest.fixture
def desk(few: Authority, tmp_path: Path) -> Desk:
    return Desk(few, tmp_path / "cache")


def test_what_stands_in_the_store_is_not_made_again(desk: Desk) -> None:
    # Features of everyone; choosing those that vary over the training rows costs less than keeping them.
    assert desk.gained(lambda: desk.matrix(STRUCTURED)) == 1
    # Terms of every document, counts of every row, and the weights.
    assert desk.gained(lambda: desk.matrix(TFIDF)) == 3
    assert desk.gained(lambda: desk.matrix(STRUCTURED, TFIDF)) == 0
    # Counts are shared by every text block, and topics by every representation that holds them.
    assert desk.gained(lambda: desk.matrix(LDA, STRUCTURED)) == 1
    assert desk.gained(lambda: desk.matrix(STRUCTURED, VECTORS, LDA)) == 1


def test_another_process_finds_what_this_one_made(desk: Desk) -> None:
    made = desk.matrix(STRUCTURED, TFIDF)
    other = Desk(desk.authority, desk.folder)
    assert other.gained(lambda: other.matrix(STRUCTURED, TFIDF)) == 0
    found = other.matrix(STRUCTURED, TFIDF)
    assert found.names == made.names
    assert (found.values != made.values).nnz == 0


def test_a_setting_moves_its_own_block_alone(desk: Desk) -> None:
    desk.matrix(STRUCTURED, TFIDF, LDA, VECTORS)
    assert desk.gained(lambda: desk.matrix(replace(STRUCTURED, half_life_days=9.0), TFIDF, LDA)) == 1
    assert desk.gained(lambda: desk.matrix(STRUCTURED, replace(TFIDF, max_terms=9), LDA)) == 1
    assert desk.gained(lambda: desk.matrix(STRUCTURED, TFIDF, replace(LDA, topics=4))) == 1
    # How far back documents are read is a matter of the counts, but the documents are not counted again.
    assert desk.gained(lambda: desk.matrix(replace(VECTORS, lookback_days=30))) == 2
    assert desk.gained(lambda: desk.matrix(replace(TFIDF, lookback_days=30))) == 1


def test_what_is_learned_depends_on_the_training_rows_and_the_seed(desk: Desk) -> None:
    everything = (STRUCTURED, TFIDF, LDA, VECTORS)
    desk.matrix(*everything)
    # Word vectors learn nothing, and structured features are not kept by fold.
    assert desk.gained(lambda: desk.matrix(*everything, fit=desk.authority.fit[5:])) == 2
    assert desk.gained(lambda: desk.matrix(*everything, seed=2)) == 2
    assert desk.gained(lambda: desk.matrix(*everything)) == 0


def test_other_records_share_nothing_and_another_cohort_shares_the_terms(desk: Desk) -> None:
    desk.matrix(STRUCTURED, TFIDF)
    own = desk.authority
    rows = own.cohort.rows.with_columns(pl.col("prediction_time") + pl.duration(days=1))
    desk.describe = desk.of(replace(own, cohort=replace(own.cohort, rows=rows)))
    assert desk.gained(lambda: desk.matrix(STRUCTURED, TFIDF)) == 3
    extract = replace(own.history.extract, authority="la9")
    desk.describe = desk.of(replace(own, history=replace(own.history, extract=extract)))
    assert desk.gained(lambda: desk.matrix(STRUCTURED, TFIDF)) == 4


def test_outcomes_are_no_part_of_a_representation(desk: Desk) -> None:
    everything = (STRUCTURED, TFIDF, LDA, VECTORS)
    desk.matrix(*everything)
    own = desk.authority
    rows = own.cohort.rows.with_columns(outcome=~pl.col("outcome"), outcome_time=pl.lit(None))
    desk.describe = desk.of(replace(own, cohort=replace(own.cohort, rows=rows)))
    assert desk.gained(lambda: desk.matrix(*everything)) == 0


def read_by(cohort: Cohort, documents: pl.DataFrame, types: list[str], lookback: int | None) -> Iterator[str]:
    """Join what each row may read, one document at a time."""
    written = list(documents.iter_rows(named=True))
    for row in cohort.rows.iter_rows(named=True):
        yield "\n".join(
            document["text"]
            for document in written
            if document["subject_id"] == row["subject_id"]
            and document["document_type"] in types
            and document["known_time"] <= row["prediction_time"]
            and (lookback is None or (row["prediction_time"] - document["time"]).days <= lookback)
        )


@pytest.mark.parametrize("said", [{}, {"lookback_days": 200, "sublinear": False, "norm": Norm.L1}])
@pytest.mark.parametrize("types", [["case_note"], ["case_note", "single_assessment"]])
def test_weights_are_those_of_scikit_learn_on_the_joined_texts(
    few: Authority, tmp_path: Path, types: list[str], said: dict[str, Any]
) -> None:
    config = TfidfConfig(**{"min_families": 5, "lookback_days": None, **said})
    desk = Desk(replace(few, document_types=types), tmp_path)
    matrix = desk.matrix(config)
    terms = [name.removeprefix("block0:") for name in matrix.names]
    texts = list(read_by(few.cohort, few.history.documents, types, config.lookback_days))
    tokenizer = spacy.blank("en").tokenizer

    def analyse(text: str) -> list[str]:
        return [
            token.lower_
            for token in tokenizer(text)
            if token.is_alpha and not token.is_stop and len(token) > 1
        ]

    expected = TfidfVectorizer(
        analyzer=analyse, vocabulary=terms, sublinear_tf=config.sublinear, norm=config.norm
    )
    expected.fit([texts[row] for row in few.fit])
    weights = expected.transform([texts[row] for row in few.latest])
    np.testing.assert_allclose(matrix.values.toarray(), weights.toarray(), atol=1e-6)
    assert matrix.values.nnz == weights.nnz > 0
    families = few.cohort.rows["family_id"]
    holding: dict[str, set[int]] = {}
    for row in few.fit:
        for term in set(analyse(texts[row])):
            holding.setdefault(term, set()).add(families[int(row)])
    assert terms == sorted(term for term, held in holding.items() if len(held) >= 5)


def test_few_dimensions_keep_what_is_near_near(desk: Desk) -> None:
    weights, turned = desk.matrix(TFIDF).values.toarray(), desk.matrix(LSA).values
    assert turned.shape == (len(desk.authority.latest), 7)
    written = np.flatnonzero(weights.any(axis=1))
    lengths = np.linalg.norm(turned, axis=1)
    np.testing.assert_allclose(lengths[written], 1, atol=1e-5)
    assert not np.delete(turned, written, axis=0).any()
    near, nearer = (values[written] @ values[written].T for values in (weights, turned))
    assert np.corrcoef(near.ravel(), nearer.ravel())[0, 1] > 0.4


def test_pooling_by_rarity_is_learned_and_the_plain_mean_is_not(desk: Desk) -> None:
    weighted = replace(VECTORS, pooling=Pooling.TFIDF)
    assert desk.gained(lambda: desk.matrix(VECTORS, weighted)) == 4
    assert desk.gained(lambda: desk.matrix(VECTORS, weighted, fit=desk.authority.fit[5:])) == 1


def test_a_word_list_describes_cases_and_another_file_describes_them_anew(desk: Desk, tmp_path: Path) -> None:
    words = tmp_path / "words.csv"
    block = LexiconsConfig(lexicons={"mine": LexiconConfig(str(words), scores=["score"])})
    words.write_text("word,score\nmother,1\nschool,3\n")
    first = desk.matrix(block)
    assert first.names == ("block0:mine|score", "block0:mine|known")
    assert np.isfinite(first.values).all()
    assert (first.values[:, 0] >= 1).all()
    assert (first.values[:, 0] <= 3).all()
    words.write_text("word,score\nmother,2\nschool,6\n")
    np.testing.assert_allclose(desk.matrix(block).values[:, 0], 2 * first.values[:, 0], rtol=1e-6)


@pytest.mark.parametrize("block", [TFIDF, LSA, LDA, VECTORS])
def test_records_without_documents_are_refused(few: Authority, tmp_path: Path, block: BlockConfig) -> None:
    bare = replace(few, history=replace(few.history, documents=few.history.documents.clear()))
    with pytest.raises(NoTextError, match="hold no documents"):
        Desk(bare, tmp_path).matrix(block)


@pytest.mark.parametrize("block", [TFIDF, LDA, VECTORS])
def test_documents_of_other_types_are_none(few: Authority, tmp_path: Path, block: BlockConfig) -> None:
    with pytest.raises(NoTextError, match="None of the"):
        Desk(replace(few, document_types=["case"]), tmp_path).matrix(block)


@pytest.mark.parametrize("block", [TFIDF, LSA, LDA, VECTORS])
def test_documents_without_a_word_are_refused(few: Authority, tmp_path: Path, block: BlockConfig) -> None:
    wordless = few.history.documents.with_columns(text=pl.lit("12/03 -- ??"))
    desk = Desk(replace(few, history=replace(few.history, documents=wordless)), tmp_path)
    with pytest.raises(NoTextError, match="hold no words"):
        desk.matrix(block)


@pytest.mark.parametrize("block", [TFIDF, LSA, LDA])
def test_a_threshold_that_no_word_meets_is_refused(
    few: Authority, tmp_path: Path, block: BlockConfig
) -> None:
    with pytest.raises(MatrixError, match="10000 training families"):
        Desk(few, tmp_path).matrix(replace(block, min_families=10_000))


def test_a_cohort_whose_children_have_no_history_is_described_by_nothing_that_varies(
    few: Authority, tmp_path: Path
) -> None:
    rows = few.cohort.rows.with_columns(
        birth=pl.lit(None, pl.Datetime("us")), prediction_time=few.cohort.rows["prediction_time"].min()
    )
    nobody = replace(
        few,
        history=replace(few.history, events=few.history.events.clear()),
        cohort=replace(few.cohort, rows=rows),
    )
    assert Desk(nobody, tmp_path).matrix(STRUCTURED).values.shape == (len(few.latest), 0)
