"""What a schema cannot express."""
