"""How good an extract is, in exact counts; whoever shows them hides the small ones."""

from csc_experiments.records.quality.code_sets import count_codes
from csc_experiments.records.quality.coverage import MAIN_DATE, count_months, count_outside
from csc_experiments.records.quality.duplicates import count_duplicates
from csc_experiments.records.quality.missingness import count_missing
from csc_experiments.records.quality.rules import RULES, broken_rules, orphans
from csc_experiments.records.quality.set_aside import count_rejects
from csc_experiments.records.quality.texts import (
    QUANTILES,
    TYPES,
    count_reach,
    count_texts,
    measure_lengths,
    measure_texts,
)

__all__ = [
    "MAIN_DATE",
    "QUANTILES",
    "RULES",
    "TYPES",
    "broken_rules",
    "count_codes",
    "count_duplicates",
    "count_missing",
    "count_months",
    "count_outside",
    "count_reach",
    "count_rejects",
    "count_texts",
    "measure_lengths",
    "measure_texts",
    "orphans",
]
