"""Which words stand in the scope of a `no`."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from csc_experiments.representations.text.words import Ints, Mark

MOST_WORDS = 6
LIST_WORDS = 8

Value = TypeVar("Value", bound=np.generic)
Bools = NDArray[np.bool_]
Places = NDArray[np.intp]


def negated(marks: Ints, in_phrase: Bools) -> Bools:
    """Tell of each word whether it is said not to be so.

    The rule follows NegEx (Chapman et al. 2001, https://doi.org/10.1006/jbin.2001.1029), for social work:

    - A cue (`no`, `not`, `denied`, `nil`, `without`, ...) negates the words after it, up to the sixth that is
      no function word, the end of the clause (a stop, a colon, a dash, the paragraph's end), a word that
      begins another clause (`but`, `because`, `when`; `and` before `she`, `was` and the like), or the next
      cue, from which counting starts anew.
    - A comma ends the clause too, unless an `or` follows within eight words: `no alcohol, drugs or debts`.
    - A cue that is part of a known phrase (`no further action`) is none; nor is `not` in `not only`, nor `no`
      before a number. `did not deny` and `never without` negate nothing.
    - An answer (`no`, `nil`, `none known`) that stands alone after a colon, a question mark or a dash negates
      the clause before it, in the same way: `Domestic abuse: none`.

    Parameters
    ----------
    marks : array of int32, shape (n,)
        From `Words.marks`, of each word of the text.
    in_phrase : array of bool, shape (n,)
        Whether the word is part of a known phrase.

    Returns
    -------
    array of bool, shape (n,)
    """
    content: Places = np.cumsum((marks & Mark.CONTENT) > 0, dtype=np.intp)
    return _after_cues(marks, in_phrase, content) | _before_answers(marks, content)


def _after_cues(marks: Ints, in_phrase: Bools, content: Places) -> Bools:
    cue = _cues(marks, in_phrase)
    last_cue = _last(cue)
    found: Bools = (last_cue > _last(_stops(marks))) & ~cue
    found &= content - content[np.maximum(last_cue, 0)] <= MOST_WORDS
    return found


def _cues(marks: Ints, in_phrase: Bools) -> Bools:
    following = _shifted(marks, -1)
    cue: Bools = ((marks & Mark.CUE) > 0) & ~in_phrase
    cue &= (following & Mark.NO_CUE_BEFORE) == 0
    cue &= ((marks & Mark.NO) == 0) | ((following & Mark.NUMBER) == 0)
    turned = ((marks & Mark.DENIAL) > 0) & cue
    for distance in (1, 2):
        between = (_shifted(marks, 1) & Mark.CLAUSE_END) == 0 if distance > 1 else True
        turning = ((_shifted(marks, distance) & Mark.PLAIN_NOT) > 0) & turned & between
        cue &= ~(turning | _shifted(turning, -distance))
    return cue


def _stops(marks: Ints) -> Bools:
    stop: Bools = (marks & (Mark.CLAUSE_END | Mark.CONTRAST)) > 0
    next_or, next_stop = _next((marks & Mark.OR) > 0), _next(stop)
    here = np.arange(len(marks))
    in_list = (next_or < next_stop) & (next_or - here <= LIST_WORDS)
    comma = (marks & Mark.COMMA) > 0
    new_clause = ((marks & Mark.AND) > 0) & ((_shifted(marks, -1) & Mark.NEW_CLAUSE) > 0)
    return stop | (comma & ~in_list) | new_clause


def _before_answers(marks: Ints, content: Places) -> Bools:
    end = (marks & Mark.CLAUSE_END) > 0
    one_on, two_on = _shifted(end, -1), _shifted(end, -2)
    filled = ((_shifted(marks, -1) & Mark.FILLER) > 0) & two_on
    answer = ((marks & Mark.ANSWER) > 0) & (one_on | filled)
    opener = ((marks & Mark.OPENER) > 0) & _shifted(answer, -1)
    if not opener.any():
        return opener
    next_end = np.minimum(_next(end), len(marks) - 1)
    return opener[next_end] & ~end & (content[next_end] - content < MOST_WORDS)


def _last(which: Bools) -> Places:
    """Return the latest place of which it is true, up to each; -1 before the first."""
    here = np.arange(len(which))
    latest: Places = np.maximum.accumulate(np.where(which, here, -1))
    return latest


def _next(which: Bools) -> Places:
    """Return the first place of which it is true, from each on; n after the last."""
    here = np.arange(len(which))
    first: Places = np.minimum.accumulate(np.where(which, here, len(which))[::-1])[::-1]
    return first


def _shifted(values: NDArray[Value], by: int) -> NDArray[Value]:
    """Return the value so many places before each (after, if negative); 0 beyond the ends."""
    moved = np.zeros_like(values)
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved
