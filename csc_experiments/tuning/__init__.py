"""The search for parameters inside one cell."""
