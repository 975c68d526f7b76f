"""What is drawn for a key belongs to the key, whatever else is drawn."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.synthetic.formats.invented import (
    Draw,
    draw_for,
    fractions,
    postcodes,
    provider_numbers,
    shares,
    teams,
    whole_numbers,
    worker_names,
    worker_numbers,
)

DRAWS: tuple[Draw, ...] = (
    fractions, postcodes, provider_numbers, shares(("a", "b"), (1, 3)), teams, whole_numbers(3, 9),
    worker_names, worker_numbers,
)  # fmt: skip
KEYS = st.lists(st.text(max_size=5) | st.none(), min_size=1, max_size=12)


@given(keys=KEYS, others=KEYS, seed=st.integers(0, 2**40), draw=st.sampled_from(DRAWS))
def test_a_key_keeps_its_value_in_any_company(
    keys: list[str | None], others: list[str | None], seed: int, draw: Draw
) -> None:
    alone = draw_for(pl.Series("key", keys, dtype=pl.String), seed, "test", draw)
    among = draw_for(pl.Series("key", others + keys, dtype=pl.String), seed, "test", draw)
    assert alone.equals(among[len(others) :])
    assert [value is None for value in alone] == [key is None for key in keys]


def test_another_seed_or_name_draws_something_else() -> None:
    keys = pl.Series([f"P{number}" for number in range(200)])
    drawn = [draw_for(keys, seed, name, fractions) for seed, name in ((1, "a"), (1, "b"), (2, "a"))]
    assert drawn[0].n_unique() == len(keys)
    assert not drawn[0].equals(drawn[1])
    assert not drawn[0].equals(drawn[2])
    assert 0.4 < float(pl.concat(drawn).to_numpy().mean()) < 0.6


def test_shares_are_kept() -> None:
    keys = pl.Series([f"P{number}" for number in range(4000)])
    drawn = draw_for(keys, 1, "test", shares(("a", "b", "c"), (1, 3, 0)))
    assert 0.72 < (drawn == "b").sum() / len(keys) < 0.78
    assert "c" not in set(drawn)
