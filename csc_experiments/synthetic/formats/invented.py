"""What returns ask for and no standard table holds: postcodes, provider numbers, workers and teams.

All of it is invented and of the right form. A draw belongs to a key (a child, a placement, a case) and to
nothing else, so the same key has the same postcode in every year and in every format.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
import polars as pl

from csc_experiments.seeds import seed_for
from csc_experiments.synthetic.draws import Index, as_codes
from csc_experiments.synthetic.settings import AuthoritySettings

# No post town has these areas, so no such postcode leads to a door.
_AREAS = ("ZY", "ZX", "ZW", "ZT")
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"

_FORENAMES = (
    "Aisha", "Bronwen", "Catriona", "Dele", "Elspeth", "Farouk", "Gwen", "Hamid", "Imogen", "Jerome",
    "Kirsty",
    "Leroy", "Maeve", "Nasreen", "Owain", "Parveen", "Rosalind", "Sunil", "Tamsin", "Winston",
)  # fmt: skip
_SURNAMES = (
    "Adeyemi", "Birtwhistle", "Cadwallader", "Dhillon", "Entwistle", "Farquhar", "Gathercole", "Hussain",
    "Inchbald", "Jellicoe", "Kershaw", "Lightfoot", "Mbeki", "Nettleship", "Oyelaran", "Pargeter", "Qureshi",
    "Rowbottom", "Satterthwaite", "Threlfall",
)  # fmt: skip
TEAMS = (
    "Multi Agency Safeguarding Hub", "Locality 1 Duty Team", "Locality 2 Duty Team", "Locality 1 Unit 1",
    "Locality 1 Unit 2", "Locality 2 Unit 1", "Locality 2 Unit 2", "Children with Disabilities Team",
    "Children in Care Team 1", "Children in Care Team 2",
)  # fmt: skip
_WORKERS = len(_FORENAMES) * len(_SURNAMES)

_BITS = 63

Draw = Callable[[Index], pl.Series]
"""Turns one large random number for each key into a value."""


def authority_number(settings: AuthoritySettings) -> str:
    """Return the three digits that an invented authority goes by in national returns.

    Examples
    --------
    >>> authority_number(AuthoritySettings(authority="la1", lea="962"))
    '962'
    """
    return settings.lea


def draw_for(keys: pl.Series, seed: int, name: str, draw: Draw) -> pl.Series:
    """Draw one value for each distinct key.

    Parameters
    ----------
    keys : polars.Series of str
        Null has no value.
    seed : int
        0 or more.
    name : str
        What is drawn; draws of another name do not depend on it.
    draw : callable
        Given whole numbers from 0 to 2**63, returns as many values.

    Examples
    --------
    >>> drawn = draw_for(pl.Series(["b", "a", None, "b"]), 1, "example", postcodes)
    >>> drawn[0] == drawn[3], drawn[2] is None
    (True, True)
    """
    distinct = keys.drop_nulls().unique(maintain_order=True)
    drawn = pl.DataFrame({"key": distinct, "value": draw(_numbers(distinct, seed, name))})
    asked = pl.DataFrame({"key": keys})
    return asked.join(drawn, on="key", how="left", maintain_order="left")["value"].alias(keys.name)


def add_luck(frame: pl.DataFrame, key: str, seed: int, *names: str) -> pl.DataFrame:
    """Add columns of numbers from 0 to 1, each drawn for its key and named as what is drawn.

    Examples
    --------
    >>> add_luck(pl.DataFrame({"CHILD": ["a", "b"]}), "CHILD", 1, "checked").columns
    ['CHILD', 'checked']
    """
    return frame.with_columns(draw_for(frame[key], seed, name, fractions).alias(name) for name in names)


def fractions(numbers: Index) -> pl.Series:
    """Return numbers from 0 to 1."""
    return pl.Series(numbers / 2.0**_BITS)


def shares(codes: Sequence[str], weights: Sequence[float]) -> Draw:
    """Return a draw among codes, each in proportion to its weight.

    Examples
    --------
    >>> draw_for(pl.Series(["a", "b"]), 1, "example", shares(("X", "Y"), (1, 0))).to_list()
    ['X', 'X']
    """
    bounds = np.cumsum(weights) / np.sum(weights)

    def draw(numbers: Index) -> pl.Series:
        at = np.searchsorted(bounds, numbers / 2.0**_BITS, side="right")
        return as_codes(codes, np.minimum(at, len(codes) - 1))

    return draw


def whole_numbers(low: int, high: int) -> Draw:
    """Return a draw of whole numbers from `low` up to, not including, `high`."""
    return lambda numbers: pl.Series(low + numbers % (high - low))


def postcodes(numbers: Index) -> pl.Series:
    """Return postcodes of the form ``ZY12 3AB``, in areas that do not exist."""
    letters = tuple(_INWARD)
    area, district, sector, first, last = _parts(numbers, len(_AREAS), 29, 10, len(letters), len(letters))
    return pl.select(
        pl.concat_str(
            as_codes(_AREAS, area),
            pl.Series(district + 1).cast(pl.String),
            pl.lit(" "),
            pl.Series(sector).cast(pl.String),
            as_codes(letters, first),
            as_codes(letters, last),
        )
    ).to_series()


def provider_numbers(numbers: Index) -> pl.Series:
    """Return reference numbers of the form that Ofsted gives: SC and six digits, or seven digits."""
    kind, rest = _parts(numbers, 4, 900_000)
    start = as_codes(("SC", "SC", "1", "2"), kind)
    return pl.select(start + pl.Series(100_000 + rest).cast(pl.String)).to_series()


def worker_numbers(numbers: Index) -> pl.Series:
    """Return registration numbers of social workers, of the form ``SW12345``."""
    return pl.select(pl.lit("SW") + pl.Series(10_000 + 97 * (numbers % _WORKERS)).cast(pl.String)).to_series()


def worker_names(numbers: Index) -> pl.Series:
    """Return names of workers."""
    forename, surname = _parts(numbers, len(_FORENAMES), len(_SURNAMES))
    return pl.select(
        pl.concat_str(as_codes(_FORENAMES, forename), as_codes(_SURNAMES, surname), separator=" ")
    ).to_series()


def teams(numbers: Index) -> pl.Series:
    """Return teams."""
    return as_codes(TEAMS, numbers % len(TEAMS))


def _numbers(keys: pl.Series, seed: int, name: str) -> Index:
    salt = seed_for(seed, name).to_bytes(4, "big")
    drawn = [
        int.from_bytes(blake2b(key.encode(), digest_size=8, key=salt).digest(), "big") >> 1
        for key in keys.to_list()
    ]
    return np.array(drawn, dtype=np.int64)


def _parts(numbers: Index, *sizes: int) -> list[Index]:
    """Divide a large number into several smaller ones, each from 0 up to its size."""
    found: list[Index] = []
    for size in sizes:
        numbers, part = np.divmod(numbers, size)
        found.append(part)
    return found
