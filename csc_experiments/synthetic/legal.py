"""Legal status in care: from accommodation or emergency powers to orders of the court."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from csc_experiments.synthetic.draws import Days, Floats, Index, Mask, choose
from csc_experiments.synthetic.leaving_care import EXITS

STATUSES: Final = ("V2", "C1", "C2", "E1", "L1", "L2", "J1")
_V2, _C1, _C2, _E1, _L1, _L2, _J1 = range(len(STATUSES))
# Department for Education, Children looked after in England 2023: status at the start, without children who
# came alone, who are accommodated.
_AT_START = {_V2: 45.0, _C1: 39.0, _C2: 1.0, _L1: 10.0, _L2: 3.5, _J1: 1.5}
_YOUNGEST_ON_REMAND = 12 * 365
# Chances of an interim and then a full care order, by how the period ends: the author's, so that three in
# four children looked after on 31 March are under a care order.
_TO_INTERIM = {"RC1": 1.0, "RC4": 0.7, "RC3": 0.5, "stays": 0.8, "other": 0.2}
_TO_FULL = {"RC1": 1.0, "RC4": 0.5, "RC3": 0.3, "stays": 0.95, "other": 0.4}
_AFTER_POWERS = (0.4, 0.6)
_ORDER_BEFORE_ADOPTION = 100
"""Days before the adoption order by which there is a placement order: a child must have lived with its
adopters for ten weeks before they apply."""
_TEENAGER = 15 * 365
_TEENAGERS_STAY_ACCOMMODATED = 0.5
Kinds = npt.NDArray[np.str_]
"""How periods end: the reason for which the case closes with them, "stays" or "other"."""


class Statuses(NamedTuple):
    """Legal statuses by period of care and day: positions in `STATUSES`, each until the next one."""

    period: Index
    start: Days
    status: Index


class _Step(NamedTuple):
    """From a status to another, some days later, for those periods that come to it."""

    before: int
    after: Index
    wait: Index
    comes: Mask


def legal_statuses(
    rng: np.random.Generator, start: Days, end: Days, *, exits: Index, born: Days, alone: Mask
) -> Statuses:
    """Draw the legal statuses of periods of care.

    Parameters
    ----------
    start, end, exits, born, alone : numpy.ndarray, shape (n,)
        First and last day, how each period ends, birth, and whether the child came alone.
    """
    status, since = _first_status(rng, start, born, alone), start
    kind = np.array([way.closes or "other" for way in EXITS] + ["stays"])[exits]
    adopted = kind == "RC1"
    latest = np.where(adopted, end - _ORDER_BEFORE_ADOPTION, end)
    older = np.where(start - born > _TEENAGER, _TEENAGERS_STAY_ACCOMMODATED, 1.0)
    found = [(np.arange(start.size), start, status)]
    for step in _steps(rng, kind, older, alone):
        day = since + step.wait
        changes = (status == step.before) & step.comes & (day < latest)
        status, since = np.where(changes, step.after, status), np.where(changes, day, since)
        found.append((np.flatnonzero(changes), day[changes], step.after[changes]))
    late = np.flatnonzero(adopted & (status != _E1))
    found.append((late, latest[late], np.full(late.size, _E1)))
    period, days, codes = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((days, period))
    return Statuses(period[order], days[order], codes[order])


def _first_status(rng: np.random.Generator, start: Days, born: Days, alone: Mask) -> Index:
    first = np.array(list(_AT_START))[choose(rng, list(_AT_START.values()), start.size)]
    too_young = (first == _J1) & (start - born < _YOUNGEST_ON_REMAND)
    return np.where(too_young | alone, _V2, first)


def _steps(rng: np.random.Generator, kind: Kinds, older: Floats, alone: Mask) -> tuple[_Step, ...]:
    """Draw the changes that each period would come to, in the order in which they are made."""
    count = kind.size
    everybody = np.ones(count, dtype=bool)
    court = np.maximum(182 + (45 * rng.standard_normal(count)).astype(np.int64), 60)
    interim = (rng.random(count) < _by_kind(_TO_INTERIM, kind) * older) & ~alone
    full = rng.random(count) < _by_kind(_TO_FULL, kind)
    return (
        _Step(_L1, choose(rng, _AFTER_POWERS, count), rng.integers(1, 4, count), everybody),
        _Step(_L2, choose(rng, _AFTER_POWERS, count), rng.integers(4, 9, count), everybody),
        _Step(_V2, np.full(count, _C1), rng.integers(20, 200, count), interim),
        _Step(_C1, np.full(count, _C2), court, full),
        _Step(_C2, np.full(count, _E1), rng.integers(20, 120, count), kind == "RC1"),
    )


def _by_kind(chances: Mapping[str, float], kind: Kinds) -> Floats:
    return np.select([kind == name for name in chances], list(chances.values()), 0.0)


def in_force(statuses: Statuses, period: Index, day: Days) -> Index:
    """Return the status of each period on each day, which must not be before its start."""
    width = 2**41
    at = np.searchsorted(statuses.period * width + statuses.start, period * width + day, side="right") - 1
    return np.asarray(statuses.status[at])


def placement_orders(statuses: Statuses, start: Days) -> Days:
    """Return the day of each period's placement order, or the start of the period if there is none."""
    days = start.copy()
    ordered = statuses.status == _E1
    days[statuses.period[ordered]] = statuses.start[ordered]
    return days


def is_care_order(status: Index) -> Mask:
    """Mark interim and full care orders."""
    return np.asarray((status == _C1) | (status == _C2))
