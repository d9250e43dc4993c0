"""A reference model of the service, and random conversations that hold the service to it."""
