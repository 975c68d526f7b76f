from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments.errors import ConfigError
from csc_experiments.synthetic import AuthoritySettings, settings_from, simulate

CONF = Path(__file__).parents[2] / "conf" / "dataset"
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


@pytest.mark.parametrize("name", ["la1", "la2"])
def test_the_configured_authorities_can_be_made(name: str) -> None:
    said = yaml.safe_load((CONF / f"{name}.yaml").read_text(encoding="utf-8"))
    assert settings_from(said["authority"], said["synthetic"]).children >= 2000
    assert said["name"] == said["authority"] == name
    assert said["records"] == f"${{paths.records}}/{name}"


def test_the_second_authority_decides_otherwise() -> None:
    first, second = (
        settings_from(name, yaml.safe_load((CONF / f"{name}.yaml").read_text(encoding="utf-8"))["synthetic"])
        for name in ("la1", "la2")
    )
    for knob in ("share_referred", "share_nfa", "contact_rate", "share_abbreviated", "share_copied"):
        assert getattr(first, knob) != getattr(second, knob)
