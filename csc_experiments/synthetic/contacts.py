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
    top_share,
    working_days_after,
)
from csc_experiments.synthetic.need import QUARTER, Need, contact_rates
from csc_experiments.synthetic.people import Population, Span
from csc_experiments.synthetic.settings import AuthoritySettings

# Department for Education, Characteristics of children in need 2024, referrals by source; the parts of a
# group that the publication does not give are the author's.
SOURCES = {
    "1A": 4.0, "1B": 0.9, "1C": 1.6, "1D": 1.5, "2A": 20.3, "2B": 1.7, "3A": 2.0, "3B": 3.0, "3C": 0.6,
    "3D": 1.5, "3E": 4.0, "3F": 3.6, "4": 1.2, "5A": 4.0, "5B": 5.0, "5C": 2.6, "5D": 2.5, "6": 28.5,
    "7": 4.4, "8": 4.2, "9": 1.6, "10": 1.2,
}  # fmt: skip
_SCHOOL_AGE = 4 * 365

_OUTCOMES = ("NEW_REFERRAL", "EXISTING_REFERRAL", "ADVICE", "NFA")
_OUTCOME_JSON = tuple(
    "{" + ",".join(f'"{flag}_FLAG":"{"Y" if flag == outcome else "N"}"' for flag in _OUTCOMES) + "}"
    for outcome in _OUTCOMES
)


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts of families, by family and then by day.

    Attributes
    ----------
    family, day, source : numpy.ndarray, shape (contacts,)
        `source` is a position in `SOURCES`.
    serious : numpy.ndarray of bool, shape (contacts,)
        Whether it meets the threshold for a referral, if the case is not open.
    """

    family: Index
    day: Days
    source: Index
    serious: Mask


@dataclass(frozen=True, slots=True)
class Named:
    """One row per contact and child named in it: positions of both."""

    contact: Index
    child: Index


def make_contacts(settings: AuthoritySettings, seed: int, people: Population, need: Need) -> Contacts:
    """Draw the contacts of every family, more often where need is higher."""
    rng, span = stream(seed, "contacts"), Span.of(settings)
    counts = rng.poisson(contact_rates(settings, need))
    family, quarter = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), counts.shape[1])
    day = span.begin + ((quarter + rng.random(quarter.size)) * QUARTER).astype(np.int64)
    source = _sources(rng, people, family, day)
    office_hours = source != list(SOURCES).index("6")
    day = np.where(office_hours, working_days_after(day, np.zeros_like(day)), day)
    kept = np.flatnonzero(day <= span.last_day)
    kept = kept[np.lexsort((day[kept], family[kept]))]
    family, day = family[kept], day[kept]
    seen = need.seen(stream(seed, "decisions at contact"), family, day)
    serious = top_share(seen, settings.share_referred, np.ones(kept.size, dtype=bool))
    return Contacts(family, day, source[kept], serious)


def _sources(rng: np.random.Generator, people: Population, family: Index, day: Days) -> Index:
    """Draw who made contact: schools where a child is of school age, some families known to the police."""
    effects: Floats = np.zeros((family.size, len(SOURCES)))
    names = list(SOURCES)
    effects[:, names.index("6")] = 0.8 * rng.standard_normal(people.size.size)[family] - 0.3
    too_young = day - people.born[people.first_child[family]] < _SCHOOL_AGE
    effects[too_young, names.index("2A")] = -2.0
    effects[too_young, names.index("3B")] = 1.2
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
    advised = helped | (rng.random(contacts.day.size) < 0.35)[named.contact]  # noqa: PLR2004 - the author's share
    outcome = np.select([became_referral, was_open, advised], [0, 1, 2], 3)
    day = contacts.day[named.contact]
    in_records = day >= span.first_day
    rows = np.flatnonzero(in_records)
    rows = rows[np.lexsort((person[named.child[rows]], day[rows]))]
    table = pl.DataFrame(
        {
            "cont_contact_id": as_ids("C", np.arange(rows.size)),
            "cont_person_id": as_ids("P", person[named.child[rows]]),
            "cont_contact_date": as_dates(day[rows], span.last_day),
            "cont_contact_source_code": as_codes(list(SOURCES), contacts.source[named.contact[rows]]),
            "cont_contact_outcome_json": as_codes(_OUTCOME_JSON, outcome[rows]),
        }
    )
    offered = np.flatnonzero(in_records & helped & ~became_referral & ~was_open)
    return {
        "ssd_contacts": table,
        "ssd_early_help_episodes": early_help_table(
            rng, named.child[offered], day[offered], person, leaves=leaves, last_day=span.last_day
        ),
    }


def early_help_table(
    rng: np.random.Generator, child: Index, offered: Days, person: Index, *, leaves: Days, last_day: int
) -> pl.DataFrame:
    """Write an early help episode for each child from some days after the offer, for some months."""
    start = offered + rng.integers(3, 15, offered.size)
    end = np.minimum(start + 30 + rng.gamma(2.0, 70.0, start.size).astype(np.int64), leaves[child])
    finished = rng.random(start.size) < 0.7  # noqa: PLR2004 - the author's share
    begun = (start <= last_day) & (start < leaves[child])
    ended = as_dates(end, last_day)
    return (
        pl.DataFrame(
            {
                "earl_person_id": as_ids("P", person[child]),
                "earl_episode_start_date": as_dates(start, last_day),
                "earl_episode_end_date": ended,
                "earl_episode_reason": pl.repeat("family support", start.size, eager=True),
                "earl_episode_end_reason": as_codes(("disengaged", "completed"), finished.astype(np.int64)),
                "begun": begun,
            }
        )
        .with_columns(
            pl.when(pl.col("earl_episode_end_date").is_not_null())
            .then("earl_episode_end_reason")
            .alias("earl_episode_end_reason")
        )
        .filter("begun")
        .drop("begun")
    )
