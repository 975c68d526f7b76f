from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.errors import CscError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.evaluation.scores import evaluate, read_predictions


def random_frame(rows: int, seed: int) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "subject_id": np.arange(rows),
            "family_id": draw.integers(0, rows // 2, rows),
            "prediction_time": ["2024-01-01"] * rows,
            "outcome": draw.random(rows) < 0.3,
            "score": draw.random(rows),
            "fold": np.arange(rows) % 3,
        }
    )


def shown(error: pytest.ExceptionInfo[CscError]) -> str:
    return f"{error.value}{error.value.__cause__}"


@pytest.mark.parametrize("name", ["predictions.parquet", "predictions.PARQUET", "predictions.csv"])
def test_predictions_are_read_from_either_kind_of_file(tmp_path: Path, name: str) -> None:
    predictions, path = random_frame(60, 1), tmp_path / name
    (predictions.write_csv if name.endswith("csv") else predictions.write_parquet)(path)
    found = read_predictions(path)
    assert evaluate(found, replicates=5, seed=1) == evaluate(predictions, replicates=5, seed=1)


def test_a_file_that_pandas_wrote_is_read_too(tmp_path: Path) -> None:
    # Scores that are whole numbers for a long while, and pandas' way to write booleans.
    predictions = random_frame(300, 1).with_columns(score=pl.Series([0.0] * 299 + [0.5]))
    lines = predictions.to_pandas().astype({"score": object}).to_csv(index=False).replace(",0.0,", ",0,")
    assert "True" in lines
    (tmp_path / "p.csv").write_text(lines, encoding="utf-8")
    found = read_predictions(tmp_path / "p.csv")
    assert evaluate(found, replicates=5, seed=1) == evaluate(predictions, replicates=5, seed=1)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(RecordsNotFoundError, match="is not there"):
            read_predictions(path)


NOT_PREDICTIONS = {
    "empty": b"",
    "ragged": b"a,b\nCANARY,2,3\n",
    "not UTF-8": "a,b\nCANARY,é".encode("latin-1"),
    "an unfinished quotation": b'a,b\n1,"CANARY',
}


@pytest.mark.parametrize("content", NOT_PREDICTIONS.values(), ids=NOT_PREDICTIONS.keys())
@pytest.mark.parametrize("name", ["p.csv", "p.parquet"])
def test_a_file_of_another_kind_is_refused_without_showing_a_cell(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableInputError) as refused:
        read_predictions(tmp_path / name)
    assert "CANARY" not in shown(refused)


@given(share=st.floats(0, 0.999))
@settings(max_examples=25)
def test_a_parquet_file_that_was_cut_short_is_refused(
    tmp_path_factory: pytest.TempPathFactory, share: float
) -> None:
    path = tmp_path_factory.mktemp("cut") / "p.parquet"
    random_frame(50, 1).write_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(UnreadableInputError):
        read_predictions(path)
