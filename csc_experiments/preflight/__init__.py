"""What an extract can support: what it holds, and what each question would learn from."""

from csc_experiments.preflight.check import Check, check_records
from csc_experiments.preflight.configured import check_as_configured
from csc_experiments.preflight.page import write_page
from csc_experiments.preflight.summary import as_text

__all__ = ["Check", "as_text", "check_as_configured", "check_records", "write_page"]
