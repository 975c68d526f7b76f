"""Documents, in the ways in which systems give them out."""
