"""Word lists with scores: what the words of a case are worth, on average."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from csc_experiments.errors import ConfigError
from csc_experiments.provenance import digest
from csc_experiments.records.csv_text import read_csv
from csc_experiments.representations.settings import LexiconConfig, LexiconsConfig

Floats = NDArray[np.float32]


def lexicons_version(config: LexiconsConfig) -> str:
    """Hash what the files hold, so that another file makes another block.

    Raises
    ------
    ConfigError
        If there is none, or one is not there.
    """
    if not config.lexicons:
        raise ConfigError(
            "representation: lexicons is empty.",
            todo="Name your files in a representation of your own, as docs/representations.md shows.",
        )
    return digest({name: _place(name, said).read_bytes().hex() for name, said in config.lexicons.items()})


def lexicon_scores(
    config: LexiconsConfig, counts: sparse.csr_array, terms: Sequence[str]
) -> tuple[Floats, tuple[str, ...]]:
    """Average the scores of each row's words.

    Parameters
    ----------
    counts : scipy.sparse.csr_array, shape (n, v)
    terms : sequence of str, length v

    Returns
    -------
    values : array of float32, shape (n, p)
        For each score of each list the mean over the words of a row that the list knows, each as often as it
        is said, and NaN where it knows none; for each list the share of the row's words that it knows.
    names : tuple of str, length p
        `LIST|SCORE` and `LIST|known`.

    Raises
    ------
    ConfigError
        If a column is missing, a score is no number, or a list knows none of the terms.
    """
    columns: list[Floats] = []
    names: list[str] = []
    total = np.asarray(counts.sum(axis=1)).ravel()
    for name, said in config.lexicons.items():
        table = _table(name, said, terms)
        known = ~np.isnan(table[:, 0])
        if not known.any():
            raise ConfigError(
                f"representation: lexicons.{name} knows none of the words of these documents.",
                todo=f"Look whether lexicons.{name}.word names the column of words.",
            )
        found = counts[:, known] @ np.column_stack([np.ones(known.sum()), table[known]])
        with np.errstate(invalid="ignore"):
            columns += [found[:, [1 + at]] / found[:, [0]] for at in range(len(said.scores))]
        columns.append((found[:, 0] / np.maximum(total, 1)).reshape(-1, 1))
        names += [f"{name}|{score}" for score in said.scores] + [f"{name}|known"]
    return np.hstack(columns).astype(np.float32), tuple(names)


def _table(name: str, said: LexiconConfig, terms: Sequence[str]) -> NDArray[np.float64]:
    """Scores of the terms, shape (v, scores); NaN where the list does not know a term."""
    frame = read_csv(_place(name, said))
    for column in (said.word, *said.scores):
        if column not in frame.columns:
            raise ConfigError(
                f"representation: lexicons.{name} has no column {column}.",
                todo=f"It has: {', '.join(frame.columns)}.",
            )
    scores = frame.select(
        pl.col(said.word).str.strip_chars().str.to_lowercase().alias("term"),
        *(pl.col(score).str.strip_chars().cast(pl.Float64, strict=False) for score in said.scores),
    )
    wrong = scores.select(pl.any_horizontal(pl.col(*said.scores).is_null()).sum()).item()
    if wrong:
        raise ConfigError(f"representation: lexicons.{name}: {wrong} lines have a score that is no number.")
    asked = pl.DataFrame({"term": list(terms)}, schema={"term": pl.String})
    joined = asked.join(scores.unique("term", keep="first"), on="term", how="left", maintain_order="left")
    table: NDArray[np.float64] = joined.select(said.scores).fill_null(float("nan")).to_numpy()
    return table


def _place(name: str, said: LexiconConfig) -> Path:
    path = Path(said.path)
    if not path.is_file():
        raise ConfigError(f"representation: lexicons.{name}.path: there is no file {path}.")
    return path
