"""A content-addressed store of matrices: computed once, shared by cells and processes."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock
from scipy import sparse

from csc_experiments.representations.matrix import Matrix, Values

_CSR = ("data", "indices", "indptr")


@dataclass(frozen=True, slots=True)
class BlockStore:
    """Matrices under a folder, each in a folder named by its key.

    A matrix appears whole or not at all, and is opened memory-mapped, so that processes share it. One that
    cannot be read is made again.

    Attributes
    ----------
    folder : pathlib.Path
        On site only: names of columns hold words from documents.
    """

    folder: Path

    def get(self, key: str, make: Callable[[], Matrix]) -> Matrix:
        """Return the matrix of a key, making it if it is not there.

        Parameters
        ----------
        key : str
            A hash of everything that the matrix depends on.
        make : callable
            Called at most once among all processes that ask at the same time.
        """
        path = self.folder / key[:2] / key
        found = _load(path)
        if found is not None:
            return found
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            found = _load(path)
            if found is None:
                found = make()
                _save(path, found)
        return found


def _save(path: Path, matrix: Matrix) -> None:
    shutil.rmtree(path, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".making-") as made:
        fresh = Path(made) / "block"
        fresh.mkdir()
        np.save(fresh / "rows.npy", matrix.rows)
        values = matrix.values
        if sparse.issparse(values):
            for part in _CSR:
                np.save(fresh / f"{part}.npy", getattr(values, part))
        else:
            np.save(fresh / "dense.npy", values)
        said = {"names": matrix.names, "shape": values.shape}
        (fresh / "about.json").write_text(json.dumps(said), encoding="utf-8")
        fresh.rename(path)


def _load(path: Path) -> Matrix | None:
    try:
        about = json.loads((path / "about.json").read_text(encoding="utf-8"))
        rows, names, shape = np.load(path / "rows.npy"), tuple(about["names"]), tuple(about["shape"])
        values = _load_values(path, shape)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None
    return Matrix(values, names, rows) if values.shape == shape == (len(rows), len(names)) else None


def _load_values(path: Path, shape: tuple[int, int]) -> Values:
    if (path / "dense.npy").exists():
        dense: Values = np.load(path / "dense.npy", mmap_mode="r")
        return dense
    parts = [np.load(path / f"{part}.npy", mmap_mode="r") for part in _CSR]
    return sparse.csr_array(tuple(parts), shape=shape)
