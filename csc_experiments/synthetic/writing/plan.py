"""Which documents are written, when, for whom and about how long: everything but the words.

What is drawn for a document depends on its case and its place in it, never on whether something else happens
later, so that no text can tell of the future by how it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from csc_experiments.synthetic.draws import NEVER, Days, Index, Mask, stream
from csc_experiments.synthetic.factors import FACTORS, true_factors
from csc_experiments.synthetic.need import harm_at_contact
from csc_experiments.synthetic.people import Span
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.simulation import Simulation
from csc_experiments.synthetic.writing.drafts import (
    ASSESSMENT,
    CONFERENCE,
    DECISION,
    ENQUIRY,
    FORM,
    NOTE,
    OUTCOMES,
    STATUSES,
    Draft,
)
from csc_experiments.synthetic.writing.occasions import (
    after_assessment,
    at_referral,
    closures,
    conferred,
    enquired,
    notes,
    reviews,
    supervisions,
)
from csc_experiments.synthetic.writing.telling import fates

_LENGTHS: Final = ((245, 0.54), (3000, 0.4), (670, 0.5), (4000, 0.36), (46, 1.05), (200, 0.42))
"""Median and log standard deviation of the words of each type."""
_WORDS_OF_MERE_CONTACT = 0.6
"""Length of the form of a contact that opens no case, as a share of that of a referral."""
_FEWEST_WORDS = 12
_LATEST_RECORDED = 10


@dataclass(frozen=True, slots=True)
class _Planner:
    """Draws for one authority; an array of draws belongs to all cases, whatever happens in them."""

    settings: AuthoritySettings
    seed: int
    lives: Simulation

    def drafts(
        self, kind: int, name: str, day: Days, outcome: Index | int = 0, before: int = 0
    ) -> pl.DataFrame:
        """Plan documents of one kind, one a case or a row of them, on the days that are not `NEVER`."""
        days = day.reshape(day.shape[0], -1)
        rng = stream(self.seed, f"documents {name}")
        median, spread = _LENGTHS[kind]
        words = median * np.exp(spread * rng.standard_normal(days.shape))
        late = np.minimum(rng.geometric(0.35, days.shape) - 1, _LATEST_RECORDED)
        case, place = np.nonzero(days != NEVER)
        written = days[case, place]
        columns = self._of_cases(case, written)
        columns |= {
            "kind": np.full(case.size, kind),
            "ordinal": place + before,
            "day": written,
            "recorded": written + late[case, place],
            "outcome": np.broadcast_to(np.reshape(outcome, (-1, 1)), days.shape)[case, place],
            "words": words[case, place],
        }
        return pl.DataFrame(columns)

    def _of_cases(self, case: Index, day: Days) -> dict[str, Index]:
        """Return what documents of cases have in common."""
        cases, way = self.lives.cases, self.lives.cases.way
        spells = {
            "cp": ((way.cp, way.cp_end), (way.cp_again, way.cp_again_end)),
            "cin": ((way.cin, way.cin_end), (way.down, way.down_end)),
            "care": ((way.care, way.care_end), (cases.back, cases.back_end)),
        }
        status, since = np.zeros(case.size, dtype=np.int64), np.full(case.size, -1)
        for name, pairs in spells.items():
            for start, end in pairs:
                status[(start[case] <= day) & (day < end[case])] = STATUSES.index(name)
        for start in (way.cp, way.cp_again):
            since = np.where(start[case] <= day, np.maximum(start[case], since), since)
        return {
            "child": cases.child[case],
            "case": case,
            "event": way.contact[case],
            "truth": _as_bits(self.lives.true)[case],
            "status": status,
            "since": since,
        }

    def mere_contacts(self) -> pl.DataFrame:
        """Plan a form for each child named in a contact that opened no case."""
        lives, rng = self.lives, stream(self.seed, "documents of contacts")
        width = lives.contacts.day.size + 1
        opened = lives.cases.child * width + lives.cases.way.contact
        rows = np.flatnonzero(~np.isin(lives.named.child * width + lives.named.contact, opened))
        median, spread = _LENGTHS[FORM]
        words = _WORDS_OF_MERE_CONTACT * median * np.exp(spread * rng.standard_normal(rows.size))
        child, contact = lives.named.child[rows], lives.named.contact[rows]
        day = lives.contacts.day[contact]
        harm = harm_at_contact(self.settings, self.seed, lives.need, lives.contacts.family)[contact]
        true = true_factors(self.seed, lives.people, lives.need, child, day=day, referral=contact, harm=harm)
        late = np.minimum(rng.geometric(0.35, rows.size) - 1, _LATEST_RECORDED)
        none = np.zeros(rows.size, dtype=np.int64)
        return pl.DataFrame(
            {
                "child": child, "case": none - 1, "event": contact, "truth": _as_bits(true), "status": none,
                "since": none - 1, "kind": none + FORM, "ordinal": none, "day": day, "recorded": day + late,
                "outcome": none, "words": words,
            }
        )  # fmt: skip


def plan_documents(settings: AuthoritySettings, seed: int, lives: Simulation) -> pl.DataFrame:
    """Plan the documents of an authority.

    Returns
    -------
    polars.DataFrame
        The columns of `Draft`, by family, then by day.
    """
    planner, way, span = _Planner(settings, seed, lives), lives.cases.way, Span.of(settings)
    reviewed, continued = OUTCOMES.index("review.decision.plan"), OUTCOMES.index("decision.continue")
    parts = [
        planner.mere_contacts(),
        planner.drafts(FORM, "referral", way.referred),
        planner.drafts(DECISION, "decision at referral", way.referred, at_referral(lives)),
        planner.drafts(ASSESSMENT, "assessment", way.authorised),
        planner.drafts(DECISION, "decision after assessment", way.authorised, after_assessment(lives)),
        planner.drafts(ENQUIRY, "enquiry", way.s47_end, enquired(way.conference)),
        planner.drafts(ENQUIRY, "later enquiry", way.s47_again_end, enquired(way.conference_again), 1),
        planner.drafts(CONFERENCE, "conference", way.conference, conferred(way.cp)),
        planner.drafts(CONFERENCE, "later conference", way.conference_again, conferred(way.cp_again), 1),
        planner.drafts(CONFERENCE, "review", reviews(lives), reviewed),
        planner.drafts(NOTE, "notes", notes(settings, seed, lives, span.last_day)),
        planner.drafts(DECISION, "supervision", supervisions(seed, lives), continued),
        planner.drafts(DECISION, "closure", *closures(lives)),
    ]
    drafts = pl.concat(part.with_columns(pl.all().exclude("words").cast(pl.Int64)) for part in parts)
    inside = (pl.col("day") >= span.first_day) & (pl.col("recorded") <= span.last_day)
    return _completed(settings, lives, drafts.filter(inside))


def _completed(settings: AuthoritySettings, lives: Simulation, drafts: pl.DataFrame) -> pl.DataFrame:
    """Add what follows from child, contact and day, number documents by day and sort them by family."""
    child, day = drafts["child"].to_numpy(), drafts["day"].to_numpy()
    alive = day <= lives.people.leaves[child]
    words = drafts["words"] * settings.document_words
    fate, fated = fates(settings, lives, child, day)
    drafts = drafts.with_columns(
        family=pl.Series(lives.people.family[child]),
        source=pl.Series(lives.contacts.source[drafts["event"].to_numpy()]),
        earlier=pl.Series(_earlier(lives, child, day)),
        fate=pl.Series(fate),
        fated=pl.Series(fated),
        words=words.round().clip(lower_bound=_FEWEST_WORDS).cast(pl.Int64),
    ).filter(pl.Series(alive))
    drafts = drafts.sort("day", "kind", "event", "child", "outcome", "ordinal").with_columns(
        number=pl.int_range(pl.len()), rank=pl.col("family").rank("dense").cast(pl.Int64) - 1
    )
    return drafts.sort("family", "number").select(Draft._fields)


def _as_bits(true: Mask) -> Index:
    return true.astype(np.int64) @ (1 << np.arange(len(FACTORS), dtype=np.int64))


def _earlier(lives: Simulation, child: Index, day: Days) -> Days:
    """Return the day of each child's last referral before a day; -1 if there is none."""
    far, cases = 2**22, lives.cases
    keys = np.sort(cases.child * far + cases.way.referred)
    if not keys.size:
        return np.full(child.size, -1)
    at = np.maximum(np.searchsorted(keys, child * far + day, side="left") - 1, 0)
    found = keys[at]
    return np.where((found // far == child) & (found % far < day), found % far, -1)
