"""The language as meant: frozen values that targets read."""
