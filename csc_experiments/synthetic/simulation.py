"""An invented authority's lives: who there is, what happens to them, and what the records say of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from csc_experiments.records import TABLES, conform
from csc_experiments.synthetic.care import care_tables
from csc_experiments.synthetic.cases import Cases, before_adoption, has_open_case, make_cases
from csc_experiments.synthetic.codes_in_use import codes_in_use
from csc_experiments.synthetic.contacts import (
    Contacts,
    Named,
    contact_tables,
    make_contacts,
    name_children,
)
from csc_experiments.synthetic.decisions import make_pathways
from csc_experiments.synthetic.draws import NEVER, Index, Mask, as_ids, stream
from csc_experiments.synthetic.early_help import early_help_table
from csc_experiments.synthetic.factors import true_factors
from csc_experiments.synthetic.leaks import plant_leak
from csc_experiments.synthetic.need import Need, harm_at_contact, make_need
from csc_experiments.synthetic.pathway import Pathways
from csc_experiments.synthetic.people import Population, Span, make_population, person_tables
from csc_experiments.synthetic.recording import under_record
from csc_experiments.synthetic.services import service_tables
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.size import size_of


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
    need : Need
        What families lived with, as services left it.
    """

    people: Population
    contacts: Contacts
    named: Named
    cases: Cases
    true: Mask
    person: Index
    tables: dict[str, pl.DataFrame]
    need: Need

    def standard_tables(self) -> dict[str, pl.DataFrame]:
        """Return every standard table as records hold it; documents are written apart, so theirs is empty."""
        documents = pl.DataFrame(schema=TABLES["documents"].schema)
        tables = {"documents": documents, **self.tables}
        return {name: conform(name, tables[name], name) for name in TABLES}


def simulate_lives(settings: AuthoritySettings, seed: int) -> Simulation:
    """Invent what happens, and the tables that tell of it; `simulate` says how."""
    size, span = size_of(settings), Span.of(settings)
    people = make_population(settings, seed, size.families, size.alone)
    before = make_need(settings, seed, people.size.size)
    contacts = make_contacts(settings, seed, people, before)
    pathways, need = make_pathways(settings, seed, people, before, contacts)
    named = _before_moving(contacts, name_children(settings, seed, people, contacts), pathways)
    every = make_cases(settings, seed, people, need, named=named, pathways=pathways)
    every = every.take(np.flatnonzero(before_adoption(every, every.child, every.way.referred)))
    known_then = before_adoption(every, named.child, contacts.day[named.contact])
    named = Named(named.contact[known_then], named.child[known_then])
    cases = every.take(np.flatnonzero(every.way.close >= span.first_day))
    cases = cases.take(np.lexsort((cases.child, cases.way.referred)))
    person = stream(seed, "identifiers").permutation(people.born.size)
    harm = harm_at_contact(settings, seed, need, contacts.family)[cases.way.contact]
    true = true_factors(
        seed, people, need, cases.child, day=cases.way.referred, referral=cases.event, harm=harm
    )
    lives = Simulation(people, contacts, named, cases, true, person, {}, need)
    lives.tables.update(_tables(settings, seed, lives, every))
    lives.tables.update(codes_in_use(lives.tables))
    lives.tables.update(under_record(settings.bias, seed, lives.tables))
    lives.tables.update(plant_leak(settings.leak, seed, lives.tables, cases, span.last_day))
    return lives


def _tables(
    settings: AuthoritySettings, seed: int, lives: Simulation, every: Cases
) -> dict[str, pl.DataFrame]:
    """Write the standard tables; `every` holds the cases before the records begin too."""
    people, contacts, named, cases, person = (
        lives.people, lives.contacts, lives.named, lives.cases, lives.person,
    )  # fmt: skip
    span = Span.of(settings)
    in_records = contacts.day[named.contact] >= span.first_day
    known = np.union1d(named.child[in_records], cases.child)
    tables = {
        **person_tables(settings, seed, people, person, known),
        **service_tables(
            settings, seed, people, cases, person, true=lives.true, contacts=contacts, last_day=span.last_day
        ),
        **care_tables(seed, people, lives.need, cases, person, span=span),
        **contact_tables(
            settings,
            seed,
            contacts,
            named,
            person,
            became_referral=_opened(contacts, named, every),
            was_open=has_open_case(every, named.child, contacts.day[named.contact]),
            leaves=people.leaves,
        ),
    }
    tables["ssd_early_help_episodes"] = _early_help(seed, people, cases, person, span=span, tables=tables)
    return tables


def _before_moving(contacts: Contacts, named: Named, pathways: Pathways) -> Named:
    """Drop what comes after a family has moved to another authority."""
    moved = np.full(int(contacts.family.max(initial=-1)) + 1, NEVER)
    moves = pathways.transferred
    moved[pathways.family[moves]] = pathways.close[moves]
    stays = contacts.day[named.contact] <= moved[contacts.family[named.contact]]
    return Named(named.contact[stays], named.child[stays])


def _opened(contacts: Contacts, named: Named, cases: Cases) -> Mask:
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
