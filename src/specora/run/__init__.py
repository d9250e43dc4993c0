"""Running a generated service on this machine, for development."""
