"""A family is everybody who is linked, however far round."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.history.families import resolve_families

Links = list[tuple[str | None, str | None]]
LINKS = st.lists(
    st.tuples(st.none() | st.sampled_from("FGHIJK"), st.none() | st.sampled_from("abcdefgh")), max_size=12
)
MANY = settings(max_examples=30, deadline=None)
# Two of those whom a link may name have no records of their own.
PEOPLE = list("abcdef")


def families(people: list[str], links: Links) -> list[int]:
    frame = pl.DataFrame(
        links, schema={"fami_family_id": pl.String, "fami_person_id": pl.String}, orient="row"
    )
    return resolve_families(pl.Series(people, dtype=pl.String), frame).to_list()


def by_repeated_merging(people: list[str], links: Links) -> set[frozenset[str]]:
    groups = [{person} for person in people]
    groups += [{person for one, person in links if person and one == name} for name in dict(links) if name]
    while True:
        merged: list[set[str]] = []
        for group in groups:
            meets = next((other for other in merged if other & group), None)
            if meets is None:
                merged.append(set(group))
            else:
                meets |= group
        if len(merged) == len(groups):
            return {frozenset(group & set(people)) for group in merged} - {frozenset()}
        groups = merged


def grouped(people: list[str], numbers: list[int]) -> set[frozenset[str]]:
    return {
        frozenset(person for person, other in zip(people, numbers, strict=True) if other == number)
        for number in set(numbers)
    }


@MANY
@given(LINKS)
def test_families_are_those_of_repeated_merging(links: Links) -> None:
    assert grouped(PEOPLE, families(PEOPLE, links)) == by_repeated_merging(PEOPLE, links)


@MANY
@given(LINKS, st.permutations(PEOPLE))
def test_the_order_of_people_makes_no_difference_to_who_belongs_together(
    links: Links, mixed: list[str]
) -> None:
    assert grouped(mixed, families(mixed, links)) == grouped(PEOPLE, families(PEOPLE, links))


@MANY
@given(LINKS.flatmap(lambda links: st.tuples(st.just(links), st.permutations(links))))
def test_the_order_of_links_makes_no_difference_to_the_numbers(both: tuple[Links, Links]) -> None:
    assert families(PEOPLE, both[0]) == families(PEOPLE, both[1])


@MANY
@given(LINKS)
def test_families_are_numbered_from_zero_in_the_order_of_their_first_child(links: Links) -> None:
    numbers = families(PEOPLE, links)
    assert list(dict.fromkeys(numbers)) == list(range(len(set(numbers))))


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([], [0, 1, 2]),
        ([("F", "a"), ("F", "b")], [0, 0, 1]),
        ([("F", "a"), ("F", "b"), ("G", "b"), ("G", "c")], [0, 0, 0]),
        # Half-brothers whose only link is a child without records of their own.
        ([("F", "a"), ("F", "z"), ("G", "z"), ("G", "c")], [0, 1, 0]),
        ([(None, "a"), (None, "b")], [0, 1, 2]),
        # A family's identifier may look like a child's.
        ([("a", "b"), ("b", "c")], [0, 1, 2]),
    ],
)
def test_families_of_three_children(links: Links, expected: list[int]) -> None:
    assert families(["a", "b", "c"], links) == expected


def test_nobody_has_no_family() -> None:
    assert families([], [("F", "a")]) == []
