"""Every invented authority beside the published figures, and the figures on records small enough to count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml

from csc_experiments.errors import ConfigError
from csc_experiments.records import TABLES
from csc_experiments.synthetic import AuthoritySettings, settings_from
from csc_experiments.synthetic.calibration import calibrate, report_text
from csc_experiments.synthetic.measures import need_measures, protection_measures, referral_measures
from csc_experiments.synthetic.returns import Returns
from csc_experiments.synthetic.simulation import simulate_lives

CONF = Path(__file__).parents[2] / "conf" / "dataset"
AUTHORITIES = [f"la{number}" for number in range(1, 7)]
LARGE_ENOUGH = 25_000  # children: below it, plans of a few large families move a share out of its band


def configured(name: str) -> AuthoritySettings:
    said = yaml.safe_load((CONF / f"{name}.yaml").read_text(encoding="utf-8"))
    return settings_from(name, said["synthetic"])


@pytest.mark.parametrize(("seed", "name"), list(enumerate(AUTHORITIES, 1)))
def test_every_measure_of_an_authority_lies_within_its_band(seed: int, name: str) -> None:
    settings = replace(configured(name), child_population=LARGE_ENOUGH)
    found = calibrate(simulate_lives(settings, seed).tables, settings)
    outside = found.filter(~pl.col("inside")).select("measure", "p5", "authority", "p95")
    assert outside.rows() == []
    # 66 measures, 19 of them with a published spread between authorities.
    assert found.height >= 60
    assert (found["band"] == "between authorities").sum() >= 19


def empty() -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame(schema=table.schema) for name, table in TABLES.items()}


def test_a_published_figure_lies_in_its_own_band_and_has_a_source() -> None:
    settings = AuthoritySettings(authority="la1", years=3)
    found = calibrate(empty(), settings)
    assert (found["p5"] <= found["published"]).all()
    assert (found["published"] <= found["p95"]).all()
    assert found["source"].str.starts_with("Department for Education").sum() == found.height - 1
    assert found["measure"].is_duplicated().sum() == 0
    assert not found["inside"].all()


def test_a_report_has_a_line_for_each_measure_and_says_how_many_fit() -> None:
    found = calibrate(empty(), AuthoritySettings(authority="la1", years=3))
    text = report_text({"la1": found, "la2": found})
    assert all(label in text for label in found["label"])
    for name in ("la1", "la2"):
        assert f"{name}: {found['inside'].sum()} of {found.height} measures" in text
    assert text.count(" ! |") == 2 * (~found["inside"]).sum()
    assert all(source in text for source in found["source"])


@pytest.mark.parametrize(
    "knobs", [{"years": 2, "last_day": date(2025, 3, 30)}, {"years": 2, "last_day": date(2024, 12, 31)}]
)
def test_too_few_complete_years_are_refused(knobs: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"synthetic\.years "):
        calibrate(empty(), settings_from("la1", knobs))


def returns_of(**tables: pl.DataFrame) -> Returns:
    whole = {**empty()}
    for name, rows in tables.items():
        missing = [pl.lit(None, kind).alias(c) for c, kind in TABLES[name].schema.items() if c not in rows]
        whole[name] = rows.with_columns(missing).select(TABLES[name].schema.keys())
    years = ((date(2023, 4, 1), date(2024, 3, 31)), (date(2024, 4, 1), date(2025, 3, 31)))
    return Returns(whole, years, 1000.0)


def frame(prefix: str, text: str) -> pl.DataFrame:
    """Read a table of words, the first line the columns; a dash is null, what looks like a date is one."""
    head, *lines = (line.split() for line in text.strip().splitlines())
    columns: Mapping[str, list[str | None]] = {
        f"{prefix}_{name}": [None if row[at] == "-" else row[at] for row in lines]
        for at, name in enumerate(head)
    }
    return pl.DataFrame(columns).with_columns(pl.col(f"^{prefix}.*_date$").cast(pl.String).str.to_date())


EPISODES = frame(
    "cine",
    """
    referral_id person_id referral_date close_date close_reason referral_nfa referral_source_code
    R1          A         2023-02-01    2023-03-01 RC8          N            6
    R2          A         2024-01-31    2024-06-30 RC7          N            6
    R3          A         2025-02-28    -          -            N            2A
    R4          B         2023-08-01    2023-08-03 RC7          Y            1A
    R5          B         2024-08-01    2024-10-01 RC5          N            6
    """,
)
PERSONS = frame("pers", "person_id sex dob\nA F 2020-01-01\nB M 2010-01-01").with_columns(
    pl.col("pers_dob").str.to_date()
)


def test_referrals_are_counted_as_the_census_counts_them() -> None:
    found = referral_measures(returns_of(ssd_cin_episodes=EPISODES))
    # Four referrals in two years of 1,000 children; R2 within a year of R1, R5 exactly 366 days after R4.
    assert found["referrals_rate"] == 20.0
    assert found["re_referrals"] == 25.0
    assert found["no_further_action"] == 25.0
    assert found["source_police"] == 50.0


def test_episodes_of_need_leave_out_what_was_refused() -> None:
    found = need_measures(returns_of(ssd_cin_episodes=EPISODES, ssd_person=PERSONS))
    assert found["in_need_started_rate"] == 15.0  # R2, R3, R5
    assert found["in_need_stock"] == 10.0  # R2 in 2024, R3 in 2025
    assert found["in_need_any_rate"] == 15.0  # A in both years, B in the second
    assert found["moved_away"] == 50.0
    assert found["girls"] == 100.0


def test_a_second_plan_is_one_that_follows_another_of_the_same_child() -> None:
    plans = frame(
        "cppl",
        """
        cp_plan_id person_id cp_plan_start_date cp_plan_end_date cp_plan_initial_category
        K1         A         2023-05-01         2023-11-01       NEG
        K2         A         2024-05-01         2025-04-01       EMO
        K3         B         2024-07-01         -                NEG
        """,
    )
    found = protection_measures(returns_of(ssd_cp_plans=plans))
    assert found["second_protection_plans"] == 50.0  # of those of the later half: K2, K3
    assert found["protection_plans_rate"] == 15.0
    assert found["protection_plans_stock"] == 10.0
    assert found["neglect"] == pytest.approx(200 / 3)
