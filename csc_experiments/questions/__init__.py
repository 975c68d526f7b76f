"""A question: who is in the cohort, and what happened to them."""
