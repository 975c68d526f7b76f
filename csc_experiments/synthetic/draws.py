"""Random streams by name, and the few kinds of draw that the invented authority is made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from csc_experiments.errors import ConfigError
from csc_experiments.synthetic.bank_holidays import working_calendar

Days = npt.NDArray[np.int64]
"""Days since 1 January 1970."""
Index = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NEVER = 2**40
"""The day of what does not happen."""


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one part of the simulation.

    Parts draw from streams of their own, so a change in one does not move another.

    Raises
    ------
    ConfigError
        If the seed is not a whole number from 0.

    Examples
    --------
    >>> int(stream(1, "need").integers(1000)) == int(stream(1, "need").integers(1000))
    True
    """
    if type(seed) is not int or seed < 0:
        raise ConfigError("seed must be a whole number from 0.", todo="Give another.")
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=tuple(name.encode())))


def choose(rng: np.random.Generator, shares: Sequence[float] | Floats, count: int) -> Index:
    """Draw `count` positions in proportion to `shares`, which need not sum to one."""
    return chosen(shares, rng.random(count))


def chosen(shares: Sequence[float] | Floats, luck: Floats) -> Index:
    """Return the positions that luck between 0 and 1 falls on, in proportion to `shares`.

    Examples
    --------
    >>> chosen([3.0, 1.0], np.array([0.1, 0.7, 0.8])).tolist()
    [0, 0, 1]
    """
    bounds = np.cumsum(shares)
    return np.asarray(np.searchsorted(bounds, luck * bounds[-1], side="right"), dtype=np.int64)


def choose_by(rng: np.random.Generator, shares: Sequence[float], effects: Floats) -> Index:
    """Draw one position a row, in proportion to ``shares * exp(effects)``.

    Parameters
    ----------
    effects : numpy.ndarray, shape (n, len(shares))
        Added to the logarithm of the shares.
    """
    noise = rng.gumbel(size=effects.shape)
    return np.asarray(np.argmax(np.log(np.asarray(shares)) + effects + noise, axis=1), dtype=np.int64)


def top_share(latent: Floats, share: float, among: Mask, typical: Mask | None = None) -> Mask:
    """Mark the highest `share` of the rows in `among`: a threshold that keeps to its capacity.

    Parameters
    ----------
    typical : numpy.ndarray of bool, optional
        The rows that set the threshold, if not all of `among`.

    Examples
    --------
    >>> top_share(np.array([3.0, 9.0, 5.0, 1.0]), 0.5, np.array([True, False, True, True])).tolist()
    [True, False, True, False]
    """
    setting = np.sort(latent[among if typical is None else among & typical])[::-1]
    taken = round(share * setting.size)
    if taken == 0:
        return np.zeros(latent.size, dtype=bool)
    return np.asarray(among & (latent >= (setting[taken - 1] if share < 1 else -np.inf)))


def working_days_after(days: Days, count: Index) -> Days:
    """Go forward by working days in England, from the first working day on or after each day."""
    moved = np.busday_offset(
        days.astype("datetime64[D]"), count, roll="forward", busdaycal=working_calendar()
    )
    return moved.astype(np.int64)


def working_days_between(start: Days, end: Days) -> Index:
    """Count the working days in England from each start to each end, the end itself not counted."""
    first, last = start.astype("datetime64[D]"), end.astype("datetime64[D]")
    return np.asarray(np.busday_count(first, last, busdaycal=working_calendar()), dtype=np.int64)


def birthdays(born: Days, age: int) -> Days:
    """Return the day on which each reaches an age; 1 March for those born on 29 February."""
    dates = born.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    moved = (months + 12 * age).astype("datetime64[D]") + (dates - months.astype("datetime64[D]"))
    return np.asarray(moved.astype(np.int64))


def spells(rng: np.random.Generator, bounds: Sequence[int], shares: Sequence[float], count: int) -> Index:
    """Draw lengths in days from a published distribution: a band by its share, then evenly inside it.

    Parameters
    ----------
    bounds : sequence of int
        Lower ends of the bands, and the upper end of the last one.
    shares : sequence of float
        One for each band.
    """
    band = choose(rng, shares, count)
    edges: Index = np.asarray(bounds, dtype=np.int64)
    return np.asarray(rng.integers(edges[band], edges[band + 1]), dtype=np.int64)


def as_dates(days: Days, last_day: int) -> pl.Series:
    """Write days as dates; what lies beyond the last day has not happened, so it is null."""
    happened = days <= last_day
    whole = np.where(happened, days, 0).astype(np.int32)
    return pl.select(
        pl.when(pl.Series(happened)).then(pl.Series(whole)).otherwise(None).cast(pl.Date)
    ).to_series()


def as_ids(prefix: str, numbers: Index) -> pl.Series:
    """Write numbers as identifiers, for example ``R000017``."""
    return pl.select(pl.lit(prefix) + pl.Series(numbers).cast(pl.String).str.zfill(6)).to_series()


def as_codes(codes: Sequence[str], positions: Index) -> pl.Series:
    """Write positions as the codes that they stand for."""
    return pl.Series(codes, dtype=pl.String).gather(positions)


def as_flags(marked: Mask) -> pl.Series:
    """Write true and false as Y and N."""
    return as_codes(("N", "Y"), marked.astype(np.int64))


def numbered(prefix: str, column: str, frame: pl.DataFrame, day: str) -> pl.DataFrame:
    """Give rows identifiers in the order of their day, as a case management system does."""
    frame = frame.sort(day, maintain_order=True)
    return frame.with_columns(as_ids(prefix, np.arange(frame.height)).alias(column))
