"""One document, composed: every question of its form answered in one voice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from csc_experiments.synthetic.contacts import SOURCES
from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.drafts import NOTE, OUTCOMES, STATUSES, TYPES, Draft
from csc_experiments.synthetic.writing.facts import HOUSEHOLD, note_head
from csc_experiments.synthetic.writing.forms import Form, Part, forms
from csc_experiments.synthetic.writing.grammar import band_of
from csc_experiments.synthetic.writing.household import Household
from csc_experiments.synthetic.writing.sources import kind_of_source
from csc_experiments.synthetic.writing.styles import WORDINGS, Pool, Sentence, Voice
from csc_experiments.synthetic.writing.topics import Mentioned, mentioned

_WORDS_PER_PART = 30
_FEWEST_PARTS = 2
_TOPICS_OF_TEN, _TOPICS_OF_TEN_PASTED = 6, 4
"""Of ten sentences that may be on a topic, those that are."""
_TRIES, _MOST_MISSES, _STEPS_BEFORE_AGAIN = 8, 6, 5
_SHARE_NOT_APPLICABLE = 0.22
_SHARE_PASTED: Final[Mapping[str, float]] = {"police": 0.8, "education": 0.5, "health": 0.5}
_SHARE_NOTE_PASTED = 0.5
_LOG_HEADS: Final = ("PPN", "Log", "OCCURRENCE")
_TIME, _LONGEST_TIME = re.compile(r"%\(time\d\)s"), 12
_PARAGRAPH = 6
_MANY = 2**31
_MOST_CARRIED = 2
_LONG_DOCUMENT = 1500
"""Words from which a template may be used twice in a document, in other words."""
_WORDS_PER_LINE = 6
_FRAMED: Final = frozenset(
    {
        "hedged",
        "third",
        "better",
        "worse",
        "denied",
        "history",
        "harm",
        "danger",
        "goal",
        "chronology",
        "visit",
    }
)
_CLAUSES: Final = tuple((f"%({name})s", name) for name in ("that", "noun", "any", "present"))
"""What of a topic is put into a frame."""
_NOTES: Final = (
    ("visit", "Home visit"), ("visit", "HV"), ("phone", "Telephone call"), ("phone", "T/C"),
    ("school", "School visit"), ("email", "Email"), ("other", "Other"), ("phone", "Phone call"),
)  # fmt: skip
_NOTE_STATUS: Final = {"": "weekly", "cp": "note.in_plan", "cin": "note.in_need", "care": "note.in_care"}
_SOURCE_KINDS: Final = tuple(kind_of_source(code) for code in SOURCES)


class Answer(NamedTuple):
    """What is written under one question.

    Attributes
    ----------
    part : str
        The question, as `csc_experiments.synthetic.writing.forms.Part.name` has it.
    text : str
        A format for the slots of a document, or what became of it.
    """

    part: str
    text: str


@dataclass(slots=True)
class _Scribe:
    """Writes one document: picks sentences that fit and says none of them twice."""

    dice: Dice
    pools: Mapping[str, Pool]
    topics: Mentioned
    alias: Mapping[str, str]
    used: dict[int, int]
    long: bool

    def fresh(self, key: str) -> Sentence | None:
        """Return a sentence for a purpose that this document does not have yet; a long one has few twice."""
        pool = self.pools[self.alias.get(key, key)]
        numbers, size, used = pool.numbers, pool.size, self.used
        if not size:
            return None
        drawn = self.dice.below(_MANY)
        for step in range(min(size, _TRIES)):
            place = (drawn + step) % size
            number = numbers[place]
            if number not in used:
                used[number] = 1
                return pool.sentence(place, drawn // size % WORDINGS)
            if self.long and step >= _STEPS_BEFORE_AGAIN and used[number] == 1:
                used[number] = 2
                return pool.sentence(place, (drawn // size + 1) % WORDINGS)
        return None

    def clause(self, key: str) -> str:
        """Return a clause, which may be used again."""
        pool = self.pools[key]
        return pool.sentence(self.dice.below(pool.size), self.dice.below(WORDINGS))[0] if pool.size else ""

    def about(self, part: Part) -> Mentioned:
        """Return the topics of this document that belong to a question."""
        true, denied = ([topic for topic in said if topic in part.topics] for said in self.topics)
        return Mentioned(tuple(true), tuple(denied))

    def on_topic(self, here: Mentioned, stances: tuple[str, ...], luck: int) -> Sentence | None:
        """Return a sentence on one of some topics in one of some stances, both chosen by a large number."""
        luck, at = divmod(luck, len(stances))
        stance = stances[at]
        topics = here.denied if stance == "absent" else here.true
        if not topics:
            return None
        luck, at = divmod(luck, len(topics))
        topic = topics[at]
        if stance not in _FRAMED and (stance != "absent" or luck % 2):
            return self.fresh(f"{topic}.{stance}")
        found = self.fresh(f"frame.{stance}")
        if found is None:
            return None
        text, words = found
        for slot, heading in _CLAUSES:
            if slot in text:
                clause = self.clause(f"{topic}.{heading}")
                if not clause:
                    return None
                text = text.replace(slot, clause)
                words += len(clause.split())
        return text[:1].upper() + text[1:], words

    def paragraph(self, part: Part, budget: int) -> str:
        """Answer a question in about so many words."""
        here, leads = self.about(part), list(part.lead)
        said: list[str] = []
        words = misses = 0
        while words < budget and misses < _MOST_MISSES:
            found = self.fresh(leads.pop(0)) if leads else self._next(part, here)
            if found is None:
                misses += 1
            else:
                said.append(found[0])
                words += found[1]
        return self._joined(said) if said else self.clause("nothing")

    def _next(self, part: Part, here: Mentioned) -> Sentence | None:
        """Return a sentence on a topic of the question, or one of the others that belong there."""
        luck, of_ten = divmod(self.dice.below(_MANY), 10)
        if part.stances and (not part.more or of_ten < _TOPICS_OF_TEN):
            return self.on_topic(here, part.stances, luck)
        return self.fresh(part.more[luck % len(part.more)]) if part.more else None

    def _joined(self, said: list[str]) -> str:
        """Join sentences, in paragraphs where there are many."""
        if len(said) <= _PARAGRAPH:
            return " ".join(said)
        step = 4 + self.dice.below(5)
        return "\n".join(" ".join(said[at : at + step]) for at in range(0, len(said), step))

    def household(self, count: int, *, alone: bool) -> str:
        """List the household in up to so many lines."""
        keys = [key for key in HOUSEHOLD if not (alone and key == "siblings.list")]
        lines = (self.clause(key) for key in keys[:count])
        return "\n".join(line for line in lines if line)

    def pasted(self, part: Part, budget: int, source: str) -> str:
        """Paste what was sent: a police log or an e-mail."""
        police = source == "police"
        prefix = "log" if police else "email"
        head = "log.open" if police else "email.list"
        lines = [self.clause(head), *([] if police else ["", self.clause("email.open")])]
        here, words = self.about(part), 0
        while words < budget:
            luck, of_ten = divmod(self.dice.below(_MANY), 10)
            topic = here.true and of_ten < _TOPICS_OF_TEN_PASTED
            found = self.on_topic(here, part.stances, luck) if topic else self.fresh(f"{prefix}.line")
            if found is None:
                break
            lines.append(found[0])
            words += found[1]
        # In a log, what has a time stands first and in the order of the times.
        return "\n".join(sorted(lines, key=_time_of) if police else [*lines, self.clause("email.close")])


def _time_of(line: str) -> str:
    found = _TIME.search(line[:_LONGEST_TIME])
    return found[0] if found else "" if line.startswith(_LOG_HEADS) else "~"


def compose(authority: str, draft: Draft, dice: Dice, voice: Voice, home: Household) -> tuple[Answer, ...]:
    """Compose a document, before names and dates are put in.

    Parameters
    ----------
    authority : str
        Its code.
    voice : Voice
        Who writes.
    home : Household
        The family that it is about.
    """
    kind, review = TYPES[draft.kind], is_review(draft)
    source, age = _SOURCE_KINDS[draft.source], home.age(home.place(draft.child), draft.day)
    note, label = dice.pick(_NOTES)
    topics = mentioned(dice, kind, draft.truth, age, source, alone=home.alone)
    aliases = _aliases(draft, source, note, review=review)
    band = band_of(age, alone=home.alone)
    scribe = _Scribe(dice, voice.pools(band), topics, aliases, {}, draft.words >= _LONG_DOCUMENT)
    answers: list[Answer] = []
    unspent = 0
    for part, planned in _budgets(dice, forms()[kind], draft.words, source, review=review):
        budget = planned + min(unspent, _MOST_CARRIED * planned)
        if part.make == "household":
            text = scribe.household(max(budget // _WORDS_PER_LINE, 2), alone=len(home.children) == 1)
        elif part.make == "note_header":
            text = note_head(authority, label)
        elif part.make == "pasted":
            text = scribe.pasted(part, budget, source)
        elif note == "email" and draft.kind == NOTE and dice.chance(_SHARE_NOTE_PASTED):
            text = scribe.pasted(part, budget, "education")
        elif part.na and dice.chance(_SHARE_NOT_APPLICABLE):
            text = scribe.clause("nothing")
        else:
            text = scribe.paragraph(part, budget)
        answers.append(Answer(part.name, text))
        # What one question has no more to say on goes to the next ones.
        unspent = max(budget - len(text.split()), 0)
    return tuple(answers)


def is_review(draft: Draft) -> bool:
    """Tell whether a document reports to a review of a plan."""
    return OUTCOMES[draft.outcome].startswith("review")


def _aliases(draft: Draft, source: str, note: str, *, review: bool) -> dict[str, str]:
    """Return what the headings that depend on a document stand for in it."""
    status = STATUSES[draft.status]
    return {
        "source": f"contact.{source}",
        "known": "unknown" if draft.earlier < 0 else "known",
        "outcome": OUTCOMES[draft.outcome],
        "opening": "review.open" if review else "conf.open",
        "note": f"note.{note}",
        "status": _NOTE_STATUS[status],
        "manager.status": f"manager.status_{status}" if status else "manager.rationale",
    }


def _budgets(dice: Dice, form: Form, words: int, source: str, *, review: bool) -> list[tuple[Part, int]]:
    """Choose the questions that a document of some length answers, and in how many words each."""
    asked = [part for part in form.parts if review or not part.review]
    asked = [part for part in asked if part.make != "pasted" or dice.chance(_SHARE_PASTED.get(source, 0.2))]
    count = max(words // _WORDS_PER_PART, _FEWEST_PARTS)
    chosen = {part.name for part in sorted(asked, key=lambda part: part.core)[:count]}
    kept = [part for part in asked if part.name in chosen]
    left = max(words - sum(len(part.question[0].split()) for part in kept), _FEWEST_PARTS)
    weights = [part.weight * (0.6 + 0.8 * dice.number()) for part in kept]
    scale = left / sum(weights)
    return [(part, max(int(weight * scale), 1)) for part, weight in zip(kept, weights, strict=True)]
