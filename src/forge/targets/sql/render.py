"""From a planned schema to its file."""

from __future__ import annotations

from forge.emit import Code, File, Generated, Templates
from forge.emit.headers import dash_header
from forge.ir.application import Application
from forge.targets.sql.dialect import Dialect
from forge.targets.sql.plan import Schema, plan

_TEMPLATES = Templates("forge.targets.sql")


def generate(app: Application, dialect: Dialect) -> Generated:
    """The schema of an application as one file."""
    schema = plan(app, dialect)
    sources = tuple(entity.origin for entity in app.entities)
    return Generated(
        (File(dialect.path, render(app, schema, dialect), sources),),
        schema.diagnostics,
    )


def render(app: Application, schema: Schema, dialect: Dialect) -> str:
    """The text of a schema."""
    fqns = tuple(entity.fqn for entity in app.entities) or (f"domain/{app.domain}",)
    return _TEMPLATES.render(
        "schema.sql.jinja",
        header=Code(dash_header(*fqns).rstrip()),
        schema=schema,
        table_end=dialect.table_end,
    )
