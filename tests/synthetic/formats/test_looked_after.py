"""Care is told in episodes of one legal status and one placement."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise

import polars as pl
import pytest

from csc_experiments.records import TABLES, conform
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.formats.looked_after import care_episodes
from csc_experiments.synthetic.formats.ssda903_outcomes import health
from csc_experiments.synthetic.simulation import simulate_lives


@cache
def invented() -> dict[str, pl.DataFrame]:
    lives = simulate_lives(AuthoritySettings(authority="la1", children=900, years=6, share_care=0.7), 2)
    return {name: conform(name, frame, name) for name, frame in lives.tables.items() if name in TABLES}


def test_a_change_of_status_or_carers_begins_an_episode_and_says_which() -> None:
    # placement   |------- U4 -------|---- U6, same carer --|--- K2 ---
    # status      |-- V2 --|----------------- C1 -----------|--- C2 ---
    # episodes    S        L         T                      B
    day = [date(2022, month, 1) for month in (1, 2, 3, 6)]
    made = {
        "ssd_person": {"pers_person_id": ["P1"], "pers_dob": [date(2012, 1, 1)]},
        "ssd_cla_episodes": {
            "clae_cla_episode_id": ["E1", "E2"], "clae_person_id": ["P1"] * 2, "clae_cla_id": ["L1"] * 2,
            "clae_cla_episode_start_date": [day[0], day[2]], "clae_cla_episode_start_reason": ["S", "T"],
        },
        "ssd_cla_placement": {
            "clap_cla_placement_id": ["T1", "T2", "T3"], "clap_cla_id": ["L1"] * 3,
            "clap_person_id": ["P1"] * 3, "clap_cla_placement_start_date": [day[0], day[2], day[3]],
            "clap_cla_placement_type": ["U4", "U6", "K2"],
            "clap_cla_placement_change_reason": ["OTHER", "CARPL", None],
        },
        "ssd_legal_status": {
            "lega_legal_status_id": ["S1", "S2", "S3"], "lega_person_id": ["P1"] * 3,
            "lega_legal_status": ["V2", "C1", "C2"],
            "lega_legal_status_start_date": [day[0], day[1], day[3]],
        },
    }  # fmt: skip
    episodes = care_episodes({name: conform(name, pl.DataFrame(rows), name) for name, rows in made.items()})
    assert episodes.select("begins", "why", "legal", "type", "carer", "ends", "ceased").rows() == [
        (day[0], "S", "V2", "U4", "T1", day[1], "X1"),
        (day[1], "L", "C1", "U4", "T1", day[2], "X1"),
        (day[2], "T", "C1", "U6", "T1", day[3], "X1"),
        (day[3], "B", "C2", "K2", "T3", None, None),
    ]


def test_former_foster_carers_who_become_guardians_are_relatives_or_friends() -> None:
    to_guardians = care_episodes(invented()).filter(pl.col("ceased") == "E45")
    assert to_guardians.height > 0
    assert set(to_guardians["type"]) <= {"U1", "U2", "U3"}


def test_nobody_goes_missing_twice_at_once_or_is_missing_on_the_18th_birthday() -> None:
    births = invented()["ssd_person"].select("pers_person_id", "pers_dob")
    times = (
        invented()["ssd_missing"]
        .join(births, left_on="miss_person_id", right_on="pers_person_id")
        .with_columns(grown=pl.col("pers_dob").dt.offset_by("18y"))
        .sort("miss_missing_episode_start_date")
    )
    ends = pl.col("miss_missing_episode_end_date")
    assert (
        (times.drop_nulls("miss_missing_episode_end_date").select(ends < pl.col("grown"))).to_series().all()
    )
    several = 0
    for (_,), rows in times.group_by("miss_person_id", maintain_order=True):
        days = rows.select("miss_missing_episode_start_date", ends).rows()
        several += len(days) > 1
        for (start, end), (following, _) in pairwise(days):
            assert end is not None
            assert start < following
            assert end <= following
    assert several > 0


@pytest.mark.parametrize(
    ("start", "end", "long"),
    [
        (date(2023, 4, 1), None, True),
        (date(2023, 4, 2), None, False),
        (date(2022, 1, 1), date(2024, 3, 31), True),
        (date(2022, 1, 1), date(2024, 3, 30), False),
    ],
)
def test_a_year_of_care_is_from_1_april_to_31_march(start: date, end: date | None, *, long: bool) -> None:
    child = pl.DataFrame({"CHILD": ["P1"], "DOB": [date(2012, 1, 1)]})
    period = pl.DataFrame(
        {"person": ["P1"], "start": [start], "end": [end]}, schema_overrides={"end": pl.Date}
    )
    assert health(child, period, 2024, 1)["CHILD"].to_list() == (["P1"] if long else [])


@pytest.mark.parametrize(
    ("born", "asked"),
    [
        (date(2020, 3, 31), True),  # 4 on the last day
        (date(2020, 4, 1), False),
        (date(2006, 4, 1), True),  # 17 on the first day
        (date(2006, 3, 31), False),
    ],
)
def test_a_score_or_a_reason_is_given_if_the_4th_or_17th_birthday_lies_in_the_year(
    born: date, *, asked: bool
) -> None:
    child = pl.DataFrame({"CHILD": ["P1"], "DOB": [born]})
    period = pl.DataFrame(
        {"person": ["P1"], "start": [date(2022, 1, 1)], "end": [None]}, schema_overrides={"end": pl.Date}
    )
    (row,) = health(child, period, 2024, 1).iter_rows(named=True)
    assert [row["SDQ_SCORE"], row["SDQ_REASON"]].count(None) == (1 if asked else 2)
