"""Evaluate predictive models in children's social care, honestly and on site.

The package follows one straight way: an authority's records become an event history; a question picks the
cohort and the outcome; a validation design says who is learned from and who is tested on; a representation
turns history and documents into matrices; a classifier is tuned, scored, tracked and compared.
`csc_experiments.experiment` reads like that sentence.
"""

__version__ = "0.1.0"
