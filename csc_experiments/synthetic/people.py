"""Who there is: families and their children."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from csc_experiments.synthetic.draws import (
    NEVER,
    Days,
    Index,
    Mask,
    as_codes,
    as_dates,
    as_ids,
    birthdays,
    choose,
    stream,
)
from csc_experiments.synthetic.settings import AuthoritySettings

BURN_IN_YEARS = 2
"""Simulated before the coverage begins, so that its first day finds open cases."""
KNOWN_BEFORE_BIRTH = 140
"""From this many days before birth an unborn child can be known."""
CHANCE_OF_DEATH = 0.004
SHARE_SAME_ETHNICITY = 0.9
SHARE_IN_TWO_FAMILIES = 0.015
FAMILY_SIZES = (0.42, 0.30, 0.16, 0.07, 0.03, 0.02)

# Department for Education, Characteristics of children in need 2024: ethnicity and disability at 31 March.
_ETHNICITY = {
    "WBRI": 61.0, "WIRI": 0.5, "WIRT": 0.4, "WOTH": 4.8, "WROM": 0.5, "MWBC": 3.0, "MWBA": 1.5, "MWAS": 1.5,
    "MOTH": 3.2, "AIND": 1.2, "APKN": 3.0, "ABAN": 1.5, "AOTH": 2.3, "BCRB": 1.7, "BAFR": 5.0, "BOTH": 2.3,
    "CHNE": 0.2, "OOTH": 4.1, "REFU": 0.6, "NOBT": 2.4,
}  # fmt: skip
_DISABILITY = {
    "AUT": 44.2, "LD": 34.4, "BEH": 19.4, "DDA": 19.3, "COMM": 16.1, "MOB": 12.7, "VIS": 5.7, "PC": 5.1,
    "INC": 4.0, "HEAR": 3.7, "CON": 3.5, "HAND": 1.7,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a simulation: from its burn-in to the last day of the records."""

    begin: int
    first_day: int
    last_day: int

    @classmethod
    def of(cls, settings: AuthoritySettings) -> Span:
        """Return the span of an authority."""
        first, last = (
            int(np.datetime64(day).astype("datetime64[D]").astype(np.int64))
            for day in (settings.first_day, settings.last_day)
        )
        return cls(first - round(BURN_IN_YEARS * 365.25), first, last)


@dataclass(frozen=True, slots=True)
class Population:
    """Families, and their children in family order.

    Attributes
    ----------
    size, first_child : numpy.ndarray, shape (families,)
        Number of children of each family, and the position of its first one.
    family, born, died, leaves : numpy.ndarray, shape (children,)
        `died` is `NEVER` for nearly all; `leaves` is the 18th birthday or the death, whichever comes first.
    disabled : numpy.ndarray of bool, shape (children,)
        Whether a disability is recorded.
    """

    size: Index
    first_child: Index
    family: Index
    born: Days
    died: Days
    leaves: Days
    disabled: Mask

    def eligible(self, child: Index, day: Days) -> Mask:
        """Tell whether each child can be the subject of something on each day."""
        known = day >= self.born[child] - KNOWN_BEFORE_BIRTH
        return np.asarray(known & (day < self.leaves[child]))


def make_population(settings: AuthoritySettings, seed: int, families: int) -> Population:
    """Draw families and their children, born so that each can be known during the span."""
    rng, span = stream(seed, "people"), Span.of(settings)
    drawn = choose(rng, FAMILY_SIZES, families) + 1
    family = np.repeat(np.arange(families), drawn)
    eldest = rng.integers(span.begin - 6300, span.last_day + KNOWN_BEFORE_BIRTH, families)
    gaps = 300 + rng.gamma(2.0, 380.0, family.size).astype(np.int64)
    order = np.arange(family.size) - np.repeat(np.cumsum(drawn) - drawn, drawn)
    gaps[order == 0] = 0
    since = np.cumsum(gaps)
    born = eldest[family] + since - since[np.cumsum(drawn) - drawn][family]
    conceived = born < span.last_day + KNOWN_BEFORE_BIRTH
    family, born = family[conceived], born[conceived]
    died = _deaths(rng, born, span)
    size = np.bincount(family, minlength=families)
    return Population(
        size=size,
        first_child=np.cumsum(size) - size,
        family=family,
        born=born,
        died=died,
        leaves=np.minimum(birthdays(born, 18), died),
        disabled=rng.random(family.size) < settings.share_disabled,
    )


def _deaths(rng: np.random.Generator, born: Days, span: Span) -> Days:
    earliest = np.maximum(born, span.begin) + 1
    day = earliest + (rng.random(born.size) * 4 * 365).astype(np.int64)
    dies = (rng.random(born.size) < CHANCE_OF_DEATH) & (day <= span.last_day) & (day < birthdays(born, 18))
    return np.where(dies, day, NEVER)


def person_tables(
    settings: AuthoritySettings, seed: int, people: Population, person: Index, known: Index
) -> dict[str, pl.DataFrame]:
    """Write who is known.

    Parameters
    ----------
    person : numpy.ndarray, shape (children,)
        The number that each child goes by.
    known : numpy.ndarray
        Positions of the children that the authority ever knew.
    """
    known = known[np.argsort(person[known])]
    rng, last_day = stream(seed, "characteristics"), Span.of(settings).last_day
    unborn = people.born > last_day
    sex = np.where(unborn, 2, choose(rng, (0.52, 0.478, 0.002), unborn.size))
    shared = choose(rng, list(_ETHNICITY.values()), people.size.size)[people.family]
    own = choose(rng, list(_ETHNICITY.values()), unborn.size)
    ethnicity = np.where(rng.random(unborn.size) < SHARE_SAME_ETHNICITY, shared, own)
    expected = np.where(unborn, people.born, NEVER)
    persons = pl.DataFrame(
        {
            "pers_person_id": as_ids("P", person[known]),
            "pers_sex": as_codes(("M", "F", "U"), sex[known]),
            "pers_ethnicity": as_codes(list(_ETHNICITY), ethnicity[known]),
            "pers_dob": as_dates(people.born[known], last_day),
            "pers_expected_dob": as_dates(expected[known], last_day + KNOWN_BEFORE_BIRTH),
            "pers_death_date": as_dates(people.died[known], last_day),
        }
    )
    return {
        "ssd_person": persons,
        "ssd_family": _family_table(rng, people, person, known),
        "ssd_disability": _disability_table(rng, people, person, known),
    }


def _family_table(rng: np.random.Generator, people: Population, person: Index, known: Index) -> pl.DataFrame:
    """Put every child in its family, and now and then a half-sibling in a second one."""
    number = rng.permutation(people.size.size)
    also_in = known[rng.random(known.size) < SHARE_IN_TWO_FAMILIES]
    second = people.family[rng.permutation(known)[: also_in.size]]
    other = second != people.family[also_in]
    child = np.concatenate([known, also_in[other]])
    family = np.concatenate([people.family[known], second[other]])
    return pl.DataFrame(
        {
            "fami_table_id": as_ids("FT", np.arange(child.size)),
            "fami_family_id": as_ids("F", number[family]),
            "fami_person_id": as_ids("P", person[child]),
        }
    )


def _disability_table(
    rng: np.random.Generator, people: Population, person: Index, known: Index
) -> pl.DataFrame:
    """Write one or more codes for each disabled child; the first always, others by their own share."""
    shares = np.array(list(_DISABILITY.values())) / 100
    has = rng.random((people.born.size, shares.size)) < shares * 0.6
    has[np.arange(people.born.size), choose(rng, shares, people.born.size)] = True
    row, code = np.nonzero(has[known] & people.disabled[known, None])
    return pl.DataFrame(
        {
            "disa_table_id": as_ids("D", np.arange(row.size)),
            "disa_person_id": as_ids("P", person[known[row]]),
            "disa_disability_code": as_codes(list(_DISABILITY), code),
        }
    )
