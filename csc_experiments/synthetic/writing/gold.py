"""Where in a text somebody can be recognised: identifiers are marked as they are put in.

A marked identifier stands between two control characters, and a private character after the first says what
it is. Text is formatted, copied and laid out with its marks; they come off last, when their places are known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import Final, NamedTuple

import numpy as np
import polars as pl

PEOPLE: Final = ("child", "sibling", "parent", "carer", "relative", "professional", "neighbour")
"""Whose an identifier is."""
_OF_PEOPLE: Final = ("name", "nickname", "misspelt_name", "canary")
_CONTACT: Final = ("phone", "email")
_OF_FAMILY: Final = ("address", "postcode")
_OF_CHILD: Final = ("date_of_birth", "nhs_number", "upn")
_OF_PLACES: Final = ("school", "organisation", "place")
LABELS: Final[tuple[tuple[str, str], ...]] = (
    *((kind, role) for kind in (*_OF_PEOPLE, *_CONTACT) for role in PEOPLE),
    *((kind, "family") for kind in _OF_FAMILY),
    *((kind, role) for kind in _OF_CHILD for role in ("child", "sibling")),
    *((kind, "local") for kind in _OF_PLACES),
)
"""Every kind of identifier with every role that it can have."""
KINDS: Final = tuple(dict.fromkeys(kind for kind, _ in LABELS))

_OPEN, _CLOSE, _FIRST_LABEL = "\x02", "\x03", 0xE000
_CODES: Final = {label: chr(_FIRST_LABEL + at) for at, label in enumerate(LABELS)}
_MARKED = re.compile(f"{_OPEN}(.)([^{_CLOSE}]*){_CLOSE}", re.DOTALL)


class Spans(NamedTuple):
    """Where identifiers stand in a text: first character, the one after the last, position in `LABELS`."""

    starts: list[int]
    ends: list[int]
    labels: list[int]


def mark(text: str, kind: str, role: str) -> str:
    """Mark an identifier.

    Parameters
    ----------
    kind, role : str
        A pair of `LABELS`.

    Examples
    --------
    >>> remove_marks("Seen with " + mark("Ann", "name", "parent") + ".")
    ('Seen with Ann.', Spans(starts=[10], ends=[13], labels=[2]))
    >>> LABELS[2]
    ('name', 'parent')
    """
    return f"{_OPEN}{_CODES[kind, role]}{text}{_CLOSE}"


def remove_marks(text: str) -> tuple[str, Spans]:
    """Return a text without its marks, and where each marked identifier stands in it."""
    parts = _MARKED.split(text)
    labels = [ord(label) - _FIRST_LABEL for label in parts[1::3]]
    del parts[1::3]
    # What is said follows what stands before it: the ends of the one are the starts of the other.
    ends = list(accumulate(map(len, parts)))
    stops = ends[1::2]
    return "".join(parts), Spans(ends[0::2][: len(stops)], stops, labels)


def span_table(documents: Sequence[tuple[str, Spans]]) -> pl.DataFrame:
    """Write spans as a table.

    Parameters
    ----------
    documents : sequence of tuple
        A document's identifier and its spans.

    Returns
    -------
    polars.DataFrame
        document_id, start, end, kind, role; one row per span.
    """
    names = pl.Series([name for name, _ in documents], dtype=pl.String)
    counts = [len(spans.labels) for _, spans in documents]
    starts, ends, labels = (
        [*chain.from_iterable(part)] for part in zip(*(s for _, s in documents), strict=True)
    )
    which = pl.Series(labels, dtype=pl.Int64)
    return pl.DataFrame(
        {
            "document_id": names.gather(np.repeat(np.arange(len(counts)), counts)),
            "start": pl.Series(starts, dtype=pl.Int32),
            "end": pl.Series(ends, dtype=pl.Int32),
            "kind": pl.Series([kind for kind, _ in LABELS]).gather(which),
            "role": pl.Series([role for _, role in LABELS]).gather(which),
        }
    )
