"""Every error a user can meet, each with its own exit code.

A message names the configuration key, file or table and how many rows are concerned, and says what to do. It
never holds a value from a record. `docs/errors.md` lists the same codes; a test holds the two together.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import ClassVar


class CscError(Exception):
    """Anything that the user can put right.

    Parameters
    ----------
    message : str
        What is wrong: the key, file or table, and how many rows.
    todo : str, default=""
        What to do about it.

    Examples
    --------
    >>> str(CscError("No folder records/la9.", todo="Run `csc-experiments import` first."))
    'No folder records/la9. Run `csc-experiments import` first.'
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, todo: str = "") -> None:
        super().__init__(f"{message} {todo}".strip())


class ConfigError(CscError):
    """A configuration that cannot be run: unknown key, missing value, impossible combination."""

    exit_code = 10


class UnknownChoiceError(ConfigError):
    """A named choice that does not exist: an authority, question, study, run."""

    exit_code = 11


class RecordsNotFoundError(CscError):
    """A folder or file that is not there."""

    exit_code = 20


class UnreadableInputError(CscError):
    """A file that is not what it should be: damaged, truncated, or of another kind."""

    exit_code = 21


class MissingColumnError(CscError):
    """A table without a column that it must have."""

    exit_code = 22


class InvalidDateError(CscError):
    """Dates that are not dates, in more rows than can be set aside."""

    exit_code = 23


class EmptyCohortError(CscError):
    """A question that nobody in this extract answers to."""

    exit_code = 30


class TooFewPositivesError(CscError):
    """A fold without enough outcomes to learn from or to test on."""

    exit_code = 31


class LeakError(CscError):
    """Information from after the prediction time, or a family on both sides of a split."""

    exit_code = 32


class MatrixError(CscError):
    """A matrix that is empty or constant: there is nothing to learn from."""

    exit_code = 33


class NoTextError(CscError):
    """A text representation was asked of records that hold no usable documents."""

    exit_code = 34


class InvalidPredictionsError(CscError):
    """A predictions frame that cannot be scored."""

    exit_code = 35


class MissingTableError(CscError):
    """A question that needs a table which is empty or was not extracted."""

    exit_code = 36


class StoreLockedError(CscError):
    """The run store is held by another program."""

    exit_code = 40


class StoreCorruptError(CscError):
    """The run store is damaged, or is not a run store."""

    exit_code = 41


class NoRunsError(CscError):
    """A comparison of runs that do not exist."""

    exit_code = 42


class CellsRefusedError(CscError):
    """A study or grid finished, but some of its cells refused to run."""

    exit_code = 50


class UnexpectedError(CscError):
    """A fault in the program itself, told by its kind and place alone."""

    exit_code = 70

    @classmethod
    def of(cls, error: BaseException) -> UnexpectedError:
        """Tell of an error without its message, which may quote data."""
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}, line {frame.lineno}"
        return cls(
            f"Something unforeseen: {type(error).__name__} in {place}.", todo="Please report this line."
        )


class NotYetError(CscError):
    """A command that a later step of the roadmap brings."""

    exit_code = 60
