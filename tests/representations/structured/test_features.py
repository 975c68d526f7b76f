"""Each column beside an obvious loop, over one row, one person and one event at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from csc_experiments.errors import ConfigError, LeakError
from csc_experiments.history.events import build_history
from csc_experiments.history.rules import BIRTH, DEATH
from csc_experiments.records import Records
from csc_experiments.representations.knowledge import known_before
from csc_experiments.representations.structured import features
from csc_experiments.representations.structured.codes import REFERRALS_COUNT, history_codes
from csc_experiments.representations.structured.features import describe_cohort, structured_features
from csc_experiments.representations.structured.relatives import known_of_relatives
from csc_experiments.representations.structured.settings import StructuredConfig

TIME = pl.Datetime("us")
DAY_ZERO = datetime(2020, 1, 1)  # noqa: DTZ001 - records know days, not zones
CODES = ["CP_PLAN//END", "CP_PLAN//START", "REFERRAL//END", "REFERRAL//START", "WEIGHT"]
SPELLS = ["CP_PLAN", "REFERRAL"]
FAMILY_OF = {0: 0, 1: 0, 2: 0, 3: 1, 4: 1, 5: 2}


class Event(NamedTuple):
    child: int
    day: int
    late: int
    code: str
    value: float | None

    @property
    def known(self) -> int:
        return self.day + self.late


class Row(NamedTuple):
    child: int
    day: int
    born: int | None
    sex: str | None


events_of = st.lists(
    st.builds(
        Event,
        st.integers(0, 5),
        st.integers(-900, 10),
        st.sampled_from([0, 0, 3, 200]),
        st.sampled_from([*CODES, "CONTACT//START"]),
        st.none() | st.sampled_from([0.0, -2.0, 7.5]),
    ),
    max_size=40,
)
rows_of = st.lists(
    st.builds(
        Row,
        st.integers(0, 5),
        st.integers(-300, 10),
        st.none() | st.integers(-5000, 200),
        st.sampled_from(["F", "M", "U", None]),
    ),
    min_size=1,
    max_size=6,
)
configs = st.builds(
    StructuredConfig,
    windows_days=st.lists(st.none() | st.integers(1, 400), min_size=1, max_size=3, unique=True),
    half_life_days=st.floats(1, 1000),
    half_life_first_days=st.floats(1, 1000),
    family=st.booleans(),
    age=st.booleans(),
    sex=st.booleans(),
)
WHOLE = StructuredConfig(sex=True, family=True)
SUBJECTS = pl.DataFrame({"subject_id": list(FAMILY_OF), "family_id": list(FAMILY_OF.values())})


def at(day: int | None) -> datetime | None:
    return None if day is None else DAY_ZERO + timedelta(days=day)


def as_rows(rows: list[Row]) -> pl.DataFrame:
    said = [(row.child, FAMILY_OF[row.child], at(row.day), at(row.born), row.sex) for row in rows]
    schema = {"subject_id": pl.Int64, "family_id": pl.Int64, "prediction_time": TIME, "birth": TIME}
    return pl.DataFrame(said, schema={**schema, "sex": pl.String}, orient="row")


def as_events(events: list[Event]) -> pl.DataFrame:
    said = [(one.child, at(one.day), at(one.known), one.code, one.value) for one in events]
    schema = {"subject_id": pl.Int64, "time": TIME, "known_time": TIME, "code": pl.String}
    frame = pl.DataFrame(said, schema={**schema, "numeric_value": pl.Float32}, orient="row")
    return frame.sort("subject_id", "time", "code", maintain_order=True)


def describe(
    rows: list[Row], events: list[Event], config: StructuredConfig
) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    asked, told = as_rows(rows), as_events(events)
    kin = known_of_relatives(asked, SUBJECTS, told) if config.family else None
    values, names = structured_features(asked, known_before(asked, told), CODES, config, kin)
    assert values.dtype == np.float32
    assert values.has_sorted_indices
    return values.toarray(), names


def spell_slowly(own: list[Event], day: int, spell: str) -> tuple[int, int, int]:
    """Walk through one person's starts and ends: is it open, how many days, and how long did others last."""
    sides = {f"{spell}//START": 1, f"{spell}//END": -1}
    known = sorted((one.day, -sides[one.code]) for one in own if one.code in sides)
    number, began, lasted = 0, 0, 0
    for when, closes in known:
        before, number = number, number - closes
        if before <= 0 < number:
            began = when
        elif number <= 0 < before:
            lasted += when - began
    return int(number > 0), day - began if number > 0 else 0, lasted


def group_slowly(
    row: Row, people: list[list[Event]], config: StructuredConfig
) -> Iterator[tuple[str, float]]:
    """Describe what is known of some people together."""
    every = [one for own in people for one in own]
    for code in CODES:
        ago = [row.day - one.day for one in every if one.code == code]
        for window in config.windows_days:
            name = "all" if window is None else f"{window}d"
            yield f"{code}|count|{name}", len([d for d in ago if window is None or d <= window])
        yield f"{code}|ever", bool(ago)
        yield f"{code}|recency|last", 0.5 ** (min(ago) / config.half_life_days) if ago else 0
        yield f"{code}|recency|first", 0.5 ** (max(ago) / config.half_life_first_days) if ago else 0
    for spell in SPELLS:
        found = [spell_slowly(own, row.day, spell) for own in people]
        yield f"{spell}|open", sum(is_open for is_open, _, _ in found)
        yield f"{spell}|open|days", max((days for _, days, _ in found), default=0)
        yield f"{spell}|ended|days", sum(lasted for _, _, lasted in found)
    numbers = [
        (one.day, one.known, one.value) for one in every if one.code == "WEIGHT" and one.value is not None
    ]
    yield "WEIGHT|latest", max(numbers)[2] if numbers else 0
    yield "WEIGHT|latest|known", bool(numbers)


def slowly(row: Row, events: list[Event], config: StructuredConfig) -> dict[str, float]:
    known = [one for one in events if one.known <= row.day]
    found = dict(group_slowly(row, [[one for one in known if one.child == row.child]], config))
    if config.family:
        others = [who for who in FAMILY_OF if FAMILY_OF[who] == FAMILY_OF[row.child] and who != row.child]
        people = [[one for one in known if one.child == who and one.code in CODES] for who in others]
        found |= {f"{name}|family": value for name, value in group_slowly(row, people, config)}
        found["members|family"] = sum(bool(own) for own in people)
    if config.age:
        found["age"] = np.nan if row.born is None else max(0, row.day - row.born) / 365.25
    if config.sex:
        found |= {"sex|female": row.sex == "F", "sex|male": row.sex == "M"}
    month = (DAY_ZERO + timedelta(days=row.day)).month
    return found | {
        "month_sin": np.sin(2 * np.pi * month / 12),
        "month_cos": np.cos(2 * np.pi * month / 12),
    }


@settings(max_examples=100)
@given(rows=rows_of, events=events_of, config=configs)
def test_features_are_those_of_the_obvious_loop(
    rows: list[Row], events: list[Event], config: StructuredConfig
) -> None:
    values, names = describe(rows, events, config)
    assert values.shape == (len(rows), len(names))
    for row, found in zip(rows, values, strict=True):
        expected = slowly(row, events, config)
        assert sorted(names) == sorted(expected)
        np.testing.assert_allclose(found, [expected[name] for name in names], rtol=1e-6, atol=1e-7)


@settings(max_examples=25)
@given(rows=rows_of, events=events_of, order=st.randoms(use_true_random=False), keep=st.integers(1, 6))
def test_columns_and_values_do_not_depend_on_which_rows_are_asked_about(
    rows: list[Row], events: list[Event], order: object, keep: int
) -> None:
    whole, names = describe(rows, events, WHOLE)
    chosen = list(range(len(rows)))
    order.shuffle(chosen)  # type: ignore[attr-defined] # Hypothesis gives a random.Random
    values, same_names = describe([rows[row] for row in chosen[:keep]], events, WHOLE)
    assert same_names == names
    assert values.tobytes() == whole[chosen[:keep]].tobytes()


@settings(max_examples=40)
@given(rows=rows_of, events=events_of, other=events_of, which=st.integers(0, 5))
def test_a_row_is_blind_to_what_was_not_yet_known_of_the_child_or_of_a_sibling(
    rows: list[Row], events: list[Event], other: list[Event], which: int
) -> None:
    """Every later event of anybody is deleted, and others take their place."""
    which %= len(rows)
    known = [one for one in events if one.known <= rows[which].day]
    later = [one for one in other if one.known > rows[which].day]
    before, after = describe(rows, events, WHOLE)[0], describe(rows, [*known, *later], WHOLE)[0]
    assert before[which].tobytes() == after[which].tobytes()


@settings(max_examples=40)
@given(rows=rows_of, events=events_of, extra=events_of)
def test_a_childs_own_events_move_no_column_of_its_family_and_strangers_move_nothing(
    rows: list[Row], events: list[Event], extra: list[Event]
) -> None:
    (values, names), child = describe(rows, events, WHOLE), rows[0].child
    of_family = [number for number, name in enumerate(names) if name.endswith("|family")]
    own = [one._replace(child=child) for one in extra]
    moved = describe(rows, [*events, *own], WHOLE)[0]
    assert moved[0, of_family].tobytes() == values[0, of_family].tobytes()
    strangers = [one for one in extra if FAMILY_OF[one.child] != FAMILY_OF[child]]
    assert describe(rows, [*events, *strangers], WHOLE)[0][0].tobytes() == values[0].tobytes()


@settings(max_examples=20)
@given(rows=rows_of, events=events_of, size=st.integers(1, 40))
def test_a_cohort_that_is_described_in_slices_is_described_alike(
    rows: list[Row], events: list[Event], size: int
) -> None:
    asked, told = as_rows(rows), as_events([*events, Event(5, -901, 0, "REFERRAL//START", None)])
    whole, names = describe_cohort(asked, told, SUBJECTS, WHOLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "AT_ONCE", size)
        values, same_names = describe_cohort(asked, told, SUBJECTS, WHOLE)
    assert same_names == names
    assert values.toarray().tobytes() == whole.toarray().tobytes()


def test_columns_of_a_code_stand_together_and_names_are_unique() -> None:
    _, names = describe([Row(0, 0, 0, None)], [], WHOLE)
    assert len(set(names)) == len(names)
    kinds = ["count|30d", "count|90d", "count|365d", "count|all", "ever", "recency|last", "recency|first"]
    assert list(names[:7]) == [f"CP_PLAN//END|{kind}" for kind in kinds]
    assert list(names[-5:]) == ["age", "sex|female", "sex|male", "month_sin", "month_cos"]
    assert REFERRALS_COUNT in names


def test_a_leak_of_a_sibling_is_refused_as_one_of_the_child_is() -> None:
    asked, told = as_rows([Row(0, 0, 0, None)]), as_events([Event(1, -5, 0, "REFERRAL//START", None)])
    kin = known_of_relatives(asked, SUBJECTS, told)
    late = kin.with_columns(known_time=pl.col("prediction_time") + pl.duration(days=1))
    with pytest.raises(LeakError, match="1 facts"):
        structured_features(asked, known_before(asked, told), CODES, WHOLE, late)


def test_sex_is_refused_of_a_cohort_that_does_not_hold_it() -> None:
    asked = as_rows([Row(0, 0, 0, "F")]).drop("sex")
    with pytest.raises(ConfigError, match="sex"):
        structured_features(asked, known_before(asked, as_events([])), CODES, WHOLE)


def test_no_codes_at_all_leave_age_and_month() -> None:
    asked = as_rows([Row(0, 0, -100, None)])
    nothing = known_before(asked, as_events([]))
    values, names = structured_features(asked, nothing, [], StructuredConfig(family=True), nothing)
    assert names == ("members|family", "age", "month_sin", "month_cos")
    assert values.shape == (1, 4)


def test_codes_are_those_of_dated_events_sorted_without_birth_and_death() -> None:
    told = as_events(
        [Event(0, 0, 0, code, None) for code in ("S47//START", BIRTH, DEATH)]
        + [Event(1, 3, 0, "CLA//START", None)]
    )
    static = as_events([Event(0, 0, 0, "DISABILITY//MOB", None)]).with_columns(time=pl.lit(None, TIME))
    assert history_codes(pl.concat([static, told])) == ["CLA//START", "S47//START"]


@pytest.mark.parametrize(("ended", "spells"), [("", []), ("2021-01-20", ["S47|open"])])
def test_enquiries_are_described_as_open_only_where_records_tell_of_an_end(
    ended: str, spells: list[str], drawn_records: Callable[..., Records]
) -> None:
    enquiries = f"child | started | ended\nA | 2019-01-01 | \nB | 2021-01-04 | {ended}"
    history = build_history(drawn_records(enquiries=enquiries))
    asked = as_rows([Row(0, 500, None, None), Row(1, 500, None, None)])
    config = StructuredConfig(family=False)
    values, names = describe_cohort(asked, history.events, history.subjects, config)
    assert [name for name in names if name.endswith("|open")] == spells
    assert values.toarray()[:, names.index("S47//START|count|all")].tolist() == [1.0, 1.0]
