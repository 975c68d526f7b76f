"""The numbers that came with given events."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import sparse

from csc_experiments.representations.structured.codes import given_codes
from csc_experiments.representations.structured.naming import KNOWN, LATEST
from csc_experiments.representations.structured.parts import Part, grouped


def value_columns(found: pl.DataFrame, height: int, codes: list[str]) -> Part:
    """Return the number that came with the latest event of a given code, of those that came with one.

    Parameters
    ----------
    found : polars.DataFrame
        row, column (position in `codes`), time, known_time; numeric_value if any code is a given one.
    height : int
        Rows of the matrix.
    codes : list of str

    Returns
    -------
    Part
        Of each code of given events, side by side: `latest`, 0 where no number is known, and `latest|known`,
        1 where one is. That none was known was itself known at the time.
    """
    given = given_codes(codes)
    names = tuple(f"{code}|{kind}" for code in given for kind in (LATEST, KNOWN))
    if not given:
        return Part(sparse.csr_array((height, 0), dtype=np.float32), names)
    place = {code: column for column, code in enumerate(codes)}
    known = pl.DataFrame(
        {"column": [place[code] for code in given], "given": range(len(given))},
        {"column": pl.UInt32, "given": pl.Int64},
    )
    latest = (
        found.filter(pl.col("numeric_value").is_finite())
        .join(known, on="column", how="inner")
        .sort("row", "given", "time", "known_time", "numeric_value")
    )
    row, code = (latest[key].to_numpy().astype(np.int64) for key in ("row", "given"))
    last = np.append((row[1:] != row[:-1]) | (code[1:] != code[:-1]), True)[: row.size]
    value = latest["numeric_value"].to_numpy().astype(np.float32)[last]
    values = np.column_stack([value, np.ones_like(value)])
    return Part(grouped(row[last], code[last], values, (height, len(given))), names)
