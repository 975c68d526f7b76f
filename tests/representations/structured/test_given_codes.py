"""Codes of given events are described as any other, unless too few families have them; never from later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import ask
from csc_experiments.questions.definition import IndexConfig, OutcomeConfig, QuestionConfig
from csc_experiments.records import RECORD_TABLES, Extract, Records
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix
from csc_experiments.representations.store import BlockStore
from csc_experiments.representations.structured.codes import MIN_FAMILIES
from csc_experiments.representations.structured.settings import StructuredConfig

START = datetime(2020, 1, 1, 9)  # noqa: DTZ001 - times have no zone
ASKED = START + timedelta(days=200, hours=3)
CODES = ["LOAN//START", "LOAN//END", "FINE", "VISIT", "HOLD//START", "HOLD//END"]
QUESTION = QuestionConfig(
    "q", "Q", "Q", IndexConfig(["ASK"]), outcome=OutcomeConfig(["FINE"], 90), vocabulary="events"
)
Event = tuple[int, float, str, float]  # person, days after START, code, days until it is known
events_of = st.lists(
    st.tuples(
        st.integers(0, 39),
        st.integers(0, 400).map(float),
        st.sampled_from(CODES),
        st.sampled_from([0.0, 0.3, 90]),
    ),
    min_size=30,
    max_size=150,
)


def history_of(events: list[Event], people: int = 40, family: int = 2) -> History:
    asked = [(person, 200.125, "ASK", 0.0) for person in range(people)]
    # The codes that the question names are there, whoever else has them.
    rows = [
        (
            f"{person:03}",
            START + timedelta(days=after),
            code,
            after,
            None,
            START + timedelta(days=after + late),
        )
        for person, after, code, late in [*events, *asked, (people, 1.0, "FINE", 0.0)]
    ]
    frame = pl.DataFrame(rows, schema=RECORD_TABLES["events"].schema, orient="row")
    links = pl.DataFrame(
        {
            "fami_table_id": [f"{person}" for person in range(people + 1)],
            "fami_family_id": [f"F{person // family}" for person in range(people + 1)],
            "fami_person_id": [f"{person:03}" for person in range(people + 1)],
        }
    )
    covers = date(2019, 1, 1), date(2023, 1, 1)
    tables = {name: pl.DataFrame(schema=table.schema) for name, table in RECORD_TABLES.items()}
    extract = Extract("x", covers[1], *covers, ("drawn",))
    return build_history(Records(extract, {**tables, "events": frame, "ssd_family": links}))


def describe(history: History, folder: Path, fit: int = 40) -> Matrix:
    cohort = ask(QUESTION, history)
    describing = Representations(history, cohort, [], BlockStore(folder))
    everyone = np.arange(cohort.rows.height)
    blocks = {"structured": StructuredConfig(family=True)}
    matrix = describing.matrix(blocks, everyone[:fit], everyone, seed=1)
    return Matrix(sparse.csr_array(matrix.values).toarray(), matrix.names, matrix.rows)


@pytest.mark.parametrize(("families", "described"), [(MIN_FAMILIES, True), (MIN_FAMILIES - 1, False)])
def test_a_code_is_described_if_enough_training_families_have_it(
    families: int,
    described: bool,  # noqa: FBT001 - what must be true
    tmp_path: Path,
) -> None:
    of_two = [(2 * number + one, 10.0, "JSMITH", 0.0) for number in range(families) for one in range(2)]
    assert len({person for person, *_ in of_two}) >= MIN_FAMILIES
    names = describe(history_of(of_two), tmp_path).names
    assert any("JSMITH" in name for name in names) == described


def test_families_that_are_tested_on_do_not_count(tmp_path: Path) -> None:
    all_have_it = [(person, 10.0, "VISIT", 0.0) for person in range(0, 40, 2)]
    history = history_of(all_have_it)
    assert any("VISIT" in name for name in describe(history, tmp_path / "a", fit=2 * MIN_FAMILIES).names)
    assert not any(
        "VISIT" in name for name in describe(history, tmp_path / "b", fit=2 * MIN_FAMILIES - 2).names
    )


def test_a_spell_of_given_events_is_open_from_its_start_to_its_end(tmp_path: Path) -> None:
    lent = [(person, 10.0, "LOAN//START", 0.0) for person in range(0, 40, 2)]
    back = [(person, 20.0, "LOAN//END", 0.0) for person in range(20)]
    late = [(person, 20.0, "LOAN//END", 300.0) for person in range(20, 30)]
    matrix = describe(history_of([*lent, *back, *late]), tmp_path)
    column = matrix.values[:, matrix.names.index("structured:LOAN|open")]
    assert column.tolist() == [float(person % 2 == 0 and person >= 20) for person in range(40)]


def test_the_latest_known_value_of_a_code_is_described_and_nought_and_a_flag_where_there_is_none(
    tmp_path: Path,
) -> None:
    first = [(person, 10.0 + person, "WEIGHT", 0.0) for person in range(28)]
    second = [(person, 100.0, "WEIGHT", 0.0) for person in range(10)]
    unknown = [(person, 150.0, "WEIGHT", 90.0) for person in range(40)]
    matrix = describe(history_of([*second, *first, *unknown]), tmp_path)
    column, flag = (
        matrix.values[:, matrix.names.index(f"structured:WEIGHT|{kind}")]
        for kind in ("latest", "latest|known")
    )
    assert column.tolist() == [100.0] * 10 + [10.0 + person for person in range(10, 28)] + [0.0] * 12
    assert flag.tolist() == [1.0] * 28 + [0.0] * 12


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events_of, st.integers(0, 2**32 - 1))
def test_what_becomes_known_after_the_prediction_moves_nothing(
    tmp_path_factory: pytest.TempPathFactory, events: list[Event], seed: int
) -> None:
    """Later facts are changed, taken away and doubled; columns and values stay, to the last bit."""
    folder = tmp_path_factory.mktemp("cache")
    history = history_of(events)
    known = pl.col("known_time") <= ASKED
    later = history.events.filter(~known)
    codes = pl.Series("code", [*CODES, "NEW"]).sample(later.height, with_replacement=True, seed=seed)
    changed = later.with_columns(codes, numeric_value=pl.lit(9, pl.Float32)).sample(
        fraction=0.7, seed=seed, with_replacement=True
    )
    other = replace(
        history,
        events=pl.concat([history.events.filter(known.fill_null(value=True)), changed]).sort(
            "subject_id", "time", "code"
        ),
    )
    cohort = ask(QUESTION, history)
    everyone = np.arange(cohort.rows.height)
    said = [
        Representations(world, cohort, [], BlockStore(folder / name)).matrix(
            {"structured": StructuredConfig(family=True)}, everyone[:30], everyone, seed=1
        )
        for name, world in (("own", history), ("other", other))
    ]
    assert said[0].names == said[1].names
    own, later = (sparse.csr_array(matrix.values).toarray() for matrix in said)
    assert own.tobytes() == later.tobytes()


def test_a_family_has_a_code_if_a_brother_or_sister_has_it_whom_nobody_is_asked_about(tmp_path: Path) -> None:
    """Of each pair one is in the cohort; the other has the code, and is known to the records alone."""
    have_it = [(2 * number + 1, 10.0, "VISIT", 0.0) for number in range(MIN_FAMILIES)]
    history = history_of(have_it)
    cohort = ask(QUESTION, history)
    asked = replace(cohort, rows=cohort.rows.filter(pl.col("subject_id") % 2 == 0))
    everyone = np.arange(asked.rows.height)
    for fit, described in ((everyone, True), (everyone[1:], False)):
        names = (
            Representations(history, asked, [], BlockStore(tmp_path))
            .matrix({"structured": StructuredConfig(min_rows=1, family=True)}, fit, everyone, seed=1)
            .names
        )
        assert ("structured:VISIT|ever|family" in names) == described
        assert "structured:VISIT|ever" not in names
