"""Invented documents: who writes what and when, in which words, and where in them somebody is named."""

from csc_experiments.synthetic.writing.canaries import canary_names
from csc_experiments.synthetic.writing.chunks import Written
from csc_experiments.synthetic.writing.drafts import TYPES
from csc_experiments.synthetic.writing.specimens import specimens
from csc_experiments.synthetic.writing.streams import write_answers, write_documents

__all__ = ["TYPES", "Written", "canary_names", "specimens", "write_answers", "write_documents"]
