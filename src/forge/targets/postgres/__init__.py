"""The target `postgres`: the schema of an app as PostgreSQL statements."""

from forge.targets.postgres.gen_ddl import PostgresGenerator

TARGET = PostgresGenerator()

__all__ = ["TARGET", "PostgresGenerator"]
