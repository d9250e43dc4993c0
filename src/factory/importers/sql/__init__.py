"""SQL of PostgreSQL, MySQL, SQLite and SQL Server: dumps, schemas, and folders of migrations."""

from factory.importers.sql.mapping import read

__all__ = ["read"]
