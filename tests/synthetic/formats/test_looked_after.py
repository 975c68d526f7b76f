"""Care is told in episodes of one legal status and one placement."""

from __future__ import annotations

from datetime import date

import polars as pl

from csc_experiments.records import conform
from csc_experiments.synthetic.formats.looked_after import care_episodes


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
