"""`database/schema.sqlite.sql`: tables, constraints and indexes in SQLite."""

from __future__ import annotations

from typing import Any

from forge.emit import Generated
from forge.ir.application import Application
from forge.targets.sql.render import generate
from forge.targets.sql.sqlite import SqliteDialect


class SqliteGenerator:
    """Turns the IR into a schema that enforces every contract."""

    name = "sqlite"
    summary = "SQLite schema: tables, constraints, indexes"

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """The files; iterate over the result for `path` and `content`."""
        return generate(ir, SqliteDialect())
