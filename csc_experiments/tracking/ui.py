"""MLflow's own pages, on the local machine only."""

from __future__ import annotations

import os
import subprocess
import sys

from csc_experiments.tracking.connection import connect
from csc_experiments.tracking.settings import TrackingConfig


def serve(tracking: TrackingConfig, port: int) -> None:
    """Serve the store's pages on 127.0.0.1 until interrupted.

    Raises
    ------
    StoreLockedError, StoreCorruptError
        As `connect` does.
    """
    connect(tracking)
    place = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command = [sys.executable, "-m", "mlflow", "ui", "--backend-store-uri", tracking.uri, *place]
    # The command is this interpreter's own MLflow; nothing in it comes from records.
    subprocess.run(command, env=os.environ | {"PYTHONWARNINGS": "ignore"}, check=False)  # noqa: S603
