"""History and documents become matrices, computed once and shared."""
