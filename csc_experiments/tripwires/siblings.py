"""Brothers and sisters whom the records do not link, and who stand on both sides of a split."""

from __future__ import annotations

from typing import Final

import polars as pl

from csc_experiments.tripwires.finding import Finding, finding
from csc_experiments.tripwires.scene import Scene

MOST_CHARACTERS: Final = 3_000_000
"""Of text that are compared: about 0.2 s."""
MOST_OF_ONE: Final = 4000
"""Characters of one document that are compared, from its beginning."""
FEWEST_LETTERS: Final = 40
"""Of a sentence, below which two may be equal by chance."""
MOST_FAMILIES: Final = 8
"""In which a sentence stands; what more of them share is a form's own words."""
FEWEST_SHARED: Final = 2
"""Such sentences that two documents of one kind and day share, from which one is a copy of the other."""
FEWEST_TESTED, LEAST_SHARE = 5, 0.02
"""Families of the test, and their share of those compared, that raise an alarm."""
_TOGETHER: Final = ("time", "document_type")


def sibling_copies(scene: Scene) -> Finding:
    """Look for tested families who share a text with a family that is learned from.

    Reports on brothers and sisters are written once and stored for each of them, on one day. Two families
    who share one are one family to a model, whatever the records say.
    """
    sides = pl.concat(
        scene.cohort.rows[rows].select("subject_id", "family_id", "prediction_time", tested=pl.lit(tested))
        for rows, tested in ((scene.fold.train, False), (scene.fold.test, True))
    )
    compared = _within_budget(_of_one_day(scene, sides))
    tested = compared.filter("tested")["family_id"].n_unique()
    count = _sharing(compared)["family_id"].n_unique()
    return finding(
        "sibling_copies",
        count,
        f"{count} of {tested} tested families, whose documents were compared, share a text with a family that"
        " is learned from.",
        alarm=count >= FEWEST_TESTED and count >= LEAST_SHARE * tested,
    )


def _of_one_day(scene: Scene, sides: pl.DataFrame) -> pl.DataFrame:
    """Return the documents of one kind that several families have of one day."""
    keys = sides.select("family_id", "tested").with_row_index("row")
    documents = (
        scene.documents(sides)
        .join(keys, on="row")
        .select("family_id", "tested", *_TOGETHER, pl.col("text").str.head(MOST_OF_ONE))
        .unique(["family_id", *_TOGETHER, "text"])
    )
    return documents.filter(pl.col("family_id").n_unique().over(_TOGETHER) > 1)


def _sharing(compared: pl.DataFrame) -> pl.DataFrame:
    """Return each tested family with each other one whose document shares sentences with its own."""
    sentences = _sentences(compared)
    rare = sentences.filter(pl.col("family_id").n_unique().over("sentence").is_between(2, MOST_FAMILIES))
    tested, others = rare.filter("tested"), rare.filter(~pl.col("tested"))
    pairs = tested.join(others, on=[*_TOGETHER, "sentence"], suffix="_other")
    shared = pairs.group_by("family_id", "family_id_other", *_TOGETHER).len()
    return shared.filter(pl.col("len") >= FEWEST_SHARED)


def _within_budget(documents: pl.DataFrame) -> pl.DataFrame:
    """Keep whole days, as many as can be read, spread over all."""
    every = int(documents["text"].str.len_bytes().sum() or 0) // MOST_CHARACTERS + 1
    return documents.filter(pl.struct(_TOGETHER).rank("dense") % every == 0)


def _sentences(documents: pl.DataFrame) -> pl.DataFrame:
    """List the sentences of documents, of letters alone: a copy may bear other numbers and dates."""
    cut = (
        pl.col("text").str.to_lowercase().str.replace_all(r"[^a-z.\n]+", " ").str.replace_all(r"[.\n]+", "\n")
    )
    return (
        documents.with_columns(sentence=cut.str.split("\n"))
        .select("family_id", "tested", *_TOGETHER, "sentence")
        .explode("sentence")
        .filter(pl.col("sentence").str.len_bytes() >= FEWEST_LETTERS)
        .unique()
    )
