from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.errors import ConfigError
from csc_experiments.synthetic import AuthoritySettings, settings_from, simulate
from csc_experiments.synthetic.choices import System
from csc_experiments.synthetic.simulation import simulate_lives
from csc_experiments.synthetic.size import size_of

CONF = Path(__file__).parents[2] / "conf" / "dataset"
AUTHORITIES = [f"la{number}" for number in range(1, 7)]
SHARES = [name for name in AuthoritySettings.__dataclass_fields__ if name.startswith("share_")]


@pytest.mark.parametrize("name", SHARES)
@given(value=st.one_of(st.floats(max_value=-0.001), st.floats(min_value=1.001), st.just(float("nan"))))
def test_a_share_outside_0_to_1_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=rf"synthetic\.{name} "):
        settings_from("la1", {name: value})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("contact_rate", -0.1),
        ("notes_per_quarter", -1),
        ("signal", -1),
        ("worker_error", "much"),
        ("children", 19),
        ("children", 200.0),
        ("children", True),
        ("years", 0),
        ("last_day", "31/03/2025"),
        ("last_day", 2025),
        ("last_day", None),
        ("childern", 200),
    ],
)
def test_an_impossible_knob_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(ConfigError, match=rf"synthetic\.{key} "):
        settings_from("la1", {key: value})


@pytest.mark.parametrize("authority", ["", "la/1", "../la1"])
def test_an_authority_code_is_letters_and_digits(authority: str) -> None:
    with pytest.raises(ConfigError, match=r"synthetic\.authority "):
        AuthoritySettings(authority=authority)


@pytest.mark.parametrize(
    ("last_day", "first_day"),
    [
        (date(2025, 3, 31), date(2020, 4, 1)),
        (date(2024, 2, 28), date(2019, 3, 1)),
        (date(2024, 12, 31), date(2020, 1, 1)),
    ],
)
def test_coverage_is_whole_years(last_day: date, first_day: date) -> None:
    assert AuthoritySettings(authority="la1", years=5, last_day=last_day).first_day == first_day


@pytest.mark.parametrize("seed", [-1, 1.5, True])
def test_a_seed_is_a_whole_number_from_0(seed: int) -> None:
    with pytest.raises(ConfigError, match="seed"):
        simulate(AuthoritySettings(authority="la1", children=40, years=2), seed)


def configured(name: str) -> AuthoritySettings:
    said = yaml.safe_load((CONF / f"{name}.yaml").read_text(encoding="utf-8"))
    assert said["name"] == said["authority"] == name
    assert said["records"] == f"${{paths.records}}/{name}"
    return settings_from(name, said["synthetic"])


@pytest.mark.parametrize("name", AUTHORITIES)
def test_the_configured_authorities_can_be_made_at_any_size(name: str) -> None:
    settings = configured(name)
    assert settings.child_population >= 30_000
    assert 5 <= settings.years <= 7
    smaller = replace(settings, children=500)
    # The number who are known sets the size, and the population follows in proportion.
    twice = replace(settings, children=1000)
    assert size_of(twice).child_population == pytest.approx(2 * size_of(smaller).child_population, rel=0.02)
    assert size_of(settings).child_population == settings.child_population


def test_the_authorities_differ_in_what_they_do_and_how_they_write() -> None:
    known = [configured(name) for name in AUTHORITIES]
    for knob in ("lea", "child_population", "share_nfa", "share_not_in_need", "median_working_days"):
        assert len({getattr(settings, knob) for settings in known}) == len(known), knob
    assert {settings.system for settings in known} == set(System)
    assert len({settings.ethnicity for settings in known}) >= 4


@pytest.mark.parametrize(("said", "meant"), [("none", 0.0), ("modest", 1.0), ("strong", 2.0), (0.5, 0.5)])
def test_a_signal_is_a_name_or_a_number(said: object, meant: float) -> None:
    assert settings_from("la1", {"signal": said}).signal == meant


@pytest.mark.parametrize("said", ["ECLIPSE", "eclipse", System.ECLIPSE])
def test_a_system_is_read_by_its_name(said: object) -> None:
    assert settings_from("la1", {"system": said}).system is System.ECLIPSE


@pytest.mark.parametrize(
    "mix", [{}, {"WBRI": -1.0}, {"WBRI": 0.0}, {"XXXX": 1.0}, {"WBRI": "much"}, "nowhere", 3]
)
def test_an_impossible_ethnic_mix_is_refused_without_being_repeated(mix: object) -> None:
    with pytest.raises(ConfigError, match=r"synthetic\.ethnicity ") as refused:
        settings_from("la1", {"ethnicity": mix})
    assert "XXXX" not in str(refused.value)


def test_an_ethnic_mix_is_what_the_records_show() -> None:
    settings = settings_from("la1", {"children": 400, "ethnicity": {"BAFR": 3, "WBRI": 1}, "years": 2})
    found = simulate_lives(replace(settings, unaccompanied_rate=0.0), 1).tables["ssd_person"]
    assert set(found["pers_ethnicity"]) == {"BAFR", "WBRI"}
    assert 0.6 < (found["pers_ethnicity"] == "BAFR").mean() < 0.9


@pytest.mark.parametrize(
    ("knobs", "key"),
    [
        ({"largest_family": 25, "children": 20}, "largest_family"),
        ({"share_referred": 0.8, "drift": 0.5}, "drift"),
        ({"share_late_assessment": 0.6}, "share_late_assessment"),
        ({"lea": 961}, "lea"),
        ({"lea": "96"}, "lea"),
        ({"signal": "loud"}, "signal"),
        ({"system": "PAPER"}, "system"),
        ({"median_working_days": 60}, "median_working_days"),
        ({"unaccompanied_rate": -1}, "unaccompanied_rate"),
    ],
)
def test_targets_that_cannot_be_met_are_refused_by_name(knobs: dict[str, object], key: str) -> None:
    with pytest.raises(ConfigError, match=rf"synthetic\.{key} "):
        settings_from("la1", knobs)
