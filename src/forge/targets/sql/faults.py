"""What of an application a schema cannot express, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterator

from forge.diagnostics import Diagnostic
from forge.emit.sql_names import MAX_BYTES
from forge.ir.application import Application
from forge.ir.entities import Entity
from forge.targets.sql.columns import counts_in_key, is_identity
from forge.targets.sql.dialect import Dialect
from forge.targets.sql.keys import is_key, references, referred
from forge.targets.sql.rules import (
    identity_outside_key,
    reference_without_key,
    unprintable_name,
)


def find_faults(app: Application, dialect: Dialect) -> Iterator[Diagnostic]:
    """The faults of all entities."""
    for entity in app.entities:
        yield from _names(entity)
        yield from _references(app, entity)
        if dialect.counts_inline:
            yield from _identities(entity)


def storable_name(name: str) -> bool:
    """Whether a database keeps a name as it is, on one line."""
    return bool(name) and name.isprintable() and len(name.encode()) <= MAX_BYTES


def _names(entity: Entity) -> Iterator[Diagnostic]:
    rule = unprintable_name.RULE
    if not storable_name(entity.table):
        yield rule.at(entity.origin.span, name=entity.table, what="table")
    for field in entity.fields:
        if not storable_name(field.column):
            yield rule.at(field.origin.span, name=field.column, what="column")


def _references(app: Application, entity: Entity) -> Iterator[Diagnostic]:
    for key, target in references(app, entity):
        fields = referred(key, target)
        if not is_key(target, fields):
            yield reference_without_key.RULE.at(
                key.origin.span, fields=", ".join(fields), entity=target.fqn
            )


def _identities(entity: Entity) -> Iterator[Diagnostic]:
    for field in entity.fields:
        if is_identity(field) and not counts_in_key(entity, field):
            yield identity_outside_key.RULE.at(
                field.origin.span, field=field.name, entity=entity.fqn
            )
