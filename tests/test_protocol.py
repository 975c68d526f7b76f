"""A protocol is locked before the first look; changing it afterwards needs a reason, which stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from csc_experiments.config import ExperimentConfig, StudyConfig, compose_experiment, compose_study
from csc_experiments.errors import ConfigError
from csc_experiments.planning import Plan, lock_plan, plan_study, tell_protocol
from csc_experiments.protocol.settings import ProtocolConfig
from csc_experiments.study import run_alone, run_plan
from csc_experiments.synthetic import settings_from, write_authority
from csc_experiments.tracking.protocols import ProtocolLog
from csc_experiments.tracking.query import compare_cells

PROTOCOL = ProtocolConfig(
    question=["closed_nfa_rereferred"],
    validation=["all_cases"],
    representation=["structured"],
    classifier=["previous_referrals"],
    seed=[2020],
    selection="There is but one.",
)
OVERRIDES = ["validation.folds=2", "evaluation.replicates=20"]


def study(protocol: ProtocolConfig | None = PROTOCOL, *overrides: str) -> StudyConfig:
    grid = {"dataset": ["la1"], "classifier": ["prevalence", "previous_referrals"]}
    return StudyConfig(
        "locked", "A study", overrides=[*OVERRIDES, *overrides], grids=[grid], protocol=protocol
    )


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented")
    knobs = {"children": 1000, "document_words": 0.03, "notes_per_quarter": 0.0}
    write_authority(settings_from("la1", knobs), 1, folder / "la1")
    return folder


@pytest.fixture(autouse=True)
def workspace(records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("records").symlink_to(records)


def locked(asked: StudyConfig, amend: str | None = None) -> Plan:
    return lock_plan(asked, plan_study(asked), amend)


def run(asked: StudyConfig, amend: str | None = None) -> None:
    assert not [outcome for outcome in run_plan(locked(asked, amend), 1) if outcome.refusal]


def log() -> ProtocolLog:
    return ProtocolLog(compose_experiment().tracking, "locked")


def standing() -> dict[str, str]:
    frame = compare_cells(compose_experiment().tracking, "locked")
    return dict(zip(frame["classifier"], frame["protocol"], strict=True))


def cell(asked: StudyConfig) -> ExperimentConfig:
    return plan_study(asked).waiting[-1]


def test_only_cells_of_the_protocol_confirm_and_looks_are_counted() -> None:
    run(study())
    assert standing() == {"prevalence": "exploratory", "previous_referrals": "confirmatory"}
    (entry,) = log().entries()
    assert (entry.looks, entry.reason) == (0, "")
    frame = compare_cells(compose_experiment().tracking, "locked")
    assert set(frame["looks"]) == {2}
    assert tell_protocol(study(), plan_study(study())).endswith("looks at held-out cases: 2.")


def test_a_protocol_is_changed_freely_before_a_look() -> None:
    first = locked(study()).protocol
    second = locked(study(replace(PROTOCOL, selection="The first."))).protocol
    assert first != second
    assert [entry.reason for entry in log().entries()] == ["", ""]
    assert locked(study(replace(PROTOCOL, selection="The first."))).protocol == second
    assert len(log().entries()) == 2


@pytest.mark.parametrize(
    "changed",
    [
        lambda: study(replace(PROTOCOL, metric="roc_auc")),
        lambda: study(PROTOCOL, "question.outcome.within_days=180"),
        lambda: replace(study(), success=replace(study().success, at_least=0.4)),
    ],
)
def test_after_a_look_it_is_amended_with_a_reason_or_not_at_all(changed: Callable[[], StudyConfig]) -> None:
    run(study())
    with pytest.raises(ConfigError, match="2 cells have been looked at"):
        locked(changed())
    assert len(log().entries()) == 1
    amended = locked(changed(), "The horizon was a slip.")
    entries = log().entries()
    assert [entry.reason for entry in entries] == ["", "The horizon was a slip."]
    assert entries[1].looks == 2
    assert amended.protocol == entries[1].digest != entries[0].digest
    assert "amended after 2 looks: The horizon was a slip." in tell_protocol(changed(), amended)
    with pytest.raises(ConfigError, match="nothing to amend"):
        locked(changed(), "Again.")


def test_what_is_run_after_an_amendment_on_the_same_cases_explores() -> None:
    run(study())
    wider = replace(PROTOCOL, representation=["structured", "other"], classifier=["prevalence", "rank"])
    run(replace(study(wider, "evaluation.replicates=30")), "Another classifier.")
    frame = compare_cells(compose_experiment().tracking, "locked")
    newest = frame[frame["variant"].str.contains("30")]
    assert set(newest["protocol"]) == {"exploratory"}
    assert set(frame["looks"]) == {4}


def test_who_looked_before_the_lock_explores_afterwards() -> None:
    looked = replace(cell(study()), study_name="adhoc")
    run_alone(looked)
    run(study())
    assert set(standing().values()) == {"exploratory"}
    assert set(compare_cells(compose_experiment().tracking, "adhoc")["looks"]) == {3}


def test_without_a_protocol_everything_explores_and_nothing_is_amended() -> None:
    run(study(None))
    assert set(standing().values()) == {"exploratory"}
    assert log().entries() == []
    with pytest.raises(ConfigError, match="no protocol to amend"):
        locked(study(None), "Why not.")


def test_a_protocol_must_hold_a_cell_and_fix_something() -> None:
    with pytest.raises(ConfigError, match="no cell of study locked belongs"):
        locked(study(replace(PROTOCOL, seed=[1])))
    for wrong in ({"question": []}, {"selection": ""}, {"metric": "luck"}):
        with pytest.raises(ConfigError, match=rf"study\.protocol\.{next(iter(wrong))} "):
            replace(PROTOCOL, **wrong).check()


def test_the_protocol_is_kept_whole() -> None:
    locked(study())
    kept = list(Path("mlruns").rglob("protocol.json"))
    assert [json.loads(path.read_text())["protocol"]["selection"] for path in kept] == ["There is but one."]


def test_the_pilot_study_has_a_protocol() -> None:
    pilot = compose_study("pilot")
    assert pilot.protocol is not None
    assert pilot.success.at_least == 0.65
