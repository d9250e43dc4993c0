"""Deleting a record of a soft-deletable entity marks it."""

from __future__ import annotations

from dataclasses import replace

from forge.ir.application import Application
from forge.ir.entities import Entity, Fields

SOFT_DELETABLE = "mixin/stdlib/soft_deletable"
DELETED_AT = "deleted_at"


def mark_soft_deletion(app: Application) -> Application:
    """Name the field that holds the time of deletion, and keep clients from setting it."""
    return replace(app, entities=tuple(_mark(e) for e in app.entities))


def _mark(entity: Entity) -> Entity:
    if SOFT_DELETABLE not in entity.mixins or not entity.fields.has(DELETED_AT):
        return entity
    fields = Fields(
        replace(f, managed=True, required=False) if f.name == DELETED_AT else f
        for f in entity.fields
    )
    return replace(entity, fields=fields, soft_delete=DELETED_AT)
