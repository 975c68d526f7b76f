"""Children who go missing, from home or from care."""

from __future__ import annotations

import numpy as np
import polars as pl

from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.draws import NEVER, Days, Index, as_codes, as_dates, as_ids, choose, stream
from csc_experiments.synthetic.people import Population, Span

# After Department for Education, Children looked after in England 2023: 11% of children looked after go
# missing in a year, 6.4 times each.
_TEENAGER = 12 * 365
_FROM_CARE, _FROM_HOME = 0.25, 0.04
_MORE_TIMES_CARE, _MORE_TIMES_HOME = 5.0, 1.5
_SHARE_MISSING = 0.85
"""The others were away without authorisation."""


def missing_table(seed: int, people: Population, cases: Cases, person: Index, *, span: Span) -> pl.DataFrame:
    """Write when children of twelve and over went missing, some of them several times."""
    rng, way, last_day = stream(seed, "missing"), cases.way, span.last_day
    looked_after = way.care != NEVER
    begins = np.where(looked_after, np.minimum(way.care, way.close), way.referred)
    begins = np.maximum(begins, people.born[cases.child] + _TEENAGER)
    ends = np.minimum(np.where(looked_after, way.care_end, way.close), last_day)
    goes = (ends > begins + 1) & ~way.nfa
    goes &= rng.random(begins.size) < np.where(looked_after, _FROM_CARE, _FROM_HOME)
    more = rng.poisson(np.where(looked_after, _MORE_TIMES_CARE, _MORE_TIMES_HOME)[goes])
    row = np.repeat(np.flatnonzero(goes), 1 + more)
    start = begins[row] + 1 + ((ends[row] - begins[row] - 1) * rng.random(row.size)).astype(np.int64)
    # Nobody is missing on the last day: at 18, care would have to end for another reason than adulthood.
    end = np.minimum(start + rng.geometric(0.5, row.size) - 1, cases.leaves[row] - 1)
    row, start, end = (part[start >= span.first_day] for part in (row, start, end))
    who, start, end = _one_at_a_time(person[cases.child[row]], start, end)
    kind = choose(rng, (_SHARE_MISSING, 1 - _SHARE_MISSING), who.size)
    return pl.DataFrame(
        {
            "miss_table_id": as_ids("M", np.arange(who.size)),
            "miss_person_id": as_ids("P", who),
            "miss_missing_episode_start_date": as_dates(start, last_day),
            "miss_missing_episode_type": as_codes(("M", "A"), kind),
            "miss_missing_episode_end_date": as_dates(end, last_day),
        }
    )


def _one_at_a_time(who: Index, start: Days, end: Days) -> tuple[Index, Days, Days]:
    """End each time by the day of the child's next one, at most one a day; return them by their first day."""
    (who, start), at = np.unique(np.stack([who, start]), axis=1, return_index=True)
    following = np.append(np.where(who[1:] == who[:-1], start[1:], NEVER), NEVER)[: who.size]
    end = np.minimum(end[at], following)
    order = np.argsort(start, kind="stable")
    return who[order], start[order], end[order]
