"""Contracts from plain values: valid text, or every reason why there is none."""
