"""Decide each entity's primary key."""

from __future__ import annotations

from dataclasses import replace

from forge.ir.application import Application
from forge.ir.entities import Computed, Entity, Field, Fields
from forge.ir.types import ComputedKind, FieldType

ID = "id"
IMPLICIT_ID = Field(
    name=ID,
    type=FieldType.UUID,
    column=ID,
    required=True,
    immutable=True,
    computed=Computed(ComputedKind.UUID),
)


def choose_keys(app: Application) -> Application:
    """The declared key, else `id`; an entity without either gets a UUID `id`.

    Without the standard library nothing is added: what is compiled then is the contract alone.
    """
    return replace(
        app, entities=tuple(_choose(e, bool(app.library)) for e in app.entities)
    )


def _choose(entity: Entity, implicit: bool) -> Entity:
    key = entity.primary_key
    fields = entity.fields
    if not key and fields.has(ID):
        key = (ID,)
    if not key and implicit:
        key, fields = (ID,), Fields((IMPLICIT_ID, *fields))
    if not key:
        return entity
    fixed = Fields(
        replace(f, required=True, immutable=True) if f.name in key else f
        for f in fields
    )
    return replace(entity, primary_key=key, fields=fixed)
