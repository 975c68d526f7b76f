"""Documents that say what had not yet happened when they were written."""

from __future__ import annotations

from typing import Final

import polars as pl

from csc_experiments.tripwires.association import tells
from csc_experiments.tripwires.finding import Finding, finding
from csc_experiments.tripwires.scene import Scene

AHEAD_DAYS: Final = 42
"""Nobody can name the day of a decision so long before it: a conference must follow the strategy discussion
within 15 working days (HM Government, Working together to safeguard children)."""
FEWEST_FAMILIES, TIMES_CHANCE, NEAR_DAYS = 5, 10, 30
"""Families, and multiples of what chance gives, that raise an alarm; how many days near a day are."""
MOST_CHARACTERS: Final = 6_000_000
"""Of text that are read for dates: about 0.2 s."""
FEWEST_HEADED: Final = 8
"""Families with documents under a heading, below which it is not tried."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = {name: number for number, name in enumerate(_MONTHS, 1)}
_DATE = (
    r"\b\d{1,2}(?:st|nd|rd|th)?[ ./-](?:\d{1,2}|[A-Za-z]{3,9})[ ./-](?:20)?\d{2}\b|\b20\d{2}-\d{2}-\d{2}\b"
)
_BRITISH = r"^(?<day>\d{1,2})(?:st|nd|rd|th)?[ ./-](?<month>\w+)[ ./-](?:20)?(?<year>\d{2})$"
_ISO = r"^20(?<year>\d{2})-(?<month>\d{2})-(?<day>\d{2})$"


def text_names_outcome(scene: Scene) -> Finding:
    """Look for documents that name the very day of an outcome, weeks before it.

    What somebody adds to a document later stands under its old date. To plan a meeting is no leak, so only
    documents from more than `AHEAD_DAYS` before the outcome are read; days near it say how often one is
    named by chance.
    """
    positive = scene.rows.filter("outcome")
    days = positive.select("outcome_time", "family_id").with_row_index("row")
    ahead = pl.col("known_time") + pl.duration(days=AHEAD_DAYS) <= pl.col("outcome_time")
    read = _within_budget(scene.documents(positive).join(days, on="row").filter(ahead))
    quoted = _quoted(read).with_columns(
        off=(pl.col("quoted") - pl.col("outcome_time").dt.date()).dt.total_days().abs()
    )
    named = quoted.filter(pl.col("off") == 0)["family_id"].n_unique()
    near = quoted.filter(pl.col("off").is_between(1, NEAR_DAYS)).height / (2 * NEAR_DAYS)
    return finding(
        "text_names_outcome",
        named,
        f"In {named} of {read['family_id'].n_unique()} families, a document names the day of an outcome that"
        f" came more than {AHEAD_DAYS} days after it.",
        alarm=named >= FEWEST_FAMILIES and named > TIMES_CHANCE * near,
    )


def title_names_outcome(scene: Scene) -> Finding:
    """Look for headings under which documents stand nearly only where the outcome came.

    A document that is filed anew once a case has moved on bears the name of where it went.
    """
    heading = pl.col("text").str.extract(r"^\s*([^\n]{1,120})").str.to_lowercase()
    letters = heading.str.replace_all(r"[^a-z]+", " ").str.strip_chars()
    headed = (
        scene.documents(scene.cases)
        .select("row", heading=letters)
        .drop_nulls()
        .unique()
        .filter(pl.len().over("heading") >= FEWEST_HEADED)
    )
    groups = headed.partition_by("heading")
    telling = [group for group in groups if tells(scene.mark(group["row"]), scene.outcome, len(groups))]
    return finding(
        "title_names_outcome",
        len(telling),
        f"{len(telling)} of {len(groups)} headings stand nearly only over documents of cases that had the"
        " outcome.",
        alarm=bool(telling),
    )


def _within_budget(pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep as many documents as can be read, spread over all."""
    characters = int(pairs["text"].str.len_bytes().sum() or 0)
    return pairs.gather_every(characters // MOST_CHARACTERS + 1)


def _quoted(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add the days that a text names, one row for each."""
    found = pairs.with_columns(said=pl.col("text").str.extract_all(_DATE)).drop("text").explode("said")
    named = {
        part: pl.coalesce(
            pl.col("said").str.extract_groups(form).struct.field(part) for form in (_BRITISH, _ISO)
        )
        for part in ("year", "month", "day")
    }
    return (
        found.with_columns(**named)
        .with_columns(
            pl.coalesce(
                pl.col("month").cast(pl.Int32, strict=False),
                pl.col("month")
                .str.to_lowercase()
                .str.slice(0, 3)
                .replace_strict(_NUMBERS, default=None, return_dtype=pl.Int32),
            ).alias("month")
        )
        .with_columns(
            quoted=pl.format(
                "20{}-{}-{}", "year", pl.col("month").cast(pl.String).str.zfill(2), pl.col("day").str.zfill(2)
            ).str.to_date("%Y-%m-%d", strict=False)
        )
        .drop_nulls("quoted")
    )
