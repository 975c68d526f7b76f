"""Tripwires: what looks, in every run, for records and features that know the future."""

from csc_experiments.tripwires.finding import Finding, Verdict, alarms, as_table
from csc_experiments.tripwires.looking import RECORD_TRIPWIRES, inspect, refusal
from csc_experiments.tripwires.scene import Scene

__all__ = ["RECORD_TRIPWIRES", "Finding", "Scene", "Verdict", "alarms", "as_table", "inspect", "refusal"]
