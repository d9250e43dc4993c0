"""Rules about projects."""
