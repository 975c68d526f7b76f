"""A Parquet file that is written frame by frame, for tables that are too long to stand in memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import polars as pl
from pyarrow import parquet


class FrameWriter:
    """Write frames with the same columns one after the other into one Parquet file.

    The file appears with the first frame that has rows, and is whole when the writer is closed.

    Parameters
    ----------
    path : pathlib.Path

    Attributes
    ----------
    rows : int
        How many have been written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with FrameWriter(Path(folder) / "days.parquet") as writer:
    ...         for day in (1, 2):
    ...             writer.write(pl.DataFrame({"day": [day]}))
    ...     pl.read_parquet(Path(folder) / "days.parquet")["day"].to_list()
    [1, 2]
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, frame: pl.DataFrame) -> None:
        """Add the rows of a frame."""
        if frame.is_empty():
            return
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table)
        self.rows += frame.height


def write_frames(frames: Iterable[pl.DataFrame], path: Path) -> int:
    """Write frames into one Parquet file and return how many rows they had; none leave no file."""
    with FrameWriter(path) as writer:
        for frame in frames:
            writer.write(frame)
    return writer.rows
