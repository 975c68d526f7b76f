"""Every planted leak is caught by its own name, and records without one set nothing off."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from csc_experiments.config import ExperimentConfig
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix
from csc_experiments.synthetic.choices import Leak
from csc_experiments.tripwires import RECORD_TRIPWIRES, Scene, alarms, as_table, inspect

Describe = Callable[..., tuple[Representations, Matrix, ExperimentConfig]]
PLANTED = [leak for leak in Leak if leak is not Leak.NONE]


def test_each_planted_leak_has_a_tripwire_of_its_name() -> None:
    assert sorted(look.__name__ for look in RECORD_TRIPWIRES) == sorted(PLANTED)


@pytest.mark.parametrize("leak", PLANTED)
def test_a_planted_leak_is_caught_by_its_name_and_no_other(
    leak: Leak, scene: Callable[[Leak, int], Scene]
) -> None:
    assert alarms(look(scene(leak, 1)) for look in RECORD_TRIPWIRES) == leak.value


@pytest.mark.parametrize("seed", [1, 2])
def test_records_without_a_leak_set_nothing_off(
    seed: int, scene: Callable[[Leak, int], Scene], described: Describe
) -> None:
    clean = scene(Leak.NONE, seed)
    describe, matrix, config = described(clean)
    table = as_table(inspect(clean, matrix, config.blocks, describe))
    assert table["verdict"].unique().to_list() == ["passed"]
    assert table["name"].is_unique().all()
    assert table.height == len(PLANTED) + 4


def test_no_value_from_a_record_stands_in_a_finding(scene: Callable[[Leak, int], Scene]) -> None:
    told = scene(Leak.TITLE_NAMES_OUTCOME, 1)
    said = " ".join(look(told).sentence for look in RECORD_TRIPWIRES).lower()
    titles = told.history.documents["text"].str.split("\n").list.first().str.to_lowercase().unique()
    assert not [title for title in titles if title and title in said]
