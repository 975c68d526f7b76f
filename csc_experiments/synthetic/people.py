"""Families and their children, and what the records say of who they are."""

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
from csc_experiments.synthetic.ethnicity import ethnic_mix
from csc_experiments.synthetic.settings import AuthoritySettings

BURN_IN_YEARS = 4
"""Simulated before the coverage begins, so that its first day finds open cases, some of them years old."""
KNOWN_BEFORE_BIRTH = 190
"""From this many days before birth an unborn child can be known."""
CHANCE_OF_DEATH = 0.004
SHARE_SAME_ETHNICITY = 0.9
SHARE_IN_TWO_FAMILIES = 0.015
FAMILY_SIZES = (0.42, 0.30, 0.16, 0.07, 0.03, 0.02)
_CHILDHOOD = 6575
_SIBLING_YEARS = 10 * 365
"""Families whose eldest grew up so long before still have children."""
_GAP_SHAPE, _GAP_SCALE, _SHORTEST_GAP = 2.0, 380.0, 300

# Children who arrive alone: ages in days, and ethnicities. Department for Education, Children looked after in
# England 2024: nine in ten are boys, nearly all 16 or 17.
_ALONE_AGES, _ALONE_AGE_SHARES = (5110, 5479, 5844, 6209, 6520), (4.0, 14.0, 32.0, 50.0)
_ALONE_ETHNICITY = {"OOTH": 40.0, "BAFR": 30.0, "AOTH": 18.0, "WOTH": 8.0, "NOBT": 4.0}
_ALONE_BOYS = 0.95

# Department for Education, Characteristics of children in need 2024: disability at 31 March.
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

    @property
    def middle(self) -> int:
        """The day half-way through the coverage."""
        return (self.first_day + self.last_day) // 2


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
    arrives : numpy.ndarray, shape (families,)
        The day on which a child came to the country alone; `NEVER` for families, who were there before.
    """

    size: Index
    first_child: Index
    family: Index
    born: Days
    died: Days
    leaves: Days
    disabled: Mask
    arrives: Days

    @property
    def alone(self) -> Mask:
        """Mark the families that are a single child who came to the country alone."""
        return np.asarray(self.arrives != NEVER)

    def eligible(self, child: Index, day: Days) -> Mask:
        """Tell whether each child can be the subject of something on each day."""
        known = day >= self.born[child] - KNOWN_BEFORE_BIRTH
        return np.asarray(known & (day < self.leaves[child]))

    def residents(self, day: int) -> int:
        """Count the children of 0 to 17 on a day, without those who came alone."""
        there = (self.born <= day) & (day < self.leaves) & ~self.alone[self.family]
        return int(there.sum())


def make_population(settings: AuthoritySettings, seed: int, families: int, alone: int = 0) -> Population:
    """Draw families and their children, who live there at some time of the span.

    Parameters
    ----------
    families : int
        To draw; those whose children have all grown up before the span begins are left out.
    alone : int
        How many children arrive alone within the span.
    """
    rng, span = stream(seed, "people"), Span.of(settings)
    family, born = _born(settings, rng, span, families)
    # The others are numbered anew, from 0 on.
    family = np.unique(family, return_inverse=True)[1].astype(np.int64)
    arrived, young = _arrivals(stream(seed, "arrivals"), span, alone)
    there = int(family.max(initial=-1)) + 1
    family = np.concatenate([family, there + np.arange(alone)])
    born = np.concatenate([born, young])
    died = _deaths(rng, born, span)
    died[born.size - alone :] = NEVER
    size = np.bincount(family, minlength=there + alone)
    disabled = rng.random(family.size) < settings.share_disabled
    return Population(
        size=size,
        first_child=np.cumsum(size) - size,
        family=family,
        born=born,
        died=died,
        leaves=np.minimum(birthdays(born, 18), died),
        disabled=disabled & (np.arange(family.size) < family.size - alone),
        arrives=np.concatenate([np.full(there, NEVER), arrived]),
    )


def _born(
    settings: AuthoritySettings, rng: np.random.Generator, span: Span, families: int
) -> tuple[Index, Days]:
    """Draw the children of families: the eldest at any time, the others at intervals after."""
    sizes = FAMILY_SIZES[: settings.largest_family]
    drawn = choose(rng, sizes, families) + 1
    family = np.repeat(np.arange(families), drawn)
    last_birth = span.last_day + KNOWN_BEFORE_BIRTH
    eldest = rng.integers(span.begin - _CHILDHOOD - _SIBLING_YEARS, last_birth, families)
    gaps = _SHORTEST_GAP + rng.gamma(_GAP_SHAPE, _GAP_SCALE, family.size).astype(np.int64)
    order = np.arange(family.size) - np.repeat(np.cumsum(drawn) - drawn, drawn)
    gaps[order == 0] = 0
    since = np.cumsum(gaps)
    born = eldest[family] + since - since[np.cumsum(drawn) - drawn][family]
    there = (born < last_birth) & (birthdays(born, 18) > span.begin)
    return family[there], born[there]


def _arrivals(rng: np.random.Generator, span: Span, alone: int) -> tuple[Days, Days]:
    """Draw when children arrive alone, and when they were born."""
    arrives = rng.integers(span.begin, span.last_day, alone)
    edges: Index = np.asarray(_ALONE_AGES, dtype=np.int64)
    band = choose(rng, _ALONE_AGE_SHARES, alone)
    return arrives, arrives - rng.integers(edges[band], edges[band + 1])


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
    expected = np.where(unborn, people.born, NEVER)
    codes, ethnicity = _ethnicities(settings, rng, people)
    persons = pl.DataFrame(
        {
            "pers_person_id": as_ids("P", person[known]),
            "pers_sex": as_codes(("M", "F", "U"), _sexes(rng, people, unborn)[known]),
            "pers_ethnicity": as_codes(codes, ethnicity[known]),
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


def _sexes(rng: np.random.Generator, people: Population, unborn: Mask) -> Index:
    drawn = choose(rng, (0.52, 0.478, 0.002), unborn.size)
    boys = (rng.random(unborn.size) >= _ALONE_BOYS).astype(np.int64)
    return np.select([unborn, people.alone[people.family]], [np.full(unborn.size, 2), boys], drawn)


def _ethnicities(
    settings: AuthoritySettings, rng: np.random.Generator, people: Population
) -> tuple[list[str], Index]:
    """Draw ethnicities that siblings mostly share; who came alone comes from elsewhere."""
    mix = ethnic_mix(settings.ethnicity)
    codes, count = list(dict.fromkeys([*mix, *_ALONE_ETHNICITY])), people.born.size
    shares = [float(mix.get(code, 0.0)) for code in codes]
    shared = choose(rng, shares, people.size.size)[people.family]
    own = choose(rng, shares, count)
    elsewhere = choose(rng, [_ALONE_ETHNICITY.get(code, 0.0) for code in codes], count)
    drawn = np.where(rng.random(count) < SHARE_SAME_ETHNICITY, shared, own)
    return codes, np.where(people.alone[people.family], elsewhere, drawn)


def _family_table(rng: np.random.Generator, people: Population, person: Index, known: Index) -> pl.DataFrame:
    """Put every child in its family, and now and then a half-sibling in a second one."""
    number = rng.permutation(people.size.size)
    half = ~people.alone[people.family[known]] & (rng.random(known.size) < SHARE_IN_TWO_FAMILIES)
    also_in = known[half]
    second = people.family[rng.permutation(known)[: also_in.size]]
    other = (second != people.family[also_in]) & ~people.alone[second]
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
