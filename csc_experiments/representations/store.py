"""A content-addressed store of matrices: computed once, shared by cells and processes."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from filelock import FileLock
from scipy import sparse

from csc_experiments.representations.matrix import Matrix, Values

_CSR = ("data", "indices", "indptr")
_ABOUT = "about.json"
_NOTE = "note_"
_AT_ONCE = 1 << 24


class Kept(NamedTuple):
    """A matrix in the store: where, how many bytes it takes, when it was last asked for (Unix time)."""

    path: Path
    size: int
    used: float


@dataclass(frozen=True, slots=True)
class BlockStore:
    """Matrices under a folder, each in a folder named by its key.

    A matrix appears whole or not at all, and is opened memory-mapped, so that processes share it. One that
    cannot be read, or whose checksum is wrong, is made again. Where the folder has a limit, those that were
    not asked for the longest time make room.

    Attributes
    ----------
    folder : pathlib.Path
        On site only: names of columns hold words from documents.
    limit : int, optional
        Most bytes that it may take; without one it grows.
    """

    folder: Path
    limit: int | None = None

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
                if self.limit is not None:
                    self.prune(self.limit)
        return found

    def kept(self) -> list[Kept]:
        """List what is in the store, what was not asked for the longest time first."""
        found = [_kept(about.parent) for about in self.folder.glob(f"*/*/{_ABOUT}")]
        return sorted((kept for kept in found if kept is not None), key=lambda kept: kept.used)

    def prune(self, limit: int) -> int:
        """Remove matrices until the rest takes no more than so many bytes; return how many went.

        A process that has one of them open goes on reading it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "prune.lock"):
            everything = self.kept()
            size, gone = sum(kept.size for kept in everything), 0
            for kept in everything:
                if size <= limit:
                    break
                shutil.rmtree(kept.path, ignore_errors=True)
                size, gone = size - kept.size, gone + 1
        return gone


def _kept(path: Path) -> Kept | None:
    try:
        size = sum(file.stat().st_size for file in path.iterdir())
        return Kept(path, size, (path / _ABOUT).stat().st_mtime)
    except FileNotFoundError:  # pruned meanwhile
        return None


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
        for name, note in matrix.notes.items():
            note.write_parquet(fresh / f"{_NOTE}{name}.parquet")
        sums = {file.name: _checksum(file) for file in fresh.iterdir()}
        said = json.dumps({"names": matrix.names, "shape": values.shape, "sums": sums})
        about = {"said": said, "sum": zlib.crc32(said.encode())}
        (fresh / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
        fresh.rename(path)


def _load(path: Path) -> Matrix | None:
    try:
        written = json.loads((path / _ABOUT).read_text(encoding="utf-8"))
        if zlib.crc32(written["said"].encode()) != written["sum"]:
            return None
        about = json.loads(written["said"])
        if any(not _sound(path / name, said) for name, said in about["sums"].items()):
            return None
        rows, names, shape = np.load(path / "rows.npy"), tuple(about["names"]), tuple(about["shape"])
        values = _load_values(path, shape)
        notes = {
            name.removeprefix(_NOTE).removesuffix(".parquet"): pl.read_parquet(path / name)
            for name in about["sums"]
            if name.startswith(_NOTE)
        }
        os.utime(path / _ABOUT)
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Matrix(values, names, rows, notes) if values.shape == shape == (len(rows), len(names)) else None


def _load_values(path: Path, shape: tuple[int, int]) -> Values:
    if (path / "dense.npy").exists():
        dense: Values = np.load(path / "dense.npy", mmap_mode="r")
        return dense
    parts = [np.load(path / f"{part}.npy", mmap_mode="r") for part in _CSR]
    return sparse.csr_array(tuple(parts), shape=shape)


def _sound(path: Path, checksum: int) -> bool:
    at = path.stat()
    return _checksum_at(path, at.st_ino, at.st_mtime_ns, at.st_size) == checksum


@lru_cache(maxsize=4096)
def _checksum_at(path: Path, *_at: int) -> int:
    """Return a file's checksum, which is computed once in a process for a file that stays as it is."""
    return _checksum(path)


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            found = zlib.crc32(part, found)
    return found
