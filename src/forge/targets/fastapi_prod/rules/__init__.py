"""What the backend cannot carry out."""
