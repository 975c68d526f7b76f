"""No small count is shown, and none can be worked out from what is shown beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.preflight.hiding import finest, scale_of, shown, shown_part

Shown = tuple[str, ...]


def divisions(parts: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every way to have so many parts with a whole of at most `most`."""
    if parts == 0:
        yield ()
        return
    for first in range(most + 1):
        for rest in divisions(parts - 1, most - first):
            yield (first, *rest)


def show(parts: tuple[int, ...], least: int) -> Shown:
    scale = scale_of(parts, least)
    return (shown(sum(parts), least), *(scale.show(part) for part in parts))


@pytest.mark.parametrize("least", [5, 6, 10])
@pytest.mark.parametrize(("parts", "most"), [(1, 94), (2, 74), (3, 44), (4, 14)])
def test_whoever_tries_every_division_finds_no_small_part(parts: int, most: int, least: int) -> None:
    """Not even if they know how the scale was chosen: other divisions are shown in the same way."""
    # A whole that is shown as the last one is, is tried to its greatest.
    _, most = finest(least).known(most)
    possible: dict[Shown, list[set[int]]] = defaultdict(lambda: [set() for _ in range(parts)])
    for division in divisions(parts, most):
        for seen, part in zip(possible[show(division, least)], division, strict=True):
            seen.add(part)
    small = set(range(1, least))
    assert all(len(seen) > 1 for parts_seen in possible.values() for seen in parts_seen if seen & small)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((10, 3, 0), ("10", "<20", "<20", "<20")),
        ((400, 300, 3, 0), ("700", "400", "300", "<10", "0")),
        # Five times nine, and fourteen times one, would follow from the whole.
        ((9,) * 5, ("50",) + ("<20",) * 5),
        ((1,) * 14, ("10",) + ("<10",) * 14),
        ((3, 0), ("<10", "<10", "<10")),
        ((0, 0), ("0", "0", "0")),
    ],
)
def test_parts_are_shown_as_coarsely_as_their_whole_demands(parts: tuple[int, ...], said: Shown) -> None:
    assert show(parts, 10) == said


@given(count=st.integers(0, 10_000), least=st.integers(2, 30), parts=st.integers(1, 5))
def test_what_is_known_of_a_count_is_whatever_is_shown_in_the_same_way(
    count: int, least: int, parts: int
) -> None:
    scale = scale_of([least - 1] * parts, least)
    low, high = scale.known(count)
    told = scale.show(count)
    assert low <= count <= high
    assert {scale.show(each) for each in range(low, high + 1)} == {told}
    assert scale.show(high + 1) != told
    assert low == 0 or scale.show(low - 1) != told


@settings(max_examples=30)
@given(part=st.integers(0, 30), rest=st.integers(0, 30), least=st.integers(5, 12))
def test_no_small_part_and_no_small_rest_follow_from_a_part_and_its_whole(
    part: int, rest: int, least: int
) -> None:
    whole = part + rest
    said = shown(whole, least), shown_part(part, whole, least)
    same = [
        (other, all_ - other)
        for all_ in range(whole + least * 3)
        for other in range(all_ + 1)
        if (shown(all_, least), shown_part(other, all_, least)) == said
    ]
    if 0 < part < least:
        assert len({other for other, _ in same}) > 1
    if 0 < rest < least:
        assert len({other for _, other in same}) > 1
    if 0 < whole < least:
        # All, some and none of a few look the same.
        assert said[1] == shown_part(0, whole, least)
