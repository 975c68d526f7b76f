"""An authority's records, from any source, as the standard tables."""

from csc_experiments.records.store import (
    Extract,
    Records,
    check_intact,
    conform,
    read_extract,
    read_records,
    write_records,
)
from csc_experiments.records.tables import RECORD_TABLES, TABLES, Kind, Table

__all__ = [
    "RECORD_TABLES",
    "TABLES",
    "Extract",
    "Kind",
    "Records",
    "Table",
    "check_intact",
    "conform",
    "read_extract",
    "read_records",
    "write_records",
]
