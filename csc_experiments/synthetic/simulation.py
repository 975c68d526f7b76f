"""An invented authority's lives: who there is, what happens to them, and what the records say of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from csc_experiments.synthetic.care import care_tables
from csc_experiments.synthetic.cases import Cases, has_open_case, make_cases
from csc_experiments.synthetic.contacts import (
    Contacts,
    Named,
    contact_tables,
    early_help_table,
    make_contacts,
    name_children,
)
from csc_experiments.synthetic.draws import Days, Index, Mask, as_ids, stream
from csc_experiments.synthetic.factors import true_factors
from csc_experiments.synthetic.need import Need, contact_rates, make_need
from csc_experiments.synthetic.pathway import Pathways, make_pathways
from csc_experiments.synthetic.people import Population, Span, make_population, person_tables
from csc_experiments.synthetic.services import service_tables
from csc_experiments.synthetic.settings import AuthoritySettings

_TRIAL_FAMILIES = 2000


@dataclass(frozen=True, slots=True)
class Simulation:
    """What happened in an invented authority.

    Attributes
    ----------
    people : Population
    contacts : Contacts
    named : Named
        The children of each contact.
    cases : Cases
        One row per referral and child, in the order of the referrals' numbers.
    true : numpy.ndarray of bool, shape (cases, factors)
        Which factors are true of the child at the referral.
    person : numpy.ndarray, shape (children,)
        The number that each child goes by.
    tables : dict of str to polars.DataFrame
        The standard tables, all but the documents.
    """

    people: Population
    contacts: Contacts
    named: Named
    cases: Cases
    true: Mask
    person: Index
    tables: dict[str, pl.DataFrame]


def simulate_lives(settings: AuthoritySettings, seed: int) -> Simulation:
    """Invent what happens, and the tables that tell of it; `simulate` says how."""
    people, need = _families(settings, seed)
    span = Span.of(settings)
    contacts = make_contacts(settings, seed, people, need)
    pathways = make_pathways(settings, seed, people, need, contacts)
    named = _before_moving(contacts, name_children(settings, seed, people, contacts), pathways)
    every = make_cases(seed, people, named, pathways)
    cases = every.take(np.flatnonzero(every.way.close >= span.first_day))
    cases = cases.take(np.lexsort((cases.child, cases.way.referred)))
    person = stream(seed, "identifiers").permutation(people.born.size)
    true = true_factors(seed, people, need, cases.child, day=cases.way.referred, referral=cases.event)
    in_records = contacts.day[named.contact] >= span.first_day
    known = np.union1d(named.child[in_records], cases.child)
    tables = {
        **person_tables(settings, seed, people, person, known),
        **service_tables(
            seed, cases, person, true=true, contacts=contacts, died=people.died, last_day=span.last_day
        ),
        **care_tables(seed, people, cases, person, span=span),
    }
    became = _opened(contacts, named, every)
    was_open = has_open_case(every, named.child, contacts.day[named.contact])
    tables |= contact_tables(
        settings,
        seed,
        contacts,
        named,
        person,
        became_referral=became,
        was_open=was_open,
        leaves=people.leaves,
    )
    tables["ssd_early_help_episodes"] = _early_help(seed, people, cases, person, span=span, tables=tables)
    return Simulation(people, contacts, named, cases, true, person, tables)


def _families(settings: AuthoritySettings, seed: int) -> tuple[Population, Need]:
    """Draw as many families as are expected to bring the wished number of children to notice."""
    trial = make_population(settings, seed, _TRIAL_FAMILIES)
    known = _expected_known(settings, trial, make_need(settings, seed, _TRIAL_FAMILIES))
    families = max(10, round(settings.children * _TRIAL_FAMILIES / known))
    return make_population(settings, seed, families), make_need(settings, seed, families)


def _expected_known(settings: AuthoritySettings, people: Population, need: Need) -> float:
    """Return how many children of these families are expected to have a contact within the coverage."""
    span = Span.of(settings)
    rates = contact_rates(settings, need)
    alone = 1 / people.size[people.family]
    chance = alone + (1 - alone) * settings.share_siblings
    quarters = rates.shape[1]
    day = span.begin + (np.arange(quarters) + 0.5) * (span.last_day - span.begin) / quarters
    whole = np.flatnonzero(day >= span.first_day)
    child = np.arange(people.born.size)
    none = np.zeros(child.size)
    for quarter in whole:
        today: Days = np.full(child.size, int(day[quarter]))
        none += people.eligible(child, today) * chance * rates[people.family, quarter]
    return float(np.sum(1 - np.exp(-none)))


def _before_moving(contacts: Contacts, named: Named, pathways: Pathways) -> Named:
    """Drop what comes after a family has moved to another authority."""
    moved = np.full(int(contacts.family.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    moves = pathways.transferred
    moved[pathways.family[moves]] = pathways.close[moves]
    stays = contacts.day[named.contact] <= moved[contacts.family[named.contact]]
    return Named(named.contact[stays], named.child[stays])


def _opened(contacts: Contacts, named: Named, cases: Cases) -> np.typing.NDArray[np.bool_]:
    """Tell which contacts, child by child, opened a case."""
    width = contacts.day.size + 1
    return np.isin(named.child * width + named.contact, cases.child * width + cases.way.contact)


def _early_help(
    seed: int, people: Population, cases: Cases, person: Index, *, span: Span, tables: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Join the early help that follows contacts with that which follows closed cases (RC9)."""
    rows = np.flatnonzero(cases.way.early_help & (cases.way.close < cases.leaves))
    after = early_help_table(
        stream(seed, "early help"),
        cases.child[rows],
        cases.way.close[rows],
        person,
        leaves=people.leaves,
        last_day=span.last_day,
    )
    both = pl.concat([tables["ssd_early_help_episodes"], after])
    both = both.sort("earl_episode_start_date", "earl_person_id", maintain_order=True)
    return both.with_columns(as_ids("H", np.arange(both.height)).alias("earl_episode_id"))
