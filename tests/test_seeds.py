from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.seeds import seed_for

AXES = st.lists(st.text(st.characters(categories=["L", "N", "P"]), max_size=8), max_size=4)
SEEDS = st.integers(-(2**40), 2**40)


@given(master=SEEDS, axes=AXES)
def test_a_seed_is_one_that_every_library_takes(master: int, axes: list[str]) -> None:
    assert 0 <= seed_for(master, *axes) < 2**32
    assert seed_for(master, *axes) == seed_for(master, *axes)


@given(masters=st.tuples(SEEDS, SEEDS), axes=st.tuples(AXES, AXES))
def test_other_axes_or_another_master_give_another_seed(
    masters: tuple[int, int], axes: tuple[list[str], list[str]]
) -> None:
    same = (masters[0], axes[0]) == (masters[1], axes[1])
    assert (seed_for(masters[0], *axes[0]) == seed_for(masters[1], *axes[1])) == same


def test_axes_are_not_run_together() -> None:
    said = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ("c", "ab")]
    assert len({seed_for(1, *axes) for axes in said}) == len(said)
    assert seed_for(12, "3") != seed_for(1, "23")


def test_seeds_stay_as_they_are_or_no_result_could_be_repeated() -> None:
    assert seed_for(2020, "folds", "la1", "closed_nfa_rereferred") == 218552293
    assert seed_for(0) == 1609362278


def test_seeds_are_spread_evenly() -> None:
    drawn = [seed_for(2020, "trial", f"{number}") for number in range(4000)]
    quarters = [sum(1 for seed in drawn if seed >> 30 == quarter) for quarter in range(4)]
    assert all(900 < count < 1100 for count in quarters)
