"""What a question keeps from every representation, though it was known at the prediction time."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.questions.moments import begins


@dataclass(frozen=True, slots=True)
class Unseen:
    """What no representation may use.

    Attributes
    ----------
    hidden_codes, decision_codes : tuple of str
        Codes that are never used; codes that are not used if they became known on the day of the prediction.
    document_days : int or None
        Documents written more days before the prediction time are not used.
    """

    hidden_codes: tuple[str, ...] = ()
    decision_codes: tuple[str, ...] = ()
    document_days: int | None = None

    def without_codes(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Leave out what may not be used of pairs of rows and events that were known by then.

        Parameters
        ----------
        pairs : polars.DataFrame
            code, known_time, prediction_time and whatever else.
        """
        if not (self.hidden_codes or self.decision_codes):
            return pairs
        codes = pairs.select(pl.col("code").unique())
        that_day = pl.col("known_time").dt.truncate("1d") == pl.col("prediction_time").dt.truncate("1d")
        hidden = pl.col("code").is_in(_listed(codes, self.hidden_codes))
        decided = pl.col("code").is_in(_listed(codes, self.decision_codes)) & that_day
        return pairs.filter(~(hidden | decided))

    def without_documents(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Leave out the documents that are too old, of pairs with time and prediction_time."""
        if self.document_days is None:
            return pairs
        return pairs.filter(
            pl.col("time") >= pl.col("prediction_time") - pl.duration(days=self.document_days)
        )


NOTHING = Unseen()


def unseen_by(question: QuestionConfig) -> Unseen:
    """Return what a question keeps from representations."""
    return Unseen(tuple(question.hidden_codes), tuple(question.decision_codes), question.document_days)


def _listed(codes: pl.DataFrame, named: tuple[str, ...]) -> list[str]:
    return codes.filter(begins("code", named))["code"].to_list() if named else []
