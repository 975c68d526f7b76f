"""Who is learned from and who is tested on, families whole."""
