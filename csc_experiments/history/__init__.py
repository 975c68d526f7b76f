"""Records become one table of dated events, each with the time at which it was known."""
