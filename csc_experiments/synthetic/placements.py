"""Where children live while they are looked after."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from csc_experiments.synthetic.draws import (
    NEVER,
    Days,
    Floats,
    Index,
    Mask,
    as_codes,
    as_dates,
    choose,
    chosen,
    numbered,
)
from csc_experiments.synthetic.leaving_care import EXITS
from csc_experiments.synthetic.legal import Statuses, in_force, is_care_order, placement_orders
from csc_experiments.synthetic.unsettled import leaning

# Department for Education, Children looked after in England 2023 and 2025: placements in a period of care,
# type of placement, provider, reason for the end of a placement.
_PLACEMENTS = (36.0, 24.0, 15.0, 25.0)
_TYPES = {"U4": 26.0, "U6": 16.0, "U1": 9.0, "U3": 8.0, "K2": 18.0, "P1": 12.0, "H5": 11.0}
_TYPES_ALONE = {"U6": 45.0, "H5": 50.0, "K2": 5.0}
_ADOPTERS, _RELATIVES = "A6", "U3"
_WITH_RELATIVES = ("U1", "U3")
_TO_THEIR_CARERS = "E45"
_CODES = (*_TYPES, _ADOPTERS, "K3")
_PROVIDERS = {"PR1": 44.0, "PR4": 40.0, "PR5": 6.0}
_PARENTS = "PR0"
_KIN = ("U1", "U3", _ADOPTERS)
_REASONS = {
    "CARPL": 35.0, "OTHER": 24.0, "PLACE": 15.0, "CREQB": 10.0, "CREQO": 7.0, "CHILD": 4.0, "LAREQ": 2.0,
    "STAND": 1.0, "ALLEG": 1.0, "CLOSE": 1.0,
}  # fmt: skip
_SIXTEEN = 16 * 365
_SUPPORTED_FROM = int(np.datetime64("2024-04-01").astype("datetime64[D]").astype(np.int64))
"""From this day on K3 (supported accommodation) stands for H5, as the return has it from 2025."""
_SHARE_SAME_CARER = 0.08
_SHARE_WITH_STATUS = 0.15
"""Moves on the day on which the legal status changes too."""
_WITH_ADOPTERS = (200, 400)
"""Days before the adoption order from which a child lives with its adopters."""


class Places(NamedTuple):
    """Placements by period of care and day; `kind` a position in the codes, `end` the last day."""

    period: Index
    start: Days
    end: Days
    kind: Index
    same_carer: Mask
    final: Mask


def draw_places(
    rng: np.random.Generator,
    start: Days,
    end: Days,
    *,
    born: Days,
    exits: Index,
    alone: Mask,
    statuses: Statuses,
    unsettled: Floats,
) -> Places:
    """Divide each period among the places that the child lives in.

    Parameters
    ----------
    start, end, born, exits, alone : numpy.ndarray, shape (n,)
        First and last day, birth, how the period ends, and whether the child came alone.
    statuses : Statuses
        Parents can be a placement only under a care order, adopters only under a placement order.
    unsettled : numpy.ndarray, shape (n,)
        From `hard_to_settle`: who is, moves more often and sooner.
    """
    adopted = np.array([way.closes == "RC1" for way in EXITS] + [False])[exits]
    moves = _moves(rng, start, end, adopted=adopted, statuses=statuses, unsettled=unsettled)
    row, at = np.nonzero(moves != NEVER)
    period = np.concatenate([np.arange(start.size), row])
    begins = np.concatenate([start, moves[row, at]])
    # Two moves on one day are one move.
    period, begins = np.unique(np.stack([period, begins]), axis=1)
    final = np.append(period[1:] != period[:-1], np.ones(min(period.size, 1), dtype=bool))
    ends = np.where(final, end[period], np.append(begins[1:], NEVER)[: period.size])
    kind = choose(rng, list(_TYPES.values()), period.size)
    kind_alone = np.array([_CODES.index(code) for code in _TYPES_ALONE])
    kind = np.where(alone[period], kind_alone[choose(rng, list(_TYPES_ALONE.values()), period.size)], kind)
    kind = np.where(adopted[period] & final & (begins > start[period]), _CODES.index(_ADOPTERS), kind)
    kind = _allowed(kind, begins, begins - born[period], in_force(statuses, period, begins))
    kind = _with_guardians(kind, exits[period], final)
    # The same carers can only be another placement if it is of another kind.
    other = np.append(-1, kind[:-1])[: kind.size] != kind
    same = other & (rng.random(period.size) < _SHARE_SAME_CARER)
    return Places(period, begins, ends, kind, same, final)


def _moves(
    rng: np.random.Generator,
    start: Days,
    end: Days,
    *,
    adopted: Mask,
    statuses: Statuses,
    unsettled: Floats,
) -> Days:
    """Draw the days of moves, shape (periods, 4); `NEVER` where there is none."""
    count, most = start.size, len(_PLACEMENTS) - 1
    wanted = chosen(_PLACEMENTS, leaning(rng.random(count), unsettled))
    luck = leaning(rng.random((count, most)), -unsettled[:, None]) ** 1.5
    moves = start[:, None] + ((end - start)[:, None] * luck).astype(np.int64)
    moves[np.arange(most) >= wanted[:, None]] = NEVER
    change = np.full(count, NEVER)
    later = statuses.start > start[statuses.period]
    change[statuses.period[later]] = statuses.start[later]
    together = (rng.random(count) < _SHARE_WITH_STATUS) & (change != NEVER) & (wanted > 0)
    moves[:, 0] = np.where(together, change, moves[:, 0])
    to_adopters = np.maximum(end - rng.integers(*_WITH_ADOPTERS, count), start + 1)
    to_adopters = np.maximum(to_adopters, placement_orders(statuses, start))
    moves = np.where(adopted[:, None] & (moves >= to_adopters[:, None]), NEVER, moves)
    return np.column_stack([moves, np.where(adopted, to_adopters, NEVER)])


def _allowed(kind: Index, day: Days, age: Days, status: Index) -> Index:
    """Put foster care where a placement would not be possible, and supported accommodation by its code."""
    foster, parents, independent = (_CODES.index(code) for code in ("U6", "P1", "H5"))
    impossible = ((kind == parents) & ~is_care_order(status)) | ((kind == independent) & (age < _SIXTEEN))
    kind = np.where(impossible, foster, kind)
    return np.where((kind == independent) & (day >= _SUPPORTED_FROM), _CODES.index("K3"), kind)


def _with_guardians(kind: Index, exits: Index, final: Mask) -> Index:
    """Put children whose foster carers become their guardians with these, who are relatives or friends."""
    code = np.array([way.code for way in EXITS] + [""])[exits]
    fostered = np.isin(kind, [_CODES.index(kin) for kin in _WITH_RELATIVES])
    return np.where((code == _TO_THEIR_CARERS) & final & ~fostered, _CODES.index(_RELATIVES), kind)


def placement_table(
    rng: np.random.Generator, keys: pl.DataFrame, places: Places, last_day: int
) -> pl.DataFrame:
    """Write placements; `keys` holds person and cla of each period."""
    count = places.period.size
    provider = 1 + choose(rng, list(_PROVIDERS.values()), count)
    provider = np.where(np.isin(places.kind, [_CODES.index(code) for code in _KIN]), 1, provider)
    provider = np.where(places.kind == _CODES.index("P1"), 0, provider)
    why = as_codes(list(_REASONS), choose(rng, list(_REASONS.values()), count))
    table = keys[places.period].select(
        clap_cla_id="cla",
        clap_person_id="person",
        clap_cla_placement_start_date=as_dates(places.start, last_day),
        clap_cla_placement_type=as_codes(_CODES, places.kind),
        clap_cla_placement_provider=as_codes((_PARENTS, *_PROVIDERS), provider),
        clap_cla_placement_end_date=as_dates(places.end, last_day),
        clap_cla_placement_change_reason=why.set(pl.Series(places.final | (places.end > last_day)), None),
    )
    table = table.filter(pl.col("clap_cla_placement_start_date").is_not_null())
    return numbered("T", "clap_cla_placement_id", table, "clap_cla_placement_start_date")
