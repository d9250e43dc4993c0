"""`database/schema.sql`: tables, constraints and indexes in PostgreSQL."""

from __future__ import annotations

from typing import Any

from forge.emit import Generated
from forge.ir.application import Application
from forge.targets.sql.postgresql import PostgresDialect
from forge.targets.sql.render import generate


class PostgresGenerator:
    """Turns the IR into a schema that enforces every contract."""

    name = "postgres"
    summary = "PostgreSQL schema: tables, constraints, indexes"

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """The files; iterate over the result for `path` and `content`."""
        return generate(ir, PostgresDialect())
