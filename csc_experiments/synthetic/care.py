"""Children looked after: periods of care with their episodes, placements and legal status; going missing."""

from __future__ import annotations

import numpy as np
import polars as pl

from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.draws import NEVER, Days, Index, as_codes, as_dates, as_ids, choose, stream
from csc_experiments.synthetic.people import Population, Span

# Department for Education, Children looked after in England 2023: placements in a period of care, type of
# placement, legal status at the start, reason for ceasing (who turns 18 or dies has a reason of its own).
_PLACEMENTS = (36.0, 24.0, 15.0, 25.0)
_TYPES = {"U4": 35.0, "U1": 16.0, "U6": 12.0, "K2": 12.0, "P1": 7.0, "H5": 5.0}
_PROVIDERS = {"PR1": 44.0, "PR4": 40.0, "PR5": 6.0}
_PARENTS = "PR0"
_LEGAL = {"V2": 56.0, "C1": 24.0, "C2": 9.0, "L1": 8.0, "L2": 2.0, "J1": 1.0}
_CEASED = {"E4A": 30.0, "E4B": 7.0, "E45": 20.0, "E11": 15.0, "E8": 17.0, "E41": 6.0, "E13": 5.0}
_GROWN, _DIED, _GOES_ON = "E5", "E2", "X1"
_CHANGE_REASONS = {"PLAN": 60.0, "CARPL": 30.0, "CHILD": 10.0}
_TEENAGER = 12 * 365


def care_tables(
    seed: int, people: Population, cases: Cases, person: Index, *, span: Span
) -> dict[str, pl.DataFrame]:
    """Write periods of care and what belongs to them, and episodes of going missing."""
    last_day = span.last_day
    rows = np.flatnonzero(cases.way.care <= last_day)
    rows = rows[np.argsort(cases.way.care[rows], kind="stable")]
    rng = stream(seed, "care")
    start, end, child = cases.way.care[rows], cases.way.care_end[rows], cases.child[rows]
    period = pl.DataFrame(
        {
            "person": as_ids("P", person[child]),
            "referral": as_ids("R", rows),
            "cla": as_ids("L", np.arange(rows.size)),
            "entered": as_dates(start, last_day),
            "left": as_dates(end, last_day),
        }
    )
    died, grown = end == people.died[child], end == people.leaves[child]
    ceased = np.select([died, grown], [0, 1], 2 + choose(rng, list(_CEASED.values()), rows.size))
    legal = choose(rng, list(_LEGAL.values()), rows.size)
    need = choose(rng, (67.0, 12.0, 8.0, 7.0, 3.0, 2.0), rows.size)
    return {
        **_stays(rng, period, start, end, ceased=ceased, need=need, last_day=last_day),
        "ssd_legal_status": period.select(
            lega_legal_status_id=pl.col("cla").str.replace("L", "LS"),
            lega_person_id="person",
            lega_legal_status=as_codes(list(_LEGAL), legal),
            lega_legal_status_start_date="entered",
            lega_legal_status_end_date="left",
        ),
        "ssd_missing": _missing(seed, people, cases, person, span=span),
    }


def _stays(
    rng: np.random.Generator,
    period: pl.DataFrame,
    start: Days,
    end: Days,
    *,
    ceased: Index,
    need: Index,
    last_day: int,
) -> dict[str, pl.DataFrame]:
    """Write one episode and one placement for each place that a child lives in."""
    row, begins, ends = _divide(rng, start, end)
    begun = begins <= last_day
    row, begins, ends = row[begun], begins[begun], ends[begun]
    first, last = begins == start[row], ends == end[row]
    place = choose(rng, list(_TYPES.values()), row.size)
    with_parents = place == list(_TYPES).index("P1")
    provider = np.where(with_parents, 0, 1 + choose(rng, list(_PROVIDERS.values()), row.size))
    reason = np.where(last, 1 + ceased[row], 0)
    ended = pl.Series(ends <= last_day)
    moved = as_codes(list(_CHANGE_REASONS), choose(rng, list(_CHANGE_REASONS.values()), row.size))
    stay, number = period[row], np.arange(row.size)
    begin_date, end_date = as_dates(begins, last_day), as_dates(ends, last_day)
    episodes = stay.select(
        clae_cla_episode_id=as_ids("E", number),
        clae_person_id="person",
        clae_cla_episode_start_date=begin_date,
        clae_cla_episode_start_reason=as_codes(("P", "S"), first.astype(np.int64)),
        clae_cla_primary_need_code=as_codes(("N1", "N5", "N8", "N4", "N2", "N3"), need[row]),
        clae_cla_episode_ceased_date=end_date,
        clae_cla_episode_ceased_reason=as_codes((_GOES_ON, _DIED, _GROWN, *_CEASED), reason).set(
            ~ended, None
        ),
        clae_cla_id="cla",
        clae_referral_id="referral",
        clae_entered_care_date="entered",
    )
    placements = stay.select(
        clap_cla_placement_id=as_ids("T", number),
        clap_cla_id="cla",
        clap_person_id="person",
        clap_cla_placement_start_date=begin_date,
        clap_cla_placement_type=as_codes(list(_TYPES), place),
        clap_cla_placement_provider=as_codes((_PARENTS, *_PROVIDERS), provider),
        clap_cla_placement_end_date=end_date,
        clap_cla_placement_change_reason=moved.set(~ended | pl.Series(last), None),
    )
    return {"ssd_cla_episodes": episodes, "ssd_cla_placement": placements}


def _divide(rng: np.random.Generator, start: Days, end: Days) -> tuple[Index, Days, Days]:
    """Divide each period among the places that the child lives in, one to four."""
    wanted = choose(rng, _PLACEMENTS, start.size) + 1
    moves = start[:, None] + ((end - start)[:, None] * rng.random((start.size, len(_PLACEMENTS) - 1))).astype(
        np.int64
    )
    moves[np.arange(len(_PLACEMENTS) - 1) >= wanted[:, None] - 1] = NEVER
    row = np.concatenate([np.arange(start.size), *np.nonzero(moves != NEVER)[:1]])
    begins = np.concatenate([start, moves[moves != NEVER]])
    # Two moves on one day are one move.
    row, begins = np.unique(np.stack([row, begins]), axis=1)
    ends = np.append(begins[1:], NEVER)
    final = np.append(row[1:] != row[:-1], np.ones(min(row.size, 1), dtype=bool))
    return row, begins, np.where(final, end[row], ends[: row.size])


def _missing(seed: int, people: Population, cases: Cases, person: Index, *, span: Span) -> pl.DataFrame:
    """Write when children of twelve and over went missing, some of them several times."""
    rng, way, last_day = stream(seed, "missing"), cases.way, span.last_day
    looked_after = way.care != NEVER
    begins = np.where(looked_after, np.minimum(way.care, way.close), way.referred)
    ends = np.minimum(np.where(looked_after, way.care_end, way.close), last_day)
    old_enough = (begins - people.born[cases.child] > _TEENAGER) & (ends > begins + 1) & ~way.nfa
    goes = old_enough & (rng.random(begins.size) < np.where(looked_after, 0.2, 0.04))
    row = np.repeat(np.flatnonzero(goes), 1 + rng.poisson(2.0, int(goes.sum())))
    start = begins[row] + 1 + ((ends[row] - begins[row] - 1) * rng.random(row.size)).astype(np.int64)
    end = np.minimum(start + rng.geometric(0.5, row.size) - 1, cases.leaves[row])
    row, start, end = (part[start >= span.first_day] for part in (row, start, end))
    order = np.argsort(start, kind="stable")
    return pl.DataFrame(
        {
            "miss_table_id": as_ids("M", np.arange(row.size)),
            "miss_person_id": as_ids("P", person[cases.child[row[order]]]),
            "miss_missing_episode_start_date": as_dates(start[order], last_day),
            "miss_missing_episode_type": as_codes(("M", "A"), choose(rng, (0.8, 0.2), row.size)),
            "miss_missing_episode_end_date": as_dates(end[order], last_day),
        }
    )
