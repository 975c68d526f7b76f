"""Luck in care leans toward what a child has lived with, and stays as even as it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.simulation import Simulation, simulate_lives
from csc_experiments.synthetic.unsettled import hard_to_settle, leaning

LA1 = AuthoritySettings(authority="la1", child_population=30_000, years=5)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_leaning_luck_is_even_and_rises_with_what_it_leans_to(seed: int) -> None:
    draw = np.random.default_rng(seed)
    luck, toward = draw.random(4000), draw.standard_normal(4000)
    leaned = leaning(luck, toward)
    assert kstest(leaned, "uniform").statistic < 0.05
    assert (leaning(luck, toward + 1) > leaned).all()
    assert (leaning(luck, np.zeros(4000)) == luck).all()


@pytest.fixture(scope="module", params=[1.0, 0.0])
def lives(request: pytest.FixtureRequest) -> Simulation:
    return simulate_lives(replace(LA1, signal=request.param), 3)


def test_who_came_alone_and_everybody_without_a_signal_is_as_easy_to_settle(lives: Simulation) -> None:
    child = np.arange(lives.people.born.size)
    standing = hard_to_settle(lives.people, lives.need, child, np.full(child.size, 19_000))
    alone = lives.people.alone[lives.people.family]
    assert not standing[alone].any()
    if not lives.need.harm.any():
        assert not standing.any()
    else:
        assert abs(standing[~alone].mean()) < 0.05
        assert abs(standing[~alone].std() - 1) < 0.05


def test_older_children_of_more_need_move_more_often_if_there_is_a_signal(lives: Simulation) -> None:
    moves = lives.tables["ssd_cla_placement"].group_by(person="clap_person_id").agg(places=pl.len())
    number = moves["person"].str.slice(1).cast(pl.Int64).to_numpy()
    child_of = np.argsort(lives.person)[number]
    standing = hard_to_settle(lives.people, lives.need, child_of, np.full(number.size, 19_000))
    told = standing != 0
    if not told.any():
        assert not lives.need.harm.any()
        return
    hard = standing > np.median(standing[told])
    places = moves["places"].to_numpy()
    assert places[told & hard].mean() > 1.15 * places[told & ~hard].mean()
