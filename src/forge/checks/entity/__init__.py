"""Rules about entities."""
