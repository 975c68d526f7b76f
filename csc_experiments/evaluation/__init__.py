"""Predictions become scores with intervals; nothing is needed but the predictions."""
