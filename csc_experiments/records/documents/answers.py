"""A row for each answer becomes a text for each document, with the headings of sections and questions."""

from __future__ import annotations

import polars as pl

from csc_experiments.records.columns import plain_ids, plain_text
from csc_experiments.records.dates import parse_dates
from csc_experiments.records.documents.cleaning import clean_text

ROW = "row"
_FORM = "form"
_KEY = ("person_id", "authored_date", "document_type")
_PARTS = ("section", "marker", "question", "answer")
_TIMED = r"[T ][0-9:.]*[1-9]"


def join_answers(answers: pl.DataFrame) -> pl.DataFrame:
    """Join the answers of each document, in their order.

    A document is told by person, date and name, with the time of day or an identifier where there is one. Two
    forms that agree in all of these are told apart by their first question, which begins the second anew.
    Answers that are empty are left out, and their questions with them. A section or a question that several
    answers share stands once.

    Parameters
    ----------
    answers : polars.DataFrame
        Text columns person_id, authored_date, document_type, answer and, where there are such, document_id,
        section, marker and question; `row` counts them.

    Returns
    -------
    polars.DataFrame
        row (that of the document's first answer), document_id, person_id, authored_date, document_type and
        text, which is null if every answer was empty. In the order in which the documents begin.

    Examples
    --------
    >>> first = {"row": 1, "person_id": "P1", "authored_date": "2021-02-01", "document_type": "Referral"}
    >>> answers = [
    ...     {**first, "section": "Family", "question": "Who is at home?", "answer": "Mum."},
    ...     {**first, "section": "Family", "question": "Who is not?", "answer": "Dad."},
    ... ]
    >>> print(join_answers(pl.DataFrame(answers))["text"].item())
    Family
    Who is at home?
    Mum.
    <BLANKLINE>
    Who is not?
    Dad.
    """
    wanted = ["document_id", *_KEY, *_PARTS]
    present = answers.select(
        ROW, *(pl.col(name) if name in answers.columns else pl.lit(None, pl.String()).alias(name)
               for name in wanted)
    )  # fmt: skip
    plain = present.with_columns(
        *(plain_ids(present[name]) for name in ("document_id", "person_id")),
        *(plain_text(present[name]) for name in ("authored_date", "document_type")),
        *(clean_text(present[name]) for name in _PARTS),
    ).with_columns(_moments(plain_text(present["authored_date"])))
    key = ["document_id", *_KEY, _FORM]
    plain = plain.with_columns(_forms())
    begun = plain.group_by(key, maintain_order=True).agg(pl.col(ROW).first()).with_row_index("document")
    numbered = plain.join(begun.drop(ROW), on=key, nulls_equal=True, maintain_order="left")
    return begun.join(_texts(numbered), on="document", how="left", maintain_order="left").drop(
        "document", _FORM
    )


def _forms() -> pl.Expr:
    """Number the forms of one person, day and name: each begins where the first question comes again."""
    same = ("document_id", *_KEY)
    asked = pl.struct("section", "marker", "question")
    named = pl.any_horizontal(pl.col("marker").is_not_null(), pl.col("question").is_not_null())
    again = (
        pl.col("document_id").is_null()
        & named
        & (asked == asked.first().over(same))
        & (asked != asked.shift().over(same))
    )
    return again.fill_null(value=False).cum_sum().over(same).alias(_FORM)


def _moments(cells: pl.Series) -> pl.Series:
    """Write one day in one way, because workbooks of one export may not; a time of day stays with it."""
    days = parse_dates(cells).dt.to_string("%Y-%m-%d")
    return cells.zip_with(days.is_null() | cells.str.contains(_TIMED).fill_null(value=True), days)


def _texts(answers: pl.DataFrame) -> pl.DataFrame:
    """Join what was answered under its headings; a heading stands where it changes."""
    filled = answers.filter(pl.col("answer").is_not_null())
    new_section = _changes("section")
    new_question = new_section | _changes("marker") | _changes("question")
    said = filled.with_columns(new_section=new_section, new_question=new_question).select(
        "document",
        said=pl.concat_str(
            pl.when("new_section").then(pl.col("section")),
            pl.when("new_question").then(pl.col("question")),
            "answer",
            separator="\n",
            ignore_nulls=True,
        ),
        between=pl.when("new_question").then(pl.lit("\n\n")).otherwise(pl.lit("\n")),
    )
    joined = pl.concat_str("between", "said").str.join("").str.strip_chars_start("\n")
    return said.group_by("document").agg(text=joined)


def _changes(column: str) -> pl.Expr:
    before = pl.col(column).shift().over("document")
    return pl.col(column).ne_missing(before) | pl.col("document").is_first_distinct()
