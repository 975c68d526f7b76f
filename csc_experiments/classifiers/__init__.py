"""Estimators and their search spaces."""
