"""The target `sqlite`: the schema of an app as SQLite statements."""

from forge.targets.sqlite.gen_ddl import SqliteGenerator

TARGET = SqliteGenerator()

__all__ = ["TARGET", "SqliteGenerator"]
