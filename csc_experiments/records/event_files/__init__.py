"""Somebody else's events: a MEDS data set, or tables of subject, time and code."""
