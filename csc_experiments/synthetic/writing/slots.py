"""What belongs to one document: its dates and times, its workers, its child."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.drafts import Draft
from csc_experiments.synthetic.writing.gold import mark
from csc_experiments.synthetic.writing.household import Household, child_slots, professional
from csc_experiments.synthetic.writing.places import Places
from csc_experiments.synthetic.writing.styles import Voice, month_of

_DAYS_AGO: Final[Mapping[str, tuple[int, int]]] = {
    "date": (1, 90), "lately": (0, 10), "longago": (200, 1100), "month": (40, 500), "year": (800, 4000),
    "soon": (-24, -5),
}  # fmt: skip
"""From how many days before a document to how many, by the name of the slot without its number."""
_MINUTES: Final = ("00", "05", "10", "15", "20", "30", "35", "40", "45", "50", "55", "12", "27", "48")


@dataclass(frozen=True, slots=True)
class Cast:
    """A household among the places of its authority; what its documents have in common is made once."""

    origin: str
    home: Household
    places: Places
    _common: dict[tuple[int, ...], dict[str, str]] = field(default_factory=dict)

    def child(self, at: int, day: int) -> dict[str, str]:
        """Return a child's slots, which change with its birthdays and the births of others."""
        age = self.home.children[at].born <= day, int(self.home.age(at, day) * 2)
        key = (at, *age, *(child.born <= day for child in self.home.children))
        if key not in self._common:
            self._common[key] = child_slots(self.origin, self.home, at, self.places, day)
        return self._common[key]

    def workers(self, draft: Draft) -> dict[str, str]:
        """Return the workers of a case; another contact brings others."""
        key = (-1, draft.event)
        if key not in self._common:
            self._common[key] = _workers(draft.event * 31 + draft.family, self.places)
        return self._common[key]


class DocumentSlots(dict[str, str]):
    """Every slot of a document, identifiers marked; each is looked up or made when it is first wanted.

    The workers belong to the case; dates are drawn for the document, and none but a next appointment lies
    after it.

    Parameters
    ----------
    voice : Voice
        Who writes, and so how dates are written.
    """

    __slots__ = ("_at", "_cast", "_dice", "_draft", "_known", "_voice")

    def __init__(self, draft: Draft, cast: Cast, voice: Voice) -> None:
        super().__init__()
        self._dice = Dice(cast.origin, "slots", *draft.key)
        self._draft, self._cast, self._voice = draft, cast, voice
        self._at = cast.home.place(draft.child)
        self._known = (cast.child(self._at, draft.day), cast.home.slots, cast.workers(draft))

    def __missing__(self, name: str) -> str:
        """Look a slot up, or make it."""
        for known in self._known:
            if name in known:
                said = known[name]
                break
        else:
            said = self._made(name)
        self[name] = said
        return said

    def _made(self, name: str) -> str:
        stem = name.rstrip("0123456789")
        if stem in _DAYS_AGO:
            day = self._draft.day - self._dice.between(*_DAYS_AGO[stem])
            return self._dated(stem, day)
        if stem == "hour":
            return f"{self._dice.between(8, 18):02}:{self._dice.pick(_MINUTES)}"
        if stem == "time":
            return self._clock(int(name[len(stem) :]))
        return self._own(name)

    def _clock(self, step: int) -> str:
        """Return one of the times of an incident; a later step is a later time."""
        begun = Dice(self._cast.origin, "incident", *self._draft.key).between(7 * 60, 22 * 60)
        minutes = begun + 23 * step
        return f"{minutes // 60:02}:{minutes % 60:02}"

    def _dated(self, stem: str, day: int) -> str:
        if stem in {"month", "year"}:
            return month_of(day) if stem == "month" else month_of(day)[-4:]
        return self._voice.date(day)

    def _own(self, name: str) -> str:
        """Return what depends on the document alone."""
        draft, home, date = self._draft, self._cast.home, self._voice.date
        make: Mapping[str, Callable[[], str]] = {
            "today": lambda: date(draft.day),
            "log": lambda: f"{self._dice.between(10**7, 10**9)}/{month_of(draft.day)[-2:]}",
            "officer_no": lambda: f"{self._dice.between(1000, 10000)}",
            "earlier": lambda: date(draft.earlier) if draft.earlier >= 0 else "not known",
            "plan_start": lambda: date(draft.since) if draft.since >= 0 else "not known",
            "dob": lambda: _birth(home, self._at, draft.day, self._voice, "child"),
            "sibs_born": lambda: _siblings_born(home, self._at, draft.day, self._voice),
        }
        return make[name]()


def _workers(turn: int, places: Places) -> dict[str, str]:
    worker, before = (places.workers[(turn + step) % len(places.workers)] for step in (0, 7))
    return {
        **professional("sw", worker),
        **professional("tm", places.managers[turn % len(places.managers)]),
        "prev_sw": mark(before.name, "name", "professional"),
        "team": mark(places.teams[turn % len(places.teams)], "organisation", "local"),
    }


def _birth(home: Household, at: int, day: int, voice: Voice, role: str) -> str:
    """Return a child's date of birth; the unborn have a date on which they are expected."""
    born = home.children[at].born
    said = mark(voice.date(born), "date_of_birth", role)
    return f"EDD {said}" if born > day else said


def _siblings_born(home: Household, at: int, day: int, voice: Voice) -> str:
    """Return the other children with their dates of birth."""
    return (
        "; ".join(
            f"{mark(f'{home.forenames[place]} {home.surnames[place]}', 'name', 'sibling')} "
            f"{_birth(home, place, day, voice, 'sibling')}"
            for place, child in enumerate(home.children)
            if place != at and child.born <= day
        )
        or "none"
    )
