"""Children looked-after returns (SSDA903)."""
