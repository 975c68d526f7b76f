"""MLflow: runs.py writes, query.py reads."""

import os

# No network at run time, ever: MLflow would otherwise report its use, and offer to call language models.
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"
os.environ["MLFLOW_ENABLE_AI_GATEWAY"] = "false"
