"""What an extract can support: what it holds, and what each question would learn from."""

from typing import Final

from csc_experiments.preflight.check import Check, check_records
from csc_experiments.preflight.page import write_page
from csc_experiments.preflight.summary import as_text

DESIGNS: Final = ("all_cases", "earlier_cases")
"""Files of conf/validation by which a check divides: all cases, and cases in time."""

__all__ = ["DESIGNS", "Check", "as_text", "check_records", "write_page"]
