"""Where runs are written."""

from __future__ import annotations

from dataclasses import dataclass

from omegaconf import MISSING


@dataclass
class TrackingConfig:
    """An MLflow store.

    Attributes
    ----------
    name : str
    uri : str
        `sqlite:///...`, or any MLflow server.
    artifacts : str
        Where a local store keeps its artifacts.
    """

    name: str = MISSING
    uri: str = MISSING
    artifacts: str = MISSING
