"""What a finished cell leaves beside its numbers: on site only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import skops.io
import yaml
from sklearn.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class CellArtifacts:
    """Files of a finished cell.

    Attributes
    ----------
    config : mapping
        What shaped the result; `config.yaml`.
    predictions, flow, folds : polars.DataFrame
        `tables/*.parquet`: a score for each held-out case; rows that each criterion removed; sizes of folds.
    models : sequence of Pipeline
        One per fold; `model/models.skops`. They hold what they learned from, so they never leave.
    """

    config: Mapping[str, Any]
    predictions: pl.DataFrame
    flow: pl.DataFrame
    folds: pl.DataFrame
    models: Sequence[Pipeline]

    def write(self, folder: Path) -> None:
        """Write the files into a folder."""
        tables, model = folder / "tables", folder / "model"
        tables.mkdir()
        model.mkdir()
        plain = json.loads(json.dumps(self.config))
        (folder / "config.yaml").write_text(yaml.safe_dump(plain, sort_keys=False), encoding="utf-8")
        for name, table in (("predictions", self.predictions), ("flow", self.flow), ("folds", self.folds)):
            table.write_parquet(tables / f"{name}.parquet")
        skops.io.dump(list(self.models), model / "models.skops")
        (model / "SENSITIVITY").write_text("on_site_only\n", encoding="utf-8")
