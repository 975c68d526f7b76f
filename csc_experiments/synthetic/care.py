"""Children looked after: periods of care, cut into episodes by placement and legal status."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.draws import (
    NEVER,
    Days,
    Index,
    Mask,
    as_codes,
    as_dates,
    as_ids,
    choose,
    choose_by,
    numbered,
    stream,
)
from csc_experiments.synthetic.leaving_care import EXITS, STAYS
from csc_experiments.synthetic.legal import STATUSES, Statuses, legal_statuses
from csc_experiments.synthetic.missing import missing_table
from csc_experiments.synthetic.need import Need
from csc_experiments.synthetic.people import Population, Span
from csc_experiments.synthetic.placements import Places, draw_places, placement_table
from csc_experiments.synthetic.unsettled import hard_to_settle

# Department for Education, Children looked after in England 2023: category of need at the start, without
# children who came alone (N8); where who turns 18 goes.
_NEEDS = {"N1": 71.0, "N5": 13.0, "N4": 9.0, "N2": 2.0, "N3": 2.5, "N6": 2.5}
_ALONE = "N8"
_AT_18 = {"E5": 45.0, "E17": 38.0, "E6": 8.0, "E8": 9.0}
_TO_ADULTS, _DIED, _GOES_ON = "E7", "E2", "X1"
_REASONS = ("S", "L", "P", "T", "B", "U")


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods of care, by the day on which they start.

    Attributes
    ----------
    case, child : numpy.ndarray, shape (n,)
    start, end, born, leaves : numpy.ndarray, shape (n,)
    exit : numpy.ndarray, shape (n,)
        A position in `EXITS`, or `STAYS`.
    alone : numpy.ndarray of bool, shape (n,)
    """

    case: Index
    child: Index
    start: Days
    end: Days
    exit: Index
    born: Days
    leaves: Days
    alone: Mask


def care_tables(
    seed: int, people: Population, need: Need, cases: Cases, person: Index, *, span: Span
) -> dict[str, pl.DataFrame]:
    """Write periods of care and what belongs to them, and episodes of going missing."""
    last_day = span.last_day
    periods = _periods(people, cases, last_day)
    rng = stream(seed, "care")
    statuses = legal_statuses(
        rng, periods.start, periods.end, exits=periods.exit, born=periods.born, alone=periods.alone
    )
    places = draw_places(
        rng, periods.start, periods.end, born=periods.born, exits=periods.exit, alone=periods.alone,
        statuses=statuses, unsettled=hard_to_settle(people, need, periods.child, periods.start),
    )  # fmt: skip
    keys = pl.DataFrame(
        {
            "person": as_ids("P", person[periods.child]),
            "referral": as_ids("R", periods.case),
            "cla": as_ids("L", np.arange(periods.case.size)),
            "entered": as_dates(periods.start, last_day),
        }
    )
    return {
        "ssd_cla_episodes": _episodes(
            rng, people, periods, keys=keys, places=places, statuses=statuses, last_day=last_day
        ),
        "ssd_cla_placement": placement_table(rng, keys, places, last_day),
        "ssd_legal_status": _legal_table(keys, periods, statuses, last_day),
        "ssd_missing": missing_table(seed, people, cases, person, span=span),
    }


def _periods(people: Population, cases: Cases, last_day: int) -> Periods:
    """Gather the first and second periods of care of all cases."""
    case = np.concatenate([np.arange(cases.child.size)] * 2)
    start = np.concatenate([cases.way.care, cases.back])
    end = np.concatenate([cases.way.care_end, cases.back_end])
    exits = np.concatenate([cases.exit, cases.back_exit])
    rows = np.flatnonzero(start <= last_day)
    rows = rows[np.argsort(start[rows], kind="stable")]
    case, child = case[rows], cases.child[case[rows]]
    return Periods(
        case=case,
        child=child,
        start=start[rows],
        end=end[rows],
        exit=exits[rows],
        born=people.born[child],
        leaves=people.leaves[child],
        alone=cases.alone[case],
    )


def _episodes(
    rng: np.random.Generator,
    people: Population,
    periods: Periods,
    *,
    keys: pl.DataFrame,
    places: Places,
    statuses: Statuses,
    last_day: int,
) -> pl.DataFrame:
    """Write an episode from each change of placement or legal status to the next."""
    changes = np.concatenate(
        [np.stack([places.period, places.start]), np.stack([statuses.period, statuses.start])], axis=1
    )
    period, begins = np.unique(changes, axis=1)
    final = np.append(period[1:] != period[:-1], np.ones(min(period.size, 1), dtype=bool))
    ends = np.where(final, periods.end[period], np.append(begins[1:], NEVER)[: period.size])
    begun = begins <= last_day
    period, begins, ends, final = period[begun], begins[begun], ends[begun], final[begun]
    need = _needs(rng, periods)[period]
    ceased = pl.select(
        pl.when(pl.Series(final)).then(_exit_codes(rng, people, periods)[period]).otherwise(pl.lit(_GOES_ON))
    ).to_series()
    frame = keys[period].select(
        clae_person_id="person",
        clae_cla_episode_start_date=as_dates(begins, last_day),
        clae_cla_episode_start_reason=_start_reasons(period, begins, periods, places, statuses),
        clae_cla_primary_need_code=need,
        clae_cla_episode_ceased_date=as_dates(ends, last_day),
        clae_cla_episode_ceased_reason=ceased.set(pl.Series(ends > last_day), None),
        clae_cla_id="cla",
        clae_referral_id="referral",
        clae_entered_care_date="entered",
    )
    return numbered("E", "clae_cla_episode_id", frame, "clae_cla_episode_start_date")


def _needs(rng: np.random.Generator, periods: Periods) -> pl.Series:
    need = choose(rng, list(_NEEDS.values()), periods.case.size)
    return as_codes((*_NEEDS, _ALONE), np.where(periods.alone, len(_NEEDS), need))


def _exit_codes(rng: np.random.Generator, people: Population, periods: Periods) -> pl.Series:
    """Say why each period ended: who grows up or dies has a reason of its own."""
    count = periods.case.size
    codes = (*(way.code for way in EXITS), *_AT_18, _TO_ADULTS, _DIED)
    died = periods.end == people.died[periods.child]
    disabled = people.disabled[periods.child] & (rng.random(count) < 0.6)  # noqa: PLR2004 - the author's share
    grown = STAYS + choose_by(rng, list(_AT_18.values()), np.zeros((count, len(_AT_18))))
    grown = np.where(disabled, codes.index(_TO_ADULTS), grown)
    chosen = np.select(
        [died, periods.exit == STAYS], [np.full(count, codes.index(_DIED)), grown], periods.exit
    )
    return as_codes(codes, chosen)


def _start_reasons(
    period: Index, begins: Days, periods: Periods, places: Places, statuses: Statuses
) -> pl.Series:
    """Say what changed: placement, legal status or both; with the same carers or others."""
    width = NEVER
    here = period * width + begins
    at_place = np.searchsorted(places.period * width + places.start, here)
    at_place = np.minimum(at_place, max(places.period.size - 1, 0))
    moved = (places.period[at_place] == period) & (places.start[at_place] == begins)
    same = moved & places.same_carer[at_place]
    changed = np.isin(here, statuses.period * width + statuses.start)
    first = begins == periods.start[period]
    which = np.select([first, moved & changed & same, moved & changed, same, moved], [0, 5, 4, 3, 2], 1)
    return as_codes(_REASONS, which)


def _legal_table(keys: pl.DataFrame, periods: Periods, statuses: Statuses, last_day: int) -> pl.DataFrame:
    final = np.append(
        statuses.period[1:] != statuses.period[:-1], np.ones(min(statuses.period.size, 1), dtype=bool)
    )
    following = np.append(statuses.start[1:], NEVER)[: statuses.period.size]
    ends = np.where(final, periods.end[statuses.period], following)
    begun = np.flatnonzero(statuses.start <= last_day)
    frame = keys[statuses.period[begun]].select(
        lega_person_id="person",
        lega_legal_status=as_codes(STATUSES, statuses.status[begun]),
        lega_legal_status_start_date=as_dates(statuses.start[begun], last_day),
        lega_legal_status_end_date=as_dates(ends[begun], last_day),
    )
    return numbered("LS", "lega_legal_status_id", frame, "lega_legal_status_start_date")
