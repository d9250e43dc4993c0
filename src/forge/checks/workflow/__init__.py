"""Rules about workflows."""
