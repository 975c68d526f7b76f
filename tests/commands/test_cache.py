from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from csc_experiments.cli import main
from csc_experiments.representations.matrix import Matrix
from csc_experiments.representations.store import BlockStore


def test_what_is_kept_is_counted_and_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["cache"]) == 0
    assert capsys.readouterr().out == "cache/blocks: 0 matrices, 0 GiB; 0 removed.\n"
    matrix = Matrix(np.zeros((3, 2), np.float32), ("a", "b"), np.arange(3))
    for key in ("first", "second"):
        BlockStore(tmp_path / "cache" / "blocks").get(key, lambda: matrix)
    assert main(["cache", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"matrices": 2, "gib": 0.0, "removed": 0}
    assert main(["cache", "--keep", "0", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"matrices": 0, "gib": 0, "removed": 2}
