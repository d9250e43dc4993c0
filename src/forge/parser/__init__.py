"""Finding, loading and checking contracts."""
