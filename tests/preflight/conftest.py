"""Records that are drawn, written to a folder and checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from csc_experiments.config import compose_experiment
from csc_experiments.preflight import Check, check_records
from csc_experiments.preflight.configured import DESIGNS
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.records import Records, write_records
from csc_experiments.validation.settings import ValidationConfig

MIN_COUNT, SEED = 10, 2020


@pytest.fixture(scope="session")
def designs() -> list[ValidationConfig]:
    return [compose_experiment([f"validation={name}"]).validation for name in DESIGNS]


@pytest.fixture(scope="session")
def check_folder(
    questions: dict[str, QuestionConfig], designs: list[ValidationConfig]
) -> Callable[[Path], Check]:
    def check(folder: Path) -> Check:
        return check_records(folder, list(questions.values()), designs, min_count=MIN_COUNT, seed=SEED)

    return check


@pytest.fixture(scope="session")
def check_tables(check_folder: Callable[[Path], Check]) -> Callable[[Records, Path], Check]:
    def check(records: Records, folder: Path) -> Check:
        extract = records.extract
        write_records(
            folder,
            authority=extract.authority,
            extract_date=extract.extract_date,
            coverage=(extract.coverage_from, extract.coverage_to),
            sources=("drawn",),
            tables=records.tables,
        )
        return check_folder(folder)

    return check


@pytest.fixture
def check_drawn(
    tmp_path: Path,
    drawn_records: Callable[..., Records],
    check_tables: Callable[[Records, Path], Check],
) -> Callable[..., Check]:
    def check(**drawn: str) -> Check:
        return check_tables(drawn_records(**drawn), tmp_path / "records")

    return check
