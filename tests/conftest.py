"""Tiny example children, drawn as tables that a social worker can read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from csc_experiments.config import compose_experiment
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.records import Extract, Records
from csc_experiments.records.codes import CODE_SETS
from csc_experiments.records.store import conform
from csc_experiments.records.tables import TABLES, Kind, Table

# A busy machine is no fault of the code: no test is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

CANARY = "ZZCANARY"
FIRST_DAY, LAST_DAY = date(2018, 1, 1), date(2022, 12, 31)
# What a drawing calls a table, and what it calls the table's columns.
_COLUMNS = """
children      ssd_person                 child=pers_person_id born=pers_dob due=pers_expected_dob
children      ssd_person                 died=pers_death_date
families      ssd_family                 family=fami_family_id child=fami_person_id
disabilities  ssd_disability             child=disa_person_id code=disa_disability_code
contacts      ssd_contacts               child=cont_person_id day=cont_contact_date
contacts      ssd_contacts               source=cont_contact_source_code outcome=cont_contact_outcome_json
early_help    ssd_early_help_episodes    child=earl_person_id started=earl_episode_start_date
early_help    ssd_early_help_episodes    ended=earl_episode_end_date
referrals     ssd_cin_episodes           child=cine_person_id referred=cine_referral_date
referrals     ssd_cin_episodes           nfa=cine_referral_nfa
referrals     ssd_cin_episodes           source=cine_referral_source_code need=cine_cin_primary_need_code
referrals     ssd_cin_episodes           closed=cine_close_date reason=cine_close_reason
assessments   ssd_cin_assessments        assessment=cina_assessment_id child=cina_person_id
assessments   ssd_cin_assessments        started=cina_assessment_start_date
assessments   ssd_cin_assessments        authorised=cina_assessment_auth_date
assessments   ssd_cin_assessments        nfa=cina_assessment_outcome_nfa
factors       ssd_assessment_factors     assessment=cinf_assessment_id factors=cinf_assessment_factors_json
in_need       ssd_cin_plans              child=cinp_person_id started=cinp_cin_plan_start_date
in_need       ssd_cin_plans              ended=cinp_cin_plan_end_date
enquiries     ssd_s47_enquiry            child=s47e_person_id started=s47e_s47_start_date
enquiries     ssd_s47_enquiry            ended=s47e_s47_end_date
conferences   ssd_initial_cp_conference  child=icpc_person_id day=icpc_icpc_date
protection    ssd_cp_plans               child=cppl_person_id started=cppl_cp_plan_start_date
protection    ssd_cp_plans               ended=cppl_cp_plan_end_date category=cppl_cp_plan_initial_category
reviews       ssd_cp_reviews             child=cppr_person_id day=cppr_cp_review_date
care          ssd_cla_episodes           child=clae_person_id started=clae_cla_episode_start_date
care          ssd_cla_episodes           began=clae_cla_episode_start_reason entered=clae_entered_care_date
care          ssd_cla_episodes           ceased=clae_cla_episode_ceased_date
care          ssd_cla_episodes           why=clae_cla_episode_ceased_reason
placements    ssd_cla_placement          child=clap_person_id started=clap_cla_placement_start_date
placements    ssd_cla_placement          type=clap_cla_placement_type
legal         ssd_legal_status           child=lega_person_id status=lega_legal_status
legal         ssd_legal_status           started=lega_legal_status_start_date ended=lega_legal_status_end_date
workers       ssd_involvements           child=invo_person_id started=invo_involvement_start_date
workers       ssd_involvements           ended=invo_involvement_end_date
missing       ssd_missing                child=miss_person_id started=miss_missing_episode_start_date
documents     documents                  child=person_id type=document_type authored=authored_date
documents     documents                  recorded=recorded_date text=text
"""
TABLE_OF: dict[str, str] = {}
COLUMN_OF: dict[str, dict[str, str]] = {}
for _title, _table, *_words in (line.split() for line in _COLUMNS.strip().splitlines()):
    TABLE_OF[_title] = _table
    COLUMN_OF.setdefault(_title, {}).update(word.split("=") for word in _words)


def read_drawing(drawn: str) -> list[dict[str, str | None]]:
    """Read a table: a line of names, a line for each row, cells apart by bars; an empty cell is None."""
    names, *rows = ([cell.strip() for cell in line.split("|")] for line in drawn.strip().splitlines())
    return [{name: cell or None for name, cell in zip(names, row, strict=True)} for row in rows]


def draw_records(coverage: tuple[date, date] = (FIRST_DAY, LAST_DAY), **drawn: str) -> Records:
    tables = {name: conform(name, pl.DataFrame(schema=table.schema), name) for name, table in TABLES.items()}
    for title, drawing in drawn.items():
        name, columns = TABLE_OF[title], COLUMN_OF[title]
        rows = [{columns[said]: cell for said, cell in row.items()} for row in read_drawing(drawing)]
        tables[name] = _frame(TABLES[name], rows)
    extract = Extract("la1", coverage[1], *coverage, ("drawn",))
    return Records(extract, tables)


def _frame(table: Table, rows: list[dict[str, str | None]]) -> pl.DataFrame:
    """Make a standard table; an identifier that is not drawn is the row's number, anything else is empty."""
    filled = [
        {column: f"{number}" if table.columns[column] is Kind.ID else None for column in table.required} | row
        for number, row in enumerate(rows)
    ]
    text = pl.DataFrame(filled, schema_overrides=dict.fromkeys(table.schema, pl.String))
    days = [column for column in text.columns if table.columns[column] is Kind.DATE]
    return conform(table.name, text.with_columns(pl.col(days).str.to_date()), table.name)


def random_records(seed: int) -> Records:
    """Make records of a few children, in which everything that a column allows may happen, and dirt."""
    rng = np.random.default_rng(seed)
    tables = {name: _random_table(rng, table) for name, table in TABLES.items()}
    return Records(Extract("la1", LAST_DAY, FIRST_DAY, LAST_DAY, ("drawn",)), tables)


def _random_table(rng: np.random.Generator, table: Table) -> pl.DataFrame:
    height = int(rng.integers(0, 30))
    columns = {column: _random_cells(rng, table, column, height) for column in table.columns}
    frame = pl.DataFrame(columns, schema=table.schema)
    return frame.unique("pers_person_id", maintain_order=True) if table.name == "ssd_person" else frame


def _random_cells(rng: np.random.Generator, table: Table, column: str, height: int) -> list[object]:
    cells = rng.choice(np.array(_choices(table.columns[column], column), dtype=object), height)
    if table.columns[column] is Kind.ID and not any(word in column for word in _SHARED):
        cells = np.array([f"{row}" for row in range(height)], dtype=object)
    empty = np.zeros(height, dtype=bool) if column in table.required else rng.random(height) < 0.3
    return [None if gone else cell for cell, gone in zip(cells, empty, strict=True)]


_SHARED = ("person_id", "family", "assessment_id")


def _choices(kind: Kind, column: str) -> list[object]:
    if kind is Kind.DATE:
        # Few days, so that many things happen on one.
        return [date.fromordinal(FIRST_DAY.toordinal() + 60 * step) for step in range(25)]
    if kind is Kind.CODE:
        codes = sorted(CODE_SETS.get(column, {"case_note"}))
        return [*codes, codes[0].lower(), CANARY]
    if kind is Kind.FLAG:
        return ["Y", "N"]
    if kind is Kind.JSON:
        return ['["1A", "21", "ZZCANARY"]', "[]", '["3B"]']
    return list("ABCDEFGHIJKL")


@pytest.fixture(scope="session")
def drawing() -> Callable[[str], list[dict[str, str | None]]]:
    return read_drawing


@pytest.fixture(scope="session")
def drawn_records() -> Callable[..., Records]:
    return draw_records


@pytest.fixture(scope="session")
def any_records() -> st.SearchStrategy[Records]:
    return st.integers(0, 2**32 - 1).map(random_records)


@pytest.fixture(scope="session")
def questions() -> dict[str, QuestionConfig]:
    """Return the two questions of the quickstart."""
    names = ("closed_nfa_rereferred", "open_case_escalates")
    return {name: compose_experiment([f"question={name}"]).question for name in names}
