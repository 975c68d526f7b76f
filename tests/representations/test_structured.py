from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from csc_experiments.history.events import build_history
from csc_experiments.history.rules import BIRTH, DEATH
from csc_experiments.questions.definition import SPELLS
from csc_experiments.records import Records
from csc_experiments.representations.knowledge import known_before
from csc_experiments.representations.settings import StructuredConfig
from csc_experiments.representations.structured import (
    REFERRALS_COUNT,
    history_codes,
    structured_features,
)
from csc_experiments.representations.transformers import VaryingColumns

TIME = pl.Datetime("us")
DAY_ZERO = datetime(2020, 1, 1)  # noqa: DTZ001 - records know days, not zones
CODES = ["CP_PLAN//END", "CP_PLAN//START", "REFERRAL//END", "REFERRAL//START"]
Event = tuple[int, int, str]  # child, day, code
Row = tuple[int, int, int | None]  # child, day of the prediction, day of birth

events_of = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-900, 10), st.sampled_from([*CODES, "CONTACT//START"])),
    max_size=25,
)
rows_of = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-300, 10), st.none() | st.integers(-5000, 200)),
    min_size=1,
    max_size=6,
)


def read_table(drawn: str) -> list[dict[str, str]]:
    """Read a table that is drawn in words; `-` stands for nothing."""
    head, *lines = [line.split() for line in drawn.strip().splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]


def as_time(column: str) -> pl.Expr:
    return pl.col(column).replace("-", None).str.to_datetime("%Y-%m-%d", time_unit="us")


def describe_drawn(
    rows: str, events: str, config: StructuredConfig
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    asked = pl.DataFrame(read_table(rows)).with_columns(as_time("prediction_time"), as_time("birth"))
    said = pl.DataFrame(read_table(events)).with_columns(as_time("time"), as_time("known_time"))
    return structured_features(asked, known_before(asked, said), history_codes(said), config)


def days(number: int | None) -> datetime | None:
    return None if number is None else DAY_ZERO + timedelta(days=number)


def as_rows(rows: list[Row]) -> pl.DataFrame:
    said = [(child, days(when), days(born)) for child, when, born in rows]
    schema = {"subject_id": pl.Int64, "prediction_time": TIME, "birth": TIME}
    return pl.DataFrame(said, schema=schema, orient="row")


def as_events(events: list[Event]) -> pl.DataFrame:
    said = [(child, days(when), days(when), code) for child, when, code in events]
    schema = {"subject_id": pl.Int64, "time": TIME, "known_time": TIME, "code": pl.String}
    return pl.DataFrame(said, schema=schema, orient="row")


def describe(
    rows: list[Row], events: list[Event], config: StructuredConfig
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    asked = as_rows(rows)
    return structured_features(asked, known_before(asked, as_events(events)), CODES, config)


def slowly(row: Row, events: list[Event], config: StructuredConfig) -> dict[str, float]:
    """Describe one row, one event at a time."""
    child, when, born = row
    past = [(when - at, code) for who, at, code in events if who == child and at <= when]
    found: dict[str, float] = {}
    for code in CODES:
        ago = [days_ago for days_ago, other in past if other == code]
        for window in config.windows_days:
            name = "all" if window is None else f"{window}d"
            found[f"{code}|count|{name}"] = len([d for d in ago if window is None or d <= window])
        found[f"{code}|recency"] = 0.5 ** (min(ago) / config.half_life_days) if ago else 0.0
    for spell in (spell for spell in SPELLS if f"{spell}//END" in CODES):
        starts = len([1 for _, code in past if code == f"{spell}//START"])
        ends = len([1 for _, code in past if code == f"{spell}//END"])
        found[f"{spell}|open"] = float(starts > ends)
    month = (DAY_ZERO + timedelta(days=when)).month
    found["age"] = float("nan") if born is None else max(0, when - born) / 365.25
    found["month_sin"] = np.sin(2 * np.pi * month / 12)
    found["month_cos"] = np.cos(2 * np.pi * month / 12)
    return found


@given(
    rows=rows_of,
    events=events_of,
    windows=st.lists(st.none() | st.integers(1, 400), min_size=1, max_size=3, unique=True),
    half_life=st.floats(1, 1000),
)
def test_features_are_those_of_the_obvious_loop(
    rows: list[Row], events: list[Event], windows: list[int | None], half_life: float
) -> None:
    config = StructuredConfig(windows_days=windows, half_life_days=half_life)
    values, names = describe(rows, events, config)
    assert values.dtype == np.float32
    assert values.shape == (len(rows), len(names))
    for row, found in zip(rows, values, strict=True):
        expected = slowly(row, events, config)
        assert set(names) == set(expected)
        np.testing.assert_allclose(found, [expected[name] for name in names], rtol=1e-6, atol=1e-7)


@settings(max_examples=40)
@given(rows=rows_of, events=events_of, order=st.randoms(use_true_random=False), keep=st.integers(0, 6))
def test_columns_and_values_do_not_depend_on_which_rows_are_asked_about(
    rows: list[Row], events: list[Event], order: object, keep: int
) -> None:
    whole, names = describe(rows, events, StructuredConfig())
    chosen = list(range(len(rows)))
    order.shuffle(chosen)  # type: ignore[attr-defined] # Hypothesis gives a random.Random
    chosen = chosen[: max(1, keep)]
    values, same_names = describe([rows[row] for row in chosen], events, StructuredConfig())
    assert same_names == names
    assert values.tobytes() == whole[chosen].tobytes()


def test_names_are_unique_and_in_the_order_of_the_columns() -> None:
    _, names = describe([(0, 0, 0)], [], StructuredConfig())
    assert len(set(names)) == len(names)
    assert list(names[: len(CODES)]) == [f"{code}|count|365d" for code in CODES]
    assert list(names[-3:]) == ["age", "month_sin", "month_cos"]
    assert REFERRALS_COUNT in names


def test_a_child_that_practitioners_would_recognise() -> None:
    values, names = describe_drawn(
        rows="""
        subject_id  prediction_time  birth
        1           2021-07-01       2011-07-01
        1           2022-01-01       2011-07-01
        2           2021-07-01       -
        """,
        events="""
        subject_id  time        known_time  code
        1           2019-01-01  2019-01-01  REFERRAL//START
        1           2019-02-01  2019-02-01  REFERRAL//END
        1           2021-01-02  2021-01-02  REFERRAL//START
        1           2021-03-01  2021-09-01  FACTOR//2B
        1           2021-10-01  2021-10-01  REFERRAL//END
        1           2022-06-01  2022-06-01  CP_PLAN//START
        """,
        config=StructuredConfig(windows_days=[365, None], half_life_days=180),
    )
    expected = read_table("""
        feature                       before_summer  at_new_year  unknown_child
        REFERRAL//START|count|365d    1              1            0
        REFERRAL//START|count|all     2              2            0
        REFERRAL//START|recency       .5             .246         0
        REFERRAL//END|count|365d      0              1            0
        REFERRAL//END|count|all       1              2            0
        FACTOR//2B|count|all          0              1            0
        FACTOR//2B|recency            0              .308         0
        CP_PLAN//START|count|all      0              0            0
        REFERRAL|open                 1              0            0
        age                           10.001         10.505       nan
        month_sin                     -.5            .5           -.5
        month_cos                     -.866          .866         -.866
    """)
    for line in expected:
        found = values[:, names.index(line["feature"])]
        wanted = [float(line[child]) for child in ("before_summer", "at_new_year", "unknown_child")]
        np.testing.assert_allclose(found, wanted, atol=1e-3, err_msg=line["feature"])


@pytest.mark.parametrize(("ago", "counted"), [(0, 1), (365, 1), (366, 0)])
def test_a_window_holds_its_last_day(ago: int, counted: int) -> None:
    values, names = describe([(0, 0, 0)], [(0, -ago, "REFERRAL//START")], StructuredConfig())
    assert values[0, names.index("REFERRAL//START|count|365d")] == counted
    assert values[0, names.index("REFERRAL//START|count|all")] == 1


def test_what_was_closed_on_the_day_it_opened_is_not_open() -> None:
    same_day = [(0, 0, "REFERRAL//START"), (0, 0, "REFERRAL//END")]
    values, names = describe([(0, 0, 0)], same_day, StructuredConfig())
    assert values[0, names.index("REFERRAL|open")] == 0


def test_codes_are_those_of_dated_events_sorted_without_birth_and_death() -> None:
    events = as_events([(0, 0, "S47//START"), (0, 0, BIRTH), (1, 0, DEATH), (1, 3, "CLA//START")])
    static = as_events([(0, 0, "DISABILITY//MOB")]).with_columns(time=pl.lit(None, TIME))
    assert history_codes(pl.concat([static, events])) == ["CLA//START", "S47//START"]


def test_birth_and_death_are_no_features() -> None:
    asked, born = as_rows([(0, 0, -100)]), as_events([(0, -100, BIRTH), (0, -1, DEATH)])
    _, names = structured_features(asked, known_before(asked, born), history_codes(born), StructuredConfig())
    assert not [name for name in names if name.startswith("MEDS")]


def test_no_codes_at_all_leave_age_and_month() -> None:
    asked = as_rows([(0, 0, -100)])
    values, names = structured_features(asked, known_before(asked, as_events([])), [], StructuredConfig())
    assert values.shape == (1, 3)
    assert names == ("age", "month_sin", "month_cos")


ROWS_OF_TWO = """
    subject_id  prediction_time  birth
    1           2021-07-01       2011-07-01
    2           2021-07-01       2011-07-01
"""
ENQUIRIES = """
    subject_id  time        known_time  code
    1           2019-01-01  2019-01-01  S47//START
    2           2021-06-20  2021-06-20  S47//START
    1           2019-01-01  2019-01-01  CP_PLAN//START
    2           2021-06-20  2021-06-20  CP_PLAN//START
    2           2021-06-25  2021-06-25  CP_PLAN//END
"""


def test_what_a_source_never_ends_does_not_stay_open_for_ever() -> None:
    """A census has no date on which an enquiry ended: only how many there were, and how long ago, is said."""
    values, names = describe_drawn(ROWS_OF_TWO, ENQUIRIES, StructuredConfig())
    expected = read_table("""
        feature                  of_2019  of_last_week
        CP_PLAN|open             1        0
        S47//START|count|365d    0        1
        S47//START|count|all     1        1
    """)
    for line in expected:
        found = values[:, names.index(line["feature"])].tolist()
        assert found == [float(line["of_2019"]), float(line["of_last_week"])], line["feature"]
    assert [name for name in names if name.endswith("|open")] == ["CP_PLAN|open"]


def test_where_a_source_records_ends_an_enquiry_is_open_until_its_own() -> None:
    ends = "    2           2021-06-25  2021-06-25  S47//END\n"
    values, names = describe_drawn(ROWS_OF_TWO, ENQUIRIES + ends, StructuredConfig())
    assert values[:, names.index("S47|open")].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("ended", "columns"), [("", []), ("2021-01-20", ["S47|open"])])
def test_enquiries_are_described_as_open_only_where_records_tell_of_an_end(
    ended: str, columns: list[str], drawn_records: Callable[..., Records]
) -> None:
    enquiries = f"child | started | ended\nA | 2019-01-01 | \nB | 2021-01-04 | {ended}"
    events = build_history(drawn_records(enquiries=enquiries)).events
    asked = as_rows([(0, 500, None), (1, 500, None)])
    values, names = structured_features(
        asked, known_before(asked, events), history_codes(events), StructuredConfig()
    )
    assert [name for name in names if name.endswith("|open")] == columns
    assert values[:, names.index("S47//START|count|all")].tolist() == [1.0, 1.0]


def test_an_age_that_is_not_recorded_becomes_the_median_of_the_training_rows_and_has_no_column() -> None:
    born = [-3652, -1826, -365, None]
    values, names = describe([(child, 0, day) for child, day in enumerate(born)], [], StructuredConfig())
    step = VaryingColumns().fit(values[:3])
    assert [names[column] for column in step.columns_] == ["age"]
    np.testing.assert_allclose(step.transform(values), [[10.0], [5.0], [1.0], [5.0]], atol=0.01)
    assert not [name for name in names if "unknown" in name]
