"""Schemas in SQL: what the targets `postgres` and `sqlite` share."""
