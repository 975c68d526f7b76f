"""What keeps words and names inside: vocabularies that no single family can shape."""
