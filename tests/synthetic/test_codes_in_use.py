"""Nobody chooses a code before there is one."""

from __future__ import annotations

from datetime import date

from csc_experiments.records import Extract, Records
from csc_experiments.records.quality.code_sets import count_codes
from csc_experiments.synthetic import AuthoritySettings
from csc_experiments.synthetic.simulation import simulate_lives


def test_every_code_was_in_use_when_it_was_chosen() -> None:
    settings = AuthoritySettings(
        authority="la1", children=3000, years=8, last_day=date(2026, 3, 31), share_care=0.5
    )
    extract = Extract("la1", settings.last_day, settings.first_day, settings.last_day, ("invented",))
    counted = count_codes(Records(extract, simulate_lives(settings, 1).standard_tables()))
    years = {row["year"] for row in counted.iter_rows(named=True)}
    assert {"2019", "2022", "2026"} <= years
    wrong = counted.filter((counted["foreign"] > 0) | (counted["other_years"] > 0))
    assert wrong.rows() == []
