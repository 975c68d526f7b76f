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

from csc_experiments.questions.drawing import flow_svg, flow_words


@dataclass(frozen=True, slots=True)
class CellArtifacts:
    """Files of a finished cell.

    Attributes
    ----------
    config : mapping
        What shaped the result; `config.yaml`.
    predictions, labels, flow, folds, alike, tripwires : polars.DataFrame
        `tables/*.parquet`: a score for each held-out case; the outcomes as MEDS labels; rows that each
        criterion removed, drawn and told in `figures/flow.*`, too; sizes of folds; whether their sides look
        alike; what each tripwire found.
    notes : mapping of str to polars.DataFrame
        `tables/representation_*.parquet`: what each fold's representation tells of itself, such as topics.
    models : sequence of Pipeline
        One per fold; `model/models.skops`. They hold what they learned from, so they never leave.
    """

    config: Mapping[str, Any]
    predictions: pl.DataFrame
    labels: pl.DataFrame
    flow: pl.DataFrame
    folds: pl.DataFrame
    alike: pl.DataFrame
    tripwires: pl.DataFrame
    notes: Mapping[str, pl.DataFrame]
    models: Sequence[Pipeline]

    def write(self, folder: Path) -> None:
        """Write the files into a folder."""
        tables, figures, model = (folder / name for name in ("tables", "figures", "model"))
        for place in (tables, figures, model):
            place.mkdir()
            (place / "SENSITIVITY").write_text("on_site_only\n", encoding="utf-8")
        plain = json.loads(json.dumps(self.config))
        (folder / "config.yaml").write_text(yaml.safe_dump(plain, sort_keys=False), encoding="utf-8")
        for name in ("predictions", "labels", "flow", "folds", "alike", "tripwires"):
            getattr(self, name).write_parquet(tables / f"{name}.parquet")
        for name, note in self.notes.items():
            note.write_parquet(tables / f"representation_{name}.parquet")
        title = f"{plain['question']['short_label']}, {plain['dataset']['authority']}"
        (figures / "flow.svg").write_text(flow_svg(self.flow, title), encoding="utf-8")
        (figures / "flow.txt").write_text(f"{flow_words(self.flow, title)}\n", encoding="utf-8")
        skops.io.dump(list(self.models), model / "models.skops")
