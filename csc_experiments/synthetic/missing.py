"""Children who go missing, from home or from care."""

from __future__ import annotations

import numpy as np
import polars as pl

from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.draws import NEVER, Index, as_codes, as_dates, as_ids, choose, stream
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
    end = np.minimum(start + rng.geometric(0.5, row.size) - 1, cases.leaves[row])
    row, start, end = (part[start >= span.first_day] for part in (row, start, end))
    order = np.argsort(start, kind="stable")
    kind = choose(rng, (_SHARE_MISSING, 1 - _SHARE_MISSING), row.size)
    return pl.DataFrame(
        {
            "miss_table_id": as_ids("M", np.arange(row.size)),
            "miss_person_id": as_ids("P", person[cases.child[row[order]]]),
            "miss_missing_episode_start_date": as_dates(start[order], last_day),
            "miss_missing_episode_type": as_codes(("M", "A"), kind),
            "miss_missing_episode_end_date": as_dates(end[order], last_day),
        }
    )
