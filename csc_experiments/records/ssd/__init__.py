"""The Standard Safeguarding Dataset, as files and in a database."""
