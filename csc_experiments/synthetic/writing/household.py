"""Who a family's documents are about, and what everybody in them is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.gold import mark
from csc_experiments.synthetic.writing.identifiers import (
    nhs_number,
    own_email,
    phone,
    postcode,
    unique_pupil_number,
)
from csc_experiments.synthetic.writing.names import Pool, misspelt, nickname, pool_of
from csc_experiments.synthetic.writing.places import Person, Places

Slots = Mapping[str, str]
_PRONOUNS: Final[Mapping[str, tuple[str, str, str]]] = {
    "F": ("she", "her", "her"), "M": ("he", "him", "his"), "U": ("they", "them", "their"),
}  # fmt: skip
_REFLEXIVE: Final = {"her": "herself", "him": "himself", "them": "themselves"}
_SHARE_FATHERS_NAME, _SHARE_MARRIED = 0.45, 0.4
_YEAR = 365.25
_SCHOOL_ENTRY = 4
_MOST_SIBLINGS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Child:
    """What a document may say of one child.

    Attributes
    ----------
    number : int
        Position in the population, from which its numbers are made.
    born : int
        Day of birth, or the day on which it is expected.
    sex, ethnicity : str
        As they are recorded; U and an empty text if they are not.
    """

    number: int
    born: int
    sex: str
    ethnicity: str


@dataclass(frozen=True, slots=True)
class Household:
    """A family, its names and its address.

    Attributes
    ----------
    children : tuple of Child
    slots : Mapping[str, str]
        What every document of the family may put in, marked.
    forenames, surnames : tuple of str
        Of the children.
    school : int
        Which schools they go to.
    alone : bool
        Whether it is a single child who came to the country alone.
    """

    children: tuple[Child, ...]
    slots: Slots
    forenames: tuple[str, ...]
    surnames: tuple[str, ...]
    school: int
    alone: bool

    def place(self, number: int) -> int:
        """Return which of the children has a number."""
        return next(at for at, child in enumerate(self.children) if child.number == number)

    def age(self, at: int, day: int) -> float:
        """Return the age of a child, given by its place, in years; below 0 before birth."""
        return (day - self.children[at].born) / _YEAR


def household(
    origin: str, family: int, children: tuple[Child, ...], places: Places, *, alone: bool
) -> Household:
    """Invent the names of a family, the same whatever is written about it."""
    dice = Dice(origin, "household", family)
    pool = pool_of(dice, children[0].ethnicity)
    parents = _Parents.drawn(dice, pool)
    fathers = dice.chance(_SHARE_FATHERS_NAME)
    surname = parents.father[1] if fathers else parents.mother[1]
    forenames = _forenames(dice, pool, children)
    return Household(
        children,
        _slots(dice, places, pool, parents, alone=alone),
        forenames,
        tuple(surname for _ in children),
        dice.below(1000),
        alone,
    )


def _slots(dice: Dice, places: Places, pool: Pool, parents: _Parents, *, alone: bool) -> dict[str, str]:
    slots = {**_relatives(dice, pool, parents), **_around(dice, places), **_home(dice, places)}
    slots["adult_full"] = slots["carer_full" if alone else "mother_full"]
    return slots


@dataclass(frozen=True, slots=True)
class _Parents:
    mother: tuple[str, str]
    father: tuple[str, str]
    partner: tuple[str, str]

    @classmethod
    def drawn(cls, dice: Dice, pool: Pool) -> _Parents:
        father = dice.pick(pool.boys), dice.pick(pool.surnames)
        own = father[1] if dice.chance(_SHARE_MARRIED) else dice.pick(pool.surnames)
        return cls((dice.pick(pool.girls), own), father, (dice.pick(pool.boys), dice.pick(pool.surnames)))


def _forenames(dice: Dice, pool: Pool, children: tuple[Child, ...]) -> tuple[str, ...]:
    """Draw forenames, no two alike."""
    names: list[str] = []
    for child in children:
        name = pool.forename(dice, child.sex)
        while name in names:
            name = pool.forename(dice, child.sex)
        names.append(name)
    return tuple(names)


def _person(key: str, role: str, name: tuple[str, str], title: str) -> dict[str, str]:
    """Return what somebody is called: by forename, in full, with a title."""
    return {
        key: mark(name[0], "name", role),
        f"{key}_full": mark(f"{name[0]} {name[1]}", "name", role),
        f"{key}_title": f"{title} {mark(name[1], 'name', role)}",
    }


def _relatives(dice: Dice, pool: Pool, parents: _Parents) -> dict[str, str]:
    slots = {
        **_person("mother", "parent", parents.mother, dice.pick(("Ms", "Ms", "Mrs", "Miss"))),
        **_person("father", "parent", parents.father, "Mr"),
        **_person("partner", "carer", parents.partner, "Mr"),
        "mother_mis": mark(misspelt(dice, parents.mother[0]), "misspelt_name", "parent"),
        "father_mis": mark(misspelt(dice, parents.father[0]), "misspelt_name", "parent"),
        "mother_nick": mark(nickname(dice, parents.mother[0]), "nickname", "parent"),
        "mo_email": mark(own_email(dice, *parents.mother), "email", "parent"),
    }
    for key, names, role in (
        ("grandmother", pool.girls, "carer"), ("grandfather", pool.boys, "relative"),
        ("aunt", pool.girls, "relative"), ("uncle", pool.boys, "relative"),
        ("cousin", pool.boys, "relative"), ("friend", pool.girls, "relative"),
    ):  # fmt: skip
        slots[key] = mark(dice.pick(names), "name", role)
        slots[f"{key}_full"] = mark(f"{dice.pick(names)} {dice.pick(pool.surnames)}", "name", role)
    for key, role in (("mo_phone", "parent"), ("fa_phone", "parent"), ("gran_phone", "carer")):
        slots[key] = mark(phone(dice), "phone", role)
    return slots


def _around(dice: Dice, places: Places) -> dict[str, str]:
    """Return neighbours and professionals who stay with a family."""
    pool = pool_of(dice, "WBRI")
    neighbour = dice.pick(pool.girls if dice.chance(0.5) else pool.boys)
    slots = {
        "neighbour": mark(neighbour, "name", "neighbour"),
        "neighbour_full": mark(f"{neighbour} {dice.pick(pool.surnames)}", "name", "neighbour"),
        "neighbour_phone": mark(phone(dice), "phone", "neighbour"),
        "carer_phone": mark(phone(dice), "phone", "carer"),
        **_person("carer", "carer", (dice.pick(pool.girls), dice.pick(pool.surnames)), "Mrs"),
    }
    for key, people in (
        ("hv", places.others), ("gp", places.others), ("nurse", places.others), ("officer", places.others),
        ("helper", places.others), ("teacher", places.teachers), ("head", places.teachers),
        ("chair", places.managers),
    ):  # fmt: skip
        slots |= professional(key, dice.pick(people))
    for key, names, kind in (
        ("surgery", places.surgeries, "organisation"), ("hospital", places.hospitals, "organisation"),
        ("agency", places.agencies, "organisation"), ("estate", places.estates, "place"),
        ("town", places.towns, "place"), ("elsewhere", places.towns, "place"),
    ):  # fmt: skip
        slots[key] = mark(dice.pick(names), kind, "local")
    for key in ("landline", "sch_phone", "pol_phone"):
        slots[key] = mark(phone(dice), "phone", "professional")
    return slots


def professional(key: str, person: Person) -> dict[str, str]:
    """Return the slots of a professional."""
    return {
        key: mark(person.forename, "name", "professional"),
        f"{key}_full": mark(person.name, "name", "professional"),
        f"{key}_email": mark(person.email, "email", "professional"),
    }


def _home(dice: Dice, places: Places) -> dict[str, str]:
    town, area = dice.pick(places.towns), dice.pick(places.areas)
    slots: dict[str, str] = {}
    for key in ("address", "old_address", "fa_address", "gran_address"):
        line = f"{1 + dice.below(180)} {dice.pick(places.streets)}"
        line = f"Flat {1 + dice.below(40)}, {line}" if dice.chance(0.2) else line
        slots[key] = mark(f"{line}, {town}" if dice.chance(0.6) else line, "address", "family")
        slots[key.replace("address", "postcode")] = mark(postcode(dice, area), "postcode", "family")
    return slots


def child_slots(origin: str, home: Household, at: int, places: Places, day: int) -> dict[str, str]:
    """Return what a document of a day may put in about one child of a household."""
    child = home.children[at]
    dice = Dice(origin, "child", child.number)
    forename, surname = home.forenames[at], home.surnames[at]
    unborn = child.born > day
    he, him, his = _PRONOUNS["U" if unborn else child.sex]
    age = max(int((day - child.born) / _YEAR), 0)
    school, setting = places.school(home.school, (day - child.born) / _YEAR)
    others = siblings(home, at, day)
    return {
        **_called(dice, forename, surname, unborn=unborn),
        "surname": mark(surname, "name", "child"),
        "him_self": _REFLEXIVE[him], "he_is": f"{he} {'are' if he == 'they' else 'is'}",
        "he_wants": f"{he} want{'' if he == 'they' else 's'}", "he_wanted": f"{he} wanted",
        "he": he, "him": him, "his": his, "He": he.capitalize(), "His": his.capitalize(),
        "age": f"{age}", "setting": setting,
        "school": mark(school, "school", "local"),
        "nhs": mark(nhs_number(child.number), "nhs_number", "child"),
        "upn": mark(_pupil_number(home, child, places), "upn", "child"),
        "sib": others[0] if others else home.slots["cousin"],
        "sib2": others[-1] if others else home.slots["cousin"],
        "sibs": _listed(others) if others else home.slots["cousin"],
    }  # fmt: skip


def _called(dice: Dice, forename: str, surname: str, *, unborn: bool) -> dict[str, str]:
    """Return what a child is called; before birth it has no forename."""
    if unborn:
        baby = "Unborn baby"
        full = f"{baby} {mark(surname, 'name', 'child')}"
        return {"child": baby, "child_full": full, "mis": baby, "nick": baby}
    return {
        "child": mark(forename, "name", "child"),
        "child_full": mark(f"{forename} {surname}", "name", "child"),
        "mis": mark(misspelt(dice, forename), "misspelt_name", "child"),
        "nick": mark(nickname(dice, forename), "nickname", "child"),
    }


def siblings(home: Household, at: int, day: int) -> list[str]:
    """Return the forenames of the other children who are born by a day, marked."""
    born = [
        mark(name, "name", "sibling")
        for place, (name, child) in enumerate(zip(home.forenames, home.children, strict=True))
        if place != at and child.born <= day
    ]
    return born[:_MOST_SIBLINGS_NAMED]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _pupil_number(home: Household, child: Child, places: Places) -> str:
    entered = 1970 + int(child.born / _YEAR) + _SCHOOL_ENTRY
    return unique_pupil_number(places.number, 2000 + home.school, entered, child.number)
