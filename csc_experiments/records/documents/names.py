"""The names that systems give to documents, without what changes from form to form: marks and versions."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from csc_experiments.errors import ConfigError

_MARKS = r"(?i)^(?:\s*\(c\)\s*)+"
# (3.0) is a version and (47) is not: without a "v" it takes a point to tell.
_VERSION = (
    r"(?i)(?:[\s_\x{2013}\x{2014}-]*\(\s*(?:v(?:er(?:sion)?)?\.?\s*[0-9]+(?:\.[0-9]+)*|[0-9]+(?:\.[0-9]+)+)\s*\)"
    r"|[\s_\x{2013}\x{2014}-]+v(?:er(?:sion)?)?\.?\s*[0-9]+(?:\.[0-9]+)*)\s*$"
)


def strip_names(names: pl.Series) -> pl.Series:
    """Take the mark of a completed form and the version off names; a name of nothing else stays.

    Examples
    --------
    >>> names = ["(c) Contact / Referral v2.1", "Single Assessment (3.0)", "S47 Record - v4", "Section (47)"]
    >>> strip_names(pl.Series("name", names)).to_list()
    ['Contact / Referral', 'Single Assessment', 'S47 Record', 'Section (47)']
    """
    whole = pl.col(names.name).str.replace_all(r"[\s\x{a0}]+", " ").str.strip_chars(" ")
    stripped = whole.str.replace(_MARKS, "").str.replace(_VERSION, "").str.strip_chars(" ")
    kept = pl.when(stripped == "").then(whole).otherwise(stripped)
    return names.to_frame().select(kept.alias(names.name)).to_series()


def type_documents(names: pl.Series, types: Mapping[str, str]) -> tuple[pl.Series, int]:
    """Give each name its type.

    Parameters
    ----------
    names : polars.Series of str
        As exported.
    types : mapping of str to str
        Type codes by name; case, blanks, marks and versions do not count.

    Returns
    -------
    types : polars.Series of str
        The stripped name itself where it has no type.
    unmapped : int
        How many different names have none.

    Raises
    ------
    ConfigError
        If one name has two types.
    """
    known = _known_types(types)
    stripped = strip_names(names)
    key = _key(stripped)
    coded = (
        key.replace_strict(known, default=None, return_dtype=pl.String()) if known else key.clear(len(key))
    )
    unmapped = key.filter(coded.is_null() & key.is_not_null()).n_unique()
    frame = pl.DataFrame({"coded": coded, "stripped": stripped})
    return frame.select(pl.coalesce("coded", "stripped").alias(names.name)).to_series(), unmapped


def _known_types(types: Mapping[str, str]) -> dict[str, str]:
    keys = _key(strip_names(pl.Series("name", list(types), dtype=pl.String())))
    known: dict[str, str] = {}
    for key, code in zip(keys, types.values(), strict=True):
        if known.setdefault(key, code) != code:
            raise ConfigError(
                "The types of documents give one name two types.",
                todo="Case, blanks, (c) and versions do not make names different.",
            )
    return known


def _key(names: pl.Series) -> pl.Series:
    return names.str.to_lowercase()
