"""Children in need census returns (XML)."""
