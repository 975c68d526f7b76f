"""What an import set aside: read from beside the records, without saying of which row."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl
import pyarrow as pa

from csc_experiments.errors import UnreadableInputError
from csc_experiments.records.rejects import Reason
from csc_experiments.records.store import REJECTS_FILE

_KEY: Final = ("table", "column", "reason")
_REASONS: Final = tuple(map(str, Reason))


def count_rejects(folder: Path) -> pl.DataFrame:
    """Count what the import of a records folder could not use.

    Parameters
    ----------
    folder : pathlib.Path
        A records folder.

    Returns
    -------
    polars.DataFrame
        table, column, reason, count, sorted by the first three. A reason of another version is "other". No
        row where there is no list of rejects, as beside records that were not imported.

    Raises
    ------
    UnreadableInputError
        If the list is none that an import writes.
    """
    path = folder / REJECTS_FILE
    if not path.is_file():
        return pl.DataFrame(schema={**dict.fromkeys(_KEY, pl.String()), "count": pl.UInt32()})
    try:
        # Of a damaged file, PyArrow raises an error where Polars writes a stack of calls to the terminal.
        rejects = pl.read_parquet(path, columns=list(_KEY), use_pyarrow=True)
    except (pl.exceptions.PolarsError, pa.ArrowException, OSError):
        raise UnreadableInputError(
            f"{path} is not what an import writes.", todo="Import the source again."
        ) from None
    # The file has no SHA-256, so a reason is shown only if it is one of ours.
    ours = pl.when(pl.col("reason").is_in(_REASONS)).then("reason").otherwise(pl.lit("other"))
    counted = rejects.with_columns(ours.alias("reason")).group_by(_KEY).len("count")
    return counted.sort(_KEY)
