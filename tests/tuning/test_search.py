from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from csc_experiments.classifiers.settings import SearchRange
from csc_experiments.errors import ConfigError
from csc_experiments.tuning.search import Trial, best_of, search
from csc_experiments.tuning.settings import TuningConfig

SPACE = {
    "C": SearchRange(low=1e-4, high=10.0, log=True),
    "depth": SearchRange(low=1, high=5, integer=True),
    "penalty": SearchRange(choices=["l1", "l2"]),
}
TUNING = TuningConfig(name="test", trials=7, startup=3)


def objective(parameters: Mapping[str, Any]) -> list[float]:
    return [
        1 / (1 + abs(np.log(parameters["C"]))),
        parameters["depth"] / 5 - 0.1 * (parameters["penalty"] == "l1"),
    ]


class Stops:
    """An objective that is interrupted at one of its calls."""

    def __init__(self, at: int) -> None:
        self.calls = 0
        self.at = at

    def __call__(self, parameters: Mapping[str, Any]) -> list[float]:
        self.calls += 1
        if self.calls == self.at:
            raise KeyboardInterrupt
        return objective(parameters)


def said(trials: list[Trial]) -> list[tuple[int, dict[str, Any], tuple[float, ...]]]:
    return [(trial.number, trial.parameters, trial.average_precision) for trial in trials]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Trial]:
    return search(SPACE, TUNING, objective, tmp_path_factory.mktemp("trials") / "fold_0.log", seed=1)


def test_there_are_as_many_trials_as_were_asked_for_in_their_order(whole: list[Trial]) -> None:
    assert [trial.number for trial in whole] == list(range(7))
    for trial in whole:
        assert set(trial.parameters) == set(SPACE)
        assert trial.average_precision == tuple(objective(trial.parameters))
        assert trial.mean == np.mean(trial.average_precision)
        assert trial.seconds >= 0


@pytest.mark.parametrize("at", range(1, 8))
def test_an_interrupted_search_ends_with_the_same_trials(tmp_path: Path, whole: list[Trial], at: int) -> None:
    journal = tmp_path / "fold_0.log"
    with pytest.raises(KeyboardInterrupt):
        search(SPACE, TUNING, Stops(at), journal, seed=1)
    count = Stops(at=0)
    assert said(search(SPACE, TUNING, count, journal, seed=1)) == said(whole)
    assert count.calls == 7 - (at - 1)


def test_a_search_that_is_interrupted_again_and_again_ends_with_the_same_trials(
    tmp_path: Path, whole: list[Trial]
) -> None:
    journal = tmp_path / "fold_0.log"
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            search(SPACE, TUNING, Stops(at=2), journal, seed=1)
    assert said(search(SPACE, TUNING, objective, journal, seed=1)) == said(whole)


def die_at_the_fourth(journal: Path) -> None:
    calls = 0

    def die(parameters: Mapping[str, Any]) -> list[float]:
        nonlocal calls
        calls += 1
        if calls == 4:
            os._exit(9)
        return objective(parameters)

    search(SPACE, TUNING, die, journal, seed=1)
    sys.exit("not reached")


def test_a_process_that_dies_leaves_what_another_goes_on_with(tmp_path: Path, whole: list[Trial]) -> None:
    journal = tmp_path / "fold_0.log"
    process = multiprocessing.get_context("spawn").Process(target=die_at_the_fourth, args=(journal,))
    process.start()
    process.join(timeout=60)
    assert process.exitcode == 9
    count = Stops(at=0)
    assert said(search(SPACE, TUNING, count, journal, seed=1)) == said(whole)
    assert count.calls == 4


def search_beside_another(journal: Path, together: Any) -> None:  # noqa: ANN401 - a barrier
    marks = journal.with_suffix(".marks")

    def slow(parameters: Mapping[str, Any]) -> list[float]:
        with marks.open("a", encoding="utf-8") as file:
            file.write("x")
        time.sleep(0.02)
        return objective(parameters)

    together.wait()
    search(SPACE, TUNING, slow, journal, seed=1)


def test_processes_that_search_at_the_same_time_share_the_trials(tmp_path: Path, whole: list[Trial]) -> None:
    context, journal = multiprocessing.get_context("spawn"), tmp_path / "fold_0.log"
    together = context.Barrier(2, timeout=60)
    started = [
        context.Process(target=search_beside_another, args=(journal, together), daemon=True) for _ in range(2)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(timeout=60)
    assert [process.exitcode for process in started] == [0, 0]
    assert said(search(SPACE, TUNING, Stops(at=1), journal, seed=1)) == said(whole)
    assert journal.with_suffix(".marks").read_text(encoding="utf-8") == "x" * 7


@settings(max_examples=25, deadline=None)
@given(share=st.floats(0, 1))
def test_a_journal_that_was_cut_anywhere_is_gone_on_with(
    tmp_path_factory: pytest.TempPathFactory, whole: list[Trial], share: float
) -> None:
    folder = tmp_path_factory.mktemp("trials")
    search(SPACE, TUNING, objective, folder / "whole.log", seed=1)
    written = (folder / "whole.log").read_bytes()
    torn = folder / "torn.log"
    torn.write_bytes(written[: round(share * len(written))])
    for _ in range(2):
        assert said(search(SPACE, TUNING, objective, torn, seed=1)) == said(whole)


def test_a_lock_that_a_killed_process_left_behind_holds_nobody_up(tmp_path: Path, whole: list[Trial]) -> None:
    journal = tmp_path / "fold_0.log"
    with pytest.raises(KeyboardInterrupt):
        search(SPACE, TUNING, Stops(at=2), journal, seed=1)
    Path(f"{journal}.lock").symlink_to(journal)
    assert said(search(SPACE, TUNING, objective, journal, seed=1)) == said(whole)
    assert not Path(f"{journal}.lock").is_symlink()


def test_a_finished_search_tries_nothing_more(tmp_path: Path, whole: list[Trial]) -> None:
    journal = tmp_path / "fold_0.log"
    search(SPACE, TUNING, objective, journal, seed=1)
    assert said(search(SPACE, TUNING, Stops(at=1), journal, seed=1)) == said(whole)


@pytest.mark.parametrize("trials", [1, 4, 9])
def test_a_longer_search_begins_like_a_shorter_one(tmp_path: Path, whole: list[Trial], trials: int) -> None:
    tuning = TuningConfig(name="test", trials=trials, startup=3)
    found = said(search(SPACE, tuning, objective, tmp_path / "fold_0.log", seed=1))
    assert len(found) == trials
    shared = min(trials, 7)
    assert found[:shared] == said(whole)[:shared]


def test_a_stale_running_trial_is_closed_and_does_not_count(tmp_path: Path, whole: list[Trial]) -> None:
    journal = tmp_path / "fold_0.log"
    with pytest.raises(KeyboardInterrupt):
        search(SPACE, TUNING, Stops(at=5), journal, seed=1)
    assert states(journal).count(TrialState.RUNNING) == 1
    assert said(search(SPACE, TUNING, objective, journal, seed=1)) == said(whole)
    assert states(journal).count(TrialState.COMPLETE) == 7
    assert states(journal).count(TrialState.RUNNING) == 0


def states(journal: Path) -> list[TrialState]:
    study = optuna.load_study(study_name="cell", storage=JournalStorage(JournalFileBackend(str(journal))))
    return [trial.state for trial in study.get_trials()]


def test_another_seed_draws_other_settings(tmp_path: Path, whole: list[Trial]) -> None:
    other = search(SPACE, TUNING, objective, tmp_path / "fold_0.log", seed=2)
    assert [trial.parameters for trial in other] != [trial.parameters for trial in whole]


def test_no_two_trials_are_drawn_alike(whole: list[Trial]) -> None:
    assert len({trial.parameters["C"] for trial in whole}) == len(whole)


def test_the_sampler_learns(tmp_path: Path) -> None:
    space = {"x": SearchRange(low=0.0, high=1.0)}
    tuning = TuningConfig(name="test", trials=30, startup=8)
    trials = search(space, tuning, lambda drawn: [1 - abs(drawn["x"] - 0.7)], tmp_path / "x.log", seed=3)
    away = [abs(trial.parameters["x"] - 0.7) for trial in trials]
    by_chance = (0.7**2 + 0.3**2) / 2
    assert np.mean(away[20:]) < by_chance / 2


bounds = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)).map(lambda ends: (ends[0], ends[0] + ends[1]))
whole_bounds = st.tuples(st.integers(-1000, 1000), st.integers(1, 50)).map(lambda b: (b[0], b[0] + b[1]))


@settings(max_examples=25, deadline=None)
@given(
    low_high=bounds | whole_bounds, log=st.booleans(), integer=st.booleans(), seed=st.integers(0, 2**32 - 1)
)
def test_every_range_that_is_accepted_is_kept_to(
    tmp_path_factory: pytest.TempPathFactory,
    low_high: tuple[float, float],
    log: bool,  # noqa: FBT001 - drawn
    integer: bool,  # noqa: FBT001 - drawn
    seed: int,
) -> None:
    where = SearchRange(low=low_high[0], high=low_high[1], log=log, integer=integer)
    try:
        where.check("x")
    except ConfigError:
        return
    tuning = TuningConfig(name="test", trials=4, startup=2)
    journal = tmp_path_factory.mktemp("trials") / "x.log"
    for trial in search({"x": where}, tuning, lambda drawn: [drawn["x"]], journal, seed):
        drawn = trial.parameters["x"]
        assert low_high[0] <= drawn <= low_high[1]
        assert isinstance(drawn, int if integer else float)


def test_choices_are_drawn_from(tmp_path: Path) -> None:
    space = {"x": SearchRange(choices=["a", 2, None, True])}
    tuning = TuningConfig(name="test", trials=12, startup=12)
    trials = search(space, tuning, lambda _: [0.0], tmp_path / "x.log", seed=1)
    drawn = {repr(trial.parameters["x"]) for trial in trials}
    assert drawn <= {repr(choice) for choice in ("a", 2, None, True)}
    assert len(drawn) > 1


def test_a_score_that_is_no_number_ends_the_search(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nan"):
        search(SPACE, TUNING, lambda _: [float("nan")], tmp_path / "fold_0.log", seed=1)


def trial(number: int, *scores: float) -> Trial:
    return Trial(number, {}, scores, 0.0)


@given(means=st.lists(st.sampled_from([0.1, 0.2, 0.3]), min_size=1, max_size=6), order=st.randoms())
def test_the_best_is_the_first_of_the_highest(means: list[float], order: Any) -> None:  # noqa: ANN401 - random.Random
    trials = [trial(number, mean) for number, mean in enumerate(means)]
    order.shuffle(trials)
    assert best_of(trials).number == means.index(max(means))


def test_the_best_is_so_by_the_mean_over_the_inner_folds() -> None:
    assert best_of([trial(0, 0.9, 0.0), trial(1, 0.5, 0.5), trial(2, 0.0, 0.9)]).number == 1


@pytest.mark.parametrize("said_of", [{"trials": 0}, {"trials": -1}, {"trials": 1, "startup": 0}])
def test_a_search_without_a_trial_is_refused(said_of: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match="at least 1"):
        TuningConfig(name="test", **said_of).check()
