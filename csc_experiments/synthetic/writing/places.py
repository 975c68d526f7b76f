"""What an invented authority has: towns, schools, surgeries, teams, and the people who work there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.identifiers import UNUSED_AREAS, work_email
from csc_experiments.synthetic.writing.names import pools

_STARTS: Final = (
    "Alder", "Ashen", "Bram", "Brock", "Calder", "Cold", "Dun", "Elm", "Fal", "Fern", "Gor", "Hain", "Hazel",
    "Hob", "Kel", "Lang", "Lin", "Mar", "Merri", "Nether", "Oaken", "Ped", "Quarn", "Rad", "Raven", "Sal",
    "Scar", "Stan", "Swin", "Thorn", "Under", "Wal", "Wether", "Win", "Wood", "Yar",
)  # fmt: skip
_ENDS: Final = (
    "bourne", "bridge", "by", "combe", "croft", "dale", "den", "field", "ford", "gate", "ham", "hurst",
    "ley", "mere", "mouth", "over", "port", "shaw", "stead", "thwaite", "ton", "wick", "worth",
)  # fmt: skip
_STREETS: Final = (
    "Road", "Street", "Avenue", "Close", "Drive", "Lane", "Rise", "Walk", "Crescent", "Court", "Terrace",
    "Gardens", "Way", "Grove", "Mews", "Place",
)  # fmt: skip
_SAINTS: Final = ("St Anne's", "St Bede's", "St Hilda's", "Holy Cross", "St Oswin's", "St Winifred's")
_SECONDARY: Final = ("Academy", "High School", "College", "Community School", "Grammar School")
_PRIMARY: Final = ("Primary School", "Junior School", "C of E Primary", "RC Primary", "Infant School")
_NURSERY: Final = (
    "Nursery",
    "Day Nursery",
    "Pre-School",
    "Little Steps Nursery",
    "Children's Centre Nursery",
)
_SURGERY: Final = ("Surgery", "Medical Centre", "Health Centre", "Medical Practice", "Family Practice")
_AGENCIES: Final = (
    "Turning Page", "Safe Harbour", "Brighter Futures", "Open Door", "The Lantern Project", "New Leaf",
    "Rise Together", "Stepping Stones", "The Willow Project", "Changing Tides", "Family Anchor", "Compass",
    "Bluebell House", "Side By Side", "Next Chapter", "The Hive",
)  # fmt: skip
_TEAMS: Final = (
    "Assessment Team", "Referral and Assessment Team", "Family Safeguarding Team", "Locality Team",
    "Children in Need Team", "Long Term Team", "Family Support Team", "Duty Team", "MASH",
)  # fmt: skip
_WORKERS, _MANAGERS, _TEACHERS, _OTHERS = 80, 12, 90, 50
_EMAIL_HOSTS = ("council", "sch", "nhs", "police")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with children: forename, surname, e-mail address."""

    forename: str
    surname: str
    email: str

    @property
    def name(self) -> str:
        """Forename and surname."""
        return f"{self.forename} {self.surname}"


@dataclass(frozen=True, slots=True)
class Places:
    """The names that an authority's documents are full of."""

    towns: tuple[str, ...]
    estates: tuple[str, ...]
    streets: tuple[str, ...]
    nurseries: tuple[str, ...]
    primaries: tuple[str, ...]
    secondaries: tuple[str, ...]
    surgeries: tuple[str, ...]
    hospitals: tuple[str, ...]
    agencies: tuple[str, ...]
    teams: tuple[str, ...]
    areas: tuple[str, ...]
    workers: tuple[Person, ...]
    managers: tuple[Person, ...]
    teachers: tuple[Person, ...]
    others: tuple[Person, ...]
    number: int

    def schools(self) -> tuple[str, ...]:
        """Return every nursery and school."""
        return (*self.nurseries, *self.primaries, *self.secondaries)

    def school(self, place: int, age: float) -> tuple[str, str]:
        """Return the school of a child, and what kind of place it is.

        Parameters
        ----------
        place : int
            Any number; the same one gives the same school at an age.
        age : float
            In years.
        """
        if age < 4:  # noqa: PLR2004 - school begins in the year in which a child turns five
            return self.nurseries[place % len(self.nurseries)], "nursery"
        if age < 11:  # noqa: PLR2004 - and secondary school in the year in which it turns twelve
            return self.primaries[place % len(self.primaries)], "school"
        if age >= 16.5 and place % 3 == 0:  # noqa: PLR2004 - some leave school for college
            return f"{self.towns[place % len(self.towns)]} College", "college"
        return self.secondaries[place % len(self.secondaries)], "school"


@lru_cache(maxsize=16)
def places_of(authority: str) -> Places:
    """Return the places of an authority, which do not depend on any seed.

    Examples
    --------
    >>> places_of("la1") == places_of("la1"), places_of("la1").towns == places_of("la2").towns
    (True, False)
    """
    dice = Dice("places", authority)
    made = dice.shuffled([start + end for start in _STARTS for end in _ENDS])
    towns, estates, roots = made[:6], made[6:18], made[18:200]
    host = f"{towns[0].lower()}"
    return Places(
        towns=tuple(towns),
        estates=tuple(f"{name} {dice.pick(('estate', 'Park', 'Green', 'Heights'))}" for name in estates),
        streets=tuple(f"{name} {dice.pick(_STREETS)}" for name in roots[:140]),
        nurseries=_called(dice, roots[20:44], _NURSERY),
        primaries=_called(dice, [*roots[44:74], *_SAINTS], _PRIMARY),
        secondaries=_called(dice, roots[74:88], _SECONDARY),
        surgeries=_called(dice, roots[88:104], _SURGERY),
        hospitals=(f"{towns[1]} General", f"{towns[0]} Royal Infirmary", f"Queen's Hospital {towns[2]}"),
        agencies=tuple(dice.some(_AGENCIES, 7)),
        teams=tuple(_teams(dice, towns)),
        areas=tuple(dice.some(UNUSED_AREAS, 2)),
        workers=_people(dice, _WORKERS, f"{host}.{_EMAIL_HOSTS[0]}"),
        managers=_people(dice, _MANAGERS, f"{host}.{_EMAIL_HOSTS[0]}"),
        teachers=_people(dice, _TEACHERS, f"{host}.{_EMAIL_HOSTS[1]}"),
        others=_people(dice, _OTHERS, f"{host}.{_EMAIL_HOSTS[2]}"),
        number=990 + dice.below(10),
    )


def _called(dice: Dice, names: list[str], kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name} {dice.pick(kinds)}" for name in names)


def _teams(dice: Dice, towns: list[str]) -> list[str]:
    which = dice.some(_TEAMS, 6)
    return [
        f"{dice.pick(towns[:3])} {team}" if dice.chance(0.5) else f"{team} {1 + at}"
        for at, team in enumerate(which)
    ]


def _people(dice: Dice, count: int, host: str) -> tuple[Person, ...]:
    every = list(pools().values())
    found: list[Person] = []
    for _ in range(count):
        pool = every[0] if dice.chance(0.6) else dice.pick(every)
        forename, surname = pool.forename(dice, "F" if dice.chance(0.75) else "M"), dice.pick(pool.surnames)
        found.append(Person(forename, surname, work_email(forename, surname, host)))
    return tuple(found)
