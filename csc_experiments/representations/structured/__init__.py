"""The event history as a matrix: of the child, and of the rest of the family, as of the prediction time."""
