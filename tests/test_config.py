from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from omegaconf import OmegaConf

from csc_experiments.config import (
    GROUPS,
    check_experiment,
    choices,
    compose_cells,
    compose_experiment,
    compose_study,
    conf_folder,
)
from csc_experiments.errors import ConfigError, UnknownChoiceError
from csc_experiments.records.sources import DATABASE, KINDS

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.yaml"))
EVERY_CHOICE = [(group, choice) for group in GROUPS for choice in choices(group)]
# A baseline that looks at one column goes with no other block.
NEEDS_STRUCTURED = "classifier=previous_referrals"


@pytest.mark.parametrize(("group", "choice"), EVERY_CHOICE)
def test_every_file_of_every_group_composes_under_its_own_name(group: str, choice: str) -> None:
    config = compose_experiment([f"{group}={choice}"])
    assert getattr(config, group).name == choice


def test_the_tree_holds_the_groups_of_the_design_and_no_other() -> None:
    assert {path.name for path in conf_folder().iterdir() if path.is_dir()} == {*GROUPS, "study"}


@pytest.mark.parametrize("name", choices("study"))
def test_every_cell_of_every_study_composes_as_it_would_alone(name: str) -> None:
    study = compose_study(name)
    cells = study.cells()
    assert len(cells) == len(set(cells)) > 0
    assert compose_cells(study) == [
        compose_experiment(
            [f"study_name={name}", *study.overrides, *(f"{axis}={value}" for axis, value in cell)]
        )
        for cell in cells
    ]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_archived_configuration_still_resolves_to_what_it_meant(path: Path) -> None:
    archived = yaml.safe_load(path.read_text(encoding="utf-8"))
    config = check_experiment(OmegaConf.create(archived["composed"]))
    now = _leaves(json.loads(json.dumps(config.shaping)))
    lost = {key: value for key, value in _leaves(archived["shaping"]).items() if now.get(key) != value}
    assert not lost, (
        f"{path.name} was archived with a result. Keep it alive: rename no key, and give a new one a default"
        " that means what was done before."
    )


def _leaves(said: object, key: str = "") -> dict[str, object]:
    if not isinstance(said, dict) or not said:
        return {key: said}
    return {name: leaf for part in said for name, leaf in _leaves(said[part], f"{key}.{part}").items()}


def test_there_is_an_archived_configuration() -> None:
    assert GOLDEN


@pytest.mark.parametrize(
    ("overrides", "error", "said"),
    [
        (["question=nonsense"], UnknownChoiceError, "closed_nfa_rereferred"),
        (["dataset=la9"], UnknownChoiceError, "la1"),
        (["validation.fold=3"], ConfigError, "validation.fold"),
        (["+validation.fold=3"], ConfigError, "validation.fold"),
        (["validation.folds=three"], ConfigError, "validation.folds"),
        (["validation.folds=1"], ConfigError, "validation.folds"),
        (["validation.test_share=1.5"], ConfigError, "test_share"),
        (["seed=???"], ConfigError, "seed"),
        (["tuning.trials=0"], ConfigError, "tuning.trials"),
        (["+classifier.search.C.lo=1"], ConfigError, "lo"),
        (["classifier.search.C.low=5000"], ConfigError, "classifier.search.C"),
        (["representation=tfidf", NEEDS_STRUCTURED], ConfigError, "representation=structured"),
        (
            ["representation.blocks.structured.kind=WORDS"],
            ConfigError,
            "representation.blocks.structured.kind",
        ),
        (["representation=tfidf", "representation.blocks.tfidf.min_families=1"], ConfigError, "min_families"),
        (["question.outcome.any=[NO_SUCH]"], ConfigError, "question.outcome.any"),
        (["question.index.any=[]"], ConfigError, "question.index.any"),
        (["question.index.any=[LOAN]"], ConfigError, "question.vocabulary=events"),
        (["question.vocabulary=loans"], ConfigError, "question.vocabulary"),
        (["dataset=own", "dataset.covers=[2020-01-01]"], ConfigError, "dataset.covers"),
        (["dataset=own", "dataset.sources=['']"], ConfigError, "dataset.sources"),
        (["question.eligibility.not_open=[HOUSE]"], ConfigError, "question.eligibility.not_open"),
        (["evaluation.replicates=0"], ConfigError, "evaluation.replicates"),
        (["=x"], ConfigError, ""),
    ],
)
def test_what_cannot_be_run_is_one_clear_error_that_names_the_key(
    overrides: list[str], error: type[ConfigError], said: str
) -> None:
    with pytest.raises(error) as raised:
        compose_experiment(overrides)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("overrides", "meant"),
    [
        (["validaton.folds=2"], "validation.folds"),
        (["validation.fold=2"], "validation.folds"),
        (["classifer=xgboost"], "classifier"),
        (["seeds=1"], "seed"),
        (["~tunin"], "tuning"),
        (["tuning=quick", "validation.folds=2", "tuning.trails=5"], "tuning.trials"),
        (["question.outcome.within=180"], "question.outcome.within_days"),
        # A key that only another choice than the default has.
        (
            ["representation=tfidf", "representation.blocks.tfidf.min_familes=9"],
            "representation.blocks.tfidf.min_families",
        ),
    ],
)
def test_a_mistyped_key_is_told_with_the_key_that_was_meant(overrides: list[str], meant: str) -> None:
    with pytest.raises(ConfigError) as raised:
        compose_experiment(overrides)
    mistyped = overrides[-1].lstrip("~").partition("=")[0]
    assert f"'{mistyped}'" in str(raised.value)
    assert str(raised.value).endswith(f"Did you mean {meant}?")


@pytest.mark.parametrize("override", ["model=xgboost", "validation.nonsense=1", "validation.folds", "=x"])
def test_where_no_key_is_near_none_is_named(override: str) -> None:
    with pytest.raises(ConfigError, match="Groups: dataset, question") as raised:
        compose_experiment([override])
    assert "Did you mean" not in str(raised.value)


def test_an_unknown_choice_of_hydra_itself_is_one_clear_error() -> None:
    with pytest.raises(UnknownChoiceError, match=r"^No configuration hydra/launcher/jobib\.$"):
        compose_experiment(["hydra/launcher=jobib"])


def test_an_unknown_study_names_those_that_exist() -> None:
    with pytest.raises(UnknownChoiceError, match="quickstart"):
        compose_study("nonsense")


@pytest.mark.parametrize("override", ["study_name=other", "paths.cache=elsewhere", "paths.records=there"])
def test_a_name_or_a_place_does_not_shape_a_result(override: str) -> None:
    assert compose_experiment([override]).shaping == compose_experiment().shaping


@pytest.mark.parametrize("name", [name for name in choices("dataset") if not name.startswith("la")])
def test_a_dataset_of_an_authoritys_own_says_where_its_records_are_and_what_they_are_made_from(
    name: str,
) -> None:
    dataset = compose_experiment([f"dataset={name}", "dataset.authority=mine"]).dataset
    assert dataset.records == "records/mine"
    assert bool(dataset.sources) == (name != "own")
    assert {source.partition(":")[0] for source in dataset.sources} <= {*KINDS, DATABASE}
    assert dataset.coverage is None


@pytest.mark.parametrize(
    "override",
    [
        "dataset.sources=[a,b]",
        "dataset.covers=[2020-01-01,2021-01-01]",
        "dataset.types=t.yaml",
        "paths.records=x",
    ],
)
def test_what_records_were_made_from_does_not_shape_a_result(override: str) -> None:
    assert (
        compose_experiment(["dataset=own", override]).shaping == compose_experiment(["dataset=own"]).shaping
    )


@pytest.mark.parametrize("override", ["seed=1", "tuning.trials=3", "question.outcome.within_days=90"])
def test_what_shapes_a_result_is_part_of_its_key(override: str) -> None:
    assert compose_experiment([override]).shaping != compose_experiment().shaping
