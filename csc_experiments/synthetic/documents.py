"""Invented documents: what was written when a family was referred, assessed and visited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from csc_experiments.synthetic import grammar
from csc_experiments.synthetic.cases import Cases
from csc_experiments.synthetic.draws import Days, Index, Mask, as_dates, as_ids, stream
from csc_experiments.synthetic.factors import FACTORS
from csc_experiments.synthetic.people import Population, Span
from csc_experiments.synthetic.settings import AuthoritySettings

TYPES = ("contact_and_referral_form", "single_assessment", "case_note")
FEWEST_WORDS, MOST_WORDS = 30, 120
CHANCE_MENTIONED = 0.75
"""Chance that a document mentions a thing that is true."""
_TOPICS = tuple(dict.fromkeys(factor.topic for factor in FACTORS))
_DENIED = tuple(topic for topic in _TOPICS if topic in grammar.ABSENT)
_MOST_TRUE = {"contact_and_referral_form": 3, "single_assessment": 6, "case_note": 2}
_DRAWS_AT_ONCE = 65_536
_SLOT = re.compile(r"\{(\w+)\}")
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Drafts:
    """What is to be written: one row per document.

    Attributes
    ----------
    case, kind, day : numpy.ndarray, shape (n,)
        Position of the case; position in `TYPES`; day of writing.
    """

    case: Index
    kind: Index
    day: Days


class _Dice:
    """Picks from alternatives, on uniform numbers drawn many at a time."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._numbers = self._draw(rng)

    @staticmethod
    def _draw(rng: np.random.Generator) -> Iterator[float]:
        while True:
            yield from rng.random(_DRAWS_AT_ONCE).tolist()

    def number(self) -> float:
        """Return a number from 0 to 1."""
        return next(self._numbers)

    def pick(self, options: Sequence[str]) -> str:
        """Return one of the alternatives."""
        return options[int(next(self._numbers) * len(options))]

    def some(self, options: Sequence[str], count: int) -> list[str]:
        """Return up to `count` different alternatives in random order."""
        return sorted(options, key=lambda _: next(self._numbers))[:count]


class _Writer:
    """Fills the templates of one document with the names, dates and terms that belong to it."""

    def __init__(self, dice: _Dice, day: int, terms: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._dice, self._day = dice, day
        self._given = {**terms, **names, "today": _uk_date(day)}

    def sentence(self, template: str) -> str:
        """Return a sentence with every slot filled."""
        text = self._fill(template)
        return text[:1].upper() + text[1:]

    def _fill(self, template: str) -> str:
        return _SLOT.sub(self._slot, template)

    def _slot(self, found: re.Match[str]) -> str:
        name = found[1]
        given = self._given.get(name)
        if given is not None:
            return given
        if name == "date":
            return _uk_date(self._day - int(self._dice.number() ** 2 * 90))
        return self._fill(self._dice.pick(grammar.SLOTS[name]))


def _uk_date(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).strftime("%d/%m/%Y")


def document_table(
    settings: AuthoritySettings, seed: int, people: Population, cases: Cases, *, true: Mask, person: Index
) -> pl.DataFrame:
    """Write the documents of every case.

    What a document mentions depends on what is true of the child; it never says what was decided.

    Parameters
    ----------
    true : numpy.ndarray of bool, shape (cases, factors)
        Which factors are true of each child.
    """
    span, rng = Span.of(settings), stream(seed, "document dates")
    drafts = _drafts(settings, rng, cases, span.last_day)
    recorded = drafts.day + np.minimum(rng.geometric(0.35, drafts.day.size) - 1, 10)
    # What was not yet on the system when the extract was taken is not in it.
    kept = (recorded <= span.last_day) & (drafts.day >= span.first_day)
    recorded = recorded[kept]
    drafts = Drafts(drafts.case[kept], drafts.kind[kept], drafts.day[kept])
    return pl.DataFrame(
        {
            "document_id": as_ids("X", np.arange(drafts.day.size)),
            "person_id": as_ids("P", person[cases.child[drafts.case]]),
            "referral_id": as_ids("R", drafts.case),
            "document_type": pl.Series(TYPES).gather(drafts.kind),
            "authored_date": as_dates(drafts.day, span.last_day),
            "recorded_date": as_dates(recorded, span.last_day),
            "text": pl.Series(
                _texts(settings, seed, people, cases, true=true, drafts=drafts), dtype=pl.String
            ),
        }
    )


def _drafts(settings: AuthoritySettings, rng: np.random.Generator, cases: Cases, last_day: int) -> Drafts:
    """Plan a form at each referral, an assessment at each authorisation, and notes while a case is open."""
    way = cases.way
    every = np.arange(way.referred.size)
    assessed = np.flatnonzero(way.authorised <= last_day)
    length = np.maximum(np.minimum(way.close, last_day) - way.referred, 0) * ~way.nfa
    note = np.repeat(every, rng.poisson(settings.notes_per_quarter * np.minimum(length, 730) / 91.3))
    written = way.referred[note] + 1 + (rng.random(note.size) * (length[note] - 1)).astype(np.int64)
    case = np.concatenate([every, assessed, note])
    kind = np.repeat(np.arange(3), [every.size, assessed.size, note.size])
    day = np.concatenate([way.referred, way.authorised[assessed], written])
    order = np.lexsort((case, kind, day))
    return Drafts(case[order], kind[order], day[order])


def _texts(
    settings: AuthoritySettings, seed: int, people: Population, cases: Cases, *, true: Mask, drafts: Drafts
) -> list[str]:
    """Write every text; now and then a sibling's text of the same day stands for the child's own."""
    rng = stream(seed, "text")
    dice = _Dice(rng)
    copied = rng.random(drafts.day.size) < settings.share_copied
    brief = rng.random(drafts.day.size) < settings.share_abbreviated
    forenames = _forenames(seed, people)
    surnames = _surnames(seed, people)
    topics = _topics(true)
    texts: list[str] = []
    last_of: dict[tuple[int, int, int], str] = {}
    rows = zip(
        drafts.case.tolist(),
        drafts.kind.tolist(),
        drafts.day.tolist(),
        copied.tolist(),
        brief.tolist(),
        strict=True,
    )
    child_of, event_of = cases.child.tolist(), cases.event.tolist()
    family_of = people.family[cases.child].tolist()
    for case, kind, day, copies, abbreviates in rows:
        sibling = last_of.get((event_of[case], kind, day))
        if copies and sibling is not None:
            texts.append(sibling)
            continue
        surname, parent = surnames[family_of[case]]
        child = forenames[child_of[case]]
        names = {"child": child, "full": f"{child} {surname}", "parent": f"{parent} {surname}"}
        writer = _Writer(dice, day, grammar.ABBREVIATED if abbreviates else grammar.PLAIN, names)
        texts.append(_write(writer, dice, TYPES[kind], topics[case]))
        last_of[event_of[case], kind, day] = texts[-1]
    return texts


def _write(writer: _Writer, dice: _Dice, kind: str, true: list[str]) -> str:
    """Write one document: an opening, what is true, what is denied, and what is said besides."""
    mentioned = [topic for topic in true if dice.number() < CHANCE_MENTIONED]
    denied = [topic for topic in dice.some(_DENIED, 2) if topic not in true]
    templates = [dice.pick(grammar.TRUE[topic]) for topic in dice.some(mentioned, _MOST_TRUE[kind])]
    templates += [dice.pick(grammar.ABSENT[topic]) for topic in denied]
    templates += dice.some(grammar.FILLERS, 1 + int(2 * dice.number()))
    body = [writer.sentence(template) for template in dice.some(templates, len(templates))]
    sentences = [writer.sentence(dice.pick(grammar.OPENINGS[kind])), *body]
    return _within_length(sentences, (writer.sentence(more) for more in dice.some(grammar.FILLERS, 12)))


def _within_length(sentences: Sequence[str], more: Iterator[str]) -> str:
    """Join sentences while there is room, then go on until the text is long enough."""
    said: list[str] = []
    words = 0
    for sentence in sentences:
        length = len(sentence.split())
        if words + length <= MOST_WORDS:
            said.append(sentence)
            words += length
    while words < FEWEST_WORDS:
        sentence = next(more)
        if sentence not in said:
            said.append(sentence)
            words += len(sentence.split())
    return " ".join(said)


def _topics(true: Mask) -> list[list[str]]:
    """Return the topics that are true, row by row."""
    found: list[dict[str, None]] = [{} for _ in range(true.shape[0])]
    names = [factor.topic for factor in FACTORS]
    for row, factor in zip(*(at.tolist() for at in np.nonzero(true)), strict=True):
        found[row][names[factor]] = None
    return [list(topics) for topics in found]


def _forenames(seed: int, people: Population) -> list[str]:
    at = stream(seed, "forenames").integers(len(grammar.FORENAMES), size=people.born.size)
    return [grammar.FORENAMES[which] for which in at.tolist()]


def _surnames(seed: int, people: Population) -> list[tuple[str, str]]:
    """Return a surname and a parent's forename for each family."""
    rng = stream(seed, "surnames")
    starts, ends, parents = grammar.SURNAME_STARTS, grammar.SURNAME_ENDS, grammar.PARENT_NAMES
    drawn = rng.integers([len(starts), len(ends), len(parents)], size=(people.size.size, 3)).tolist()
    return [(starts[start] + ends[end], parents[parent]) for start, end, parent in drawn]
