"""Rules about mixins."""
