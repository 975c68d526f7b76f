"""Contacts: how families come to an authority's notice, who is named, and what is decided at the door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from csc_experiments.synthetic.draws import (
    Days,
    Floats,
    Index,
    Mask,
    as_codes,
    as_dates,
    as_ids,
    choose_by,
    stream,
    working_days_after,
)
from csc_experiments.synthetic.early_help import early_help_table
from csc_experiments.synthetic.need import QUARTER, Need, contact_rates
from csc_experiments.synthetic.people import KNOWN_BEFORE_BIRTH, Population, Span
from csc_experiments.synthetic.seasons import AT_SCHOOL, PEAK, in_season, month_of
from csc_experiments.synthetic.settings import AuthoritySettings

# Department for Education, Characteristics of children in need 2024, referrals by source; the parts of a
# group that the publication does not give are the author's.
SOURCES = {
    "1A": 4.0, "1B": 0.9, "1C": 1.6, "1D": 1.5, "2A": 20.3, "2B": 1.7, "3A": 2.0, "3B": 3.0, "3C": 0.6,
    "3D": 1.5, "3E": 4.0, "3F": 2.4, "4": 1.2, "5A": 4.0, "5B": 5.0, "5C": 2.6, "5D": 2.5, "6": 28.5,
    "7": 4.4, "8": 4.2, "9": 1.6, "10": 1.2,
}  # fmt: skip
_NAMES = tuple(SOURCES)
_POLICE, _SCHOOL, _HEALTH_VISITOR = (_NAMES.index(code) for code in ("6", "2A", "3B"))
_MIDWIFE = _NAMES.index("3F")
_SCHOOL_AGE = 4 * 365
_BEFORE_BIRTH = (40, 170)
"""Days before birth in which health services tell of an unborn child."""
_MORE_BEFORE_BIRTH = 1.6
"""Contacts before a birth, as a multiple of a usual quarter's."""
_MEET_CHILDREN_ALONE, _SHARES_ALONE = ("6", "7", "5C"), (30.0, 40.0, 30.0)

_OUTCOMES = ("NEW_REFERRAL", "EXISTING_REFERRAL", "ADVICE", "NFA")
_OUTCOME_JSON = tuple(
    "{" + ",".join(f'"{flag}_FLAG":"{"Y" if flag == outcome else "N"}"' for flag in _OUTCOMES) + "}"
    for outcome in _OUTCOMES
)
_SHARE_ADVISED = 0.35


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts of families, by family and then by day.

    Attributes
    ----------
    family, day, source : numpy.ndarray, shape (contacts,)
        `source` is a position in `SOURCES`.
    """

    family: Index
    day: Days
    source: Index


@dataclass(frozen=True, slots=True)
class Named:
    """One row per contact and child named in it: positions of both."""

    contact: Index
    child: Index


def make_contacts(settings: AuthoritySettings, seed: int, people: Population, need: Need) -> Contacts:
    """Draw the contacts of every family, more often where need is higher and in busy months."""
    rng, span = stream(seed, "contacts"), Span.of(settings)
    counts = rng.poisson(PEAK * contact_rates(settings, need, people.alone))
    family, quarter = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), counts.shape[1])
    day = span.begin + ((quarter + rng.random(quarter.size)) * QUARTER).astype(np.int64)
    kept = in_season(rng, day)
    family, day = family[kept], day[kept]
    source = _sources(rng, people, family, day)
    family, day, source = _with_midwives(settings, rng, people, need, (family, day, source))
    alone = np.flatnonzero(people.alone)
    meets = choose_by(rng, _SHARES_ALONE, np.zeros((alone.size, len(_SHARES_ALONE))))
    codes = np.array([_NAMES.index(code) for code in _MEET_CHILDREN_ALONE], dtype=np.int64)
    family, source = np.concatenate([family, alone]), np.concatenate([source, codes[meets]])
    day = np.concatenate([day, people.arrives[alone]])
    day = np.where(source != _POLICE, working_days_after(day, np.zeros_like(day)), day)
    rows = np.flatnonzero((day <= span.last_day) & _has_children(people, family, day))
    rows = rows[np.lexsort((day[rows], family[rows]))]
    return Contacts(family[rows], day[rows], source[rows])


def _with_midwives(
    settings: AuthoritySettings,
    rng: np.random.Generator,
    people: Population,
    need: Need,
    contacts: tuple[Index, Days, Index],
) -> tuple[Index, Days, Index]:
    """Add the contacts that health services make before a birth, where need is high."""
    rates = contact_rates(settings, need, people.alone)
    day = people.born - rng.integers(*_BEFORE_BIRTH, people.born.size)
    quarter = np.clip(((day - need.begin) / QUARTER).astype(np.int64), 0, rates.shape[1] - 1)
    more = _MORE_BEFORE_BIRTH * min(settings.signal, 1.0) * rates[people.family, quarter]
    made = np.flatnonzero((rng.random(day.size) < more) & (day >= need.begin))
    family, when, by = contacts
    return (
        np.concatenate([family, people.family[made]]),
        np.concatenate([when, day[made]]),
        np.concatenate([by, np.full(made.size, _MIDWIFE)]),
    )


def _has_children(people: Population, family: Index, day: Days) -> Mask:
    """Tell whether each family has a child, born or expected, on each day."""
    first = people.born[people.first_child] - KNOWN_BEFORE_BIRTH
    last = np.zeros(people.size.size, dtype=np.int64)
    np.maximum.at(last, people.family, people.leaves)
    return np.asarray((day >= first[family]) & (day < last[family]))


def _sources(rng: np.random.Generator, people: Population, family: Index, day: Days) -> Index:
    """Draw who made contact: schools where a child is of school age, some families known to the police."""
    effects: Floats = np.zeros((family.size, len(SOURCES)))
    effects[:, _POLICE] = 0.8 * rng.standard_normal(people.size.size)[family]
    effects[:, _SCHOOL] = np.log(AT_SCHOOL)[month_of(day)]
    too_young = day - people.born[people.first_child[family]] < _SCHOOL_AGE
    effects[too_young, _SCHOOL] -= 2.0
    effects[~too_young, _SCHOOL] += 0.35
    effects[too_young, _HEALTH_VISITOR] = 1.2
    return choose_by(rng, list(SOURCES.values()), effects)


def name_children(settings: AuthoritySettings, seed: int, people: Population, contacts: Contacts) -> Named:
    """Draw the children of each contact: one at least, the siblings mostly with it."""
    rng = stream(seed, "children named")
    size = people.size[contacts.family]
    contact = np.repeat(np.arange(size.size), size)
    place = np.arange(contact.size) - np.repeat(np.cumsum(size) - size, size)
    child = people.first_child[contacts.family][contact] + place
    luck, joins = rng.random(child.size), rng.random(child.size) < settings.share_siblings
    can = people.eligible(child, contacts.day[contact])
    contact, child, luck, joins = contact[can], child[can], luck[can], joins[can]
    first = np.full(size.size, np.inf)
    np.minimum.at(first, contact, luck)
    named = joins | (luck == first[contact])
    return Named(contact[named], child[named])


def contact_tables(
    settings: AuthoritySettings,
    seed: int,
    contacts: Contacts,
    named: Named,
    person: Index,
    *,
    became_referral: Mask,
    was_open: Mask,
    leaves: Days,
) -> dict[str, pl.DataFrame]:
    """Write contacts with their outcome, and the early help that follows some.

    Parameters
    ----------
    became_referral, was_open : numpy.ndarray of bool, shape (len(named.child),)
        Whether the contact opened a case for the child, or found one open.
    leaves : numpy.ndarray, shape (children,)
        The day after which nothing is recorded of a child.
    """
    rng, span = stream(seed, "contact outcomes"), Span.of(settings)
    helped = (rng.random(contacts.day.size) < settings.share_early_help / 5)[named.contact]
    advised = helped | (rng.random(contacts.day.size) < _SHARE_ADVISED)[named.contact]
    forgotten = rng.random(named.child.size) < settings.share_missing_outcome
    outcome = np.select([became_referral, was_open, advised], [0, 1, 2], 3)
    day = contacts.day[named.contact]
    in_records = day >= span.first_day
    rows = np.flatnonzero(in_records)
    rows = rows[np.lexsort((person[named.child[rows]], day[rows]))]
    said = as_codes(_OUTCOME_JSON, outcome[rows])
    table = pl.DataFrame(
        {
            "cont_contact_id": as_ids("C", np.arange(rows.size)),
            "cont_person_id": as_ids("P", person[named.child[rows]]),
            "cont_contact_date": as_dates(day[rows], span.last_day),
            "cont_contact_source_code": as_codes(_NAMES, contacts.source[named.contact[rows]]),
            "cont_contact_outcome_json": said.set(pl.Series(forgotten[rows]), None),
        }
    )
    offered = np.flatnonzero(in_records & helped & ~became_referral & ~was_open)
    return {
        "ssd_contacts": table,
        "ssd_early_help_episodes": early_help_table(
            rng, named.child[offered], day[offered], person, leaves=leaves, last_day=span.last_day
        ),
    }
